"""The component on bad networks: nothing lost, nothing doubled, always in order, and the customer told what is going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from actions.state.conversations import MessageDraft
from tests.load.sends import NETWORK, Sends, echo, send_many, shown, stored
from tests.widget.browsing import Watch, bubbles, entry, open_chat, say, turns
from tests.widget.cutting_proxy import CuttingProxy
from tests.widget.stand import Stand, example

Open = Callable[..., Page]
SENDS = 60
"""A slice of `make bench-widget`."""


def test_no_send_is_lost_or_doubled_by_a_proxy_that_cuts_answers_502_and_restarts(stand: Stand, opened: Open) -> None:
    stand.script = echo
    proxy = CuttingProxy(int(stand.address.rsplit(":", 1)[1]), chance=0.0)
    page = opened(stand.host().replace(stand.address, proxy.address), tolerated=NETWORK)
    send_many(page, proxy, SENDS, 2, proxy.restart)
    assert (stored(stand, SENDS), shown(page, SENDS)) == (Sends(0, 0, 0), Sends(0, 0, 0))
    assert proxy.cuts > 0 and proxy.refusals > 0
    proxy.close()


def test_losses_are_counted() -> None:
    assert Sends.found(["第1条", "回答 第1条", "第3条", "回答 第2条", "第2条", "第2条"], 3) == Sends(lost=1, doubled=1, reordered=2)


def test_a_lost_answer_is_fetched_and_shown_once(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    cut: list[int] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and not cut:
            cut.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/webhooks/widget/messages*", lose_the_answer)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.locator(".unsent")).to_have_count(0)
    assert cut == [200] and stand.heard == ["plain"] and len(bubbles(page)) == 2


def test_a_message_written_offline_leaves_when_the_network_is_back(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    open_chat(page)
    page.context.set_offline(True)
    expect(page.get_by_role("status").get_by_text("网络已断开")).to_be_visible()
    say(page, "plain")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    assert stand.heard == []
    page.context.set_offline(False)
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.get_by_text("网络已断开")).to_be_hidden()
    assert bubbles(page) == ["plain", "不客气。"]


def test_a_refused_message_says_why_and_can_be_sent_again_or_dropped(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated="503|400")

    async def fail(_message: Any) -> None:
        raise RuntimeError("the action server is away")

    stand.script = fail
    open_chat(page)
    page.clock.install()
    say(page, "plain")
    for _ in range(12):
        page.clock.run_for(16_000)
        page.wait_for_timeout(30)
    alert = page.get_by_role("alert").filter(has_text="没有保存")
    expect(alert).to_be_visible()
    stand.script = stand.answer
    page.get_by_role("button", name="重发").click()
    page.clock.run_for(1000)
    expect(turns(page, "bot")).to_have_count(1)
    expect(alert).to_have_count(0)
    say(page, "/restart")
    expect(page.get_by_role("alert").filter(has_text="只接受普通文字")).to_be_visible()
    page.get_by_role("button", name="修改").click()
    expect(entry(page)).to_have_value("/restart")
    expect(page.locator(".unsent")).to_have_count(0)


def test_a_server_that_restarts_in_the_middle_is_found_again(stands: Any, opened: Open) -> None:
    first: Stand = stands()
    port = int(first.address.rsplit(":", 1)[1])
    page = opened(first.host(), tolerated=NETWORK)
    open_chat(page)
    say(page, "step")
    expect(turns(page, "bot")).to_have_count(1)
    first.close()
    first.close = lambda: None  # type: ignore[method-assign]
    page.get_by_role("button", name="已完成").click()
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    expect(page.get_by_text("正在重新连接")).to_be_visible()
    second: Stand = stands(port=port)
    expect(turns(page, "bot")).to_have_count(2, timeout=30_000)
    expect(page.get_by_text("正在重新连接")).to_be_hidden(timeout=20_000)
    assert second.heard == ["/step_done"]
    second.tell(example("plain"))
    expect(turns(page, "bot")).to_have_count(3)


def test_two_tabs_show_the_same_conversation(stand: Stand, browser: Browser) -> None:
    watch = Watch(browser)
    one = watch.open(stand.host())
    two = watch.tab(one.context, stand.host())
    for page in (one, two):
        open_chat(page)
    say(one, "step")
    expect(turns(two, "bot")).to_have_count(1)
    two.get_by_role("button", name="已完成").click()
    expect(turns(one, "bot")).to_have_count(2)
    expect(turns(one, "user").last.locator(".bubble")).to_have_text("已完成")
    assert bubbles(one) == bubbles(two) and stand.heard == ["step", "/step_done"]
    watch.close()


def test_what_came_while_the_page_was_away_is_there_on_return(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated=NETWORK)
    page.clock.install()
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    hide = "(state) => { Object.defineProperty(document, 'visibilityState', {value: state, configurable: true}); document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, "hidden")
    page.clock.run_for(61_000)
    for _ in range(40):
        if not stand.service.feed.streams:
            break
        page.wait_for_timeout(100)
    assert stand.service.feed.streams == 0
    stand.tell(example("notice"))
    page.wait_for_timeout(800)
    expect(turns(page, "bot")).to_have_count(1)
    page.evaluate(hide, "visible")
    page.clock.run_for(1000)
    expect(turns(page, "bot")).to_have_count(2)


def test_an_expired_token_is_renewed_by_the_page_and_the_message_sent_once(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(token="none"), tolerated="401")
    fresh = stand.token()
    page.evaluate(
        """([old, fresh]) => {
        const chat = document.querySelector('baitiao-chat');
        const given = [old, fresh];
        chat.refreshToken = async ({ order }) => { globalThis.asked = (globalThis.asked ?? []).concat(order); return given.shift() ?? fresh; };
    }""",
        [stand.token(lifetime=-5), fresh],
    )
    page.get_by_role("button", name="打开白条助手").click()
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1, timeout=20_000)
    assert set(page.evaluate("globalThis.asked")) == {"o-1013"} and stand.heard == ["plain"]


def test_without_a_good_token_it_says_so_and_goes_on_with_the_next(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(token="none"))
    page.get_by_role("button", name="打开白条助手").click()
    expect(page.get_by_role("status").get_by_text("登录状态已过期")).to_be_visible()
    page.evaluate("(token) => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token())
    expect(page.get_by_text("登录状态已过期")).to_be_hidden()
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)


def test_what_one_customer_said_is_not_shown_to_the_next(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    entry(page).fill("草稿")
    page.evaluate("(token) => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token("u-1024", "o-1024"))
    expect(turns(page)).to_have_count(0)
    expect(entry(page)).to_have_value("")
    say(page, "answer")
    expect(turns(page, "bot")).to_have_count(1)
    assert [message.text for message in stand.history("u-1024")][0] == "answer" and len(stand.history()) == 2


def test_messages_that_arrive_out_of_order_are_shown_in_order(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    stand.tell(*(MessageDraft(role="bot", text=f"第{number}条") for number in range(1, 4)))

    def without_the_first(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["messages"] = body["messages"][::-1] * 2
        route.fulfill(response=answer, json=body)

    page.route("**/messages?after=*", without_the_first)
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(3)
    assert bubbles(page) == ["第1条", "第2条", "第3条"]
