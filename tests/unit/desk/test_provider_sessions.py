"""Sessions that the provider has begun: how long they last, how they end, and where the browser is sent."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests

from bot.channel.tokens import issue
from tests.unit.desk.at_provider import Browser
from tests.unit.desk.conftest import SECRET
from tests.unit.desk.openid_provider import CLIENT, OpenIdProvider


@pytest.mark.parametrize(("longest", "least", "most"), [(None, 590, 600), (7200.0, 7190, 7200), (604800.0, 86390, 86400)])
def test_a_session_lasts_as_long_as_the_id_token_or_as_is_set(
    desk: Callable[..., Browser], provider: OpenIdProvider, longest: float | None, least: int, most: int
) -> None:
    cookies = desk(longest=longest).sign_in(provider).headers["Set-Cookie"]
    age = int(re.findall(r"baitiao_desk=[^;]+;.*?Max-Age=(\d+)", cookies)[0])
    assert least <= age <= most


def test_signing_out_ends_our_session_and_leads_to_the_end_of_the_providers(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    browser = desk()
    browser.sign_in(provider)
    cookie = browser.cookies.get("baitiao_desk")
    csrf = browser.look("/desk").text.partition('name="csrf" value="')[2][:64]
    out = browser.post(f"{browser.desk}/desk/sign-out", data={"csrf": csrf}, allow_redirects=False, timeout=20)
    assert out.headers["Location"] == "/desk/oidc/end"
    page = browser.look("/desk/oidc/end")
    assert (
        f"url={provider.issuer}/logout?client_id={CLIENT}" in page.text and "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1" in page.text
    )
    assert requests.get(f"{browser.desk}/desk", headers={"Cookie": f"baitiao_desk={cookie}"}, timeout=20).status_code == 401
    provider.down = True
    fresh = desk().look("/desk/oidc/end")
    assert fresh.status_code == 200 and "共用电脑" in fresh.text


TWO_PROXIES = {"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "help.example, inner:8080", "Host": "inner:8080"}


@pytest.mark.parametrize(
    ("public", "headers", "expected"),
    [
        (None, TWO_PROXIES, "https%3A%2F%2Fhelp.example%2F"),
        ("https://desk.example", TWO_PROXIES, "https%3A%2F%2Fdesk.example%2F"),
        (None, {"Host": "desk.example:8443", "X-Forwarded-Proto": "https"}, "https%3A%2F%2Fdesk.example%3A8443%2F"),
    ],
    ids=["as the first proxy says", "as is set", "one proxy"],
)
def test_the_provider_sends_the_browser_back_to_where_it_came_from(
    desk: Callable[..., Browser], public: str | None, headers: dict[str, str], expected: str
) -> None:
    place = desk(public_address=public).look("/desk/oidc/start", headers=headers).headers["Location"]
    assert f"redirect_uri={expected}desk%2Foidc%2Fcallback" in place


@pytest.mark.parametrize("host", ["evil.example/path", "a@b", "a b", "x\\y"])
def test_no_odd_host_is_sent_to_the_provider(desk: Callable[..., Browser], host: str) -> None:
    assert desk().look("/desk/oidc/start", headers={"X-Forwarded-Host": host}).status_code == 400


def test_the_login_services_tokens_open_the_desk_beside_a_provider_in_the_demo_only(desk: Callable[..., Browser]) -> None:
    for beside, status in ((False, 401), (True, 303)):
        browser = desk(beside_tokens=beside)
        sent = browser.post(
            f"{browser.desk}/desk/sign-in", data={"token": issue(SECRET, "agent-1", role="agent")}, allow_redirects=False, timeout=20
        )
        assert sent.status_code == status
