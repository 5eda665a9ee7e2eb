"""A shift at the desk in Chromium: three panes without scrolling, finding cases, the order, due times, keys, saved views, sound and title."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from actions.state import desk_views, handoffs
from actions.state.columns import real_now
from actions.state.conversations import MessageDraft
from actions.state.handoffs import HANDOFFS
from tests.load.desk_cases import fill
from tests.unit.handoff.conftest import House
from tests.widget.stand import ORDER, USER, Stand
from tests.widget.test_desk import TOLERATED, finish, house, sign_in, stand, token

__all__ = ["house", "stand"]

Open = Callable[..., Page]
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SMALL = {"viewport": {"width": 320, "height": 568}}
ZOOMED = {"viewport": {"width": 640, "height": 400}}
"""A laptop at 200 %."""


def open_case(stand: Stand, opened: Open, house: House, taken: bool = True, **options: Any) -> Page:
    row = house.handed_over()
    page = sign_in(stand, opened, **options)
    page.goto(f"{stand.address}/desk/cases/{row.id}")
    if taken:
        page.get_by_role("button", name="接手").click()
        expect(page.get_by_label("回复客户")).to_be_attached()
        ready(page)
    return page


def ready(page: Page) -> None:
    """Waits until the page listens to keys, which it says by offering to show them."""
    expect(page.locator("button", has_text="快捷键")).to_be_attached()


def box(page: Page, what: str) -> Any:
    found = page.locator(what).bounding_box()
    assert found is not None, what
    return found


def keys(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('#queue a[data-key]')].map((link) => link.dataset.key)")
    return found


def takes_keys(page: Page) -> None:
    """Waits until the page's script runs."""
    expect(page.get_by_role("button", name="快捷键")).to_be_visible()


def test_three_panes_fit_a_laptop_without_scrolling_to_the_reply(stand: Stand, house: House, opened: Open) -> None:
    fill(house.application, 60)
    page = open_case(stand, opened, house, **LAPTOP)
    for number in range(30):
        stand.tell(MessageDraft(role="user", text=f"很长的一句话，说了很多很多遍，第 {number} 条"))
    expect(page.locator("#said").get_by_text("第 29 条")).to_be_visible()
    panes = [box(page, f".pane-{name}") for name in ("queue", "talk", "case")]
    assert all(left["x"] + left["width"] <= right["x"] for left, right in zip(panes, panes[1:]))
    assert all(each["y"] + each["height"] <= 800 for each in panes)
    send = box(page, "#reply button")
    assert send["y"] + send["height"] <= 800 and box(page, "#said")["height"] > 200
    # The newest message is what one sees, right above the reply.
    assert box(page, "#said li:last-child")["y"] + box(page, "#said li:last-child")["height"] <= box(page, "#work")["y"]
    assert page.evaluate("[document.documentElement.scrollWidth <= innerWidth, document.documentElement.scrollHeight <= innerHeight]") == [
        True,
        True,
    ]
    page.keyboard.press("c")
    expect(page.get_by_label("怎样处理的")).to_be_in_viewport()
    assert box(page, "#said")["height"] > 60


def test_the_open_case_is_seen_in_a_long_list(stand: Stand, house: House, opened: Open) -> None:
    fill(house.application, 40)
    page = sign_in(stand, opened, **LAPTOP)
    listed = keys(page)
    page.goto(f"{stand.address}/desk/cases/{listed[-2]}")
    ready(page)
    expect(page.locator("#queue .here")).to_be_in_viewport()
    assert box(page, "#queue .here")["y"] + box(page, "#queue .here")["height"] <= 800
    assert page.evaluate("document.documentElement.scrollTop") == 0
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.key") == listed[-1]
    # Who is at the beginning of the list sees its filters, too.
    page.goto(f"{stand.address}/desk/cases/{listed[0]}")
    ready(page)
    expect(page.get_by_role("searchbox")).to_be_in_viewport()


@pytest.mark.parametrize("options", [SMALL, ZOOMED], ids=["320 px", "200 %"])
def test_where_there_is_room_for_one_pane_links_lead_to_the_others(stand: Stand, house: House, opened: Open, options: Any) -> None:
    page = open_case(stand, opened, house, **options)
    for name, shown in (("对话", "talk"), ("案情", "case"), ("待办", "queue")):
        page.get_by_label("这一件的各部分").get_by_role("link", name=name).click()
        for pane in ("queue", "talk", "case"):
            expect(page.locator(f".pane-{pane}")).to_be_visible(visible=pane == shown)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#queue a[data-key]").first.click()
    page.get_by_label("回复客户").fill("小屏也能回")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#said").get_by_text("小屏也能回")).to_be_visible()


