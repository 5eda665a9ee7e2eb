"""Operators hear once that an incident that is being watched can be resolved, or that it cannot."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import time_machine
from sqlalchemy import select

from actions.state.database import Database
from actions.state.incidents import write_note
from actions.state.outbox import OUTBOX
from ops.outgoing.telling import tell_due
from tests.unit.ops.observed import write
from tests.unit.ops.test_baseline import NOW, _complaints, _history


@pytest.mark.parametrize(("complaints", "told"), [(9, ["incident.calm"]), (40, ["incident.rising"])])
@pytest.mark.parametrize("watched", [16, 10])
def test_a_quarter_of_an_hour_after_it_was_mended(database: Database, complaints: int, told: list[str], watched: int) -> None:
    _history(database, 10, 8)
    write(database, _complaints(NOW, complaints))
    with time_machine.travel(datetime.fromtimestamp(NOW - watched * 60, timezone.utc), tick=False) as time:
        with database.session() as session:
            write_note(session, "i-1", "monitoring", "operator-1", component="installment", severity="outage", affects={})
        time.shift(watched * 60)
        for _ in range(2):
            with database.session() as session:
                tell_due(session)
        with database.session() as session:
            events = session.execute(select(OUTBOX.c.event).order_by(OUTBOX.c.id)).scalars().all()
    assert events == ["incident.monitoring", *(told if watched >= 15 else [])]
