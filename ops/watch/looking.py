"""Looking at the census's panel: what blocks each member in a world, and what blocks that are new came of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts
from actions.core.records import User
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.state.world.whole import WholeWorld
from ops.badges.badge import BadgeMaker
from ops.stats.ranking import Value
from ops.watch.census import Looked, Origin
from ops.watch.panel import Key

CHANNEL = "app"
"""For whose customers products are looked at."""
_SHARED = ("plans", "policies", "incidents", "maintenance")
_NOTHING_DECLARED: dict[str, Any] = {"incidents": (), "maintenance": ()}


@dataclass(frozen=True)
class Looker:
    """Diagnoses members of the panel, as the chat and the badges do.

    Args:
        knowledge: what causes there are.
    """

    knowledge: Knowledge

    def look(self, world: WholeWorld, now: datetime, members: Collection[Key]) -> dict[Key, Looked]:
        """Every member that is in the world.

        Args:
            world: of the members' customers, at least.
            now: an instant of the facts' clock.
            members: of the panel.
        """
        return {
            key: Looked(
                diagnosis.facts.user.id if key[0] != "item" else key[1], tuple(_blocks(diagnosis)), frozenset(_values(diagnosis.facts, key))
            )
            for key, diagnosis in self._diagnoses(world, now, members)
        }

    def origins(
        self,
        new: Mapping[Key, Collection[str]],
        world: WholeWorld,
        before: WholeWorld,
        now: datetime,
        then: datetime,
    ) -> dict[Key, dict[str, Origin]]:
        """What blocks that are new came of.

        The world before, diagnosed as of now, tells what the clock alone would have done: a bill falls due, a policy comes into force.
        What it says already of the time of the last look has come into the world without being noted, and is as unforeseen as a change.

        Args:
            new: ids of causes by member.
            world: as it is.
            before: as it was at the last look.
            now: the facts' clock.
            then: the facts' clock at the last look.
        """
        foretold, known = (
            {key: frozenset(_blocks(found)) for key, found in self._diagnoses(before, moment, new)} for moment in (now, then)
        )
        undeclared = {
            key: frozenset(_blocks(found))
            for key, found in self._diagnoses(world, now, new, lambda facts: replace(facts, **_NOTHING_DECLARED))
        }
        nothing: frozenset[str] = frozenset()

        def origin(key: Key, cause: str) -> Origin:
            if cause in foretold.get(key, nothing) and cause not in known.get(key, nothing):
                return "foretold"
            return "unforeseen" if cause in undeclared.get(key, nothing) else "declared"

        return {key: {cause: origin(key, cause) for cause in causes} for key, causes in new.items()}

    def _diagnoses(
        self, world: WholeWorld, now: datetime, members: Collection[Key], seen: Callable[[Facts], Facts] = lambda facts: facts
    ) -> Iterator[tuple[Key, Diagnosis]]:
        subjects = {Subject(kind, key) for kind, key in members if kind != "item"}
        causes = tuple(self.knowledge.causes.values())
        for facts in world.snapshots(now, subjects):
            kind, key = ("order", facts.order.id) if facts.order is not None else ("bill", facts.bill.id if facts.bill else "")
            yield (kind, key), diagnose(seen(facts), causes)  # type: ignore[misc]
        maker = BadgeMaker(causes, "", self.knowledge.locale)
        shared: dict[str, Any] = {section: tuple(world.rows[section].values()) for section in _SHARED}
        nobody = seen(Facts(now=now, user=User(id="nobody"), **shared))
        for line in world.lines():
            if ("item", line.item.sku) in members:
                yield ("item", line.item.sku), maker.diagnosis(line, nobody, nobody.user.region, CHANNEL)


def _blocks(diagnosis: Diagnosis) -> Iterator[str]:
    return (found.cause.id for found in diagnosis.blocks)


def _values(facts: Facts, key: Key) -> Iterator[Value]:
    for line in facts.lines:
        yield "merchant", line.merchant.id
        yield "category", line.category.id
    if key[0] == "item":
        return
    yield "region", facts.user.region
    yield "app_version", str(facts.user.app_version)
    if facts.order is not None:
        yield "channel", facts.order.channel
