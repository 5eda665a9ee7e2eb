"""Axe at the desk: every state of a case, and the pages around it, on a laptop, at 320 pixels and at 200 %."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.load.desk_cases import fill
from tests.unit.handoff.conftest import House
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations_at
from tests.widget.test_desk import TOLERATED, house, stand
from tests.widget.test_desk_shift import LAPTOP, SMALL, ZOOMED, open_case

__all__ = ["house", "stand"]

Open = Callable[..., Page]


def test_axe_finds_nothing_in_any_state(stand: Stand, house: House, opened: Open) -> None:
    fill(house.application, 8)
    page = open_case(stand, opened, house, taken=False, **LAPTOP)
    here, sizes = page.url, [each["viewport"] for each in (LAPTOP, SMALL, ZOOMED)]
    assert violations_at(page, *sizes) == []
    page.get_by_role("button", name="接手").click()
    expect(page.get_by_label("回复客户")).to_be_attached()
    for pane in ("queue", "talk", "case"):
        page.goto(f"{here}?pane={pane}&mine=1")
        assert violations_at(page, *sizes) == []
    page.goto(f"{stand.address}/desk?priority=low&queue=risk&cause=overdue&q=x")
    assert violations_at(page, *sizes) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations_at(page, *sizes) == []


def test_axe_finds_nothing_on_the_pages_around_a_case(stand: Stand, house: House, opened: Open) -> None:
    sizes = [each["viewport"] for each in (LAPTOP, SMALL, ZOOMED)]
    around = opened(f"{stand.address}/desk", TOLERATED)
    assert violations_at(around, *sizes) == []
    around.get_by_label("坐席令牌").fill("no.token.at-all")
    around.get_by_role("button", name="登录").click()
    expect(around.get_by_role("alert")).to_be_visible()
    assert violations_at(around, *sizes) == []
    page = open_case(stand, opened, house, **LAPTOP)
    here = page.url
    # As a browser sends forms that runs no script of ours.
    page.get_by_label("回复客户").fill("放心，包过")
    page.evaluate("document.getElementById('reply').submit()")
    expect(page.get_by_role("heading", name="还没有发出去")).to_be_visible()
    assert violations_at(page, *sizes) == []
    page.get_by_label("回复客户").fill("")
    page.goto(here)
    page.get_by_text("转回助手或结束").click()
    page.get_by_label("怎样处理的").select_option(label="没有解决")
    page.evaluate("document.querySelector('#outcome form').submit()")
    expect(page.get_by_role("heading", name="还没有办")).to_be_visible()
    assert violations_at(page, *sizes) == []
    for path in ("/desk/lead", "/desk/cases/h-nothing"):
        page.goto(stand.address + path)
        expect(page.get_by_role("heading", name="没有办成")).to_be_visible()
        assert violations_at(page, *sizes) == []
