"""Who did what, appended and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, real_now, rows_as, table_of


@dataclass(frozen=True)
class AuditEntry:
    """One action of one person or program."""

    id: RowNumber
    at: datetime
    actor: str
    action: str
    handoff_id: str | None
    detail: dict[str, Any]


AUDIT = table_of("audit", AuditEntry, Index(None, "handoff_id"))


def record(session: Session, actor: str, action: str, handoff_id: str | None = None, detail: Mapping[str, Any] | None = None) -> None:
    """Appends an entry."""
    entry = {"at": real_now(), "actor": actor, "action": action, "handoff_id": handoff_id, "detail": dict(detail or {})}
    session.execute(insert(AUDIT).values(entry))


def entries(session: Session, handoff_id: str | None = None) -> tuple[AuditEntry, ...]:
    """The entries in order, all of them or those of one handoff."""
    wanted = select(AUDIT).order_by(AUDIT.c.id)
    rows = session.execute(wanted if handoff_id is None else wanted.where(AUDIT.c.handoff_id == handoff_id))
    return rows_as(AuditEntry, rows)
