"""The console is for those who run the assistant: signing in, staying, signing out, and being refused, with a browser or a program."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from bot.channel.tokens import CONSOLE_ROLES, ROLES, issue
from tests.unit.console.conftest import Caller, token_of
from tests.unit.desk.at_provider import Browser, sign_in_at
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.desk.openid_provider import OpenIdProvider
from tests.unit.handoff.conftest import House


@pytest.mark.parametrize("role", ROLES)
def test_who_has_a_role_of_the_console_comes_in_and_nobody_else(call: Callable[[str], Caller], role: str) -> None:
    caller = call(role)
    expected = 200 if role in CONSOLE_ROLES else 401
    assert caller.look("/console").status_code == expected
    answer = requests.post(f"{caller.address}/console/sign-in", data={"token": caller.token}, allow_redirects=False, timeout=20)
    assert answer.status_code == (303 if role in CONSOLE_ROLES else 401)
    if expected == 200:
        cookie = answer.headers["Set-Cookie"]
        assert "Path=/console" in cookie and "SameSite=Strict" in cookie and "HttpOnly" in cookie


def test_a_desks_cookie_opens_no_console_and_its_agent_none_either(call: Callable[[str], Caller]) -> None:
    viewer = call("viewer")
    answer = requests.get(f"{viewer.address}/console", headers={"Cookie": f"baitiao_desk={viewer.token}"}, timeout=20)
    assert answer.status_code == 401


def test_signing_out_ends_the_session_and_the_token_for_programs(call: Callable[[str], Caller], house: House) -> None:
    viewer = call("viewer")
    assert viewer.get("/today").status_code == 200
    assert viewer.submit("/console/sign-out").headers["Location"] == "/console"
    assert viewer.look("/console").status_code == viewer.get("/today").status_code == 401
    assert audited_by(house.database, "console.sign_out") == [("viewer-1", None, {})]


def test_a_form_of_another_page_is_refused(call: Callable[[str], Caller]) -> None:
    viewer = call("viewer")
    headers = {"Cookie": f"baitiao_console={viewer.token}"}
    answer = requests.post(f"{viewer.address}/console/sign-out", headers=headers, data={"csrf": "x" * 64}, timeout=20)
    assert answer.status_code == 403 and "表单不是从运营台页面提交的" in answer.text
    assert viewer.look("/console").status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [("", 401), ("Bearer nonsense", 401), (f"Bearer {issue(SECRET, 'u-1013')}", 403)],
    ids=["none", "nonsense", "a customer"],
)
def test_programs_are_refused_with_a_problem_document(call: Callable[[str], Caller], header: str, status: int) -> None:
    answer = requests.get(f"{call('viewer').address}/console/api/today", headers={"Authorization": header}, timeout=20)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:baitiao:problem:{'unauthorized' if status == 401 else 'forbidden'}"


def test_pages_hold_to_the_policy_and_need_no_script(call: Callable[[str], Caller]) -> None:
    page = call("viewer").look("/console")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"] and "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store" and "style=" not in page.text and "<script>" not in page.text


def test_the_provider_signs_operators_in_as_it_does_agents(consoles: Callable[..., str], provider: OpenIdProvider) -> None:
    browser = Browser(consoles(sign_in=sign_in_at(provider, roles={"staff": "operator"})))
    assert browser.look("/console").status_code == 401
    back = browser.look(provider.approve(browser.look("/console/oidc/start").headers["Location"], "wang"))
    assert back.status_code == 200 and "正在打开今天" in back.text
    assert browser.look("/console").status_code == 200


def test_whom_the_provider_knows_as_an_agent_only_is_refused(consoles: Callable[..., str], provider: OpenIdProvider) -> None:
    browser = Browser(consoles(sign_in=sign_in_at(provider)))
    back = browser.look(provider.approve(browser.look("/console/oidc/start").headers["Location"], "wang"))
    assert back.status_code == 403 and "没有运营台权限" in back.text
    assert browser.look("/console").status_code == 401


def test_every_role_has_a_token_that_says_so() -> None:
    from bot.channel.tokens import TokenVerifier

    verifier = TokenVerifier({"HS256": SECRET})
    assert all(role in verifier.verify(token_of(role)).roles for role in ROLES)
