"""A dry-run of some instead of all: a stratified sample of orders and bills, and what it says of all of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.world.tables import TABLES
from ops.policies.dry_run import DryRun
from ops.stats.sampling import Stratum, allotted, total

Layer = tuple[str, str, str]
"""Order or bill, its status, and the region of whose it is."""


_ROOM = 4
"""Subjects that there must be for each stratum on average."""


@dataclass(frozen=True)
class Drawn:
    """A sample.

    Attributes:
        seed: draws the same again from the same world.
        sizes: of each stratum; subjects: those that were drawn, by stratum and customer.
    """

    seed: int
    sizes: Mapping[Layer, int]
    subjects: Mapping[Layer, tuple[tuple[str, Subject], ...]]

    @property
    def wanted(self) -> dict[str, set[Subject]]:
        """The subjects by customer."""
        found: dict[str, set[Subject]] = {}
        for drawn in self.subjects.values():
            for user, subject in drawn:
                found.setdefault(user, set()).add(subject)
        return found

    def estimates(self, run: DryRun) -> dict[str, Any]:
        """What the sample says of all: for each effect the estimate and a 95 % interval."""
        return {
            "seed": self.seed,
            "drawn": sum(map(len, self.subjects.values())),
            "of": sum(self.sizes.values()),
            "strata": len(self.sizes),
            "estimates": {
                name: self._estimate(rows) for name, rows in (("lose", run.lose), ("gain", run.gain), ("narrower", run.narrower))
            },
        }

    def _estimate(self, rows: tuple[Mapping[str, Any], ...]) -> dict[str, float]:
        hit = {Subject.of(row.get("order"), row.get("bill")) for row in rows}
        hits = Counter(layer for layer, drawn in self.subjects.items() for _, subject in drawn if subject in hit)
        found = total([Stratum(size, len(self.subjects[layer]), hits[layer]) for layer, size in self.sizes.items()])
        return {"estimate": round(found.estimate, 1), "low": round(found.low, 1), "high": round(found.high, 1)}


def _without_regions(layers: Mapping[Layer, list[tuple[str, Subject]]]) -> dict[Layer, list[tuple[str, Subject]]]:
    found: dict[Layer, list[tuple[str, Subject]]] = {}
    for (kind, status, _), subjects in sorted(layers.items()):
        found.setdefault((kind, status, ""), []).extend(subjects)
    return found


def draw(session: Session, wanted: int, seed: int) -> Drawn:
    """Draws orders and bills.

    Args:
        session: of the world.
        wanted: how many, at least two of each stratum.
        seed: of the draw.
    """
    layers: dict[Layer, list[tuple[str, Subject]]] = {}
    users = TABLES["users"]
    for kind in ("order", "bill"):
        table = TABLES[f"{kind}s"]
        rows = select(table.c.id, table.c.user, table.c.status, users.c.region).join(users, table.c.user == users.c.id).order_by(table.c.id)
        for row in session.execute(rows):
            layers.setdefault((kind, row.status, row.region), []).append((row.user, Subject(kind, row.id)))  # type: ignore[arg-type]
    if _ROOM * len(layers) > wanted:
        # Two of each region would be more than are wanted.
        layers = _without_regions(layers)
    chance, names = random.Random(seed), sorted(layers)
    counts = allotted([len(layers[name]) for name in names], wanted)
    drawn = {name: tuple(chance.sample(layers[name], count)) for name, count in zip(names, counts)}
    return Drawn(seed, {name: len(layers[name]) for name in names}, drawn)
