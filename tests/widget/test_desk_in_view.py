"""What an agent needs stays in view at every stage of a case, and what must not be said is asked about where it was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from actions.state.conversations import MessageDraft
from tests.unit.handoff.conftest import House
from tests.widget.stand import ORDER, USER, Stand
from tests.widget.test_chat_access import violations
from tests.widget.test_desk import house, sign_in, stand
from tests.widget.test_desk_shift import LAPTOP, box, open_case, ready

__all__ = ["house", "stand"]

Open = Callable[..., Page]
PROMISE = "放心，包过，还清马上恢复正常。"


def in_view(page: Page, least: int = 250) -> None:
    """The box, the button and enough of the talk, its newest message above them, all of it without scrolling."""
    said, last, send = box(page, "#said"), box(page, "#said li:last-child"), box(page, "#reply .primary")
    assert box(page, "#text")["y"] >= said["y"] + said["height"] >= last["y"] + last["height"]
    assert send["y"] + send["height"] <= 800 and said["height"] >= least
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_at_every_stage_the_reply_and_the_talk_are_in_view(stand: Stand, house: House, opened: Open, scheme: str) -> None:
    page = open_case(stand, opened, house, color_scheme=scheme, **LAPTOP)
    for number in range(20):
        stand.tell(MessageDraft(role="user", text=f"很长的一句话，说了很多很多遍，第 {number} 条"))
    expect(page.locator("#said").get_by_text("第 19 条")).to_be_visible()
    in_view(page)
    for name in ("建议回复", "常用回复", "转交或放回队列", "转回助手或结束"):
        page.get_by_text(name, exact=True).click()
        expect(page.locator(".tool[open]")).to_have_count(1)
        in_view(page)
        panel = box(page, ".tool[open] .panel")
        assert panel["y"] >= 0 and panel["y"] + panel["height"] <= box(page, "#text")["y"]
        assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".tool[open]")).to_have_count(0)
    house.turn(USER, "fraud_suspected", "我的白条被盗刷了", order=ORDER)
    expect(page.locator("#standing").get_by_text("找人工")).to_be_visible()
    in_view(page)
    page.get_by_label("回复客户").fill(PROMISE)
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_text("还没有发出去")).to_be_visible()
    in_view(page, 100)
    assert violations(page) == []


def test_what_must_not_be_said_is_kept_where_it_was_written_and_said_once_it_is_changed(stand: Stand, house: House, opened: Open) -> None:
    page = open_case(stand, opened, house, **LAPTOP)
    here, text, before = page.url, page.get_by_label("回复客户"), len(stand.history())
    text.fill(PROMISE)
    text.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("“包过”：承诺通过")
    expect(text).to_be_focused()
    expect(text).to_have_value(PROMISE)
    assert page.url == here and len(stand.history()) == before
    page.reload()
    expect(text).to_have_value(PROMISE)
    ready(page)
    text.press("Control+Enter")
    expect(page.get_by_label("理由")).to_be_visible()
    text.fill("还清后由系统评估。")
    text.press("Control+Enter")
    expect(text).to_have_value("")
    expect(page.locator("#doubts")).to_have_count(0)
    text.fill("您说的“包过”我们没有这种办法。")
    text.press("Control+Enter")
    page.get_by_label("理由").select_option(label="引用客户或官方公告的原话")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(text).to_have_value("")
    page.reload()
    expect(page.locator("#said").get_by_text("您说的“包过”我们没有这种办法。")).to_be_visible()
    expect(text).to_have_value("")
    assert [each.text for each in stand.history() if each.role == "agent"] == ["还清后由系统评估。", "您说的“包过”我们没有这种办法。"]


def test_what_is_typed_before_the_page_listens_is_there_after_a_reload(stand: Stand, house: House, opened: Open) -> None:
    page = open_case(stand, opened, house, **LAPTOP)
    held: list[Route] = []
    page.route("**/static/desk.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    text = page.get_by_label("回复客户")
    text.fill("正在帮您核对。")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    ready(page)
    page.unroute("**/static/desk.js*")
    page.reload()
    expect(text).to_have_value("正在帮您核对。")


def test_a_case_raised_while_it_is_open_reads_as_it_is_now_and_is_found_by_its_words(stand: Stand, house: House, opened: Open) -> None:
    page = open_case(stand, opened, house, **LAPTOP)
    expect(page.locator("#headline")).to_contain_text("客户要求人工")
    house.turn(USER, "fraud_suspected", "我的白条被盗刷了", order=ORDER)
    expect(page.locator("#headline")).to_contain_text("疑似诈骗或盗刷")
    expect(page.locator("#brief .next")).to_contain_text("马上止付")
    expect(page.locator("#brief .next")).not_to_contain_text("有逾期待还")
    search = page.get_by_role("searchbox")
    for words in ("被盗刷", "疑似诈骗"):
        search.fill(words)
        search.press("Enter")
        expect(page.locator("#queue a[data-key]")).to_have_count(1)


def test_who_comes_later_can_be_given_the_case_without_a_reload(stand: Stand, house: House, opened: Open) -> None:
    page = open_case(stand, opened, house, **LAPTOP)
    page.get_by_text("转交或放回队列", exact=True).click()
    expect(page.locator("#to option[value='agent:agent-2']")).to_have_count(0)
    other = sign_in(stand, opened, "agent-2")
    other.goto(page.url)
    expect(page.locator("#to option[value='agent:agent-2']")).to_have_count(1)
    expect(page.locator("#pass-on")).to_have_attribute("open", "")
