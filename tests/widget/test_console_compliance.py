"""Compliance in Chromium: a review is recorded by keyboard, and no page overflows or keeps anybody out, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from actions.core.observations import milliseconds
from actions.state.access_alerts import add_access_alert
from actions.state.columns import real_now
from ops.compliance.clocks import start_clocks
from ops.compliance.reporting import make_reports
from ops.worker import Surroundings
from tests.unit.handoff.conftest import House, demo_file, house
from tests.widget.browsing import DESKTOP, SMALL_PHONE
from tests.widget.entering import Enter, enter
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations

__all__ = ["demo_file", "enter", "house"]


@pytest.fixture
def stand(house: House) -> Iterator[Stand]:
    """A console over a house with a complaint, a look for auditors, and a report."""
    house.turn("u-1013", "complaint_angry", "我要向银保监会投诉你们", entities={"cue_regulator": "银保监会"})
    now = milliseconds(real_now())
    with house.database.session() as session:
        start_clocks(session, house.application.knowledge.current)
        add_access_alert(session, "agent-9", "opened", now - 3_600_000, now, 31, 2.0, "hour", now)
    make_reports(Surroundings.of(house.application))
    stand = Stand(house.database)
    yield stand
    stand.close()


def test_a_review_is_recorded_by_keyboard(enter: Enter, stand: Stand) -> None:
    page = enter("approver")
    page.goto(f"{stand.address}/console/obligations/all_in_cost")
    page.get_by_label("结果").select_option("partly")
    page.get_by_label("看了什么，依据是什么").fill("付款页看过，账单页还没有看")
    page.get_by_role("button", name="记下").press("Enter")
    expect(page.get_by_text("付款页看过，账单页还没有看")).to_be_visible()
    page.goto(f"{stand.address}/console/compliance")
    page.get_by_text("延到第 30 天").press("Enter")
    page.get_by_label("为什么不能按期答复").fill("要等合作方的流水")
    page.get_by_role("button", name="延期").press("Enter")
    expect(page.get_by_text("延期 1 次：要等合作方的流水")).to_be_visible()


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (SMALL_PHONE, "dark")], ids=["desktop by day", "phone by night"])
def test_axe_finds_nothing_and_nothing_overflows(enter: Enter, stand: Stand, viewport: object, scheme: str) -> None:
    page = enter("approver", "auditor", viewport=viewport, color_scheme=scheme)
    month = f"{real_now():%Y-%m}"
    for path in ("obligations", "obligations/all_in_cost", "obligations/nfra", "compliance", f"compliance/{month}", "compliance/retention"):
        page.goto(f"{stand.address}/console/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for summary in page.locator("main summary").all():
            summary.press("Enter")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
