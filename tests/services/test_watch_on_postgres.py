"""The live watch over PostgreSQL: what it finds is kept once, with its customers and a draft, and told once however many look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from actions.state.alerts import change_alert, count_of_members, members, minutes_of, now_millis, recent_alerts
from actions.state.database import Database
from actions.state.incidents import notes_of
from actions.state.outbox import OUTBOX
from ops.outgoing.telling import tell_due
from ops.watch.decisions import acknowledge, judge, silence
from ops.watch.technical import read_alertmanager, take_technical
from tests.threads import in_threads
from tests.unit.ops.observed import as_observed, write
from tests.unit.ops.test_live_watch import CAUSE, START, Life
from tools.evaluation.complaint_traffic import CALM, ComplaintTraffic, Injected


def test_a_trouble_from_its_complaints_to_the_outbox(postgres: Database) -> None:
    trouble = Injected(CAUSE, START, 40, 15, merchant="m-7")
    complaints = [as_observed(each) for each in ComplaintTraffic(CALM, 90, {CAUSE: 0.03}).complaints(8.45 / 7, [trouble])]
    write(postgres, complaints)
    life = Life(postgres, complaints)
    for minute in range(0, 30):
        life.look(minute)
    (alert,) = [row for row in life.kept() if row.level == "alarm"]
    with postgres.session() as session:
        assert alert.streams == (CAUSE,) and count_of_members(session, alert.id) == len(members(session, alert.id)) >= 5
        assert minutes_of(session, alert.id) and notes_of(session, alert.draft or "")[0].affects == {"merchants": ["m-7"]}
        change_alert(session, alert.id, tell_at=now_millis())

    def tell(_: int) -> int:
        with postgres.session() as session:
            return tell_due(session)

    assert sum(in_threads(tell)) >= 1
    with postgres.session() as session:
        told = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.event == "alert.opened")
        assert session.execute(told).scalar_one() == 1
        acknowledge(session, alert.id, "operator-1")
        judge(session, alert.id, "true", "operator-1")
        silence(session, alert.id, 1, "seen", "operator-1")


def test_alertmanagers_alert_is_kept_once_whoever_takes_it_first(postgres: Database) -> None:
    sent: Mapping[str, Any] = {
        "version": "4",
        "alerts": [
            {"status": "firing", "labels": {"alertname": "x"}, "annotations": {}, "startsAt": "2026-11-22T10:00:00Z", "fingerprint": "f"}
        ],
    }

    def take(_: int) -> dict[str, int]:
        with postgres.session() as session:
            return take_technical(session, read_alertmanager(sent))

    assert sum(each["opened"] for each in in_threads(take)) == 1
    with postgres.session() as session:
        assert len(recent_alerts(session, 0)) == 1
