"""Badges of one world wherever customers may be: in every channel, and in every region that rules or incidents tell from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, get_args

from actions.core.facts import Facts, Line
from actions.core.records import Channel
from actions.state.badges import KeptBadge
from ops.badges.badge import Outcome
from ops.badges.likeness import Key
from ops.badges.shelf import Looks, Shelf

CHANNELS: tuple[str, ...] = get_args(Channel)
HOME_CHANNEL = "app"


@dataclass(frozen=True)
class _Standing:
    """What one cause comes to in all regions and channels.

    Attributes:
        outcomes: by place, that of whom nothing is said first.
        mark: what tells it from any other.
        speaks: whether it holds anywhere.
        changes_at: when time alone will change it anywhere.
    """

    outcomes: tuple[Outcome, ...]
    mark: str
    speaks: bool
    changes_at: datetime | None


class Everywhere:
    """Looks at products; like a ``Shelf``, as long as what holds for all products stays as it is.

    Args:
        looks: of the causes.
        world: what holds for all.
        labels: what is shown, by state.
    """

    def __init__(self, looks: Looks, world: Facts, labels: Mapping[str, str]) -> None:
        home = world.user.region
        places = sorted(product(regions_apart(world, home), CHANNELS), key=lambda place: place != (home, HOME_CHANNEL))
        self._shelves = [Shelf(looks, world, *place) for place in places]
        self._keys = [likeness.key(world) for _, likeness in looks.causes]
        self._standings: list[dict[Key, _Standing]] = [{} for _ in self._keys]
        self._labels = labels

    def kept(self, line: Line, now: datetime, version: int) -> KeptBadge:
        """A product's badge as it is kept.

        Args:
            line: one of it.
            now: an instant of the facts' clock, which never goes back.
            version: of this look.
        """
        standings = [self._standing(number, line, now) for number in range(len(self._keys))]
        badge = self._shelves[0].badge_of(line, now, [standing.outcomes[0] for standing in standings])
        body = badge.to_data(self._labels)
        # What is said elsewhere may name these.
        speaks = any(standing.speaks for standing in standings)
        named = (line.item.title, line.item.price, line.merchant.name, line.category.name) if speaks else ()
        return KeptBadge(
            sku=line.item.sku,
            version=version,
            state=badge.state,
            title=line.item.title,
            category=line.category.id,
            merchant=line.merchant.id,
            body=body,
            digest=_digest(body, "".join([standing.mark for standing in standings]), named),
            changes_at=milliseconds_of(badge.valid_until),
            valid_until=milliseconds_of(_first(standings)),
        )

    def _standing(self, number: int, line: Line, now: datetime) -> _Standing:
        key = self._keys[number](line)
        found = self._standings[number].get(key)
        if found is None or (found.changes_at is not None and found.changes_at <= now):
            outcomes = tuple(shelf.outcome(number, key, line, now) for shelf in self._shelves)
            mark = ";".join(f"{int(each.holds)}{milliseconds_of(each.changes_at) or ''}{each.rests_on}" for each in outcomes)
            speaks = any(outcome.holds for outcome in outcomes)
            found = self._standings[number][key] = _Standing(outcomes, _digest(mark)[:8], speaks, _first(outcomes))
        return found


def _first(given: Iterable[Outcome | _Standing]) -> datetime | None:
    return min((each.changes_at for each in given if each.changes_at is not None), default=None)


def regions_apart(world: Facts, home: str) -> list[str]:
    """One region for each way in which regions are treated: named by the same policies and incidents."""
    lists = [policy.regions for policy in world.policies if policy.regions] + [each.affects.regions for each in world.incidents]
    # No region is called so: it stands for all that nobody names.
    candidates = [home, "", *sorted({region for regions in lists for region in regions})]
    return list({tuple(region in regions for regions in lists): region for region in reversed(candidates)}.values())


def milliseconds_of(moment: datetime | None) -> int | None:
    """An instant of the facts' clock as it is stored."""
    return None if moment is None else round(moment.timestamp() * 1000)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str).encode()).hexdigest()[:32]
