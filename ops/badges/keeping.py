"""Keeps the badges of all products rebuilt: what the world's changes touch, and what time changes, within seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from actions.knowledge.model import Knowledge
from actions.state import badges
from actions.state.badges import TOGETHER, KeptBadge
from actions.state.database import Database, unhurried
from actions.state.world.changes import latest_change
from actions.state.world.tables import facts_now, stored_now
from ops.badges.badge import BadgeMaker
from ops.badges.catalog import every_sku, lines_of, shared_facts
from ops.badges.changes import EVERYTHING, TouchedGoods, touched_goods, touched_skus
from ops.badges.everywhere import Everywhere, milliseconds_of
from ops.badges.shelf import Looks
from ops.badges.texts import read_badge_texts
from ops.worker import Surroundings


@dataclass(frozen=True)
class Rebuilt:
    """What a pass did.

    Attributes:
        looked: how many products it looked at.
        changed: how many of them have another badge.
        seconds: how long it took.
    """

    looked: int
    changed: int
    seconds: float


@dataclass
class _Seen:
    """What a pass was made with: the next one need only look at what differs."""

    change: int
    knowledge: Knowledge
    clock: datetime | None
    look: Everywhere


class BadgeKeeper:
    """The pass of the worker; what it did before is kept in memory, so that a new worker looks at everything once."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    def keep(self, here: Surroundings) -> Rebuilt:
        """Looks at what may have changed since the last time, and stores what has."""
        return self.keep_up(here.database, here.knowledge.current, here.settings.now)

    def keep_up(self, database: Database, knowledge: Knowledge, frozen: datetime | None = None) -> Rebuilt:
        """The same with what it needs.

        Args:
            database: with the world.
            knowledge: what causes there are.
            frozen: the instant at which the clock of the facts stands, if it does.
        """
        begun = time.monotonic()
        with database.session() as session:
            unhurried(session)
            change, now, clock = latest_change(session), facts_now(session, frozen), frozen or stored_now(session)
            touched = self._touched(session, knowledge, clock, change)
            if touched.all or self._seen is None:
                self._seen = None
                look = _everywhere(session, knowledge, frozen)
                skus = every_sku(session)
            else:
                look = self._seen.look
                due = badges.due_skus(session, milliseconds_of(now) or 0)
                skus = sorted(touched_skus(session, touched).union(due) if touched else set(due))
        changed = sum(_look(database, look, now, skus[at : at + TOGETHER]) for at in range(0, len(skus), TOGETHER))
        if touched.all:
            changed += _part(database, skus)
        # Only now: whatever ends before is done again.
        self._seen = _Seen(change, knowledge, clock, look)
        return Rebuilt(len(skus), changed, time.monotonic() - begun)

    def _touched(self, session: Session, knowledge: Knowledge, clock: datetime | None, change: int) -> TouchedGoods:
        seen = self._seen
        if seen is None or seen.knowledge is not knowledge or seen.clock != clock or change < seen.change:
            return EVERYTHING
        return touched_goods(session, seen.change)


def _everywhere(session: Session, knowledge: Knowledge, frozen: datetime | None) -> Everywhere:
    texts = read_badge_texts(knowledge.forbidden)
    maker = BadgeMaker(knowledge.causes.values(), texts.neutral, knowledge.locale)
    return Everywhere(Looks(maker), shared_facts(session, frozen), texts.labels.dict())


def _look(database: Database, look: Everywhere, now: datetime, skus: list[str]) -> int:
    """Looks at some products, and stores those whose badge has changed; how many these are."""
    with database.session() as session:
        made = [look.kept(line, now, 0) for line in lines_of(session, skus).values()]
        before = badges.kept(session, skus)
    new = [each for each in made if each.sku not in before or before[each.sku].digest != each.digest]
    told = {each.sku for each in new}
    quiet = [each for each in made if each.sku not in told and _kept(before[each.sku]) != _kept(each)]
    with database.session() as session:
        if quiet:
            # Such as the title of a product of which nothing is said.
            badges.keep_badges(session, [_versioned(each, before[each.sku].version) for each in quiet])
        if new:
            version = badges.next_version(session)
            badges.keep_badges(session, [_versioned(each, version) for each in new])
    return len(new)


def _part(database: Database, skus: Iterable[str]) -> int:
    """Marks the products that are not sold any more; how many these are."""
    with database.session() as session:
        gone = sorted(badges.kept_skus(session).difference(skus))
    for at in range(0, len(gone), TOGETHER):
        with database.session() as session:
            version = badges.next_version(session)
            found = badges.kept(session, gone[at : at + TOGETHER]).values()
            badges.keep_badges(session, [KeptBadge(**{**vars(each), **_GONE, "version": version}) for each in found])
    return len(gone)


_GONE = {"state": "gone", "body": {}, "digest": "", "changes_at": None, "valid_until": None}


def _kept(badge: KeptBadge) -> dict[str, object]:
    return {name: value for name, value in vars(badge).items() if name != "version"}


def _versioned(badge: KeptBadge, version: int) -> KeptBadge:
    return KeptBadge(**{**vars(badge), "version": version})
