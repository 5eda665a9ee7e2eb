"""What can be chosen: docked above the input, pressed by mouse, touch and keys, inert once used, and said once: by the customer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from actions.state.conversations import MessageDraft
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, bubbles, choices, entry, open_chat, say, turns
from tests.widget.stand import Stand, example
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]
TITLES = ["已完成", "找不到", "做不了", "转人工"]


def box(part: Locator) -> dict[str, float]:
    """Where it is."""
    found = part.bounding_box()
    assert found is not None
    return dict(found)


def offer(count: int, title: str = "一个说得很长很长的选项，手机上一行放不下") -> MessageDraft:
    """A message with many choices."""
    buttons = [{"title": f"{number} {title}", "payload": f'/inform{{"order": "o-{number}"}}'} for number in range(1, count + 1)]
    return MessageDraft(role="bot", text="请选一笔", buttons=buttons)


@pytest.mark.parametrize("viewport", [SMALL_PHONE, PHONE, DESKTOP], ids=["320", "360", "desktop"])
def test_the_choices_stand_above_the_input_wherever_the_reader_is(viewport: Any, stand: Stand, opened: Open) -> None:
    stand.tell(*(MessageDraft(role="bot", text=f"第{number}条") for number in range(60)), example("step"))
    page = opened(stand.host(), viewport=viewport)
    open_chat(page)
    page.locator(".log").evaluate("log => { log.scrollTop = 200; }")
    down = page.get_by_role("button", name="看最新的消息")
    expect(down).to_be_visible()
    assert choices(page).all_inner_texts() == TITLES
    for each in choices(page).all():
        expect(each).to_be_in_viewport(ratio=1)
    # Each part has a place of its own: none lies over another.
    places = [box(page.locator(part)) for part in (".header", ".log", ".dock", ".composer")]
    for upper, lower in zip(places, places[1:]):
        assert upper["y"] + upper["height"] <= lower["y"] + 0.5
    beside = [box(page.locator(part)) for part in (".down", ".input", ".send")]
    for former, latter in zip(beside, beside[1:]):
        assert former["x"] + former["width"] <= latter["x"] + 0.5
    room = places[1]
    down.click()
    expect(down).to_be_hidden()
    # What is read does not move under the finger when it goes.
    assert box(page.locator(".log")) == room
    expect(turns(page, "bot").last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, DESKTOP], ids=["phone", "desktop"])
def test_the_step_is_in_view_with_its_choices_as_soon_as_it_is_put(viewport: Any, stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=viewport)
    open_chat(page)
    say(page, "diagnosis step")
    expect(turns(page, "bot")).to_have_count(2)
    expect(page.locator(".case")).to_be_visible()
    expect(page.locator(".path")).to_be_in_viewport(ratio=1)
    places = [box(each)["y"] for each in choices(page).all()]
    assert len(places) == len(TITLES) and len(set(places)) == 1, places


@pytest.mark.parametrize("viewport", [SMALL_PHONE, {"width": 740, "height": 360}, DESKTOP], ids=["320", "landscape", "desktop"])
def test_many_long_choices_scroll_in_themselves_and_leave_room_for_the_messages(viewport: Any, stand: Stand, opened: Open) -> None:
    stand.tell(offer(12))
    page = opened(stand.host(), viewport=viewport)
    open_chat(page)
    page.evaluate("document.querySelector('baitiao-chat').style.setProperty('--baitiao-font', '30px/1.5 sans-serif')")
    dock, panel = page.locator(".dock"), box(page.locator(".panel"))
    assert box(dock)["height"] <= 0.4 * panel["height"] + 1
    assert dock.evaluate("dock => dock.scrollHeight > dock.clientHeight && dock.scrollWidth <= dock.clientWidth")
    assert box(page.locator(".log"))["height"] >= 48
    expect(page.locator(".input")).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    choices(page).last.click()
    expect(turns(page, "user")).to_have_text(re.compile("12 一个说得很长"))


def test_pressing_twice_sends_once_and_a_used_button_is_inert(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    page.get_by_role("button", name="已完成").dblclick()
    expect(turns(page, "bot")).to_have_count(2)
    assert stand.heard == ["step", "/step_done"]
    assert bubbles(page, "user") == ["step", "已完成"]
    assert page.locator(".log .choice").count() == 0
    expect(choices(page)).to_have_count(4)


def test_buttons_are_stale_once_something_is_said_after_them(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(2)
    expect(choices(page)).to_have_count(0)
    expect(page.get_by_role("button", name="转人工").first).to_be_enabled()


def test_a_choice_that_went_stale_elsewhere_is_refused_with_its_reason(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated="409")
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)
    # The stream is held up, so that this page does not hear what happens elsewhere.
    stand.service.feed.wake = lambda _conversation: None  # type: ignore[method-assign]
    stand.service.feed._poll = 60
    stand.tell(MessageDraft(role="user", text="在另一台设备上说的"))
    choices(page).first.dispatch_event("click")
    expect(page.get_by_role("alert").get_by_text("这个选项已失效")).to_be_visible()
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_role("alert").filter(has_text="失效")).to_have_count(0)


def test_choices_are_read_out_with_their_message_and_gone_once_one_is_made(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    read = page.get_by_role("log").get_by_role("list", name="可选的回复")
    expect(read.get_by_role("listitem")).to_have_text(TITLES)
    choices(page).nth(1).click()
    expect(turns(page, "bot")).to_have_count(2)
    # What was chosen is said once, in the customer's name; the list that is left is the next step's.
    assert bubbles(page, "user") == ["step", "找不到"]
    expect(read).to_have_count(1)
    expect(read.get_by_role("listitem")).to_have_text(TITLES)
    assert violations(page) == []
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(3)
    expect(read).to_have_count(0)


def test_the_first_choice_of_a_step_is_marked_and_a_suggestion_is_not(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(page.locator(".choice.primary")).to_have_text("已完成")
    say(page, "plans")
    expect(choices(page).first).to_have_text("每期怎么算出来")
    expect(page.locator(".choice.primary")).to_have_count(0)


def test_arrow_keys_move_and_one_tab_stop_leads_in(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)
    page.keyboard.press("ArrowUp")
    for key, title in (
        ("", 0),
        ("ArrowRight", 1),
        ("ArrowDown", 2),
        ("End", 3),
        ("ArrowRight", 0),
        ("ArrowLeft", 3),
        ("ArrowUp", 2),
        ("Home", 0),
    ):
        if key:
            page.keyboard.press(key)
        expect(choices(page).nth(title)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(entry(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(choices(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(turns(page, "bot")).to_have_count(2)
    assert stand.heard == ["step", "/cannot_find"]


def test_a_text_that_begins_with_a_digit_is_only_written(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)
    page.keyboard.type("3 期怎么分 1")
    expect(entry(page)).to_have_value("3 期怎么分 1")
    assert stand.heard == ["step"]
    page.keyboard.press("Alt+2")
    expect(turns(page, "bot")).to_have_count(2)
    expect(entry(page)).to_have_value("3 期怎么分 1")
    expect(entry(page)).to_be_focused()
    assert stand.heard == ["step", "/cannot_find"]


def test_digits_press_while_the_focus_is_in_the_choices_or_in_the_messages(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)
    page.locator(".log").focus()
    page.keyboard.press("3")
    expect(turns(page, "bot")).to_have_count(2)
    expect(page.get_by_role("toolbar", name="可选的回复")).to_be_focused()
    page.keyboard.press("9")
    page.keyboard.press("1")
    expect(turns(page, "bot")).to_have_count(3)
    page.get_by_role("button", name="关闭聊天").focus()
    page.keyboard.press("1")
    page.wait_for_timeout(200)
    assert stand.heard == ["step", "/step_failed", "/step_done"]


def test_after_a_choice_the_focus_is_where_its_maker_goes_on(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    page.get_by_role("button", name="已完成").click()
    expect(turns(page, "bot")).to_have_count(2)
    expect(entry(page)).to_be_focused()
    page.keyboard.press("ArrowUp")
    # What follows has no choices: the keyboard is given back to the input.
    stand.script = stand.plainly
    page.keyboard.press("Enter")
    expect(page.locator(".dock")).to_be_hidden()
    expect(entry(page)).to_be_focused()
    phone = opened(stand.host(), viewport=PHONE, has_touch=True, is_mobile=True)
    stand.tell(example("step"))
    open_chat(phone)
    phone.get_by_role("button", name="已完成").tap()
    expect(phone.locator(".dock")).to_be_hidden()
    # Not the input, whose keyboard would cover what comes.
    expect(phone.locator(".log")).to_be_focused()


def test_nothing_jumps_while_an_answer_is_on_its_way(stand: Stand, opened: Open) -> None:
    async def slowly(message: Any) -> None:
        await asyncio.sleep(1)
        await stand.answer(message)

    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)
    stand.script = slowly
    page.evaluate("""() => {
        const dock = document.querySelector('baitiao-chat').shadowRoot.querySelector('.dock');
        window.heights = [];
        const look = () => { window.heights.push(dock.clientHeight); requestAnimationFrame(look); };
        look();
    }""")
    page.get_by_role("button", name="已完成").click()
    expect(page.locator(".typing")).to_be_visible()
    expect(choices(page)).to_have_count(0)
    expect(turns(page, "bot")).to_have_count(2)
    expect(choices(page)).to_have_count(4)
    heights = page.evaluate("window.heights")
    assert len(heights) > 10 and len(set(heights)) == 1
