"""Compliance on PostgreSQL: clocks start and are told of once, accesses are counted, reports are kept, and what is old goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import update

from actions.core.observations import milliseconds
from actions.state.access_alerts import access_alerts
from actions.state.answer_clocks import ANSWER_CLOCKS, clocks_of
from actions.state.columns import real_now
from actions.state.compliance_reports import KeptReport, find_report, keep_report
from actions.state.database import Database
from actions.state.erasure import erase
from actions.state.retention import delete_old, retentions
from conversations.application import project_knowledge
from ops.compliance.clocks import extend, start_clocks, tell_of_clocks
from ops.compliance.insider import InsiderWatch
from ops.compliance.obligations import read_obligations
from ops.compliance.register import record_check, register_of
from ops.compliance.report import Month, report_of
from tests.unit.ops.compliance.cases import handed_over, opened


def test_clocks_start_once_are_told_of_once_are_moved_and_erased(postgres: Database) -> None:
    knowledge, now = project_knowledge(), real_now()
    case = handed_over(postgres, 1, at=now - timedelta(days=13))

    def start(_number: int) -> int:
        with postgres.session() as session:
            return start_clocks(session, knowledge)

    def tell(_number: int) -> int:
        with postgres.session() as session:
            return tell_of_clocks(session, milliseconds(now))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(start, range(4))) == 1
        assert sum(threads.map(tell, range(4))) == 1
    with postgres.session() as session:
        moved = extend(session, knowledge, clocks_of(session, case)[0].clock.id, "要等合作方的流水", "op-1")
        assert moved.row.clock.moves == 1 and moved.days_left >= 16
    with postgres.session() as session:
        session.execute(update(ANSWER_CLOCKS).values(answer_by=1))
        assert tell_of_clocks(session, milliseconds(now)) == 1
        erase(session, "u-1", "operator")
        assert clocks_of(session, case) == ()


def test_accesses_are_found_reviews_recorded_and_the_report_is_made_and_kept(postgres: Database) -> None:
    knowledge, book, now = project_knowledge(), read_obligations(), real_now()
    opened(postgres, "agent-1", range(25))
    with postgres.session() as session:
        record_check(session, book, "complaints", "partly", "抽查了十件", "approver-1")
        found = InsiderWatch().found(session, milliseconds(now) + 60_000)
    assert {(each.kind, each.cases) for each in found} == {("opened", 25), ("not_taken", 25)}
    with postgres.session() as session:
        standing = {each.id: each for each in register_of(session, book).obligations}["complaints"]
        assert standing.last is not None and standing.last.outcome == "partly"
        data = report_of(session, knowledge, book, Month.of(now.date()))
        assert data["accesses"]["opened"] == 25 and data["audit"]["holds"]
        for made_at in (1, 2):
            keep_report(session, KeptReport(data["month"], "<p>", data, made_at, False))
        kept = find_report(session, data["month"])
        assert kept is not None and (kept.made_at, kept.data["audit"]["head"]) == (2, data["audit"]["head"])
        alerts = access_alerts(session, 0)
        assert len(alerts) == 2
        assert delete_old(session, retentions()["access_alerts"], -1, 500) == (2, False)