def test_cases_are_found_by_number_reference_words_and_cause_and_narrowed(stand: Stand, house: House, opened: Open) -> None:
    users = fill(house.application, 20)
    row = house.handed_over()
    page = sign_in(stand, opened, **LAPTOP)
    for words in (row.id, row.payload["customer"]["reference"], "弄好了"):
        page.get_by_role("searchbox").fill(words)
        page.get_by_role("searchbox").press("Enter")
        expect(page.locator("#queue a[data-key]")).to_have_count(1)
        assert keys(page) == [row.id]
    page.get_by_role("searchbox").fill(f"{users[3]} 第")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#queue a[data-key]")).to_have_count(1)
    assert keys(page) != [row.id]
    page.get_by_role("searchbox").fill("有逾期待还")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#queue a[data-key]")).to_have_count(21)
    page.get_by_role("searchbox").fill("13800138000")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("searchbox")).to_have_value("138****8000")
    assert row.id in keys(page) and "13800138000" not in page.content()
    page.get_by_role("searchbox").fill("没有说过的话")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_text("没有符合条件的")).to_be_visible()
    page.get_by_text("筛选和视图").click()
    page.get_by_role("link", name="全部清除").click()
    page.get_by_text("筛选和视图").click()
    page.get_by_role("combobox", name="优先级").select_option(label="紧急")
    page.get_by_role("combobox", name="队列").select_option(label="风险")
    page.get_by_role("button", name="应用筛选").click()
    rows = page.locator("#queue li")
    assert all("紧急" in text and "风险" in text for text in rows.all_inner_texts())
    # The filter stays while a case is opened, taken, and answered.
    page.goto(f"{stand.address}/desk?waiting=1")
    expect(page.locator("#queue [aria-current=page]")).to_contain_text("等回复")
    page.locator("#queue a[data-key]").filter(has_text="客户要求人工").last.click()
    taking = page.get_by_role("button", name="接手")
    if taking.count():
        taking.click()
        expect(page.get_by_label("回复客户")).to_be_visible()
    expect(page.get_by_label("待办分类").locator("[aria-current=page]")).to_contain_text("等回复")


