"""The census: a fixed panel of orders, bills and products with what blocked each when it was last looked at, and what every look came to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Index, and_, delete, insert, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, rows_as, table_of
from actions.state.database import chunks
from actions.state.world.tables import TABLES

Population = Literal["order", "bill", "item"]
"""Orders that can still be paid, bills that can still be paid in installments, and products."""


@dataclass(frozen=True)
class PanelRow:
    """One member of the panel.

    Attributes:
        kind: what it is.
        id: of the order, the bill or the product.
        joined_at: epoch milliseconds, real time.
        blocks: ids of the causes that blocked it at the last look; None before the first.
        news: of the blocks, those that have come while it was looked at: cause id, since when in epoch milliseconds, and what it came of.
    """

    kind: Population
    id: str
    joined_at: int
    blocks: tuple[str, ...] | None
    news: dict[str, Any]


@dataclass(frozen=True)
class CensusRow:
    """One look at the whole panel.

    Attributes:
        at: epoch milliseconds, real time.
        facts_at: the clock of the facts, ISO.
        version: number of the latest change of the world.
        millis: how long it took.
        outcome: by population how many there are, how many the panel has, and per cause how many it blocks and since when.
    """

    id: RowNumber
    at: int
    facts_at: str
    version: int
    millis: int
    outcome: dict[str, Any]


PANEL = table_of("panel", PanelRow, key=("kind", "id"))
CENSUS = table_of("census", CensusRow, Index(None, "at"))

_OPEN: dict[Population, Any] = {
    "order": select(TABLES["orders"].c.id).where(TABLES["orders"].c.status != "paid"),
    "bill": select(TABLES["bills"].c.id).where(and_(TABLES["bills"].c.status != "settled", TABLES["bills"].c.tenor.is_(None))),
}
"""What there is to draw from: what is paid for already tells nothing of faults."""
_AT_ONCE = 5_000


def panel(session: Session) -> tuple[PanelRow, ...]:
    """Every member."""
    return rows_as(PanelRow, session.execute(select(PANEL).order_by(PANEL.c.kind, PANEL.c.id)))


def keep(session: Session, before: Iterable[PanelRow], after: Iterable[PanelRow]) -> None:
    """Makes the stored panel the one after a look; what has not changed is not written.

    Args:
        before: as it is stored.
        after: as it shall be.
    """
    old, new = ({(row.kind, row.id): row for row in rows} for rows in (before, after))
    gone: dict[Population, list[str]] = {}
    for kind, its_id in old.keys() - new.keys():
        gone.setdefault(kind, []).append(its_id)
    for kind, ids in gone.items():
        for chunk in chunks(ids):
            session.execute(delete(PANEL).where(PANEL.c.kind == kind, PANEL.c.id.in_(chunk)))
    if joined := [vars(row) for key, row in new.items() if key not in old]:
        session.execute(insert(PANEL), joined)
    for key, row in new.items():
        if key in old and row != old[key]:
            values = {"blocks": row.blocks, "news": row.news}
            session.execute(update(PANEL).where(PANEL.c.kind == row.kind, PANEL.c.id == row.id).values(values))


def open_subjects(session: Session) -> Iterable[tuple[Population, str]]:
    """Every order and bill that the panel may be drawn from, a few at a time: there may be millions."""
    for kind, wanted in _OPEN.items():
        for (key,) in session.execute(wanted.execution_options(stream_results=True)).yield_per(_AT_ONCE):
            yield kind, key


def still_open(session: Session, kind: Population, ids: Collection[str]) -> set[str]:
    """Those of the orders or bills that may still be drawn."""
    wanted, column = _OPEN[kind], TABLES[f"{kind}s"].c.id
    return {key for chunk in chunks(ids) for key in session.execute(wanted.where(column.in_(chunk))).scalars()}


def products(session: Session) -> tuple[str, ...]:
    """Every product's SKU, in order."""
    items = TABLES["items"]
    return tuple(session.execute(select(items.c.sku).order_by(items.c.sku)).scalars())


def customers_of(session: Session, orders: Collection[str], bills: Collection[str]) -> set[str]:
    """Whose the orders and bills are; what is not in the world any more is nobody's."""
    found: set[str] = set()
    for section, ids in (("orders", orders), ("bills", bills)):
        table = TABLES[section]
        for chunk in chunks(ids):
            found.update(session.execute(select(table.c.user).where(table.c.id.in_(chunk))).scalars())
    return found


def note(session: Session, at: int, facts_at: str, version: int, millis: int, outcome: dict[str, Any]) -> None:
    """Stores what a look came to."""
    session.execute(insert(CENSUS).values(at=at, facts_at=facts_at, version=version, millis=millis, outcome=outcome))


def latest(session: Session) -> CensusRow | None:
    """The last look, None before the first."""
    wanted = select(CENSUS).order_by(CENSUS.c.id.desc()).limit(1)
    return next(iter(rows_as(CensusRow, session.execute(wanted))), None)


def looks(session: Session, since: int, until: int) -> tuple[CensusRow, ...]:
    """The looks of a time, both ends inclusive in epoch milliseconds, in order."""
    wanted = select(CENSUS).where(CENSUS.c.at >= since, CENSUS.c.at <= until).order_by(CENSUS.c.id)
    return rows_as(CensusRow, session.execute(wanted))


def forget_looks(session: Session, before: int) -> int:
    """Deletes the looks before a time in epoch milliseconds; how many there were."""
    return int(session.execute(delete(CENSUS).where(CENSUS.c.at < before)).rowcount)
