"""A lead's page over HTTP: who may see it, what can be asked for, and that every look leaves a trace."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from actions.state.columns import real_now
from bot.channel.tokens import issue
from bot.desk.lead_work import LeadWork
from tests.load.desk_history import fill
from tests.unit.desk.conftest import SECRET, AgentsBrowser, audited
from tests.unit.handoff.conftest import House

PLACES = ("/desk/lead", "/desk/lead/plots/open", "/desk/lead/tables/open")


@pytest.fixture
def lead(desks: Callable[..., str]) -> AgentsBrowser:
    browser = AgentsBrowser(desks())
    browser.sign_in(issue(SECRET, "lead-1", roles=["lead", "a later role"]))
    return browser


def test_an_agent_without_the_role_is_told_so_and_sees_no_link(browser: AgentsBrowser, house: House) -> None:
    browser.sign_in()
    assert "/desk/lead" not in browser.ask("GET", "/desk").text
    for place in PLACES:
        answer = browser.ask("GET", place)
        assert answer.status_code == 403 and "只给主管看" in answer.text
    assert {(who, detail["why"]) for who, _, detail in audited(house.database, "refused")} == {("agent-1", "not_lead")}


def test_nobody_sees_it_without_signing_in(browser: AgentsBrowser) -> None:
    assert [browser.ask("GET", place).status_code for place in PLACES] == [401] * 3


def test_a_lead_works_at_the_desk_and_sees_the_numbers(lead: AgentsBrowser, house: House) -> None:
    house.handed_over()
    assert 'href="/desk/lead"' in lead.ask("GET", "/desk").text
    page = lead.ask("GET", "/desk/lead")
    assert page.status_code == 200 and "还开着的案件" in page.text and "综合" in page.text
    assert [detail.keys() for _, _, detail in audited(house.database, "lead")] == [{"from", "to"}]


@pytest.mark.parametrize("roles", [["viewer"], []])
def test_other_roles_open_no_desk(browser: AgentsBrowser, roles: list[str]) -> None:
    assert browser.sign_in(issue(SECRET, "somebody", roles=roles)).status_code == 401


def test_a_plot_is_an_image_that_runs_nothing(lead: AgentsBrowser) -> None:
    wide, narrow = lead.ask("GET", "/desk/lead/plots/solved"), lead.ask("GET", "/desk/lead/plots/solved?narrow=1")
    assert wide.headers["Content-Type"] == "image/svg+xml" and 'width="640"' in wide.text and 'width="340"' in narrow.text
    assert wide.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert wide.headers["Cache-Control"] == "no-store" and lead.ask("GET", "/desk/lead/plots/nothing").status_code == 404


def test_each_table_can_be_taken_along(lead: AgentsBrowser, house: House) -> None:
    house.handed_over()
    answer = lead.ask("GET", "/desk/lead/tables/open?days=1")
    assert answer.headers["Content-Type"].startswith("text/csv") and "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "队列,5 分钟内,5–15 分钟,15–60 分钟,1–4 小时,超过 4 小时,合计",
        "综合,1,0,0,0,0,1",
    ]
    assert len(audited(house.database, "lead_open")) == 1
    times = lead.ask("GET", "/desk/lead/tables/handling?days=1").content.decode("utf-8-sig").splitlines()
    assert times[0] == "时间,件数,中位数（秒）,90% 以内（秒）", "what a number is must stand beside it"


def test_a_plot_that_is_opened_by_itself_is_a_look(lead: AgentsBrowser, house: House) -> None:
    for path in ("plots/open?days=7", "plots/solved?days=7", "plots/open?days=1"):
        lead.ask("GET", f"/desk/lead/{path}")
    lead.ask("GET", "/desk/lead?days=7")
    assert len(audited(house.database, "lead")) == 2, "one for each period: a page and its plots are one"


TODAY = real_now().date()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("days=1", 200),
        ("days=30", 200),
        (f"from={TODAY - timedelta(days=91)}&to={TODAY}", 200),
        (f"from={TODAY}&to={TODAY}", 200),
        ("days=31", 422),
        ("days=x", 422),
        (f"from={TODAY - timedelta(days=92)}&to={TODAY}", 422),
        (f"from={TODAY}&to={TODAY - timedelta(days=1)}", 422),
        (f"from={TODAY}&to={TODAY + timedelta(days=2)}", 422),
        (f"from={TODAY}", 422),
        ("from=2026-02-30&to=2026-03-01", 422),
        ("from=0001-01-01&to=0001-01-02", 422),
        ("from=9999-12-31&to=9999-12-31", 422),
        ("from=%00&to=%00", 422),
    ],
)
def test_a_period_is_of_whole_days_up_to_today_and_bounded(lead: AgentsBrowser, query: str, status: int) -> None:
    assert lead.ask("GET", f"/desk/lead?{query}").status_code == status


def test_the_page_with_its_plots_is_counted_once(lead: AgentsBrowser, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[object] = []
    report = LeadWork.report
    monkeypatch.setattr(LeadWork, "report", lambda self, period: (counted.append(period), report(self, period))[1])
    lead.ask("GET", "/desk/lead?days=7")
    for name in ("open", "solved", "causes"):
        lead.ask("GET", f"/desk/lead/plots/{name}?days=7")
    assert len(counted) == 1


def test_a_database_that_is_too_slow_is_named(lead: AgentsBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.desk import lead as pages

    monkeypatch.setattr(pages.reading, "patience", 0.2)
    monkeypatch.setattr(LeadWork, "report", lambda _self, _period: time.sleep(0.6))
    answer = lead.ask("GET", "/desk/lead")
    assert answer.status_code == 503 and "没有在规定时间内算出来" in answer.text
    monkeypatch.undo()
    assert lead.ask("GET", "/desk/lead").status_code == 200


def test_nothing_personal_is_on_the_page(lead: AgentsBrowser, house: House) -> None:
    fill(house.database, 40, 15, days=2, turns=4)
    page = lead.ask("GET", "/desk/lead").text
    assert "没听懂" in page and "138****8000" in page and "u-0000" not in page
