"""Answers questions for badges from memory, for as long as what they rest on stays the same; what is not in it is worked out.

It rests on the world alone and not on what the worker has kept, so that a badge is right at the instant at which time changes it, and the
answers stay the chat's even while no worker runs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from actions.core.facts import Facts, Line
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state import badges
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.world.changes import latest_change
from actions.state.world.tables import stored_now
from ops.badges.asking import BadgesAnswer, BadgesWanted, TextedBadge
from ops.badges.badge import BadgeMaker
from ops.badges.catalog import lines_of, shared_facts
from ops.badges.changes import touched_goods
from ops.badges.shelf import Looks, Shelf
from ops.badges.texts import BadgeTexts, read_badge_texts

LOOK_SECONDS = 0.5
"""For which the database is not asked whether the world has changed."""
_LONGEST_CHANGE = 200_000
"""Characters of changes that are worth being read, to keep what they leave as it is."""
_MOST = 200_000
"""Badges that are held."""
_MOST_PLACES = 200
"""Regions and channels of which any are held."""

Place = tuple[str, str, bool]
"""Region, channel, and whether installments are offered."""


@dataclass
class _Held:
    """What is known of one state of the world.

    Attributes:
        change: the latest that it has.
        clock: the instant at which the facts' clock stands, if it does.
        world: what holds for all products.
        shelves: by region and channel.
        badges: by place and SKU.
    """

    change: int
    version: int
    clock: datetime | None
    knowledge: Knowledge
    looks: Looks
    texts: BadgeTexts
    world: Facts
    shelves: dict[tuple[str, str], Shelf] = field(default_factory=dict)
    badges: dict[Place, dict[str, TextedBadge]] = field(default_factory=dict)

    def now(self) -> datetime:
        """The facts' clock."""
        return self.clock or real_now()

    def shelf(self, region: str, channel: str) -> Shelf:
        """That of a region and channel."""
        if len(self.shelves) > _MOST_PLACES:
            self.shelves = {}
        made = self.shelves.get((region, channel))
        if made is None:
            made = self.shelves[region, channel] = Shelf(self.looks, self.world, region, channel)
        return made

    def of_place(self, place: Place) -> dict[str, TextedBadge]:
        """The badges of a place."""
        if sum(map(len, self.badges.values())) > _MOST or len(self.badges) > _MOST_PLACES:
            self.badges = {}
        return self.badges.setdefault(place, {})


class BadgeMemory:
    """Made once per process. It blocks: ask it in a thread, as many as like at a time.

    Args:
        database: with the world.
        knowledge: what causes there are.
        frozen: the instant at which the clock of the facts stands, if the settings say so.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, frozen: datetime | None = None) -> None:
        self._database = database
        self._knowledge = knowledge
        self._frozen = frozen
        self._held: _Held | None = None
        self._looked = float("-inf")

    def answer(self, wanted: BadgesWanted) -> BadgesAnswer:
        """The badges of some products as they are now, as far as somebody sells them."""
        held = self._current()
        now, region = held.now(), wanted.region or held.world.user.region
        known = held.of_place((region, wanted.channel, wanted.offers))
        found = {sku: each for sku in wanted.skus if (each := known.get(sku)) is not None and _holds(each, now)}
        missing = [sku for sku in wanted.skus if sku not in found]
        if missing:
            made = self._made(held, missing, now, region, wanted)
            known.update(made)
            found.update(made)
        return BadgesAnswer(
            now, held.version, [found[sku] for sku in wanted.skus if sku in found], [sku for sku in wanted.skus if sku not in found]
        )

    def _made(self, held: _Held, skus: list[str], now: datetime, region: str, wanted: BadgesWanted) -> Mapping[str, TextedBadge]:
        with self._database.session() as session:
            lines = lines_of(session, skus)
        shelf = held.shelf(region, wanted.channel)
        return {sku: _texted(shelf, line, now, held.texts, wanted.offers) for sku, line in lines.items()}

    def _current(self) -> _Held:
        held, knowledge = self._held, self._knowledge.current
        if held is not None and held.knowledge is knowledge and time.monotonic() - self._looked < LOOK_SECONDS:
            return held
        begun = time.monotonic()
        with self._database.session() as session:
            self._held = held = self._seen(session, held, knowledge)
        self._looked = begun
        return held

    def _seen(self, session: Session, held: _Held | None, knowledge: Knowledge) -> _Held:
        change, clock = latest_change(session), self._frozen or stored_now(session)
        version = max(change, badges.kept_version(session))
        if held is None or held.knowledge is not knowledge or held.clock != clock or change < held.change:
            return self._begun(session, change, version, clock, knowledge)
        if change != held.change:
            touched = touched_goods(session, held.change, _LONGEST_CHANGE)
            if touched.all:
                return self._begun(session, change, version, clock, knowledge)
            # What holds of products that are alike stays: only which product is like which may be another.
            kept = {} if touched else held.badges
            return _Held(**{**vars(held), "change": change, "version": version, "badges": kept})
        held.version = version
        return held

    def _begun(self, session: Session, change: int, version: int, clock: datetime | None, knowledge: Knowledge) -> _Held:
        texts = read_badge_texts(knowledge.forbidden)
        maker = BadgeMaker(knowledge.causes.values(), texts.neutral, knowledge.locale)
        return _Held(change, version, clock, knowledge, Looks(maker), texts, shared_facts(session, self._frozen))


def _holds(texted: TextedBadge, now: datetime) -> bool:
    return texted.badge.valid_until is None or now < texted.badge.valid_until


def _texted(shelf: Shelf, line: Line, now: datetime, texts: BadgeTexts, offers: bool) -> TextedBadge:
    badge, labels = shelf.badge(line, now), texts.labels.dict()
    plans = shelf.plans(line, now) if offers and badge.state in ("available", "limited") else []
    if plans and badge.state == "available":
        labels["available"] = texts.offer
    return TextedBadge(badge, json.dumps(badge.to_data(labels, plans or None), ensure_ascii=False))
