"""Agents who open far more cases than they usually do are shown to auditors, once; busy days and small teams are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.access_alerts import AccessAlert
from actions.state.database import Database
from ops.compliance.insider import FOUND, InsiderWatch
from ops.compliance.judging import judge
from ops.compliance.refusals import ComplianceRefused
from ops.outgoing.compliance_news import news_of_compliance
from tests.unit.ops.compliance.cases import BEGIN, DAY, every_delivery, opened

pytestmark = pytest.mark.broad

HOUR = timedelta(hours=1)


def usual_days(database: Database, agent: str, an_hour: int, hours: int = 24, take: bool = True) -> datetime:
    """Hours of ordinary work, one a day; the instant after them."""
    for hour in range(hours):
        with time_machine.travel(BEGIN + hour * DAY, tick=False):
            opened(database, agent, range(hour * 100, hour * 100 + an_hour), take)
    return BEGIN + hours * DAY


def looked(database: Database, at: datetime, watch: InsiderWatch | None = None) -> tuple[AccessAlert, ...]:
    with time_machine.travel(at, tick=False), database.session() as session:
        return (watch or InsiderWatch()).found(session, milliseconds(at))


@pytest.mark.parametrize(("cases", "found"), [(19, False), (20, True), (60, True)])
def test_more_than_three_times_the_usual_hour_is_an_alert_for_auditors(
    database: Database, knowledge: Knowledge, cases: int, found: bool
) -> None:
    now = usual_days(database, "agent-1", 4)
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9000, 9000 + cases), take=True)
    alerts = looked(database, now + HOUR / 4)
    assert [(each.agent, each.kind, each.cases, each.median) for each in alerts] == ([("agent-1", "opened", cases, 4.0)] if found else [])
    if not found:
        return
    with database.session() as session:
        (delivery,) = [each for each in every_delivery(session) if each.event == FOUND]
        news = news_of_compliance(session, knowledge, FOUND, delivery.detail, "https://help.example")
    assert "agent-1" not in f"{news.title}{news.lines}{news.about}", "who it is, auditors read in the console"


def test_three_times_a_busy_agents_own_hour_is_not_more_than_three_times(database: Database) -> None:
    now = usual_days(database, "agent-1", 10, hours=6)
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9000, 9030), take=True)
    assert looked(database, now + HOUR / 4) == ()
    with time_machine.travel(now + HOUR / 4, tick=False):
        opened(database, "agent-1", range(9030, 9031), take=True)
    assert [each.cases for each in looked(database, now + HOUR / 2)] == [31]


def test_cases_that_are_opened_and_not_taken_are_one_of_their_own(database: Database) -> None:
    now = usual_days(database, "agent-1", 12, hours=6)
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9000, 9025))
    assert [(each.kind, each.cases) for each in looked(database, now + HOUR / 4)] == [("not_taken", 25)]


def test_the_same_case_opened_again_and_again_is_one_and_an_hour_ago_is_over(database: Database) -> None:
    now = usual_days(database, "agent-1", 4, hours=6)
    for minute in (0, 20, 30):
        with time_machine.travel(now + minute * HOUR / 60, tick=False):
            opened(database, "agent-1", range(9000, 9019), take=True)
    assert looked(database, now + HOUR / 2) == ()
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9100, 9120), take=True)
    assert looked(database, now + HOUR) == ()


def test_an_alert_is_found_once_and_what_an_auditor_has_judged_is_no_news(database: Database) -> None:
    now, watch = usual_days(database, "agent-1", 4, hours=6), InsiderWatch()
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9000, 9030), take=True)
    (alert,) = looked(database, now + HOUR / 4, watch)
    assert looked(database, now + HOUR / 3, watch) == () == looked(database, now + HOUR / 3)
    with time_machine.travel(now + HOUR / 3, tick=False), database.session() as session:
        judged = judge(session, alert.id, "explained", "当天补录了一批旧单", "auditor-1")
    assert judged.verdict == "explained" and looked(database, now + HOUR / 2, watch) == ()


@pytest.mark.parametrize(
    ("by", "verdict", "note", "code"),
    [
        ("agent-1", "explained", "我自己查过了", "own_access"),
        ("auditor-1", "maybe", "还没有查完", "access_verdict_unknown"),
        ("auditor-1", "misuse", "嗯", "note_missing"),
    ],
)
def test_a_verdict_says_something_and_is_not_the_agents_own(database: Database, by: str, verdict: str, note: str, code: str) -> None:
    now = usual_days(database, "agent-1", 4, hours=2)
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9000, 9030), take=True)
    (alert,) = looked(database, now + HOUR / 4)
    with database.session() as session, pytest.raises(ComplianceRefused) as refused:
        judge(session, alert.id, verdict, note, by)
    assert refused.value.code == code


def test_a_verdict_is_given_once_and_audited(database: Database) -> None:
    now = usual_days(database, "agent-1", 4, hours=2)
    with time_machine.travel(now, tick=False):
        opened(database, "agent-1", range(9000, 9030), take=True)
    (alert,) = looked(database, now + HOUR / 4)
    with database.session() as session:
        judge(session, alert.id, "misuse", "打开了同事的亲属的单", "auditor-1")
        assert audit.entries(session)[-1].action == "compliance.judge"
    with database.session() as session, pytest.raises(ComplianceRefused) as refused:
        judge(session, alert.id, "explained", "改个说法也不行", "auditor-2")
    assert refused.value.code == "access_judged"


def test_a_little_too_much_in_each_of_many_hours_is_found_by_the_detector(database: Database) -> None:
    usual_days(database, "agent-1", 5)
    for hour in range(24):
        with time_machine.travel(BEGIN + hour * DAY + 2 * HOUR, tick=False):
            opened(database, "agent-1", range(50_000 + hour * 100, 50_000 + hour * 100 + 5), take=True)
    late = BEGIN + 24 * DAY
    for hour in range(8):
        with time_machine.travel(late + hour * HOUR, tick=False):
            opened(database, "agent-1", range(90_000 + hour * 100, 90_000 + hour * 100 + 14), take=True)
    (alert,) = looked(database, late + 9 * HOUR)
    assert (alert.kind, alert.found_by) == ("opened", "detector") and alert.cases >= 20


@pytest.mark.slow
def test_weeks_of_ordinary_uneven_work_bring_no_alert(database: Database) -> None:
    watch, number = InsiderWatch(), 0
    for day in range(20):
        for hour in range(3):
            for agent in ("agent-1", "agent-2"):
                cases = 3 + (day * 7 + hour * 5 + len(agent)) % 6
                with time_machine.travel(BEGIN + day * DAY + hour * HOUR, tick=False):
                    opened(database, agent, range(number, number + cases), take=hour != 1)
                number += cases
        assert looked(database, BEGIN + day * DAY + 4 * HOUR, watch) == ()
