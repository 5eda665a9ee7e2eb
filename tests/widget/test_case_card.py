"""The card of the case: what it says in one line and in its list, what messages leave to it, and that it is of use to everyone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.state import handoffs
from actions.state.conversations import MessageDraft
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, bubbles, open_chat, say
from tests.widget.stand import EXAMPLES, Stand, example
from tests.widget.test_chat_access import violations
from tests.widget.test_person_in_chat import hand_over

Open = Callable[..., Page]


def toggle(page: Page) -> Any:
    return page.locator(".case summary")


def check(cause: str, passed: bool = True) -> MessageDraft:
    return MessageDraft(role="bot", text="…", data={"type": "check", "cause": cause, "passed": passed})


def shown(stand: Stand, opened: Open, *names: str, **options: Any) -> Page:
    stand.tell(*(example(name) for name in names))
    page = opened(stand.host(), **options)
    open_chat(page)
    return page


def test_one_line_says_how_far_the_case_is_and_changes_in_place(stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "diagnosis", "step", viewport=PHONE)
    expect(toggle(page)).to_have_text("2 件事 · 现在：还清逾期")
    log, line = page.locator(".log").bounding_box(), toggle(page).bounding_box()
    assert log and line and line["y"] + line["height"] <= log["y"] + 1 and 40 <= line["height"] <= 48
    stand.tell(check("overdue"))
    expect(toggle(page)).to_have_text("2 件事 · 已解决 1 · 现在：绑定手机号")
    stand.tell(example("resolved"))
    expect(toggle(page)).to_have_text("都解决了，共 2 件事")


def test_on_a_small_phone_the_line_still_says_what_to_do_now(stand: Stand, opened: Open) -> None:
    causes = [{"id": name, "kind": "block", "evidence": []} for name in ("realname_unverified", "bank_card_unusable", "app_outdated")]
    stand.tell(
        MessageDraft(role="bot", text="…", data={"type": "diagnosis", "order": "o-1013", "bill": None, "causes": causes, "findings": []})
    )
    stand.tell(check("realname_unverified"))
    page = opened(stand.host(), viewport=SMALL_PHONE)
    open_chat(page)
    expect(toggle(page)).to_have_text("3 件事 · 已解决 1 · 现在：换一张本人的卡")
    assert page.locator(".standing").evaluate("line => line.scrollWidth <= line.clientWidth")


def test_it_says_that_a_person_has_the_case_as_long_as_one_has(stand: Stand, opened: Open) -> None:
    number = hand_over(stand)
    page = shown(stand, opened, "diagnosis", "handoff")
    expect(toggle(page)).to_have_text("2 件事 · 已转人工")
    with stand.database.session() as session:
        handoffs.close(session, number)
    stand.tell(MessageDraft(role="bot", text="…", data={"type": "ended", "by": "person"}))
    expect(toggle(page)).to_have_text("2 件事 · 人工服务已结束")
    stand.tell(example("step"))
    expect(toggle(page)).to_have_text("2 件事 · 现在：还清逾期")


def test_the_list_says_of_each_cause_what_it_takes_who_can_and_what_proves_it(stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "diagnosis", "step")
    expect(page.locator(".causes")).to_be_hidden()
    toggle(page).click()
    first, second = page.locator(".cause").all()
    assert re.sub(r"\s+", " ", first.inner_text()) == "有逾期待还 正在办 还清逾期 · 您可以处理 · 第 1 步，共 2 步 逾期未还 188.00 元"
    assert re.sub(r"\s+", " ", second.inner_text()) == "手机号未绑定 还没办 绑定手机号 · 您可以处理 手机号 未绑定"


def test_nothing_is_shown_that_is_nothing_and_no_word_of_a_machine(stand: Stand, opened: Open) -> None:
    data = {**EXAMPLES["diagnosis"]["data"], "short": None}
    causes = (
        ("not_activated", "baitiao.bound_elsewhere", False),
        ("limit_insufficient", "limit.missing", 2199.0),
        ("bank_card_unusable", "bank_card", "odd"),
    )
    data["causes"] = [{"id": cause, "kind": "block", "evidence": []} for cause, _, _ in causes]
    data["findings"] = [{"cause": cause, "by": "user", "shown": [{"fact": fact, "value": value}]} for cause, fact, value in causes]
    stand.tell(MessageDraft(role="bot", text="查到了", data=data))
    page = opened(stand.host())
    open_chat(page)
    toggle(page).click()
    assert page.locator(".cause dl").all_inner_texts() == ["还差\n2199.00 元"]


def test_only_who_can_change_something_is_told_that_they_can(stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "limited")
    expect(toggle(page)).to_have_text("有 3 点限制")
    toggle(page).click()
    expect(page.locator(".cause")).to_have_count(3)
    expect(page.get_by_text("您可以处理")).to_have_count(0)


def test_a_message_leaves_to_the_card_what_the_card_tells(stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "diagnosis", viewport=PHONE)
    expect(page.locator(".turn .bubble")).to_contain_text("账单记录显示")
    expect(page.locator(".turn .bubble")).not_to_contain_text("另外还查到")
    page.get_by_role("button", name="看清单：2 件事").click()
    expect(page.locator(".causes")).to_be_visible()
    expect(toggle(page)).to_be_focused()
    other = {**EXAMPLES["limited"]["data"]}
    stand.tell(MessageDraft(role="bot", text="换一单", data=other))
    expect(toggle(page)).to_have_text("有 3 点限制")
    # What the card does not tell any more is told by the message again.
    expect(page.locator(".turn .bubble").first).to_contain_text("另外还查到")


def test_without_names_there_is_no_card_and_the_messages_say_everything(stand: Stand, opened: Open) -> None:
    stand.tell(example("diagnosis"))
    page = opened(stand.host(), tolerated="503|500")
    page.route("**/labels", lambda route: route.fulfill(status=503, body="{}"))
    open_chat(page)
    assert "另外还查到" in bubbles(page)[0]
    expect(page.locator(".case")).to_be_hidden()


def test_being_asked_which_order_is_meant_takes_the_card_away(stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "diagnosis")
    expect(toggle(page)).to_be_visible()
    choices = [{"title": "耳机 o-1", "payload": '/installment_missing{"order": "o-1"}'}]
    stand.tell(MessageDraft(role="bot", text="是哪一笔？", buttons=choices, data={"type": "clarify", "choices": choices}))
    expect(toggle(page)).to_be_hidden()


def test_on_a_phone_the_list_makes_room_for_the_answer(stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "diagnosis", "step", viewport=PHONE)
    toggle(page).click()
    expect(page.locator(".causes")).to_be_visible()
    say(page, "step")
    expect(page.locator(".causes")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, DESKTOP], ids=["small", "desktop"])
def test_axe_finds_nothing_and_the_keyboard_opens_it(viewport: Any, scheme: Any, stand: Stand, opened: Open) -> None:
    page = shown(stand, opened, "diagnosis", "step", viewport=viewport, color_scheme=scheme)
    # It comes with the names, and what is not there takes no focus.
    expect(toggle(page)).to_be_visible()
    toggle(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".causes")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".causes")).to_be_focused()
    assert violations(page) == []
    assert page.locator(".panel").evaluate("panel => panel.scrollWidth <= panel.clientWidth")
