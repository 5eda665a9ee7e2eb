"""What the chat asks and offers around what is said: ratings of real ends, thumbs on answers, rows of orders, what opens a page of the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.core.turn import NOT_THIS
from actions.state.conversations import MessageDraft
from actions.state.feedback import feedback
from tests.widget.browsing import PHONE, SMALL_PHONE, entry, open_chat, say, turns
from tests.widget.stand import USER, Stand, example
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]
CLOSED = {"type": "ended", "by": "person"}
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def stars(page: Page) -> Any:
    return page.get_by_role("radio")


def votes(stand: Stand) -> list[tuple[int, str, str | None, str | None]]:
    with stand.database.session() as session:
        return [(each.seq, each.vote, each.reason, each.word) for each in feedback(session, USER)]


@pytest.mark.parametrize(
    ("end", "asked"),
    [
        (example("resolved"), True),
        (example("ended"), True),
        (example("subscribed"), True),
        (example("explained"), True),
        (MessageDraft(role="bot", text="closed", data=CLOSED), True),
        (example("handoff"), False),
        (example("waiting"), False),
        (replace(example("explained"), data={**(example("explained").data or {}), "startable": True}), False),
        (replace(example("subscribed"), data={**(example("subscribed").data or {}), "startable": True}), False),
    ],
)
def test_the_rating_is_asked_for_at_real_ends_and_stands_after_a_reload(end: MessageDraft, asked: bool, stand: Stand, opened: Open) -> None:
    stand.tell(end)
    page = opened(stand.host())
    for _ in range(2):
        open_chat(page)
        expect(turns(page, "bot")).to_have_count(1)
        expect(stars(page)).to_have_count(5 if asked else 0)
        page.reload()


def test_a_rating_that_was_given_is_not_asked_for_again(stand: Stand, opened: Open) -> None:
    stand.tell(example("resolved"))
    page = opened(stand.host())
    open_chat(page)
    page.get_by_role("radio", name="不错").check()
    expect(page.get_by_text("谢谢您的评价。")).to_be_visible()
    page.reload()
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(1)
    expect(stars(page)).to_have_count(0)
    # The customer says that the option is there: that is the end they have rated.
    stand.tell(example("ended"))
    expect(turns(page, "bot")).to_have_count(2)
    expect(stars(page)).to_have_count(0)


@pytest.mark.parametrize("later", [example("step"), example("notice"), example("plain", role="agent"), example("plain", role="user")])
def test_what_goes_on_after_an_end_takes_the_question_away(later: MessageDraft, stand: Stand, opened: Open) -> None:
    stand.tell(example("subscribed"))
    page = opened(stand.host())
    open_chat(page)
    expect(stars(page)).to_have_count(5)
    stand.tell(later)
    expect(stars(page)).to_have_count(0)


def test_a_thumb_counts_at_once_why_can_follow_and_a_second_press_takes_it_back(stand: Stand, opened: Open) -> None:
    stand.tell(example("answer"), example("step"))
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    expect(page.get_by_role("group", name="这条回答有帮助吗？")).to_have_count(1)
    up, down = page.get_by_role("button", name="有帮助", exact=True), page.get_by_role("button", name="没有帮助")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    assert votes(stand) == [(1, "up", None, None)]
    up.press("ArrowRight")
    expect(down).to_be_focused()
    down.press("Enter")
    page.get_by_role("button", name="看不懂").click()
    expect(page.get_by_role("button", name="看不懂")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("textbox", name="还想说点什么").fill("太长了，我的手机 13800138000")
    assert violations(page) == []
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("textbox", name="还想说点什么")).to_be_hidden()
    expect(down).to_be_focused()
    assert votes(stand) == [(1, "down", "unclear", "太长了，我的手机 138****8000")]
    page.reload()
    open_chat(page)
    expect(down).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(page.get_by_text("已收回。")).to_be_visible()
    assert votes(stand) == []


def test_a_thumb_that_did_not_arrive_says_so(stand: Stand, opened: Open) -> None:
    stand.tell(example("answer"))
    page = opened(stand.host(), tolerated="ERR_|Failed")
    open_chat(page)
    page.route("**/feedback", lambda route: route.abort())
    up = page.get_by_role("button", name="有帮助", exact=True)
    up.click()
    expect(page.get_by_text("没有提交成功，请再试一次。")).to_be_visible()
    expect(up).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_orders_and_bills_stand_in_rows_that_keys_and_small_screens_can_use(scheme: Any, stand: Stand, opened: Open) -> None:
    stand.tell(example("which"))
    page = opened(stand.host(), viewport=SMALL_PHONE, color_scheme=scheme)
    open_chat(page)
    rows = page.get_by_role("group", name="选一笔订单或账单").get_by_role("button")
    expect(rows).to_have_count(2)
    for text in ("云帆数码专营店", "11月22日", "待付款", "3999.00 元"):
        expect(rows.first).to_contain_text(text)
    for text in ("11 月账单", "已出账", "2380.00 元"):
        expect(rows.last).to_contain_text(text)
    assert violations(page) == []
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Enter")
    expect(turns(page, "user")).to_contain_text("11 月账单 b-2006")
    expect(entry(page)).to_be_focused()
    expect(rows.last).to_have_class("row box wide pick-row chosen")
    expect(rows.last).to_be_disabled()
    assert stand.heard == ["/bill_installment_missing"]


def test_another_order_is_one_press_away_in_the_diagnosis_while_the_step_stands_below(stand: Stand, opened: Open) -> None:
    another = {"title": "不是这笔", "payload": NOT_THIS}
    stand.tell(replace(example("diagnosis"), buttons=[another]), example("step"))
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    within = page.locator(".bubble[data-type=diagnosis]").get_by_role("button", name="不是这笔")
    expect(within).to_be_enabled()
    expect(page.get_by_role("button", name="不是这笔")).to_have_count(1)
    within.click()
    expect(turns(page, "user")).to_contain_text("不是这笔")
    expect(turns(page, "bot")).to_have_count(3)
    assert stand.heard == ["/about_case"]


def test_a_step_copies_its_path_or_opens_its_page(stand: Stand, opened: Open) -> None:
    step = example("step")
    links = ("https://shop.example/pay?o=1", "shopapp://pay", "javascript:alert(1)")
    stand.tell(step, *(replace(step, data={**(step.data or {}), "link": link}) for link in links))
    page = opened(stand.host(), viewport=SMALL_PHONE, permissions=CLIPBOARD)
    open_chat(page)
    opening = page.get_by_role("link", name="打开：京东App → 我的 → 白条 → 还款")
    expect(opening).to_have_count(2)
    assert [each.get_attribute("href") for each in opening.all()] == [*links[:2]]
    assert [each.get_attribute("target") for each in opening.all()] == ["_blank", None]
    copying = page.get_by_role("button", name="复制路径")
    expect(copying).to_have_count(2)
    copying.first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "京东App → 我的 → 白条 → 还款"
    assert violations(page) == [] and page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    say(page, "plain")
