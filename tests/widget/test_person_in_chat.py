"""The chat while a person is awaited or has the case: whom the customer talks to, the place in the queue, the way back, and links in what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.handoff import ownership
from actions.state import handoffs
from conversations.application import STORE
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, entry, open_chat, say, turns
from tests.widget.stand import USER, Stand
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]
CANCEL = "不用人工了"


def hand_over(stand: Stand, user: str = USER) -> str:
    with stand.database.session() as session:
        return handoffs.create(session, user, user, "requested", "general", {}).id


def take(stand: Stand, number: str, name: str | None = "小林") -> None:
    with stand.database.session() as session:
        ownership.take(session, STORE.current, number, "agent-77", name)


def reply(stand: Stand, number: str, text: str) -> None:
    with stand.database.session() as session:
        ownership.reply(session, number, "agent-77", text)


def types(stand: Stand) -> None:
    stand.service.feed.types(USER)


def test_the_head_shows_the_person_while_they_have_the_case(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "step")
    expect(page.get_by_role("button", name="已完成")).to_be_enabled()
    number = hand_over(stand)
    take(stand, number)
    expect(page.get_by_role("dialog", name="小林")).to_be_visible()
    expect(page.get_by_text("正在为您处理", exact=True)).to_be_visible()
    expect(page.locator(".person")).to_be_hidden()
    assert "agent-77" not in page.locator(".panel").inner_text()
    # What the assistant offered is put away.
    expect(page.locator(".choice:enabled")).to_have_count(0)
    with stand.database.session() as session:
        handoffs.close(session, number)
    with stand.database.session() as session:
        ownership.conversations.append(session, USER, [ownership.conversations.MessageDraft(role="bot", text="人工已经结束这次服务。")])
    expect(page.get_by_role("dialog", name="白条助手")).to_be_visible()
    expect(page.locator(".person")).to_be_visible()


def test_a_person_without_a_name_for_customers_is_called_what_they_are(stand: Stand, opened: Open) -> None:
    take(stand, hand_over(stand), None)
    page = opened(stand.host())
    open_chat(page)
    expect(page.get_by_role("dialog", name="人工客服")).to_be_visible()


def test_typing_is_seen_for_a_while_and_until_the_message_comes(stand: Stand, opened: Open) -> None:
    number = hand_over(stand)
    take(stand, number)
    page = opened(stand.host())
    open_chat(page)
    about, typing = page.locator(".about"), "正在输入…"
    expect(about).to_have_text("正在为您处理")
    types(stand)
    expect(about).to_have_text(typing)
    reply(stand, number, "您好")
    expect(turns(page, "agent")).to_have_count(1)
    expect(about).to_have_text("正在为您处理")
    types(stand)
    expect(about).to_have_text(typing)
    page.wait_for_timeout(5000)
    expect(about).to_have_text(typing)
    expect(about).to_have_text("正在为您处理", timeout=2500)


def test_the_place_in_the_queue_moves_and_the_wish_can_be_taken_back(stand: Stand, opened: Open) -> None:
    first, _ = hand_over(stand, "u-1001"), hand_over(stand)
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    queue = page.locator('[part="queue"]')
    expect(queue.get_by_role("status")).to_have_text("排队中，您在第 2 位")
    # They have asked already.
    expect(page.get_by_role("button", name="转人工")).to_have_count(0)
    # Below the head, above the messages, and no further down than a thumb's breadth.
    head, bar, log = (page.locator(name).bounding_box() for name in (".header", '[part="queue"]', ".log"))
    assert head and bar and log
    assert abs(head["y"] + head["height"] - bar["y"]) < 2 and abs(bar["y"] + bar["height"] - log["y"]) < 2 and bar["height"] <= 90
    with stand.database.session() as session:
        handoffs.close(session, first)
    expect(queue.get_by_role("status")).to_have_text("排队中，您在第 1 位", timeout=8000)
    back = page.get_by_role("button", name=CANCEL)
    back.focus()
    back.press("Enter")
    # The bubble stands there before the service has it; it is the service's once its state is gone.
    expect(turns(page, "user").locator(".bubble")).to_have_text(CANCEL)
    expect(page.locator(".turn.user.unsent")).to_have_count(0)
    assert stand.heard == ["/about_case"]
    # The stand-in takes nothing back; the dialogue does.
    with stand.database.session() as session:
        ownership.note_choice(session, USER, "go_on")
    say(page, "plain")
    expect(queue).to_be_hidden()
    assert page.evaluate("document.querySelector('baitiao-chat').shadowRoot.activeElement?.className").startswith("field")


def test_whoever_comes_back_sees_what_holds_then(stand: Stand, opened: Open) -> None:
    number = hand_over(stand)
    take(stand, number)
    page = opened(stand.host(), "ERR_")
    open_chat(page)
    expect(page.locator("#title")).to_have_text("小林")
    page.context.set_offline(True)
    expect(page.get_by_text("网络已断开")).to_be_visible()
    with stand.database.session() as session:
        handoffs.close(session, number)
    page.context.set_offline(False)
    expect(page.locator("#title")).to_have_text("白条助手")


def test_addresses_of_all_can_be_followed_and_nothing_else(stand: Stand, opened: Open) -> None:
    number = hand_over(stand)
    take(stand, number)
    reply(stand, number, "请看 https://help.jd.com/issue ，不是 javascript:alert(1) 或 http://jd.com")
    page = opened(stand.host())
    open_chat(page)
    say(page, "https://jd.com 这个吗")
    links = page.locator(".bubble a")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == ["https://help.jd.com/issue", "https://jd.com/"]
    for link in links.all():
        assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer nofollow", "_blank")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, DESKTOP], ids=["small phone", "desktop"])
def test_axe_finds_nothing_while_people_are_about(viewport: Any, scheme: Any, stand: Stand, opened: Open) -> None:
    number = hand_over(stand)
    page = opened(stand.host(), viewport=viewport, color_scheme=scheme)
    open_chat(page)
    expect(page.get_by_role("button", name=CANCEL)).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take(stand, number)
    reply(stand, number, "请看 https://help.jd.com/issue")
    say(page, "https://jd.com")
    types(stand)
    expect(page.locator(".about")).to_have_text("正在输入…")
    assert violations(page) == []
    expect(entry(page)).to_be_visible()
