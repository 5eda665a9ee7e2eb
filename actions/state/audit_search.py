"""Entries of the audit as auditors look for them: by who, what, when and about which case or incident, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from actions.state.audit import AUDIT, AuditEntry
from actions.state.columns import rows_as


@dataclass(frozen=True)
class AuditWanted:
    """What is looked for; what is empty does not matter.

    Attributes:
        actor: who did it.
        action: what was done, or what all such begin with, as ``desk.``.
        about: a handoff, or an id that stands in the detail.
        since, until: the first instant, and the one after the last.
    """

    actor: str = ""
    action: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


def find(session: Session, wanted: AuditWanted, limit: int, before: int | None = None) -> tuple[AuditEntry, ...]:
    """The latest entries, at most ``limit``; with ``before`` those of a smaller number."""
    conditions = [
        *([AUDIT.c.actor == wanted.actor] if wanted.actor else []),
        *([AUDIT.c.action.startswith(wanted.action, autoescape=True)] if wanted.action else []),
        *([_about(wanted.about)] if wanted.about else []),
        *([AUDIT.c.at >= wanted.since] if wanted.since else []),
        *([AUDIT.c.at < wanted.until] if wanted.until else []),
        *([AUDIT.c.id < before] if before is not None else []),
    ]
    return rows_as(AuditEntry, session.execute(select(AUDIT).where(*conditions).order_by(AUDIT.c.id.desc()).limit(limit)))


def count(session: Session) -> int:
    """How many entries there are."""
    return int(session.execute(select(func.count()).select_from(AUDIT)).scalar_one())


def _about(name: str) -> object:
    return or_(AUDIT.c.handoff_id == name, cast(AUDIT.c.detail, Text).contains(f'"{name}"', autoescape=True))
