"""Signing in at the provider: what is proven lets in, as whom and for how long, and nothing else does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
import requests

from bot.channel.tokens import ROLE_AGENT, ROLE_LEAD, issue
from bot.desk import SignIn
from bot.desk.identity import IdentityRules
from bot.desk.oidc import Provider, ProviderSettings
from bot.desk.seal import Seal
from tests.unit.desk.conftest import SECRET, audited
from tests.unit.desk.openid_provider import CLIENT, CLIENT_SECRET, OpenIdProvider
from tests.unit.handoff.conftest import House

ROLES = {"desk": ROLE_AGENT, "lead": ROLE_LEAD}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()
    yield provider
    provider.close()


def sign_in_at(provider: OpenIdProvider, **more: Any) -> SignIn:
    rules = IdentityRules(("sub",), ("name",), more.pop("role_claim", ("groups",)), ROLES)
    settings = ProviderSettings(provider.issuer, CLIENT, more.pop("secret", CLIENT_SECRET), "openid profile", rules)
    return SignIn(Provider(settings), Seal("another secret of the tests, longer than 32"), **{**PLAIN, **more})


PLAIN: dict[str, Any] = {"longest": None, "public_address": None, "beside_tokens": False}


class Browser(requests.Session):
    """A browser that follows no redirect by itself, and whose cookies the test sees."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.desk = address

    def look(self, path: str, **options: Any) -> requests.Response:
        return self.get(path if "://" in path else self.desk + path, allow_redirects=False, timeout=20, **options)

    def sign_in(self, provider: OpenIdProvider, who: str = "wang") -> requests.Response:
        return self.look(provider.approve(self.look("/desk/oidc/start").headers["Location"], who))


@pytest.fixture
def desk(desks: Callable[..., str], provider: OpenIdProvider) -> Callable[..., Browser]:
    def start(**options: Any) -> Browser:
        return Browser(desks(sign_in=sign_in_at(provider, **options)))

    return start


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
