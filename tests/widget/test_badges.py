"""Badges in Chromium: they stand in the demo shop's list, product page and checkout, say why, and open the chat with the question asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widget.browsing import DESKTOP, SMALL_PHONE, bubbles, turns
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]


def badge(page: Page, sku: str) -> Locator:
    return page.locator(f"baitiao-badge[sku='{sku}']")


def shown(page: Page) -> None:
    """Waits until the chat and the badges of a list are there: a check of a page that is being filled says nothing."""
    expect(badge(page, "100015").get_by_text("不支持分期")).to_be_visible()
    expect(page.locator("#panel-body > *").first).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("viewport", "scheme"), [(SMALL_PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
def test_a_product_in_the_list_says_why_and_the_chat_is_asked_about_it(viewport: Any, scheme: Any, stand: Stand, opened: Open) -> None:
    page = opened(f"{stand.address}/shop#u-1001/goods", viewport=viewport, color_scheme=scheme)
    shown(page)
    expect(badge(page, "100001")).to_be_hidden()
    summary = badge(page, "100015").locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(badge(page, "100015").get_by_text("星云手机 12 Pro 官方认证翻新机 不支持白条分期")).to_be_visible()
    expect(badge(page, "100015").get_by_text("用银行卡付款")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    badge(page, "100015").get_by_role("button", name="问问助手").click()
    expect(turns(page, "bot")).to_have_count(1)
    assert bubbles(page, "user") == stand.heard == ["这件商品为什么不支持分期？"]
    # The chat knows which product: the page has given it a token of an order of that alone.
    assert page.locator("baitiao-chat").get_attribute("order") == "cart-u-1001-100015"


def test_the_product_page_and_the_checkout_have_the_same_badge(stand: Stand, opened: Open) -> None:
    page = opened(f"{stand.address}/shop#u-1042/goods/100019")
    expect(badge(page, "100019").get_by_text("暂不能分期")).to_be_visible()
    page.get_by_role("button", name="订单和账单").click()
    expect(page.locator("#checkout").get_by_role("heading", name="收银台")).to_be_visible()
    expect(badge(page, "100019").get_by_text("暂不能分期")).to_be_visible()
    badge(page, "100019").locator("summary").click()
    assert violations(page) == []
    badge(page, "100019").get_by_role("button", name="问问助手").click()
    expect(turns(page, "bot")).to_have_count(1)
    assert stand.heard == ["这件商品为什么暂时不能分期？"]
    assert page.locator("baitiao-chat").get_attribute("order") == "o-1042"


def test_whatever_goes_wrong_there_is_no_badge_and_nothing_else_is_missing(stand: Stand, opened: Open) -> None:
    page = opened(f"{stand.address}/shop#u-1001/goods/100015", tolerated="503|Failed to load resource")
    expect(badge(page, "100015").get_by_text("不支持分期")).to_be_visible()
    page.route("**/webhooks/widget/badges*", lambda route: route.fulfill(status=503, headers={"Retry-After": "3"}, body="{}"))
    page.evaluate("document.querySelector('baitiao-badge').refresh()")
    expect(badge(page, "100015")).to_be_hidden()
    expect(page.get_by_role("button", name="加入购物车并结算")).to_be_visible()
    page.unroute("**/webhooks/widget/badges*")
    page.evaluate("document.querySelector('baitiao-badge').refresh()")
    expect(badge(page, "100015").get_by_text("不支持分期")).to_be_visible()
