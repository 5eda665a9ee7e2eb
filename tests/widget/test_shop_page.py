"""The demo shop in Chromium: what the checkout shows, and a case played in the embedded chat to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.browsing import DESKTOP, PHONE, bubbles, turns
from tests.widget.stand import Stand, example

Open = Callable[..., Page]


@pytest.fixture
def shop(stand: Stand, opened: Open) -> Open:
    """Opens the shop at a case, written user/subject."""

    def visit(case: str = "", **options: Any) -> Page:
        page = opened(f"{stand.address}/shop{'#' + case if case else ''}", **options)
        expect(page.locator("#checkout h2")).to_be_visible()
        return page

    return visit


def ask(page: Page) -> None:
    page.get_by_role("button", name="为什么不能分期？").click()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 820, "height": 1180}, DESKTOP], ids=["phone", "tablet", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_loads_cleanly_and_fits(viewport: Any, scheme: Any, shop: Open) -> None:
    page = shop(viewport=viewport, color_scheme=scheme)
    expect(page.get_by_text("演示：全部为模拟数据，与京东实际决定无关")).to_be_visible()
    expect(page.locator(".plan")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(19, 18, 17)") == (scheme == "dark")


@pytest.mark.parametrize(
    ("case", "row"),
    [
        ("u-1013/o-1013", "暂不可用"),
        ("u-1036/o-1036", "白条 · 下月付"),
        ("u-2006/b-2006", "账单分期"),
        ("u-1030/o-1030", "付款方式不能再改"),
    ],
)
def test_the_installment_row_is_as_the_state_says(case: str, row: str, shop: Open) -> None:
    page = shop(case)
    expect(page.locator("#checkout").get_by_text(row)).to_be_visible()
    assert page.locator(".plan").count() == (4 if case == "u-2006/b-2006" else 0)


def test_customers_are_found_and_chosen(shop: Open) -> None:
    page = shop()
    page.get_by_role("searchbox").fill("黄金")
    page.get_by_role("button", name="柏青松").click()
    expect(page.locator("#checkout").get_by_text("古法金手镯 10 克")).to_be_visible()
    page.reload()
    expect(page.locator("#checkout").get_by_text("古法金手镯 10 克")).to_be_visible()
    page.get_by_role("searchbox").fill("没有这个人")
    expect(page.get_by_text("没有找到，换个词试试")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_case_is_asked_about_played_and_its_plans_appear(viewport: Any, shop: Open, stand: Stand) -> None:
    page = shop("u-1013/o-1013", viewport=viewport)
    ask(page)
    expect(turns(page, "bot").get_by_text("打开还款页")).to_be_visible()
    assert stand.heard == ["为什么不能分期？"]
    if viewport == PHONE:
        page.get_by_role("button", name="演示面板").click()
    page.get_by_role("button", name="还清逾期").click()
    expect(page.locator(".plan")).to_have_count(4)
    if viewport == PHONE:
        page.get_by_role("button", name="回到聊天").click()
    page.get_by_role("button", name="已完成").click()
    expect(turns(page, "bot")).to_have_count(2)
    assert bubbles(page, "user") == ["为什么不能分期？", "已完成"] and stand.heard == ["为什么不能分期？", "/step_done"]


def test_the_checkout_follows_what_the_chat_hears(shop: Open, stand: Stand) -> None:
    page = shop("u-1013/o-1013")
    ask(page)
    expect(turns(page, "bot")).to_have_count(1)
    with page.expect_response("**/shop/api/state*"):
        stand.tell(example("notice"))


def test_disturbances_start_and_end_from_the_panel(shop: Open) -> None:
    page = shop("u-1003/o-1003")
    page.get_by_role("button", name="系统故障", exact=True).click()
    expect(page.locator("#checkout").get_by_text("加载失败，请稍后再试")).to_be_visible()
    page.get_by_role("button", name="结束系统故障").click()
    expect(page.locator(".plan")).to_have_count(4)
    page.get_by_role("button", name="高峰拥堵").click()
    expect(page.get_by_text("系统繁忙，可能时有时无")).to_be_visible()
    page.get_by_role("button", name="重置演示数据").click()
    expect(page.get_by_text("系统繁忙，可能时有时无")).to_have_count(0)


def test_closing_the_chat_gives_the_focus_back_and_another_customer_gets_their_own(shop: Open, stand: Stand) -> None:
    page = shop("u-1013/o-1013")
    ask(page)
    expect(turns(page, "bot")).to_have_count(1)
    page.get_by_role("button", name="关闭聊天").click()
    expect(page.get_by_role("button", name="为什么不能分期？")).to_be_focused()
    page.get_by_role("button", name="韩冬梅").click()
    expect(page.locator("#checkout").get_by_text("静澜滚筒洗衣机 10 公斤")).to_be_visible()
    ask(page)
    expect(turns(page, "bot")).to_have_count(1)
    users = {message.conversation_id for message in (*stand.history("u-1013"), *stand.history("u-1014"))}
    assert users == {"u-1013", "u-1014"} and bubbles(page, "user") == ["为什么不能分期？"]
