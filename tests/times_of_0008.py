"""Times as they were stored before migration 0009, for tests on both kinds of database: texts in the time of Shanghai, and epoch seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from actions.core.moments import SHANGHAI
from actions.state import audit, conversations, handoffs, outbox, ratings, subscriptions
from actions.state import database as module
from actions.state.database import Database
from actions.state.world.changes import changes_since

EXACT = "2026-11-22T00:30:59.999600+08:00"
WHOLE = "2026-11-22T10:00:00+08:00"
LATER = "2026-11-22T10:00:01+08:00"
DUE = 1795312800.25

_ROWS: dict[str, dict[str, Any]] = {
    "conversations": {"id": "u-1", "last_seq": 1, "created_at": EXACT, "updated_at": WHOLE},
    "messages": {"conversation_id": "u-1", "seq": 1, "id": "m", "at": EXACT, "role": "bot", "text": "", "buttons": "[]"},
    "ratings": {"conversation_id": "u-1", "seq": 1, "score": 5, "at": EXACT},
    "handoffs": {"id": "h-1", "conversation_id": "u-1", "user": "u-1", "reason": "asked", "queue": "general", "priority": "normal"}
    | {"status": "closed", "payload": "{}", "created_at": EXACT, "taken_at": WHOLE, "closed_at": LATER, "told_at": None},
    "handoff_events": {"id": 1, "handoff_id": "h-1", "at": EXACT, "kind": "take", "actor": "a", "detail": "{}"},
    "outbox": {"id": 1, "key": "k", "handoff_id": "h-1", "event": "e", "detail": "{}", "status": "pending", "attempts": 0, "due": DUE}
    | {"created_at": EXACT, "delivered_at": None},
    "subscriptions": {"id": 1, "conversation_id": "u-1", "user": "u-1", "order": "", "bill": "b", "cause": "c", "status": "open"}
    | {"created_at": EXACT, "ended_at": None},
    "world_changes": {"id": 1, "at": EXACT, "rows": None, "clock": None},
    "audit": {"id": 1, "at": EXACT, "actor": "a", "action": "b", "detail": "{}"},
}


def go_to(database: Database, revision: str) -> None:
    """Takes a migrated database back."""
    config = Config(str(Path(module.__file__).parent / "migrations" / "alembic.ini"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _stored(database: Database) -> dict[str, dict[str, Any]]:
    with database.session() as session:
        return {
            table: {name: value for name, value in session.execute(text(f"SELECT * FROM {table}")).mappings().one().items() if name in row}
            for table, row in _ROWS.items()
        }


def check(database: Database) -> None:
    """Times from before come through as they were, can be compared, and go back as they were."""
    go_to(database, "0008")
    with database.session() as session:
        for table, row in _ROWS.items():
            names, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
            session.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    before = _stored(database)
    database.migrate()
    with database.session() as session:
        (message,), (rating,), (entry,) = conversations.history(session, "u-1"), ratings.ratings(session, "u-1"), audit.entries(session)
        (event,), (delivery,) = handoffs.of(session, "h-1"), outbox.of(session, "h-1")
        (waiting,), (handoff,) = subscriptions.open_subscriptions(session), handoffs.list_handoffs(session)
        exact = datetime.fromisoformat(EXACT)
        (change,) = changes_since(session, exact - timedelta(microseconds=1))
        for at in (message.at, rating.at, entry.at, event.at, waiting.created_at, change.at, handoff.created_at, delivery.created_at):
            assert at.isoformat() == EXACT
        assert [at and at.isoformat() for at in (handoff.taken_at, handoff.closed_at, handoff.told_at)] == [WHOLE, LATER, None]
        assert (delivery.due, delivery.delivered_at) == (datetime.fromtimestamp(DUE, SHANGHAI), None)
        assert changes_since(session, exact) == ()
        assert handoffs.list_handoffs(session, since=exact) and not handoffs.list_handoffs(session, since=exact + timedelta(microseconds=1))
    go_to(database, "0008")
    after = _stored(database)
    if database.engine.dialect.name == "postgresql":
        # Only the spelling may differ: a fraction of zeros is written out.
        after = {table: {name: _spelt(value) for name, value in row.items()} for table, row in after.items()}
    assert after == before


def _spelt(value: Any) -> Any:
    return value.replace(".000000+", "+") if isinstance(value, str) else value
