"""Signing in is for agents and limited, signing out holds everywhere, and the cookie goes where it may."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest
import requests

from bot.channel.tokens import issue
from tests.unit.desk.conftest import SECRET, AgentsBrowser, audited
from tests.unit.handoff.conftest import House

JUNK = "no.token.at-all"


def agents_token(**options: float) -> str:
    return issue(SECRET, "agent-1", role="agent", **options)


def test_a_token_that_was_signed_out_opens_no_desk_of_any_process_any_more(desks: Callable[..., str]) -> None:
    here, elsewhere, other = AgentsBrowser(desks()), AgentsBrowser(desks()), AgentsBrowser(desks())
    token = agents_token()
    assert here.sign_in(token).status_code == elsewhere.sign_in(token).status_code == other.sign_in().status_code == 303
    assert here.send("/desk/sign-out").status_code == 303
    for browser in (here, elsewhere):
        assert browser.ask("GET", "/desk").status_code == browser.ask("GET", "/desk/events").status_code == 401
        assert browser.send("/desk/cases/h-1/take").status_code == 401
        assert browser.sign_in(token).status_code == 401
    assert other.ask("GET", "/desk").status_code == 200, "another token of the same agent holds"


def other_spellings(token: str) -> list[str]:
    """Texts of which the signature is read as the same."""
    signed, _, signature = token.rpartition(".")
    bits = base64.urlsafe_b64decode(signature + "=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    found = [signature[:-1] + last for last in alphabet if base64.urlsafe_b64decode(signature[:-1] + last + "=") == bits]
    return [f"{signed}.{each}" for each in found if each != signature]


def test_no_other_spelling_of_its_signature_brings_a_signed_out_token_back(browser: AgentsBrowser) -> None:
    token = agents_token()
    spellings = other_spellings(token)
    assert spellings
    browser.sign_in(token)
    browser.send("/desk/sign-out")
    assert [browser.sign_in(each).status_code for each in spellings] == [401] * len(spellings)


def test_an_open_stream_ends_when_the_agent_signs_out(browser: AgentsBrowser) -> None:
    browser.sign_in()
    headers = {"Cookie": f"baitiao_desk={browser.cookie}"}
    with requests.get(f"{browser.address}/desk/events", headers=headers, stream=True, timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith(b"retry")
        begun = time.monotonic()
        browser.send("/desk/sign-out")
        assert any(line.startswith(b"data") for line in lines)
        assert time.monotonic() - begun < 5


def test_failed_sign_ins_are_limited_and_audited_and_keep_no_agent_out(browser: AgentsBrowser, house: House) -> None:
    codes = [browser.sign_in(JUNK).status_code for _ in range(30)]
    assert codes == [401] * 10 + [429] * 20
    refused = browser.sign_in(JUNK)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 and refused.headers["Content-Type"].startswith("text/html")
    assert audited(house.database, "refused") == [("nobody", None, {"step": "sign_in", "why": "token"})] * 10
    assert browser.sign_in().status_code == 303


@pytest.mark.parametrize("token", [issue(SECRET, "u-1013"), agents_token(lifetime=-1)], ids=["a customer's", "an expired one"])
def test_a_failed_sign_in_leaves_a_trace_without_the_token(browser: AgentsBrowser, house: House, token: str) -> None:
    assert browser.sign_in(token).status_code == 401
    assert audited(house.database, "refused") == [("nobody", None, {"step": "sign_in", "why": "token"})]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "CROSS-SITE"}, {"Origin": "http://evil.example"},
     {"Origin": "null"}, {"Origin": "http://[::1"}, {"Origin": ""}],
    ids=str,
)  # fmt: skip
def test_nobody_is_signed_in_by_a_page_of_somebody_else(browser: AgentsBrowser, house: House, headers: dict[str, str]) -> None:
    assert browser.sign_in(headers=headers).status_code == 403
    assert audited(house.database, "refused") == [("nobody", None, {"step": "sign_in", "why": "foreign"})]


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "own"}], ids=str)
def test_our_page_and_programs_sign_in(browser: AgentsBrowser, headers: dict[str, str]) -> None:
    given = {name: browser.address if value == "own" else value for name, value in headers.items()}
    assert browser.sign_in(headers=given).status_code == 303


FORWARDED = [
    ({}, False),
    ({"X-Forwarded-Proto": "https"}, True),
    ({"X-Forwarded-Proto": "HTTPS"}, True),
    ({"X-Forwarded-Proto": "https,http"}, True),
    ({"X-Forwarded-Proto": "https, http"}, True),
    ({"X-Forwarded-Proto": "http"}, False),
    ({"X-Forwarded-Proto": "http,https"}, False),
]


@pytest.mark.parametrize(("headers", "came_by_tls"), FORWARDED, ids=str)
def test_the_cookie_is_for_tls_where_the_browser_came_by_it_and_outside_the_demo_always(
    desks: Callable[..., str], headers: dict[str, str], came_by_tls: bool
) -> None:
    for always, expected in ((False, came_by_tls), (True, True)):
        browser = AgentsBrowser(desks(always_secure=always))
        answer = browser.sign_in(headers=headers)
        assert answer.status_code == 303 and ("; Secure" in answer.headers["Set-Cookie"]) is expected
        assert ("; Secure" in browser.send("/desk/sign-out", headers=headers).headers["Set-Cookie"]) is expected


@pytest.mark.parametrize(
    "cookie", ['baitiao_desk="{}"', "x_baitiao_desk={}", 'baitiao_desk={};;="', "baitiao_desk", "baitiao_desk=" + "\\" * 8000]
)
def test_a_cookie_that_is_not_ours_signs_nobody_in_and_costs_nothing(browser: AgentsBrowser, cookie: str) -> None:
    begun = time.monotonic()
    answers = [browser.ask("GET", "/desk", headers={"Cookie": cookie.format("\\\\" * 100)}) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {401} and time.monotonic() - begun < 2


def test_the_cookie_is_found_beside_others(browser: AgentsBrowser) -> None:
    for cookies in ("a=b; baitiao_desk={}", "baitiao_desk={}; a=b", 'q="x;y"; baitiao_desk={};z'):
        assert browser.ask("GET", "/desk", headers={"Cookie": cookies.format(agents_token())}).status_code == 200
