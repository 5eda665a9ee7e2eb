"""Badges of many products of one world in one region and channel: what a cause comes to is worked out once for all products alike to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.core.causes import Cause
from actions.core.facts import Facts, Line
from ops.badges.badge import Badge, BadgeMaker, Outcome
from ops.badges.likeness import Key, Likeness


class Looks:
    """The causes that can hold for products, each with what it looks at; made once per knowledge.

    Args:
        maker: of badges.
    """

    def __init__(self, maker: BadgeMaker) -> None:
        self.maker = maker
        self.causes = [(cause, Likeness(cause)) for cause in maker.causes if cause.when is not None]


class Shelf:
    """As long as what holds for all products stays as it is; products, shops and categories may change meanwhile.

    Args:
        looks: of the causes.
        world: what holds for all.
        region: for whom.
        channel: where.
    """

    def __init__(self, looks: Looks, world: Facts, region: str, channel: str) -> None:
        self._maker = looks.maker
        self._causes = [(cause, likeness.key(world)) for cause, likeness in looks.causes]
        self._world, self._region, self._channel = world, region, channel
        self._outcomes: list[dict[Key, Outcome]] = [{} for _ in self._causes]

    def badge(self, line: Line, now: datetime) -> Badge:
        """The badge of a product at an instant, which never goes back."""
        outcomes = [self.outcome(number, key(line), line, now) for number, (_, key) in enumerate(self._causes)]
        return self.badge_of(line, now, outcomes)

    def badge_of(self, line: Line, now: datetime, outcomes: Sequence[Outcome]) -> Badge:
        """The badge of a product of which the outcomes are known, one per cause."""
        holding: list[Cause] = [cause for (cause, _), outcome in zip(self._causes, outcomes, strict=True) if outcome.holds]
        until = min((outcome.changes_at for outcome in outcomes if outcome.changes_at is not None), default=None)
        return self._maker.badge_of(line, self._at(now), self._region, self._channel, holding, until)

    def outcome(self, number: int, key: Key, line: Line, now: datetime) -> Outcome:
        """What a cause comes to.

        Args:
            number: of the cause.
            key: of the product to the cause.
        """
        found = self._outcomes[number].get(key)
        if found is None or (found.changes_at is not None and found.changes_at <= now):
            made = self._maker.outcome(self._causes[number][0], line, self._at(now), self._region, self._channel)
            found = self._outcomes[number][key] = made
        return found

    def plans(self, line: Line, now: datetime) -> list[dict[str, Any]]:
        """What installments of a product cost; see ``badge``."""
        return self._maker.plans(line, self._at(now), self._region, self._channel)

    def _at(self, now: datetime) -> Facts:
        world = self._world
        if world.now != now:
            self._world = world = replace(world, now=now)
        return world
