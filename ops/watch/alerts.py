"""Alerts as people and programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from ops.watch.complaints import PEOPLE

if TYPE_CHECKING:
    from ops.stats.ranking import OverRepresented


@dataclass(frozen=True)
class Alert:
    """One trouble, however many streams tell of it.

    Attributes:
        opened_at: epoch seconds.
        closed_at: epoch seconds; None while it is open.
        streams: that tell of it, the first one first.
        observed: customers of the first stream from the likely begin to the alarm.
        expected: customers that were to be expected then.
        ratio: exact 95 % interval of observed to expected.
        drill: where it sits, the surest first, after everything that was seen of it.
        informs: whether it only informs and asks for nothing.
        since: when it likely began, in epoch seconds; None where that is not known.
        learning: whether its first stream was too young to be known well.
    """

    opened_at: float
    closed_at: float | None
    streams: tuple[str, ...]
    observed: int
    expected: float
    ratio: tuple[float, float]
    drill: tuple[OverRepresented, ...] = ()
    informs: bool = False
    since: float | None = None
    learning: bool = False

    def to_data(self) -> dict[str, Any]:
        """The alert as one JSON object of ``baitiao alerts replay --json``."""
        return {
            "opened_at": instant(self.opened_at),
            "closed_at": None if self.closed_at is None else instant(self.closed_at),
            "stream": "+".join(self.streams),
            "observed": self.observed,
            "expected": round(self.expected, 4),
            # JSON knows no infinity.
            "ratio": [round(limit, 2) if isfinite(limit) else None for limit in self.ratio],
            "drill": [
                {"dim": each.dim, "value": each.value, "share": round(each.share, 4), "others": round(each.others, 4)}
                for each in self.drill
            ],
            **({"level": "info"} if self.informs else {}),
        }


def instant(at: float) -> str:
    """An instant of epoch seconds as ISO text, in the people's time zone."""
    return datetime.fromtimestamp(at, PEOPLE).isoformat(timespec="seconds")
