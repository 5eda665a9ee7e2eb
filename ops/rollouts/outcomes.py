"""What is compared of regions: the measures of experiments, of customers who were diagnosed, and how many of those who live there came at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ops.experiments.measures import MEASURES, Measure, Seen

CAME = "came"
_MEASURED = ("complaint", "handoff", "unclear", "rating_low", "resolved")


@dataclass(frozen=True)
class Outcome:
    """Something that part of the customers of a region do in a week.

    Attributes:
        name: as commands and pages know it.
        measure: what happens to whoever was diagnosed; None: that a customer who lives there came and was diagnosed.
    """

    name: str
    measure: Measure | None = None

    @property
    def window(self) -> int:
        """Milliseconds after which it is known that it did not happen."""
        return 0 if self.measure is None else self.measure.window

    def happened(self, seen: Sequence[Seen], since: int) -> bool:
        """Whether it happened to a customer who was diagnosed at an instant."""
        return self.measure is None or self.measure.first(seen, since) is not None


OUTCOMES: Mapping[str, Outcome] = {CAME: Outcome(CAME), **{name: Outcome(name, MEASURES[name]) for name in _MEASURED}}
"""By name, in the order of reports."""
