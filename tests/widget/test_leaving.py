"""Leaving a page: what was not sent comes back and is sent exactly once, or leaving is warned about; tabs agree on what was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from actions.state.conversations import MessageDraft
from tests.load.sends import NETWORK
from tests.widget.browsing import PHONE, Watch, choices, entry, open_chat, say, turns
from tests.widget.stand import Stand

Open = Callable[..., Page]
SERVICE = "**/webhooks/widget/**"
KEPT = "Object.keys(localStorage).filter((name) => name.includes('unsent')).length"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });"


def cut(page: Page) -> None:
    page.route(SERVICE, lambda route: route.abort())


def heal(page: Page) -> None:
    page.unroute(SERVICE)


def leave(page: Page) -> list[str]:
    """Reloads as a person who leaves in any case; what the browser asked before."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.reload()
    page.remove_listener("dialog", accept)
    return asked


def test_what_waited_for_the_network_is_sent_once_after_a_reload_and_in_order(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE, tolerated=NETWORK)
    open_chat(page)
    cut(page)
    for text in ("plain", "我的卡不能用 step", "answer"):
        say(page, text)
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    names = page.locator(".unsent").evaluate_all("all => all.map((each) => each.dataset.id)")
    assert len(names) == 3 and page.evaluate(KEPT) == 3
    assert leave(page) == []
    page.get_by_role("button", name="打开白条助手").click()
    expect(page.locator(".unsent .bubble")).to_have_text(["plain", "我的卡不能用 step", "answer"])
    heal(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(turns(page, "bot")).to_have_count(3)
    expect(page.locator(".unsent")).to_have_count(0)
    assert [message.id for message in stand.history() if message.role == "user"] == names
    assert stand.heard == ["plain", "我的卡不能用 step", "answer"] and page.evaluate(KEPT) == 0


def test_it_is_sent_on_the_next_page_also_if_the_chat_stays_closed(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    cut(page)
    page.evaluate("document.querySelector('baitiao-chat').ask('plain')")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    page.get_by_role("button", name="关闭聊天").click()
    heal(page)
    assert leave(page) == []
    expect(page.get_by_role("button", name="打开白条助手，1 条未读消息")).to_be_visible()
    assert stand.heard == ["plain"]


def test_a_token_that_comes_late_brings_what_waited_and_what_was_not_read(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    cut(page)
    say(page, "answer")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    heal(page)
    page.goto(stand.host(token="none"))
    expect(page.get_by_role("button", name="打开白条助手", exact=True)).to_be_visible()
    page.evaluate("(token) => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token())
    expect(page.get_by_role("button", name="打开白条助手，1 条未读消息")).to_be_visible()
    assert stand.heard == ["plain", "answer"]


def test_what_the_service_had_taken_is_not_sent_twice(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    say(page, "step")
    expect(choices(page)).to_have_count(4)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/events*", lambda route: route.abort())
    page.route("**/messages", lose_the_answer)
    page.route("**/messages?*", lambda route: route.abort())
    page.reload()
    page.get_by_role("button", name="打开白条助手").click()
    say(page, "plain")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    assert page.evaluate(KEPT) == 1
    page.unroute_all()
    assert leave(page) == []
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(2)
    expect(page.locator(".unsent")).to_have_count(0)
    assert stand.heard == ["step", "plain"] and page.evaluate(KEPT) == 0


def test_a_choice_survives_too(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    say(page, "step")
    cut(page)
    choices(page).first.click()
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    heal(page)
    page.reload()
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(2)
    assert stand.heard == ["step", "/step_done"]


def test_a_personal_number_is_not_kept_and_leaving_is_warned_about(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    # By keys, because browsers warn only of what somebody did.
    page.keyboard.type("打 13800138000 给我")
    assert leave(page) == ["beforeunload"]
    open_chat(page)
    expect(entry(page)).to_have_value("")
    cut(page)
    say(page, "打 13800138000 给我")
    page.get_by_role("button", name="仍然发送").click()
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    assert page.evaluate("JSON.stringify(localStorage)").count("138") == 0
    assert leave(page) == ["beforeunload"]
    heal(page)
    # Nothing is left that could be lost.
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    assert leave(page) == []


@pytest.mark.parametrize("storage", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_without_room_on_the_device_the_chat_works_and_leaving_is_warned_about(storage: str, stand: Stand, opened: Open) -> None:
    page = opened("about:blank", tolerated=NETWORK)
    page.add_init_script(storage)
    page.goto(stand.host())
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    page.get_by_role("button", name="关闭聊天").click()
    expect(page.get_by_role("button", name="打开白条助手", exact=True)).to_be_visible()
    open_chat(page)
    cut(page)
    say(page, "answer")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    assert leave(page) == ["beforeunload"]


def test_another_customer_on_the_device_gets_nothing_of_it(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    cut(page)
    say(page, "plain")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    heal(page)
    page.evaluate("(token) => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token("u-1024", "o-1024"))
    expect(page.locator(".log")).to_have_attribute("aria-busy", "false")
    expect(turns(page)).to_have_count(0)
    assert stand.history("u-1024") == []
    page.evaluate("(token) => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token())
    expect(turns(page, "bot")).to_have_count(1)
    assert stand.heard == ["plain"]


def test_reading_in_one_tab_clears_the_badge_in_the_others(stand: Stand, browser: Browser) -> None:
    watch = Watch(browser)
    one = watch.open(stand.host())
    open_chat(one)
    say(one, "plain")
    expect(turns(one, "bot")).to_have_count(1)
    one.get_by_role("button", name="关闭聊天").click()
    two = watch.tab(one.context, stand.host())
    stand.tell(MessageDraft(role="agent", text="我是专员小李。"), MessageDraft(role="agent", text="在看了。"))
    for page in (one, two):
        expect(page.get_by_role("button", name="打开白条助手，2 条未读消息")).to_be_visible()
    open_chat(one)
    expect(two.get_by_role("button", name="打开白条助手", exact=True)).to_be_visible()
    expect(two.locator(".badge")).to_be_hidden()
    expect(two.locator(".notice")).to_have_count(0)
    # A tab that is behind does not make read messages unread.
    open_chat(two)
    expect(one.get_by_text("在看了。")).to_be_visible()
    two.get_by_role("button", name="关闭聊天").click()
    one.get_by_role("button", name="关闭聊天").click()
    for page in (one, two):
        expect(page.get_by_role("button", name="打开白条助手", exact=True)).to_be_visible()
    watch.close()
