"""Two agents at one case in Chromium, and words that are prepared for them: everything by keyboard or click, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.unit.handoff.conftest import House
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations as violations
from tests.widget.test_desk import house, sign_in, stand, token

__all__ = ["house", "stand"]

STILL = "把逾期的部分还清"


def taken(stand: Stand, house: House, opened: Callable[..., Page], **options: object) -> Page:
    row = house.handed_over()
    page = sign_in(stand, opened, **options)
    page.goto(f"{stand.address}/desk/cases/{row.id}")
    page.get_by_role("button", name="接手").click()
    expect(page.get_by_label("回复客户")).to_be_visible()
    return page


def test_prepared_words_are_put_where_they_can_be_changed(stand: Stand, house: House, opened: Callable[..., Page]) -> None:
    page = taken(stand, house, opened)
    box, said = page.get_by_label("回复客户"), len(stand.history())
    box.fill("您好。")
    page.get_by_text("建议回复").click()
    page.get_by_role("button", name="放进回复框").click()
    expect(box).to_be_focused()
    text = box.input_value()
    assert text.startswith("您好。\n") and STILL in text
    assert box.evaluate("box => box.selectionStart === box.value.length"), "typing goes on at its end"
    page.get_by_text("常用回复").click()
    page.get_by_role("button", name="逾期的金额").press("Enter")
    expect(box).to_be_focused()
    assert "326.80" in box.input_value() and box.input_value().startswith(text)
    assert len(stand.history()) == said, "nothing is sent by itself"
    assert violations(page) == []


def test_who_goes_on_writing_after_a_reply_is_seen_to_at_once(stand: Stand, house: House, opened: Callable[..., Page]) -> None:
    page = taken(stand, house, opened)
    page.wait_for_load_state()
    box, typing = page.get_by_label("回复客户"), re.compile("/typing$")
    with page.expect_request(typing):
        box.press_sequentially("您好")
    box.press("Control+Enter")
    expect(box).to_have_value("")
    with page.expect_request(typing, timeout=2500):
        box.press_sequentially("请")


def test_a_second_agent_is_seen_and_takes_over_without_a_reload(stand: Stand, house: House, opened: Callable[..., Page]) -> None:
    first = taken(stand, house, opened)
    second = sign_in(stand, opened, "agent-2")
    second.goto(first.url)
    expect(first.locator("#looking")).to_contain_text("agent-2")
    first.get_by_text("转交或放回队列").click()
    first.get_by_label("交给").select_option(label="agent-2")
    first.get_by_role("button", name="转交", exact=True).click()
    expect(second.get_by_label("回复客户")).to_be_visible()
    expect(first.get_by_label("回复客户")).to_have_count(0)


def test_without_scripts_the_page_comes_again_with_the_box_filled(stand: Stand, house: House, browser: object) -> None:
    row = house.handed_over()
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{stand.address}/desk")
    page.get_by_label("坐席令牌").fill(token(stand))
    page.get_by_role("button", name="登录").click()
    page.goto(f"{stand.address}/desk/cases/{row.id}")
    page.get_by_role("button", name="接手").click()
    page.get_by_text("建议回复").click()
    page.get_by_role("button", name="放进回复框").click()
    assert STILL in page.get_by_label("回复客户").input_value()
    page.get_by_label("回复客户").fill("包过")
    page.get_by_role("button", name="发送").press("Enter")
    expect(page.get_by_role("heading", name="还没有发出去")).to_be_visible()
    assert page.get_by_label("回复客户").input_value() == "包过"
    page.get_by_label("理由").select_option(label="引用客户或官方公告的原话")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#said").get_by_text("包过")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_of_it_is_in_the_way(stand: Stand, house: House, opened: Callable[..., Page], width: int) -> None:
    page = taken(stand, house, opened)
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("转交或放回队列", "建议回复", "常用回复", "转回助手或结束"):
        page.get_by_text(name, exact=True).click()
        expect(page.locator(".tool[open]")).to_have_count(1)
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
