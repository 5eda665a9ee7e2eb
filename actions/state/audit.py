"""Who did what, appended, chained and never changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, cast, insert, or_, select, update
from sqlalchemy.orm import Session

from actions.state.audit_chain import ERASED, FIRST, Chained, Verified, hash_of, mark_of, new_salt, seal_of, verified
from actions.state.columns import RowNumber, real_now, rows_as, table_of
from actions.state.database import chunks, lock_audit

WORDS = "words"
"""The one member of a detail that may hold what a person wrote about a customer, masked; it goes when the customer is erased."""
REFERENCE = "reference"
"""The member that says whose entry it is, where no handoff does."""
_OF_FORMER_VERSIONS = "note"
_AT_ONCE = 1000


@dataclass(frozen=True)
class AuditEntry:
    """One action of one person or program.

    Attributes:
        handoff_id: the case it is about.
        detail: what else is known of it; names no customer but by a reference.
        salt: makes the seal one that nobody guesses; None: the detail was erased.
        seal: stands for the detail in the hash.
        prev: the hash of the entry before.
        hash: of this one; see ``audit_chain``.
    """

    id: RowNumber
    at: datetime
    actor: str
    action: str
    handoff_id: str | None
    detail: dict[str, Any]
    salt: str | None
    seal: str
    prev: str
    hash: str


AUDIT = table_of("audit", AuditEntry, Index(None, "handoff_id"), Index(None, "action", "at"))


def record(session: Session, actor: str, action: str, handoff_id: str | None = None, detail: Mapping[str, Any] | None = None) -> None:
    """Appends an entry; who writes after it waits until this transaction ends, so it is the last thing that a transaction does."""
    lock_audit(session)
    prev, salt, at = head(session), new_salt(), real_now()
    # As it will be read: JSON knows no tuples, and no keys but texts.
    kept: dict[str, Any] = json.loads(json.dumps(dict(detail or {})))
    seal = seal_of(salt, kept)
    said = {"at": at, "actor": actor, "action": action, "handoff_id": handoff_id, "detail": kept}
    chained = {"salt": salt, "seal": seal, "prev": prev, "hash": hash_of(prev, at, actor, action, handoff_id, seal)}
    session.execute(insert(AUDIT).values({**said, **chained}))


def head(session: Session) -> str:
    """The hash of the last entry."""
    found: str | None = session.execute(select(AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)).scalar()
    return FIRST if found is None else found


def entries(session: Session, handoff_id: str | None = None) -> tuple[AuditEntry, ...]:
    """The entries in order, all of them or those of one handoff."""
    wanted = select(AUDIT).order_by(AUDIT.c.id)
    rows = session.execute(wanted if handoff_id is None else wanted.where(AUDIT.c.handoff_id == handoff_id))
    return rows_as(AuditEntry, rows)


def entry(session: Session, number: int) -> AuditEntry | None:
    """One entry by its number."""
    return next(iter(rows_as(AuditEntry, session.execute(select(AUDIT).where(AUDIT.c.id == number)))), None)


def verify(session: Session, noted: str | None = None) -> Verified:
    """Looks at the whole chain; see ``audit_chain.verified``."""
    return verified(_all(session), noted)


def forget_words(session: Session, handoffs: Collection[str], references: Collection[str]) -> list[str]:
    """Takes what people wrote about customers out of the entries about these handoffs and these references.

    Returns:
        What the entry that tells of the erasure names them by, under ``audit_chain.REDACTED``.
    """
    detail = cast(AUDIT.c.detail, Text)
    holding = or_(*(detail.contains(f'"{name}"') for name in (WORDS, _OF_FORMER_VERSIONS)))
    found: dict[int, str] = {}
    for some in chunks(handoffs):
        rows = session.execute(select(AUDIT).where(AUDIT.c.handoff_id.in_(some), holding))
        found.update({each.id: each.hash for each in rows_as(AuditEntry, rows) if _holds_words(each)})
    if references:
        rows = session.execute(select(AUDIT).where(AUDIT.c.handoff_id.is_(None), holding))
        found.update({each.id: each.hash for each in rows_as(AuditEntry, rows) if each.detail.get(REFERENCE) in references})
    for some in chunks(found):
        session.execute(update(AUDIT).where(AUDIT.c.id.in_(some)).values(detail=dict(ERASED), salt=None))
    return [mark_of(entry_hash) for entry_hash in found.values()]


def _holds_words(said: AuditEntry) -> bool:
    return not {WORDS, _OF_FORMER_VERSIONS}.isdisjoint(said.detail)


def _all(session: Session) -> Iterator[Chained]:
    after, columns = 0, [AUDIT.c[name] for name in Chained._fields]
    while rows := session.execute(select(*columns).where(AUDIT.c.id > after).order_by(AUDIT.c.id).limit(_AT_ONCE)).all():
        yield from map(Chained._make, rows)
        after = rows[-1].id
