"""Ending a case in Chromium on a laptop's screen: what is wrong is seen, the cause is there, and who waits for an answer is named. Signing in by Enter."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.unit.handoff.conftest import House
from tests.widget.stand import Stand
from tests.widget.test_desk import TOLERATED, house, sign_in, stand, token

__all__ = ["house", "stand"]


def test_what_is_wrong_with_an_outcome_is_seen_on_a_laptop(stand: Stand, house: House, opened: Callable[..., Page]) -> None:
    row = house.handed_over()
    page = sign_in(stand, opened)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{stand.address}/desk/cases/{row.id}")
    page.get_by_role("button", name="接手").click()
    box = page.get_by_label("回复客户")
    expect(box).to_be_visible()
    page.get_by_text("转回助手或结束", exact=True).click()
    expect(page.get_by_label("根本原因")).to_have_value("有逾期待还")
    end = page.locator("#outcome").get_by_role("button", name="结束", exact=True)
    expect(end).to_be_in_viewport(ratio=1)
    page.get_by_label("怎样处理的").select_option("person")
    # Who types another cause need not take the one that stands there away first.
    page.get_by_label("根本原因").press_sequentially("额度")
    page.get_by_label("备注", exact=True).fill("查过了")
    end.click()
    expect(page.locator("#outcome [role=alert]")).to_contain_text("请从列表里选一个")
    expect(page.locator("#outcome [role=alert]")).to_be_in_viewport(ratio=1)
    page.get_by_label("根本原因").fill("有逾期待还")
    end.click()
    expect(page.locator("#unanswered")).to_contain_text("转人工")
    expect(page.locator("#unanswered [role=alert]")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("我看过了")).to_be_focused()
    expect(page.get_by_label("备注", exact=True)).to_have_value("查过了")
    page.keyboard.press("Space")
    end.click()
    expect(page.locator("#standing").get_by_text("已结束")).to_be_visible()


def test_enter_signs_in(stand: Stand, opened: Callable[..., Page]) -> None:
    page = opened(f"{stand.address}/desk", TOLERATED)
    page.get_by_label("坐席令牌").fill(token(stand))
    page.get_by_label("坐席令牌").press("Enter")
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
