"""Signing in to the desk at a provider of another site, and out again, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from actions.state.database import Database
from bot.channel.tokens import ROLE_LEAD
from bot.staff.identity import IdentityRules
from bot.staff.oidc import Provider, ProviderSettings
from bot.staff.seal import Seal
from bot.staff.ways import SignIn
from tests.unit.desk.openid_provider import CLIENT, CLIENT_SECRET, OpenIdProvider
from tests.widget.browsing import PHONE
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations

TOLERATED = "401|somebody else: http://localhost:"
"""The desk is opened by another name than the provider, so that they are two sites as anywhere; signing in is a refusal, which Chromium reports."""


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()
    yield provider
    provider.close()


@pytest.fixture
def desk(provider: OpenIdProvider, database: Database) -> Iterator[str]:
    rules = IdentityRules(("sub",), ("name",), ("groups",), {"lead": ROLE_LEAD})
    settings = ProviderSettings(provider.issuer, CLIENT, CLIENT_SECRET, "openid profile", rules)
    sign_in = SignIn(Provider(settings), Seal("a secret of the tests, longer than 32"), None, None, beside_tokens=False)
    stand = Stand(database, sign_in=sign_in)
    yield stand.address.replace("127.0.0.1", "localhost") + "/desk"
    stand.close()


def test_an_agent_signs_in_where_they_always_do_and_out_of_both(desk: str, provider: OpenIdProvider, opened: Callable[..., Page]) -> None:
    page = opened(desk, TOLERATED)
    button = page.get_by_role("link", name="用统一账号登录")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_title("公司登录")
    page.get_by_role("button", name="以王芳的身份登录").click()
    # The cookie is strict, and still there at the end of a way that began at another site.
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    expect(page).to_have_url(desk)
    expect(page.locator(".me")).to_have_text("王芳")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("link", name="数字").click()
    expect(page.get_by_role("heading", name="数字", exact=True)).to_be_visible()

    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="公司登录已退出")).to_be_visible()
    page.get_by_role("link", name="回去").click()
    expect(page.get_by_role("link", name="用统一账号登录")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_declines_or_finds_the_provider_away_reads_what_to_do(
    desk: str, provider: OpenIdProvider, opened: Callable[..., Page], scheme: str
) -> None:
    provider.down = True
    page = opened(desk, f"{TOLERATED}|503", viewport=PHONE, color_scheme=scheme)
    assert violations(page) == []
    button, alert = page.get_by_role("link", name="用统一账号登录"), page.get_by_role("alert")
    button.click()
    expect(alert).to_contain_text("现在连不上")
    assert violations(page) == []
    provider.down = False
    page.wait_for_timeout(3200)
    button.click()
    page.get_by_role("button", name="不登录").click()
    expect(alert).to_contain_text("取消了登录")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    button.click()
    page.get_by_role("button", name="以王芳的身份登录").click()
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    assert violations(page) == []
