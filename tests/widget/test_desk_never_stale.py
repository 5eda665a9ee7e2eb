"""The desk in Chromium while proxy, service, network and session fail: it comes back by itself, says when it is not live, and loses nothing typed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from actions.state.conversations import MessageDraft
from tests.unit.handoff.conftest import House
from tests.widget.gateway import Gateway
from tests.widget.stand import Stand
from tests.widget.test_desk import house, stand, token

__all__ = ["house", "stand"]

TROUBLE = "401|403|409|502|503|ERR_|Failed to load"
"""What Chromium reports of requests that these tests make fail."""

Open = Callable[..., Page]


@pytest.fixture
def gateway(stand: Stand) -> Iterator[Gateway]:
    gateway = Gateway(int(stand.address.rpartition(":")[2]))
    yield gateway
    gateway.close()


def taken(address: str, stand: Stand, opened: Open, house: House) -> Page:
    """A case that the agent has taken, in the page."""
    row = house.handed_over()
    page = opened(f"{address}/desk#token={token(stand)}", TROUBLE)
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    page.goto(f"{address}/desk/cases/{row.id}")
    page.get_by_role("button", name="接手").click()
    expect(page.get_by_label("回复客户")).to_be_visible()
    page.wait_for_timeout(600)  # the stream is open
    return page


def state(page: Page) -> Any:
    return page.locator("#live-state")


def said(page: Page, text: str) -> Any:
    return page.locator("#said").get_by_text(text)


def customer(stand: Stand, text: str) -> None:
    stand.tell(MessageDraft(role="user", text=text))


def test_after_seconds_of_502_the_page_is_live_again_and_has_what_was_missed(
    stand: Stand, gateway: Gateway, house: House, opened: Open
) -> None:
    page = taken(gateway.address, stand, opened, house)
    expect(state(page)).to_be_empty()
    gateway.take_away()
    expect(state(page)).to_contain_text("起连接中断")
    assert state(page).get_attribute("role") == "status" and state(page).is_visible()
    assert re.match(r"\d\d:\d\d 起", state(page).inner_text())
    customer(stand, "您还在吗")
    while gateway.refused < 4:
        page.wait_for_timeout(50)
    gateway.bring_back()
    expect(said(page, "您还在吗")).to_be_visible(timeout=30_000)
    expect(state(page)).to_be_empty()
    customer(stand, "看到了吗")
    expect(said(page, "看到了吗")).to_be_visible()


def test_a_failed_refresh_is_tried_again_until_it_succeeds(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand.address, stand, opened, house)
    failures = []

    def fail_twice(route: Route) -> None:
        if len(failures) < 2:
            failures.append(route.request.url)
            route.fulfill(status=503, body="busy") if len(failures) == 1 else route.abort()
        else:
            route.fallback()

    page.route(re.compile(r"/desk/cases/h-\w+$"), fail_twice)
    customer(stand, "只说一次")
    expect(state(page)).to_contain_text("起页面没有更新成功")
    expect(said(page, "只说一次")).to_be_visible()
    expect(state(page)).to_be_empty()
    assert len(failures) == 2


def test_a_page_of_a_proxy_with_status_200_is_not_taken_for_ours(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand.address, stand, opened, house)
    answers = iter([True])

    def maintenance(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>maintenance</h1>") if next(answers, None) else route.fallback()

    page.route(re.compile(r"/desk/cases/h-\w+$"), maintenance)
    customer(stand, "请看一下")
    expect(said(page, "请看一下")).to_be_visible()


def test_offline_it_says_so_and_online_it_catches_up_at_once(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand.address, stand, opened, house)
    page.context.set_offline(True)
    expect(state(page)).to_contain_text("起没有网络")
    customer(stand, "没有网的时候说的")
    page.wait_for_timeout(3000)
    page.context.set_offline(False)
    expect(said(page, "没有网的时候说的")).to_be_visible(timeout=2_000)
    expect(state(page)).to_be_empty()


def test_a_stream_that_falls_silent_as_after_sleep_is_opened_again(stand: Stand, house: House, opened: Open) -> None:
    page = opened(f"{stand.address}/desk#token={token(stand)}", TROUBLE)
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    # A connection that is there and carries nothing: nobody is at its other end any more.
    page.add_init_script(
        """const real = window.fetch; let first = true;
        window.fetch = (input, init) => {
          if (!String(input).includes('/desk/events') || !first) return real(input, init);
          first = false;
          const silent = new ReadableStream({ start(to) { to.enqueue(new TextEncoder().encode('data: known\\n\\n'));
            init.signal.addEventListener('abort', () => to.error(new Error('aborted'))); } });
          return Promise.resolve(new Response(silent, { headers: { 'Content-Type': 'text/event-stream' } }));
        };"""
    )
    page.reload()
    page.wait_for_timeout(1000)
    house.handed_over()
    expect(page.get_by_role("link", name="客户要求人工")).to_be_visible(timeout=15_000)


def test_a_reply_that_cannot_be_sent_stays_and_is_said_once_in_the_end(stand: Stand, gateway: Gateway, house: House, opened: Open) -> None:
    page = taken(gateway.address, stand, opened, house)
    reply = page.get_by_label("回复客户")
    reply.fill("我来帮您看")
    gateway.take_away()
    reply.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有发出去")
    expect(reply).to_have_value("我来帮您看")
    gateway.bring_back()
    # It arrives, and the answer is lost on its way back.
    lost = iter([True])

    def lose(route: Route) -> None:
        if next(lost, None):
            route.fetch()
            route.abort()
        else:
            route.fallback()

    page.route("**/reply", lose)
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("alert")).to_contain_text("不会重复")
    page.get_by_role("button", name="发送").click()
    expect(reply).to_have_value("")
    expect(said(page, "我来帮您看")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert [message.text for message in stand.history() if message.role == "agent"] == ["我来帮您看"]
    reply.fill("我来帮您看")
    reply.press("Control+Enter")
    expect(said(page, "我来帮您看")).to_have_count(2)


def test_a_step_that_does_not_get_through_says_so_and_nothing_of_words(stand: Stand, gateway: Gateway, house: House, opened: Open) -> None:
    row = house.handed_over()
    page = opened(f"{gateway.address}/desk#token={token(stand)}", TROUBLE)
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    page.goto(f"{gateway.address}/desk/cases/{row.id}")
    expect(page.locator("button", has_text="快捷键")).to_be_visible()
    gateway.take_away()
    page.get_by_role("button", name="接手").click()
    expect(page.get_by_role("alert")).to_have_text("没有办成：服务暂时连不上，请稍后再试。")
    gateway.bring_back()
    page.get_by_role("button", name="接手").click()
    expect(page.get_by_label("回复客户")).to_be_visible()


def test_what_is_typed_survives_a_reload_unless_it_holds_a_personal_number(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand.address, stand, opened, house)
    page.get_by_label("回复客户").press_sequentially("我先核对")
    page.reload()
    expect(page.get_by_label("回复客户")).to_have_value("我先核对")
    page.get_by_label("回复客户").press_sequentially("，电话 13900139000")
    assert "13900139000" not in page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("() => { location.href = '/desk' }")
    page.wait_for_timeout(700)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("回复客户")).to_have_value("我先核对，电话 13900139000")
    page.get_by_label("回复客户").fill("我先核对")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_label("回复客户")).to_have_value("")
    page.reload()
    expect(page.get_by_label("回复客户")).to_have_value("")
    assert asked == ["beforeunload"]


def test_when_the_session_ends_the_text_stays_and_the_case_leaves_the_screen(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand.address, stand, opened, house)
    page.get_by_label("回复客户").fill("请稍等，我查一下")
    other = page.context.new_page()
    other.goto(f"{stand.address}/desk")
    other.get_by_role("button", name="退出").click()
    expect(state(page)).to_contain_text("登录已结束", timeout=10_000)
    expect(page.get_by_label("回复客户")).to_have_value("请稍等，我查一下")
    expect(page.locator("#said")).to_be_hidden()
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("alert")).to_contain_text("登录已结束")
    # A token that was signed out does not come back; another does.
    time.sleep(1)
    with page.context.expect_page() as opening:
        state(page).get_by_role("link", name="在新窗口登录").click()
    opening.value.get_by_label("坐席令牌").fill(token(stand))
    opening.value.get_by_role("button", name="登录").click()
    expect(opening.value.get_by_role("heading", name="队列")).to_be_visible()
    opening.value.close()
    expect(state(page)).to_be_empty(timeout=12_000)
    expect(page.locator("#said")).to_be_visible()
    expect(page.get_by_label("回复客户")).to_have_value("请稍等，我查一下")
    page.get_by_role("button", name="发送").click()
    expect(said(page, "请稍等，我查一下")).to_be_visible()
