"""Rows as they were stored before migrations 0011 to 0015, for tests on both kinds of database: they live on with what came then, and go back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from actions.core.moments import SHANGHAI
from actions.state import feedback, handoffs, notes, outbox, passing, pictures
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database
from actions.state.handoff_cards import HANDOFF_CARDS
from actions.state.migrations.tables import metadata
from actions.state.pictures import CleanPicture
from tests.times_of_0008 import go_to

AT = datetime(2026, 11, 22, 10, 0, 0, 250000, SHANGHAI)
_PAYLOAD = {"customer": {"reference": "c-1"}, "summary": {"headline": "逾期"}, "diagnosis": {"causes": [{"id": "overdue"}]}}
_CASE = {"conversation_id": "u-1", "user": "u-1", "reason": "asked", "queue": "general", "priority": "normal", "created_at": AT}
_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("conversations", {"id": "u-1", "last_seq": 1, "created_at": AT, "updated_at": AT}),
    ("messages", {"conversation_id": "u-1", "seq": 1, "id": "m", "at": AT, "role": "bot", "text": "x", "buttons": []}),
    ("ratings", {"conversation_id": "u-1", "seq": 1, "score": 5, "at": AT}),
    ("handoffs", {"id": "h-1", **_CASE, "status": "closed", "payload": {}, "taken_at": AT, "taken_by": "a", "closed_at": AT}),
    ("handoffs", {"id": "h-2", **_CASE, "status": "queued", "payload": _PAYLOAD}),
    ("handoff_events", {"handoff_id": "h-2", "at": AT, "kind": "hand_over", "actor": "a", "detail": {}}),
    ("outbox", {"key": "k", "handoff_id": "h-2", "event": "e", "detail": {}, "status": "pending", "attempts": 0, "due": AT}
     | {"created_at": AT}),
]  # fmt: skip
_TABLES = tuple(dict.fromkeys(table for table, _ in _ROWS))


def _stored(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.session() as session:
        return {table: [dict(row) for row in session.execute(text(f"SELECT * FROM {table}")).mappings()] for table in _TABLES}


def check(database: Database) -> None:
    """Rows from before can be used with everything new, and are the same again where that is taken back."""
    go_to(database, "0010")
    with database.session() as session:
        for table, row in _ROWS:
            # Of the tables of today only the columns that are named are written.
            session.execute(insert(metadata.tables[table]).values(row))
    before = _stored(database)
    database.migrate()
    with database.session() as session:
        waiting = handoffs.get_handoff(session, "h-2")
        assert waiting is not None and (waiting.shown_as, waiting.assigned_to, waiting.released_at) == (None, None, None)
        cards = session.execute(select(HANDOFF_CARDS).order_by(HANDOFF_CARDS.c.handoff_id)).all()
        assert [(each.handoff_id, each.reference, each.causes) for each in cards] == [("h-1", "", ""), ("h-2", "c-1", ",overdue,")]
        (delivery,) = outbox.of(session, "h-2")
        assert delivery.key == "k"
    assert _whole(database)
    with database.session() as session:
        assert passing.assign(session, "h-2", "agent-1") and handoffs.take(session, "h-2", "agent-1", "小林")
        assert passing.release(session, "h-2", "agent-1", "general")
        feedback.vote(session, "u-1", 1, "down", "wrong")
        picture = pictures.keep(session, "u-1", CleanPicture(b"jpeg", 1, 1))
        notes.write_down(session, "h-2", "agent-1", "note")
        outbox.put_push(session, "u-1", {"kind": "notice", "seq": 1}, 0)
    with database.session() as session:
        assert pictures.find(session, "u-1", picture) is not None
    go_to(database, "0010")
    assert _stored(database) == before, "what needs the new columns is gone, and nothing else"
    database.migrate()
    assert _whole(database)
    with database.session() as session:
        append(session, "u-1", [MessageDraft("bot", "y")])


def _whole(database: Database) -> bool:
    """Whether the schema is that of the code."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return bool(compare_metadata(context, metadata) == [])
