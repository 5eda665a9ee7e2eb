"""The component's messages: every kind, buttons that are inert once used or stale, people, ratings, unread messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.core.messages import DATA_TYPES
from actions.state.conversations import MessageDraft
from actions.state.ratings import ratings
from bot.channel.widget import input
from tests.widget.browsing import PHONE, bubbles, entry, open_chat, say, turns
from tests.widget.stand import EXAMPLES, USER, Stand, example

Open = Callable[..., Page]
SHOWN: dict[str, Any] = {
    "diagnosis": ["白条有 188.00 元已过还款日还没还", "看清单：2 件事"],
    "limited": ["分期可以用，但有一点限制", "看清单：3 点限制"],
    "step": ["第 1 步，共 2 步", "打开还款页，把全部待还金额看清楚", "京东App"],
    "passed": ["已解除"],
    "passed_of_several": ["这一项已解除", "还剩 1 项"],
    "failed": ["还没解除", "逾期金额还没有归零"],
    "resolved": ["可以分期了", "年化", "8.08%", "4052.99", "以付款页写明的费用为准。"],
    "plans": ["分期金额 5000.00 元", "440.66", "288.00", "10.47%"],
    "answer": ["多付的就是分期费用"],
    "clarify": ["没太明白"],
    "waiting": ["需要等一等", "预计恢复时间"],
    "subscribed": ["好了会在这里通知您"],
    "explained": ["要由店铺处理", "可以问问店铺客服"],
    "handoff": ["已转人工", "编号"],
    "out_of_scope": ["别的业务我帮不上忙"],
    "notice": ["已解除", "您等的那一项"],
    "ended": ["太好了，能看到就可以选了"],
    "advice": ["您登记的证件 12月5日 到期", "更新证件", "这是您开启的提醒"],
    "which": ["星云手机 12", "云帆数码专营店 · 11月22日 · 待付款", "3999.00 元", "11 月账单", "已出账"],
    "plain": ["不客气。"],
}


def test_the_examples_are_every_kind_there_is() -> None:
    kinds = {each["data"]["type"] for each in EXAMPLES.values() if "data" in each}
    # Pictures, which people send, have tests of their own.
    assert {*kinds, "picture"} == set(DATA_TYPES) and set(SHOWN) == set(EXAMPLES)


@pytest.mark.parametrize("name", SHOWN)
def test_every_kind_of_message_is_shown(name: str, stand: Stand, opened: Open) -> None:
    stand.tell(example(name))
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    for text in SHOWN[name]:
        expect(page.locator(".bubble").get_by_text(text).first).to_be_visible()
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    buttons = [button["title"] for button in EXAMPLES[name].get("buttons", [])]
    rows = page.locator(".pick-row").evaluate_all("all => all.map((each) => each.dataset.title)")
    assert [*rows, *page.locator(".choice").all_inner_texts()] == buttons


def test_green_is_only_what_leaves_nothing_in_the_way(stand: Stand, opened: Open) -> None:
    stand.tell(example("passed"), example("passed_of_several"), example("notice"))
    page = opened(stand.host())
    open_chat(page)
    expect(page.locator(".bubble .head.good")).to_have_text(["已解除", "已解除"])
    left = page.locator(".bubble .head:not(.good)")
    expect(left).to_have_text("这一项已解除")
    # And red would say that something is wrong.
    assert left.evaluate("head => getComputedStyle(head).color === getComputedStyle(head.nextElementSibling).color")


def test_what_must_be_done_now_stands_before_the_number(stand: Stand, opened: Open) -> None:
    stand.tell(example("handoff"))
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    words, number = page.locator(".bubble .text").bounding_box(), page.locator(".bubble .number").bounding_box()
    assert words and number and words["y"] + words["height"] <= number["y"]


def test_where_nothing_was_found_the_shell_alone_says_that_it_is_a_robot(stand: Stand, opened: Open) -> None:
    found = "我查了您的订单，没有查到挡住分期的原因。"
    data = {"type": "diagnosis", "order": "o-1013", "bill": None, "causes": [], "findings": [], "short": found}
    stand.tell(MessageDraft(role="bot", text=f"我是白条助手（机器人）。\n{found}", data=data))
    page = opened(stand.host())
    open_chat(page)
    assert bubbles(page) == [found]


def test_what_the_card_says_is_not_said_twice(stand: Stand, opened: Open) -> None:
    stand.tell(example("step"), example("plans"))
    page = opened(stand.host())
    open_chat(page)
    assert bubbles(page)[0].count("第 1 步") == 1 and "位置：" not in bubbles(page)[0]
    assert bubbles(page)[1].count("440.66") == 1


def test_a_card_is_made_of_the_data_and_not_of_the_words_of_the_text(stand: Stand, opened: Open) -> None:
    names = ("step", "plans", "resolved")
    stand.tell(*(example(name) for name in names), *(replace(example(name), text="换了一种说法") for name in names))
    page = opened(stand.host())
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(2 * len(names))
    shown = bubbles(page)
    assert shown[: len(names)] == shown[len(names) :]


def test_a_message_stored_before_its_data_held_the_parts_of_the_text_shows_the_whole_text(stand: Stand, opened: Open) -> None:
    old = {name: example(name) for name in ("step", "plans", "resolved")}
    added = {name: DATA_TYPES[draft.data["type"]].marked("added") for name, draft in old.items()}
    stand.tell(
        *(replace(draft, data={key: draft.data[key] for key in draft.data if key not in added[name]}) for name, draft in old.items())
    )
    page = opened(stand.host())
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(len(old))
    for shown, draft in zip(bubbles(page), old.values()):
        assert "".join(draft.text.split()) in "".join(shown.split())


def test_texts_are_only_text(stand: Stand, opened: Open) -> None:
    nasty = '<img src=x onerror="console.error(1)"><b>粗</b> &amp;'
    stand.tell(MessageDraft(role="bot", text=nasty, buttons=[{"title": nasty, "payload": "/greet"}], data={"type": "constructor"}))
    page = opened(stand.host())
    open_chat(page)
    assert bubbles(page) == [nasty] and page.locator(".choice").inner_text() == nasty


def test_the_first_line_says_that_it_is_a_robot_and_asks_for_no_codes(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    expect(page.locator(".first")).to_contain_text("我是机器人助手")
    expect(page.locator(".first")).to_contain_text("不要发送密码、验证码")


def test_a_person_is_marked_as_one_and_the_robot_is_not(stand: Stand, opened: Open) -> None:
    stand.tell(example("plain"), MessageDraft(role="agent", text="我是专员小李。"), MessageDraft(role="system", text="专员已接入"))
    page = opened(stand.host())
    open_chat(page)
    expect(turns(page, "agent").get_by_text("人工客服")).to_be_visible()
    expect(turns(page, "bot").get_by_text("人工客服")).to_have_count(0)
    expect(turns(page, "system").get_by_text("专员已接入")).to_be_visible()


def test_the_assistant_is_seen_typing_while_it_thinks(stand: Stand, opened: Open) -> None:
    import asyncio

    async def slowly(message: Any) -> None:
        await asyncio.sleep(1)
        await stand.answer(message)

    stand.script = slowly
    page = opened(stand.host())
    open_chat(page)
    say(page, "plain")
    expect(page.get_by_text("助手正在输入")).to_be_attached()
    expect(page.locator(".typing")).to_be_visible()
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.locator(".typing")).to_be_hidden()


def test_a_long_answer_is_shown_from_its_beginning_and_its_end_is_one_press_away(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    say(page, "diagnosis limited plans step")
    expect(turns(page, "bot")).to_have_count(4)
    expect(page.locator(".cause")).to_have_count(3)
    expect(turns(page, "user")).to_be_in_viewport()
    page.get_by_role("button", name="看最新的消息").click()
    expect(page.get_by_role("button", name="已完成")).to_be_in_viewport()
    expect(page.get_by_role("button", name="看最新的消息")).to_be_hidden()


def test_a_time_stands_above_what_comes_after_a_pause(stand: Stand, opened: Open) -> None:
    stand.tell(example("plain"), example("plain"))
    page = opened(stand.host())
    open_chat(page)
    expect(page.locator("time")).to_have_count(1)
    expect(page.locator("time")).to_have_attribute("datetime", stand.history()[0].to_json()["at"])


@pytest.mark.parametrize("end", ["resolved", "ended", "subscribed", "explained"])
def test_an_end_can_be_rated_with_a_word(end: str, stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, end)
    page.get_by_role("radio", name="不错").check()
    expect(page.get_by_text("谢谢您的评价。")).to_be_visible()
    page.get_by_role("textbox", name="还想说点什么").fill("很快，我的手机 13800138000")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("radio")).to_have_count(0)
    with stand.database.session() as session:
        assert [(each.seq, each.score, each.word) for each in ratings(session, USER)] == [(2, 4, "很快，我的手机 138****8000")]


@pytest.mark.parametrize("name", ["step", "waiting", "diagnosis", "notice", "handoff"])
def test_what_is_no_end_is_not_rated(name: str, stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, name)
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.get_by_role("radio")).to_have_count(0)


def test_the_rating_goes_when_the_case_goes_on(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "resolved")
    expect(page.get_by_role("radio")).to_have_count(5)
    say(page, "plain")
    expect(page.get_by_role("radio")).to_have_count(0)


def test_news_are_counted_and_called_out_while_the_chat_is_closed(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    page.get_by_role("button", name="关闭聊天").click()
    stand.tell(example("notice"), MessageDraft(role="agent", text="我是专员小李。"))
    expect(page.get_by_role("button", name="打开白条助手，2 条未读消息")).to_be_visible()
    expect(page.locator(".notice")).to_have_text("我是专员小李。")
    page.reload()
    page.get_by_role("button", name="打开白条助手，2 条未读消息").click()
    expect(page.get_by_text("我是专员小李。")).to_be_visible()
    page.get_by_role("button", name="关闭聊天").click()
    expect(page.get_by_role("button", name="打开白条助手", exact=True)).to_be_visible()


def test_who_never_used_the_chat_costs_no_connection(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    expect(page.get_by_role("button", name="打开白条助手")).to_be_visible()
    page.wait_for_timeout(300)
    assert stand.service.feed.streams == 0
    open_chat(page)
    expect(entry(page)).to_be_focused()
    page.wait_for_timeout(300)
    assert stand.service.feed.streams == 1


def test_a_long_history_is_built_from_its_end_and_complete(stand: Stand, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input, "LONGEST_HISTORY", 120)
    stand.tell(*(MessageDraft(role="bot", text=f"第{number}条") for number in range(1, 301)))
    page = opened(stand.host())
    open_chat(page)
    expect(page.get_by_text("第300条")).to_be_visible()
    assert turns(page).count() < 80
    for _ in range(60):
        page.locator(".log").evaluate("log => { log.scrollTop = 0; }")
        page.wait_for_timeout(30)
    assert bubbles(page) == [f"第{number}条" for number in range(1, 301)]
    expect(page.locator(".first")).to_be_visible()
