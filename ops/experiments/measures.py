"""What an experiment can measure of a customer: what was observed of them after they met their arm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.core.observations import PROOF, Kind

_DAY_MS = 24 * 60 * 60 * 1000
_LOW_RATING = 2
_COMPLAINING = "complaint"
"""The queue of those who complain of the assistant or the platform, and the word of their intent."""


@dataclass(frozen=True)
class Seen:
    """One observation of a customer; see ``actions.core.observations``."""

    at: int
    episode: int | None
    kind: Kind
    value: str
    dims: Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """Something that happens to a customer or does not.

    Attributes:
        name: as experiments name it.
        window: milliseconds after the exposure in which it counts; only then is it known that it did not happen.
        means: in words, for people who write experiments.
        happened: whether an observation is it, given the ends of the customer's episodes so far.
    """

    name: str
    window: int
    means: str
    happened: Callable[[Seen, Mapping[int | None, str]], bool]

    def first(self, seen: Sequence[Seen], since: int) -> int | None:
        """When it happened first after an exposure; None: it did not within the window."""
        ends: dict[int | None, str] = {}
        for each in seen:
            if since <= each.at < since + self.window and self.happened(each, ends):
                return each.at
            if each.kind == "end":
                ends[each.episode] = each.value
        return None


def _is(kind: Kind, *values: str) -> Callable[[Seen, Mapping[int | None, str]], bool]:
    return lambda seen, ends: seen.kind == kind and (not values or seen.value in values)


def _returned(seen: Seen, ends: Mapping[int | None, str]) -> bool:
    return seen.kind == "complained" and any(episode != seen.episode for episode in ends)


_ALL = (
    Measure("resolved", 3 * _DAY_MS, "the state itself says that nothing blocks any more", lambda seen, ends: _proven(seen)),
    Measure("ended_resolved", 3 * _DAY_MS, "resolved by the state or by the customer's word", _is("end", "resolved")),
    Measure(
        "step_passed",
        3 * _DAY_MS,
        "a step is checked and is done",
        lambda seen, ends: seen.kind == "check" and seen.value.endswith("/passed"),
    ),
    Measure(
        "step_not_found",
        _DAY_MS,
        "a step's place is not found",
        lambda seen, ends: seen.kind == "step" and seen.value.endswith("/not_found"),
    ),
    Measure("abandoned", 2 * _DAY_MS, "left for a day without an end", _is("end", "abandoned")),
    Measure("handoff", _DAY_MS, "the case goes to a person", _is("handoff")),
    Measure("complaint", _DAY_MS, "a complaint of the assistant or the platform", lambda seen, ends: _complains(seen)),
    Measure("rating_low", 7 * _DAY_MS, "rated 1 or 2", lambda seen, ends: seen.kind == "rated" and int(seen.value) <= _LOW_RATING),
    Measure("unclear", _DAY_MS, "a message is not understood", _is("unclear")),
    Measure("return_7d", 7 * _DAY_MS, "complains anew after an end, within 7 days", _returned),
)
ADVICE_BLOCKED = "advice_blocked"
"""Told by the state on the day that advice foretold and not by what was observed, so that it is known when that day has come."""
_FORETOLD = Measure(
    ADVICE_BLOCKED, 30 * _DAY_MS, "blocked by the very cause on the day that advice about it foretold", lambda seen, ends: False
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in (*_ALL, _FORETOLD)}
"""What metrics and guardrails can be, by name."""


def _proven(seen: Seen) -> bool:
    return seen.kind == "end" and seen.value == "resolved" and seen.dims.get("by") == PROOF


def _complains(seen: Seen) -> bool:
    return (seen.kind == "handoff" and seen.dims.get("queue") == _COMPLAINING) or (
        seen.kind == "complained" and seen.value.startswith(_COMPLAINING)
    )
