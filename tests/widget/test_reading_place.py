"""Where the messages stand: at the end or at the first unread one on opening, where the reader is while reading; measured, not only visible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, Route, expect

from actions.state.conversations import MessageDraft
from tests.load.sends import NETWORK
from tests.widget.browsing import DESKTOP, PHONE, open_chat, say, turns
from tests.widget.stand import EXAMPLES, Stand, example
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]
QUESTION = MessageDraft(role="user", text="为什么不能分期")
CASE = [QUESTION, example("diagnosis"), example("step")] * 5 + [QUESTION, example("diagnosis"), example("limited"), example("step")]
SMALL = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
KEYBOARD = """() => {
    Object.defineProperties(visualViewport, { height: { value: 380, configurable: true }, offsetTop: { value: 0, configurable: true } });
    visualViewport.dispatchEvent(new Event('resize'));
}"""


@pytest.fixture(autouse=True)
def named(stand: Stand) -> None:
    """A service that knows its names: the first one who asks waits for the knowledge to be read."""
    for _ in range(10):
        answer = requests.get(f"{stand.address}/webhooks/widget/labels", headers={"Authorization": f"Bearer {stand.token()}"}, timeout=60)
        if answer.ok:
            return
    raise AssertionError(answer.text)


def log(page: Page) -> Locator:
    """The messages."""
    return page.locator(".log")


def left(page: Page) -> float:
    """Pixels below what is seen, once nothing moves any more."""
    page.wait_for_timeout(250)
    return float(log(page).evaluate("log => log.scrollHeight - log.clientHeight - log.scrollTop"))


def below_the_top(page: Page, part: Locator) -> float:
    """Pixels between the upper edge of the messages and a part."""
    page.wait_for_timeout(250)
    place, room = part.bounding_box(), log(page).bounding_box()
    assert place is not None and room is not None
    return place["y"] - room["y"]


def close_chat(page: Page) -> None:
    page.get_by_role("button", name="关闭聊天").click()


class LateNames:
    """Holds up what cards are given their words with, until it is let through and the cards grow."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: list[Route] = []
        page.route("**/labels", lambda route: self._held.append(route))

    def let(self) -> None:
        while not self._held:
            self._page.wait_for_timeout(50)
        while self._held:
            self._held.pop().continue_()
        expect(self._page.locator(".cause-title").last).to_be_attached()


@SMALL
def test_a_conversation_opens_at_its_end_on_loading_reloading_and_reopening(viewport: Any, stand: Stand, opened: Open) -> None:
    stand.tell(*CASE)
    page = opened(stand.host(), viewport=viewport)
    names = LateNames(page)
    for again in ("", "reload", "reopen"):
        if again:
            log(page).evaluate("log => { log.scrollTop -= 900; }")
            assert left(page) > 800
            close_chat(page)
        if again == "reload":
            page.reload()
        open_chat(page)
        if again != "reopen":
            expect(page.locator(".cause-title")).to_have_count(0)
            assert left(page) <= 1, again
            names.let()
        assert left(page) <= 1, again
        expect(turns(page).last).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="看最新的消息")).to_be_hidden()


@SMALL
@pytest.mark.parametrize("reloads", [True, False], ids=["reload", "reopen"])
def test_it_opens_at_the_first_message_that_was_not_read(viewport: Any, reloads: bool, stand: Stand, opened: Open) -> None:
    stand.tell(*CASE)
    page = opened(stand.host(), viewport=viewport)
    open_chat(page)
    assert left(page) <= 1
    close_chat(page)
    stand.tell(*(example(name) for name in ("limited", "diagnosis", "resolved")), example("plain", role="agent"))
    expect(page.get_by_role("button", name="打开白条助手，4 条未读消息")).to_be_visible()
    names = LateNames(page)
    if reloads:
        page.reload()
    page.get_by_role("button", name="打开白条助手，4 条未读消息").click()
    if reloads:
        names.let()
    fresh = page.get_by_text("以下是新消息")
    assert 0 <= below_the_top(page, fresh) <= 30
    unread = page.locator(f"[data-seq='{len(CASE) + 1}']")
    assert below_the_top(page, unread) > below_the_top(page, fresh)
    expect(page.locator("[data-seq='1'] .text")).not_to_be_in_viewport()
    assert violations(page) == []
    # What was read is not new the next time.
    close_chat(page)
    open_chat(page)
    assert left(page) <= 1
    expect(fresh).to_have_count(0)


