"""Which arm of an experiment a customer is in: decided by a hash, so that it is the same in every process and needs to be stored nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

BUCKETS = 10_000
CONTROL = 0
"""The place of the arm that everybody else is told, too."""


def bucket(salt: str, unit: str) -> int:
    """The bucket of a unit, from 0 to 9999; another salt mixes the units anew."""
    return int.from_bytes(sha256(f"{salt}\0{unit}".encode()).digest()[:8], "big") % BUCKETS


def arm_in(at: int, weights: Sequence[float]) -> int:
    """The place of the arm to which a bucket belongs.

    Args:
        at: the bucket.
        weights: of the arms, relative to each other.
    """
    total, reached = sum(weights), 0.0
    for place, weight in enumerate(weights):
        reached += weight
        if at < round(BUCKETS * reached / total):
            return place
    return len(weights) - 1


@dataclass(frozen=True)
class Layer:
    """Which customers an experiment may have: experiments of one layer share them out, those of different layers know nothing of each other.

    Attributes:
        name: mixes the customers.
        first, end: the buckets from, and up to but without.
    """

    name: str
    first: int = 0
    end: int = BUCKETS

    def holds(self, unit: str) -> bool:
        """Whether a customer is among them."""
        return self.first <= bucket(f"layer:{self.name}", unit) < self.end

    def overlaps(self, other: Layer) -> bool:
        """Whether the same customer may be among those of another."""
        return self.name != other.name or (self.first < other.end and other.first < self.end)


@dataclass(frozen=True)
class Assignment:
    """How an experiment that runs shares customers out.

    Attributes:
        id, version: of the experiment; together they are the salt.
        layer: which customers it may have.
        arms: their names, the control first.
        weights: of the arms.
        causes, intents: who takes part, once one of these is found or said; neither: everybody.
        stopped: names of the arms that a guardrail has stopped; whoever was in one is told what everybody is told.
    """

    id: str
    version: int
    layer: Layer
    arms: tuple[str, ...]
    weights: tuple[float, ...]
    causes: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()

    @property
    def salt(self) -> str:
        """What makes the shares of this experiment independent of those of others."""
        return f"{self.id}:{self.version}"

    def arm_of(self, unit: str) -> int | None:
        """The place of a customer's arm; None: they are not among this experiment's customers, or no longer."""
        if not self.layer.holds(unit):
            return None
        place = arm_in(bucket(self.salt, unit), self.weights)
        return None if self.arms[place] in self.stopped else place

    def concerns(self, causes: Collection[str], intent: str) -> bool:
        """Whether somebody takes part in whom these causes were found and who has said this."""
        return not (self.causes or self.intents) or intent in self.intents or not self.causes.isdisjoint(causes)
