"""The console in Chromium: signing in, today that stays fresh, the audit, and a conversation for a reason; by keyboard, on a phone, by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.state import audit
from actions.state.world.loading import load_world_data
from tests.unit.handoff.conftest import House, demo_file, house
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations_at
from tests.widget.test_desk import TOLERATED

__all__ = ["demo_file", "house"]
Enter = Callable[..., Page]
INCIDENT = {"id": "i-1", "component": "installment", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"}


@pytest.fixture
def stand(house: House) -> Iterator[Stand]:
    """A console over a house in which a case was handed over."""
    house.handed_over()
    load_world_data(house.database, {"incidents": [INCIDENT]})
    with house.database.session() as session:
        audit.record(session, "op-1", "incident.update", detail={"incident": "i-1", "before": {"eta": None}, "after": {"eta": "15:00"}})
    stand = Stand(house.database)
    yield stand
    stand.close()


@pytest.fixture
def enter(stand: Stand, opened: Callable[..., Page]) -> Enter:
    """Signs somebody of a role in, in a browser of their own."""

    def sign_in(role: str = "auditor", **options: Any) -> Page:
        page = opened(f"{stand.address}/console", f"{TOLERATED}|422|403|404", **options)
        page.get_by_label("运营台令牌").fill(stand.token(f"{role}-1", None, roles=[role]))
        page.get_by_role("button", name="登录").press("Enter")
        expect(page.get_by_role("heading", name="今天")).to_be_visible()
        return page

    return sign_in


def test_signing_in_and_out_by_keyboard(enter: Enter) -> None:
    page = enter("viewer")
    expect(page.get_by_role("navigation")).to_contain_text("今天")
    page.get_by_role("button", name="退出").press("Enter")
    expect(page.get_by_role("heading", name="登录运营台")).to_be_visible()


def test_today_gets_fresh_by_itself_and_keeps_what_one_is_at(enter: Enter, stand: Stand) -> None:
    page = enter("viewer")
    expect(page.get_by_role("region", name="没有结束的故障")).to_be_visible()
    link = page.get_by_role("link", name="分期", exact=True)
    link.focus()
    load_world_data(stand.database, {"incidents": [{"id": "i-1", "resolved_at": "2026-11-22T09:30:00+08:00"}]})
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(look)
    expect(link).to_be_focused()
    link.blur()
    page.evaluate(look)
    expect(page.get_by_role("region", name="没有结束的故障")).to_have_count(0)


def test_the_audit_is_searched_verified_and_taken_away_by_keyboard(enter: Enter) -> None:
    page = enter()
    page.get_by_role("link", name="审计", exact=True).press("Enter")
    page.get_by_label("交接或故障编号").fill("i-1")
    page.get_by_role("button", name="查找").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".changes")).to_contain_text("– → 15:00")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").press("Enter")
    assert "incident.update" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="核对全部记录").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("都和写入时一样")


def test_a_conversation_is_opened_with_a_reason(enter: Enter, stand: Stand, house: House) -> None:
    page = enter("operator")
    page.goto(f"{stand.address}/console/conversations/{house.open().id}")
    page.get_by_label("查看理由").fill("核对故障期间的投诉")
    page.get_by_role("button", name="查看").press("Enter")
    expect(page.locator(".said")).to_contain_text("怎么不能分期了")
    expect(page.get_by_role("status")).to_contain_text("核对故障期间的投诉")


def test_axe_finds_nothing_and_nothing_overflows(enter: Enter, stand: Stand, house: House) -> None:
    page = enter()

    def good() -> None:
        assert violations_at(page, DESKTOP, PHONE, SMALL_PHONE) == []

    good()
    for path in ("audit", f"conversations/{house.open().id}", "conversations/h-nothing"):
        page.goto(f"{stand.address}/console/{path}")
        good()
    page.goto(f"{stand.address}/console/conversations/{house.open().id}")
    page.get_by_label("查看理由").fill("核对故障期间的投诉")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".said")).to_be_visible()
    good()
    page.goto(f"{stand.address}/console/audit")
    page.get_by_role("button", name="核对全部记录").click()
    expect(page.get_by_role("status")).to_be_visible()
    good()


def test_without_script_everything_is_done_all_the_same(enter: Enter, stand: Stand) -> None:
    page = enter(java_script_enabled=False)
    page.get_by_role("link", name="审计", exact=True).click()
    page.get_by_role("button", name="核对全部记录").click()
    expect(page.get_by_role("status")).to_contain_text("都和写入时一样")