def test_a_few_unread_messages_that_fit_are_seen_to_the_end(stand: Stand, opened: Open) -> None:
    stand.tell(*CASE)
    page = opened(stand.host())
    open_chat(page)
    close_chat(page)
    stand.tell(example("plain"))
    page.get_by_role("button", name="打开白条助手，1 条未读消息").click()
    assert left(page) <= 1
    expect(page.get_by_text("以下是新消息")).to_be_in_viewport(ratio=1)


def test_a_long_history_opens_at_what_is_unread_far_back(stand: Stand, opened: Open) -> None:
    stand.tell(*(MessageDraft(role="bot", text=f"第{number}条\n第二行") for number in range(1, 301)))
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    assert left(page) <= 1
    close_chat(page)
    stand.tell(*(MessageDraft(role="bot", text=f"第{number}条") for number in range(301, 401)))
    expect(page.get_by_role("button", name="打开白条助手，100 条未读消息")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="打开白条助手，100 条未读消息").click()
    assert 0 <= below_the_top(page, page.get_by_text("以下是新消息")) <= 30
    expect(page.get_by_text("第301条")).to_be_in_viewport(ratio=1)


def test_the_keyboard_of_a_phone_hides_neither_the_end_nor_what_is_read(stand: Stand, opened: Open) -> None:
    stand.tell(*CASE)
    for scrolled in (0, 1200):
        page = opened(stand.host(), viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
        open_chat(page)
        assert left(page) <= 1
        log(page).evaluate("(log, by) => { log.scrollTop -= by; }", scrolled)
        before = left(page)
        page.evaluate(KEYBOARD)
        assert abs(left(page) - before) <= 1
        box = page.locator(".panel").bounding_box()
        assert box is not None and box["height"] == 380
        expect(page.get_by_role("button", name="已完成")).to_be_in_viewport(ratio=1)


def test_who_reads_further_up_is_not_moved_by_what_comes(stand: Stand, opened: Open) -> None:
    stand.tell(*CASE)
    page = opened(stand.host())
    open_chat(page)
    log(page).evaluate("log => { log.scrollTop -= 900; }")
    read = page.locator(".turn.user").last
    before = below_the_top(page, read)
    # The dock grows with it.
    stand.tell(example("waiting"), example("plain", role="agent"))
    expect(turns(page)).to_have_count(len(CASE) + 2)
    assert abs(below_the_top(page, read) - before) <= 1
    assert left(page) > 800


def test_who_went_to_the_end_of_a_long_answer_stays_there(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE, tolerated=NETWORK)
    open_chat(page)
    say(page, "diagnosis limited step")
    expect(page.locator(".cause")).to_have_count(3)
    expect(turns(page, "user")).to_be_in_viewport()
    page.get_by_role("button", name="看最新的消息").click()
    assert left(page) <= 1
    # Whatever else changes: the line, the room, what is typed.
    page.context.set_offline(True)
    expect(page.get_by_role("status").get_by_text("网络已断开")).to_be_visible()
    assert left(page) <= 1
    page.context.set_offline(False)
    expect(page.get_by_text("网络已断开")).to_be_hidden()
    assert left(page) <= 1


def test_every_kind_of_message_can_be_the_last(stand: Stand, opened: Open) -> None:
    stand.tell(*CASE)
    page = opened(stand.host(), viewport=PHONE)
    for name in EXAMPLES:
        stand.tell(QUESTION, example(name))
        page.reload()
        page.locator(".launcher").click()
        expect(log(page)).to_have_attribute("aria-busy", "false")
        # What does not fit is shown from its beginning.
        assert left(page) <= 1 or 0 <= below_the_top(page, page.get_by_text("以下是新消息")) <= 30, name
        close_chat(page)


def test_an_end_is_seen_whole_also_where_fewer_choices_leave_more_room(stand: Stand, opened: Open) -> None:
    many = [{"title": f"第 {number} 个很长很长的选项", "payload": "/step_done"} for number in range(4)]
    stand.tell(*[example("plain")] * 6, MessageDraft(role="bot", text="请选", buttons=many))

    async def ends(message: Any) -> None:
        given = example("subscribed")
        response = {"text": given.text, "buttons": many[:1], "custom": given.data}
        await message.output_channel.send_response(message.sender_id, response)

    stand.script = ends
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    page.locator(".choice").first.click()
    expect(page.locator(".choice:enabled")).to_have_count(1)
    assert left(page) < 2
    expect(page.locator(".rating")).to_be_in_viewport(ratio=1)
