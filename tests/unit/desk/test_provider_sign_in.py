"""Signing in at the provider: what is proven lets in, as whom and for how long, and nothing else does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests

from tests.unit.desk.at_provider import Browser
from tests.unit.desk.conftest import audited
from tests.unit.desk.openid_provider import CLIENT, CLIENT_SECRET, OpenIdProvider
from tests.unit.handoff.conftest import House


def test_who_signs_in_at_the_provider_is_let_in_under_their_name(
    desk: Callable[..., Browser], provider: OpenIdProvider, house: House
) -> None:
    browser = desk()
    page = browser.look("/desk")
    assert page.status_code == 401 and "用统一账号登录" in page.text and "坐席令牌" not in page.text
    answer = browser.sign_in(provider)
    assert answer.status_code == 200 and "url=/desk" in answer.text
    cookies = answer.headers["Set-Cookie"]
    assert "baitiao_desk=ey" in cookies and "SameSite=Strict" in cookies and "baitiao_sign_in=;" in cookies
    inside = browser.look("/desk")
    assert inside.status_code == 200 and "王芳" in inside.text
    assert audited(house.database, "sign_in") == [("8f3e-01", None, {})]


def test_the_attempt_is_kept_where_no_script_reads_it_and_the_provider_gets_no_secret(desk: Callable[..., Browser]) -> None:
    answer = desk().look("/desk/oidc/start")
    cookie, place = answer.headers["Set-Cookie"], answer.headers["Location"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/desk/oidc" in cookie and "Max-Age=600" in cookie
    assert answer.status_code == 302 and "code_challenge_method=S256" in place and "code_verifier" not in place
    for name in ("state=", "nonce=", "response_type=code", "scope=openid+profile"):
        assert name in place


MISTAKES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another issuer": lambda claims: claims.update(iss="https://elsewhere.example"),
    "another client's": lambda claims: claims.update(aud="somebody-else"),
    "several clients', ours not the one that asked": lambda claims: claims.update(aud=[CLIENT, "other"], azp="other"),
    "another nonce": lambda claims: claims.update(nonce="replayed"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "expired": lambda claims: claims.update(exp=int(time.time()) - 120),
    "from the future": lambda claims: claims.update(iat=int(time.time()) + 600),
    "not yet valid": lambda claims: claims.update(nbf=int(time.time()) + 600),
    "no expiry": lambda claims: claims.pop("exp"),
    "nobody": lambda claims: claims.pop("sub"),
    "a hash of another access token": lambda claims: claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
def test_an_id_token_that_is_not_for_this_lets_nobody_in(
    desk: Callable[..., Browser], provider: OpenIdProvider, house: House, mistake: Callable[[dict[str, Any]], None]
) -> None:
    provider.mends = mistake
    browser = desk()
    answer = browser.sign_in(provider)
    assert answer.status_code == 401 and "没有通过核对" in answer.text and "baitiao_desk=" not in answer.headers["Set-Cookie"]
    assert browser.look("/desk").status_code == 401
    assert audited(house.database, "refused") == [("nobody", None, {"step": "sign_in", "why": "id_token"})]


def test_clocks_may_differ_a_little(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    provider.mends = lambda claims: claims.update(iat=int(time.time()) + 30)
    assert desk().sign_in(provider).status_code == 200


@pytest.mark.parametrize("forged", ["none", "HS256", "other key"])
def test_nothing_but_the_providers_key_signs(desk: Callable[..., Browser], provider: OpenIdProvider, forged: str) -> None:
    other = OpenIdProvider()
    try:
        provider.sign = {
            "none": lambda claims: jwt.encode(claims, None, algorithm="none", headers={"kid": provider.kid}),  # type: ignore[arg-type]
            "HS256": lambda claims: jwt.encode(claims, CLIENT_SECRET * 3, algorithm="HS256", headers={"kid": provider.kid}),
            "other key": lambda claims: jwt.encode(claims, other.key, algorithm="RS256", headers={"kid": provider.kid}),
        }[forged]
        answer = desk().sign_in(provider)
    finally:
        other.close()
    assert answer.status_code == 401 and "没有通过核对" in answer.text


def test_keys_that_the_provider_changes_are_fetched_anew_and_the_old_ones_hold_no_more(
    desk: Callable[..., Browser], provider: OpenIdProvider
) -> None:
    browser = desk()
    assert browser.sign_in(provider).status_code == 200
    assert browser.sign_in(provider).status_code == 200
    assert provider.asked.count("/keys") == 1, "they are remembered"
    old, kid = provider.key, provider.kid
    provider.rotate()
    assert browser.sign_in(provider).status_code == 200
    assert provider.asked.count("/keys") == 2
    provider.sign = lambda claims: jwt.encode(claims, old, algorithm="RS256", headers={"kid": kid})
    assert browser.sign_in(provider).status_code == 401


def test_an_attempt_is_used_once_and_in_the_browser_that_began_it(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    browser, other = desk(), desk()
    back = provider.approve(browser.look("/desk/oidc/start").headers["Location"])
    cookie = browser.cookies.get("baitiao_sign_in")
    assert other.look(back.replace(other.desk, browser.desk)).status_code == 401, "a link that somebody was sent"
    assert browser.look(back).status_code == 200
    again = requests.get(back, headers={"Cookie": f"baitiao_sign_in={cookie}"}, allow_redirects=False, timeout=20)
    assert again.status_code == 401 and "已用过" in again.text
    assert provider.asked.count("/token") == 1, "nobody asks the provider about a used attempt"


@pytest.mark.parametrize(
    "change",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.partition("state=")[0],
        lambda back: back + "x",
    ],
    ids=["another state", "no state", "another issuer"],
)
def test_who_comes_back_with_something_else_is_not_let_in(
    desk: Callable[..., Browser], provider: OpenIdProvider, change: Callable[[str], str]
) -> None:
    browser = desk()
    back = provider.approve(browser.look("/desk/oidc/start").headers["Location"])
    assert browser.look(change(back)).status_code == 401
    assert "/token" not in provider.asked


def test_a_session_is_no_attempt_and_an_attempt_no_session(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    browser = desk()
    place = browser.look("/desk/oidc/start").headers["Location"]
    attempt = browser.cookies.get("baitiao_sign_in")
    assert requests.get(f"{browser.desk}/desk", headers={"Cookie": f"baitiao_desk={attempt}"}, timeout=20).status_code == 401
    session = browser.look(provider.approve(place)).cookies.get("baitiao_desk")
    swapped = {"Cookie": f"baitiao_sign_in={session}"}
    assert requests.get(f"{browser.desk}/desk/oidc/callback?code=x&state=x", headers=swapped, timeout=20).status_code == 401


def test_a_provider_that_is_away_is_named_and_counted_against_nobody(
    desk: Callable[..., Browser], provider: OpenIdProvider, house: House
) -> None:
    browser = desk()
    provider.down = True
    answers = [browser.look("/desk/oidc/start") for _ in range(15)]
    assert {answer.status_code for answer in answers} == {503} and "连不上" in answers[0].text and answers[0].headers["Retry-After"]
    assert len(provider.asked) == 1, "it is left alone for a while"
    assert audited(house.database, "refused") == []


def test_a_provider_that_goes_away_in_between_and_comes_back_lets_in(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    browser = desk()
    back = provider.approve(browser.look("/desk/oidc/start").headers["Location"])
    provider.down = True
    assert browser.look(back).status_code == 503
    provider.down = False
    assert browser.sign_in(provider).status_code == 200


def test_who_declines_or_has_no_role_is_told_so(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    provider.people["guest"] = {"sub": "8f3e-02", "name": "李雷", "groups": ["staff"]}
    provider.people["nameless"] = {"sub": "a\nb", "groups": ["desk"]}
    browser = desk()
    for who, status, words in (("", 401, "取消了登录"), ("guest", 403, "没有坐席权限"), ("nameless", 403, "缺少能用的名称")):
        answer = browser.sign_in(provider, who)
        assert answer.status_code == status and words in answer.text, who
    assert browser.look("/desk").status_code == 401


def test_roles_are_read_down_a_path_and_elsewhere_if_the_token_lacks_them(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    whole = {"sub": "8f3e-01", "name": "王芳", "realm_access": {"roles": ["desk", "other"]}}
    provider.people["wang"] = whole
    assert desk(role_claim=("realm_access", "roles")).sign_in(provider).status_code == 200
    assert "/userinfo" not in provider.asked
    provider.mends = lambda claims: claims.pop("realm_access")
    assert desk(role_claim=("realm_access", "roles")).sign_in(provider).status_code == 200
    assert "/userinfo" in provider.asked
    provider.mends = lambda claims: (claims.pop("realm_access"), claims.update(sub="somebody else"))
    assert desk(role_claim=("realm_access", "roles")).sign_in(provider).status_code == 403


def test_a_public_client_proves_itself_by_its_verifier_alone(desk: Callable[..., Browser], provider: OpenIdProvider) -> None:
    provider.public = True
    assert desk(secret=None).sign_in(provider).status_code == 200