def test_a_view_is_named_used_from_another_browser_and_deleted(stand: Stand, house: House, opened: Open) -> None:
    house.handed_over()
    page = sign_in(stand, opened)
    page.goto(f"{stand.address}/desk?priority=normal&waiting=1")
    page.get_by_label("视图名称").fill("我的早班")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="我的早班")).to_be_visible()
    elsewhere = sign_in(stand, opened)
    elsewhere.get_by_text("筛选和视图").click()
    elsewhere.get_by_role("link", name="我的早班").click()
    assert elsewhere.url.endswith("/desk?priority=normal&waiting=1")
    expect(elsewhere.get_by_role("link", name="我的早班")).to_have_attribute("aria-current", "true")
    stranger = sign_in(stand, opened, "agent-2")
    stranger.get_by_text("筛选和视图").click()
    expect(stranger.get_by_role("link", name="我的早班")).to_have_count(0)
    elsewhere.get_by_role("button", name="删除视图 我的早班").click()
    expect(elsewhere.get_by_role("link", name="我的早班")).to_have_count(0)
    for number in range(desk_views.MOST_VIEWS + 1):
        page.get_by_label("视图名称").fill(f"视图 {number}")
        page.get_by_role("button", name="保存").click()
        if number < desk_views.MOST_VIEWS:
            expect(page.get_by_role("link", name=f"视图 {number}", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("最多 20 个")


def test_due_times_are_counted_down_and_who_becomes_late_moves_up(stand: Stand, house: House, opened: Open) -> None:
    users = fill(house.application, 3)
    page = sign_in(stand, opened)
    with stand.database.session() as session:
        for user, priority, minutes in zip(users, ("high", "normal", "low"), (1, 29.85, 119.4)):
            row = handoffs.open_handoff(session, user)
            assert row is not None
            at = real_now() - timedelta(minutes=minutes)
            session.execute(update(HANDOFFS).where(HANDOFFS.c.id == row.id).values(priority=priority, created_at=at, status="queued"))
    page.reload()
    due = page.locator("time[data-due]")
    expect(due).to_have_text(["剩 8 分钟", "就要超时", "就要超时"])
    late = page.get_by_role("link", name=re.compile("^超时"))
    expect(late).to_have_text("超时 0")
    expect(due).to_have_text(["超时 0 分钟", "剩 8 分钟", "就要超时"], timeout=25_000)
    expect(late).to_have_text("超时 1")
    late.click()
    expect(page.locator("#queue a[data-key]")).to_have_count(1)


def test_the_desk_is_worked_with_keys_alone(stand: Stand, house: House, opened: Open) -> None:
    fill(house.application, 6)
    row = house.handed_over()
    page = sign_in(stand, opened, **LAPTOP)
    listed = keys(page)
    takes_keys(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.dataset.key") == listed[1]
    stand.tell(MessageDraft(role="user", text="这时有人说话"), user="u-d0001")
    page.wait_for_timeout(1200)
    assert page.evaluate("document.activeElement.dataset.key") == listed[1], "the list was drawn anew"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{stand.address}/desk/cases/{listed[1]}")
    takes_keys(page)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(row.id)
    page.keyboard.press("Enter")
    expect(page.locator("#queue a[data-key]")).to_have_count(1)
    takes_keys(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{stand.address}/desk/cases/{row.id}?q={row.id}")
    takes_keys(page)
    page.keyboard.press("t")
    expect(page.get_by_label("回复客户")).to_be_visible()
    takes_keys(page)
    page.keyboard.press("r")
    expect(page.get_by_label("回复客户")).to_be_focused()
    page.keyboard.type("jktcr/? 都只是字")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said").get_by_text("jktcr/? 都只是字")).to_be_visible()
    expect(page.get_by_label("回复客户")).to_be_focused()
    expect(page.get_by_label("回复客户")).to_have_value("")
    page.get_by_label("回复客户").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_label("怎样处理的")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("c")
    expect(page.get_by_label("怎样处理的")).to_be_focused()


def test_an_urgent_customer_is_called_out_in_the_title_and_by_a_tone_once_it_is_switched_on(
    stand: Stand, house: House, opened: Open
) -> None:
    page = sign_in(stand, opened)
    page.add_init_script(
        """window.tones = 0; const real = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () { window.tones += 1; return real.call(this); };"""
    )
    page.reload()
    house.turn("u-1001", "fraud_suspected", "有人盗刷")
    expect(page).to_have_title("（紧急 1）1 件待办 · 白条助手")
    assert page.evaluate("tones") == 0
    page.get_by_role("button", name="提示音：关").click()
    expect(page.get_by_role("button", name="提示音：开")).to_have_attribute("aria-pressed", "true")
    heard = page.evaluate("tones")
    assert heard > 0
    house.turn(USER, "request_human", "转人工", order=ORDER)
    expect(page).to_have_title("（紧急 1）2 件待办 · 白条助手")
    assert page.evaluate("tones") == heard, "who is not urgent is not called out"
    house.turn(USER, "fraud_suspected", "我的白条被盗刷了", order=ORDER)
    expect(page).to_have_title("（紧急 2）2 件待办 · 白条助手")
    assert page.evaluate("tones") == 2 * heard
    page.reload()
    expect(page.get_by_role("button", name="提示音：开")).to_be_visible()


def test_everything_works_without_script(stand: Stand, house: House, opened: Open) -> None:
    row = house.handed_over()
    page = opened(f"{stand.address}/desk", TOLERATED, java_script_enabled=False)
    page.get_by_label("坐席令牌").fill(token(stand))
    page.get_by_role("button", name="登录").click()
    expect(page.locator("noscript p")).to_contain_text("页面不会自动更新")
    expect(page.locator("noscript p")).to_be_visible()
    page.get_by_role("searchbox").fill(row.id)
    page.get_by_role("button", name="搜索").click()
    page.locator("#queue a[data-key]").click()
    page.get_by_role("button", name="接手").click()
    assert page.url.endswith(f"/desk/cases/{row.id}?q={row.id}")
    page.get_by_label("回复客户").fill("没有脚本也能回")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#said").get_by_text("没有脚本也能回")).to_be_visible()
    finish(page, "结束")
    expect(page.locator("#standing").get_by_text("已结束")).to_be_visible()
