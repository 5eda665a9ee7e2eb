"""One look of the worker at the whole panel: who is in it, what blocks them now, what is new, and what is stored of it.

Everything is worked out in a transaction that only reads, so that no customer's turn waits for it; what has changed is written in a short one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.knowledge.model import Knowledge
from actions.state import census
from actions.state.census import PanelRow, Population
from actions.state.database import Database, unhurried
from actions.state.retention import kept_days
from actions.state.world.changes import changes_after, latest_change
from actions.state.world.tables import facts_now
from actions.state.world.whole import WholeWorld
from ops.watch.census import CensusAlarm, Looked, NewlyBlocked, census_alarms, lasting_causes, looked_again, newly_blocked
from ops.watch.looking import Looker
from ops.watch.panel import Key, filled
from ops.watch.settings import WatchSettings

_DAY = 86_400_000


@dataclass(frozen=True)
class CensusLook:
    """What a look came to.

    Attributes:
        at: epoch milliseconds.
        panel: after it.
        looked: every member as it is.
        newly: what is newly blocked within the minutes of the settings.
        alarms: what asks for somebody.
        lasting: causes of which enough is left that an alarm stays open.
        begun: whether nothing was there to be compared with: the first look, or the first at a new world.
    """

    at: int
    panel: tuple[PanelRow, ...]
    looked: dict[Key, Looked]
    newly: tuple[NewlyBlocked, ...]
    alarms: tuple[CensusAlarm, ...]
    lasting: frozenset[str]
    begun: bool


def take_census(database: Database, knowledge: Knowledge, given: WatchSettings, at: int, frozen: datetime | None = None) -> CensusLook:
    """Looks at every member of the panel and stores what has changed.

    Args:
        database: with the world.
        knowledge: what causes there are.
        given: how large the panel is, and what is an alarm.
        at: now, epoch milliseconds.
        frozen: the instant at which the clock of the facts stands, if it does.
    """
    begun_at = time.monotonic()
    with database.session() as session:
        unhurried(session)
        stored, last = census.panel(session), census.latest(session)
        version, now = latest_change(session), facts_now(session, frozen)
        changes = changes_after(session, last.version) if last is not None else ()
        begun = last is None or any(change.rows is None for change in changes)
        panel = _whole_panel(session, () if begun else stored, given, at)
        world = WholeWorld.read(session, _customers(session, panel))
    looker = Looker(knowledge)
    looked = looker.look(world, now, {(row.kind, row.id) for row in panel})
    new = {
        key: came
        for row in panel
        if row.blocks is not None and (key := (row.kind, row.id)) in looked and (came := set(looked[key].blocks) - set(row.blocks))
    }
    then = now if last is None else datetime.fromisoformat(last.facts_at)
    origins = looker.origins(new, world, world.before(changes), now, then) if new else {}
    after = looked_again(panel, looked, origins, at)
    newly = newly_blocked(after, looked, at, given.census.minutes)
    found = CensusLook(
        at,
        after,
        looked,
        newly,
        census_alarms(after, looked, at, given),
        lasting_causes(after, looked, at, given),
        begun,
    )
    with database.session() as session:
        census.keep(session, stored, after)
        millis = round((time.monotonic() - begun_at) * 1000)
        census.note(session, at, now.isoformat(), version, millis, _outcome(found))
        census.forget_looks(session, at - kept_days(census.CENSUS.name) * _DAY)
    return found


def _whole_panel(session: Session, stored: Sequence[PanelRow], given: WatchSettings, at: int) -> tuple[PanelRow, ...]:
    """The members that are still there, whoever takes the place of the others, and every product."""
    drawn: tuple[Population, ...] = ("order", "bill")
    there = {kind: census.still_open(session, kind, [row.id for row in stored if row.kind == kind]) for kind in drawn}
    kept: dict[Key, PanelRow] = {(row.kind, row.id): row for row in stored if row.id in there.get(row.kind, ())}
    if len(kept) < given.census.size:
        for key in filled(kept, census.open_subjects(session), given.census.size, given.census.seed):
            kept[key] = PanelRow(*key, at, None, {})
    items = {row.id: row for row in stored if row.kind == "item"}
    products = (items.get(sku) or PanelRow("item", sku, at, None, {}) for sku in census.products(session))
    return (*kept.values(), *products)


def _customers(session: Session, panel: Sequence[PanelRow]) -> set[str]:
    return census.customers_of(session, *([row.id for row in panel if row.kind == kind] for kind in ("order", "bill")))


def _outcome(found: CensusLook) -> dict[str, Any]:
    """A look in the form in which it is stored: by population its size, what blocks it, and what is new."""
    outcome: dict[str, Any] = {"begun": found.begun}
    for row in found.panel:
        mine = outcome.setdefault(row.kind, {"of": 0, "blocked": Counter(), "newly": []})
        mine["of"] += 1
        mine["blocked"].update(row.blocks)
    for newly in found.newly:
        outcome[newly.kind]["newly"].append({name: value for name, value in vars(newly).items() if name not in ("kind", "of")})
    return outcome
