"""The audit's head is told to the log, where it can be compared with what the database holds later."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete
from structlog.testing import capture_logs

from actions.bootstrap import bootstrap
from actions.settings import Settings
from actions.state import audit
from actions.state.audit import AUDIT
from ops.audit_head import tell_head
from ops.worker import Surroundings


def test_what_was_told_shows_a_cut_tail_later(tmp_path: Path) -> None:
    here = bootstrap(Settings.read(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    here.migrate()
    with here.database.session() as session:
        for number in range(3):
            audit.record(session, f"agent-{number}", "desk.take")
    with capture_logs() as logged:
        tell_head(Surroundings.of(here))
    (told,) = [line for line in logged if line["event"] == "audit.head"]
    assert told["entries"] == 3
    with here.database.session() as session:
        assert audit.verify(session, told["head"]).broken is None
        session.execute(delete(AUDIT).where(AUDIT.c.id == 3))
        assert audit.verify(session, told["head"]).broken is not None
    here.database.close()
