"""Deleting what must not be kept: one customer's data, and what is older than the retention period.

Which tables hold customers' data is read from the tables themselves, so that a new one is not forgotten. The world is not ours to delete, and the audit
keeps its entries: they name customers only by a reference that leads nowhere once the customer is erased, and lose what people wrote about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state import audit, desk_views, references
from actions.state.audit import AUDIT
from actions.state.audit_chain import REDACTED
from actions.state.conversations import CONVERSATIONS
from actions.state.database import chunks, unhurried
from actions.state.handoffs import HANDOFFS
from actions.state.migrations import tables as every_table
from actions.state.observations import OBSERVATIONS
from actions.state.world.tables import TABLES

Deleted = dict[str, int]
"""How many rows went, by table; tables that lost none are left out."""

_ERASURE = "erase"


def erase(session: Session, user: str, actor: str) -> Deleted:
    """Deletes everything about a customer: conversation, messages, dialogue state, handoffs and their delivery, and whatever else is theirs.

    Args:
        actor: who asks for it, for the audit.
    """
    reference = references.find(session, user)
    handoffs = list(session.execute(select(HANDOFFS.c.id).where(HANDOFFS.c.user == user)).scalars())
    deleted = _delete(session, conversations=[user], handoffs=handoffs, users=[user])
    _forget_views(session, deleted, [*handoffs, *([reference] if reference else [])])
    redacted = _redacted(session, handoffs, [reference] if reference else [])
    audit.record(session, actor, _ERASURE, detail={audit.REFERENCE: reference, "deleted": deleted, **redacted})
    return deleted


def purge(session: Session, before: datetime, actor: str) -> Deleted:
    """Deletes handoffs closed before an instant, conversations in which nothing was said since and no handoff is left, and what was observed before."""
    old = select(HANDOFFS.c.id).where(HANDOFFS.c.status == "closed", HANDOFFS.c.closed_at < before)
    closed = session.execute(old).scalars().all()
    deleted = _delete(session, handoffs=closed)
    _forget_views(session, deleted, closed)
    kept = select(HANDOFFS.c.conversation_id)
    silent = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id.not_in(kept), CONVERSATIONS.c.updated_at < before)
    quiet = session.execute(silent).scalars().all()
    gone = [reference for reference in (references.find(session, user) for user in quiet) if reference is not None]
    for name, count in _delete(session, conversations=quiet, users=quiet).items():
        deleted[name] = deleted.get(name, 0) + count
    observed = session.execute(delete(OBSERVATIONS).where(OBSERVATIONS.c.at < milliseconds(before))).rowcount
    if observed:
        deleted[OBSERVATIONS.name] = int(observed)
    redacted = _redacted(session, closed, gone)
    audit.record(session, actor, "purge", detail={"before": before.isoformat(), "deleted": deleted, **redacted})
    return deleted


def _forget_views(session: Session, deleted: Deleted, names: Collection[str]) -> None:
    """Deletes what agents have saved to find these customers or cases again."""
    count = sum(desk_views.forget(session, some) for some in chunks(names))
    if count:
        deleted[desk_views.DESK_VIEWS.name] = count


def _redacted(session: Session, handoffs: Collection[str], references_: Collection[str]) -> dict[str, Any]:
    """Takes what people wrote about these customers and cases out of the audit; what the entry about the erasure says of it."""
    marks = audit.forget_words(session, handoffs, references_)
    return {REDACTED: marks} if marks else {}


def _delete(session: Session, conversations: Collection[str] = (), handoffs: Collection[str] = (), users: Collection[str] = ()) -> Deleted:
    unhurried(session)
    deleted: Deleted = {}
    for table, conditions in _customers_tables(conversations, handoffs, users):
        count = 0
        for column, values in conditions:
            for some in chunks(values):
                found = column.in_(some)
                count += int(session.execute(select(func.count()).select_from(table).where(found)).scalar_one())
                session.execute(delete(table).where(found))
        if count:
            deleted[table.name] = count
    return deleted


def _customers_tables(
    conversations: Collection[str], handoffs: Collection[str], users: Collection[str]
) -> Iterator[tuple[Table, tuple[tuple[Any, Collection[str]], ...]]]:
    """Every table with customers' data, those that refer to others first, with the columns that say whose a row is."""
    world = {table.name for table in TABLES.values()}
    whose = {"conversation_id": conversations, "handoff_id": handoffs, "user": users, "user_id": users}
    for table in reversed(every_table.metadata.sorted_tables):
        if table.name in world or table.name == AUDIT.name:
            continue
        own = {"id": conversations} if table is CONVERSATIONS else {"id": handoffs, "user": users} if table is HANDOFFS else whose
        columns = tuple((table.c[name], values) for name, values in own.items() if name in table.c and values)
        if columns:
            yield table, columns
