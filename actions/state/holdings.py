"""Everything that is held about one customer, readable: what they may ask for (Personal Information Protection Law, article 45)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.state import audit, references
from actions.state.columns import real_now
from actions.state.customers_tables import customers_tables
from actions.state.episodes import EPISODES
from actions.state.handoffs import HANDOFFS
from actions.state.observations import OBSERVATIONS
from actions.state.world.tables import TABLES


def held(session: Session, user: str, actor: str) -> dict[str, Any] | None:
    """Every row about a customer by table, and that somebody asked for it is noted in the audit; None if nothing is held.

    Args:
        actor: who asks for it.
    """
    handoffs = list(session.execute(select(HANDOFFS.c.id).where(HANDOFFS.c.user == user)).scalars())
    found: dict[str, list[dict[str, Any]]] = {}
    for table, conditions in customers_tables([user], handoffs, [user]):
        rows = _rows(session, table, *(column.in_(values) for column, values in conditions))
        if rows:
            found[table.name] = rows
    called = select(EPISODES.c.ref).where(EPISODES.c.user == user)
    observed = _rows(session, OBSERVATIONS, OBSERVATIONS.c.ref.in_(called))
    found.update({OBSERVATIONS.name: observed} if observed else {})
    state = dict(_state(session, user))
    if not found and not state:
        return None
    reference = references.find(session, user)
    audit.record(
        session, actor, "privacy_export", detail={audit.REFERENCE: reference, "rows": {name: len(rows) for name, rows in found.items()}}
    )
    return {"user": user, "made_at": local(real_now()).isoformat(timespec="seconds"), "state": state, "kept": found}


def _state(session: Session, user: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What the account, order and bill systems say of the customer."""
    of_orders = select(TABLES["orders"].c.id).where(TABLES["orders"].c.user == user)
    for section, table in TABLES.items():
        if section == "users":
            condition = table.c.id == user
        elif "user" in table.c:
            condition = table.c.user == user
        elif "order" in table.c:
            condition = table.c.order.in_(of_orders)
        else:
            continue
        rows = _rows(session, table, condition)
        if rows:
            yield section, rows


def _rows(session: Session, table: Table, *conditions: Any) -> list[dict[str, Any]]:
    wanted = select(table).where(or_(*conditions)).order_by(*table.primary_key.columns)
    return [_readable(row._mapping) for row in session.execute(wanted)]


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _plain(value) for name, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value
