"""The demo shop in Chromium: what the checkout shows, and a case played in the embedded chat to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.browsing import DESKTOP, PHONE, bubbles, turns
from tests.widget.stand import Stand, example
from tests.widget.test_chat_access import violations

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
    page.get_by_role("option", name="柏青松").click()
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
    page.get_by_role("dialog").get_by_role("button", name="重置", exact=True).click()
    expect(page.get_by_text("系统繁忙，可能时有时无")).to_have_count(0)


def test_closing_the_chat_gives_the_focus_back_and_another_customer_gets_their_own(shop: Open, stand: Stand) -> None:
    page = shop("u-1013/o-1013")
    ask(page)
    expect(turns(page, "bot")).to_have_count(1)
    page.get_by_role("button", name="关闭聊天").click()
    expect(page.get_by_role("button", name="为什么不能分期？")).to_be_focused()
    page.get_by_role("option", name="韩冬梅").click()
    expect(page.locator("#checkout").get_by_text("静澜滚筒洗衣机 10 公斤")).to_be_visible()
    ask(page)
    expect(turns(page, "bot")).to_have_count(1)
    users = {message.conversation_id for message in (*stand.history("u-1013"), *stand.history("u-1014"))}
    assert users == {"u-1013", "u-1014"} and bubbles(page, "user") == ["为什么不能分期？"]


MOST_STOPS = 4
"""Of the Tab key before the phone: the heading of the list, its search and the list itself. A stop for each customer made them 82."""


def stops(page: Page) -> int:
    """How often Tab is pressed from the top of the page until the focus is in the phone."""
    page.evaluate("document.activeElement.blur()")
    for count in range(1, 100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.phone') !== null"):
            return count - 1
    raise AssertionError("the phone is never reached")


def test_the_list_of_customers_is_one_stop_and_its_keys_choose(shop: Open) -> None:
    page = shop("u-1013/o-1013")
    assert page.locator("#people-list [role=option]").count() >= 50
    assert stops(page) <= MOST_STOPS
    listed = page.get_by_role("listbox", name="选择演示顾客")
    listed.focus()
    at = listed.get_attribute("aria-activedescendant")
    expect(page.get_by_role("option", selected=True)).to_have_id(str(at))
    page.keyboard.press("ArrowDown")
    reached = page.locator(f"#{listed.get_attribute('aria-activedescendant')}")
    expect(reached).to_be_in_viewport()
    expect(reached).to_contain_text("韩冬梅")
    page.keyboard.press("Enter")
    expect(page.locator("#checkout").get_by_text("静澜滚筒洗衣机 10 公斤")).to_be_visible()
    assert page.url.endswith("#u-1014/o-1014")
    expect(listed).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#person-0")).to_be_in_viewport()


def test_the_search_leads_by_keys_to_what_it_found(shop: Open) -> None:
    page = shop()
    page.get_by_role("searchbox").fill("黄金")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#checkout").get_by_text("古法金手镯 10 克")).to_be_visible()


@pytest.mark.parametrize(("case", "file"), [("u-1013/o-1013", "goods-"), ("u-2006/b-2006", "goods-bill.svg")])
def test_goods_have_drawings(case: str, file: str, shop: Open) -> None:
    page = shop(case)
    pictures = page.locator(".phone img.thumb:visible")
    expect(pictures.first).to_be_visible()
    page.wait_for_function("[...document.querySelectorAll('.phone img.thumb')].every((each) => each.complete && each.naturalWidth > 0)")
    assert any(file in str(each.get_attribute("src")) for each in pictures.all())


def test_what_the_panel_plays_says_whom_it_touches(shop: Open) -> None:
    page = shop("u-1013/o-1013")
    expect(page.get_by_role("button", name="还清逾期")).to_contain_text("只影响这位顾客")
    group = page.get_by_role("group", name="影响这个演示里的所有顾客")
    expect(group.get_by_role("button")).to_have_text(["系统故障", "高峰拥堵", "系统维护", "重置演示数据"])
    group.get_by_role("button", name="系统维护").click()
    expect(page.get_by_role("button", name="维护结束")).to_contain_text("影响所有顾客")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_resetting_asks_first_and_leaves_everything_when_told_to(viewport: Any, scheme: Any, shop: Open) -> None:
    page = shop("u-1013/o-1013", viewport=viewport, color_scheme=scheme)
    page.get_by_role("button", name="还清逾期").click()
    expect(page.locator(".plan")).to_have_count(4)
    reset = page.get_by_role("button", name="重置演示数据")
    reset.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="重置演示数据？")
    expect(dialog).to_be_in_viewport(ratio=1)
    expect(dialog).to_contain_text("影响这个演示里的所有顾客")
    expect(dialog.get_by_role("button", name="不重置")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(reset).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(reset).to_be_focused()
    expect(page.locator(".plan")).to_have_count(4)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("演示数据已恢复原样")).to_be_visible()
    expect(page.locator(".plan")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_amounts_and_dates_are_written_as_the_chat_writes_them(viewport: Any, scheme: Any, shop: Open) -> None:
    page = shop("u-2006/b-2006", viewport=viewport, color_scheme=scheme)
    assert violations(page) == []
    text = page.locator(".phone").inner_text()
    assert "11 月账单" in text and "2380.00 元" in text
    assert page.locator(".facts dd").all_inner_texts()[1:] == ["11月10日", "11月29日"]
    assert "¥" not in text
