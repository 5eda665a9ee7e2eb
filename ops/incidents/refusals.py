"""Why something about an incident is refused, in words for people and for machines."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Any, Literal

Code = Literal[
    "unknown-incident",
    "unknown-component",
    "unknown-severity",
    "unknown-region",
    "unknown-merchant",
    "unknown-category",
    "unknown-channel",
    "unknown-version",
    "eta-unreadable",
    "eta-past",
    "eta-too-far",
    "text-refused",
    "stage-not-possible",
    "already-open",
    "ends-before-start",
    "incident-gone",
    "world-refused",
    "cause-missing",
    "action-incomplete",
    "due-wrong",
    "unknown-action",
    "action-done",
]


class IncidentRefused(ValueError):
    """Something about an incident is not done.

    Attributes:
        status: as an HTTP answer has it; ``code``: the type of the problem; ``reason``: a sentence.
        extra: what else helps, such as ``nearest``, ``possible`` or ``incident``.
    """

    def __init__(self, status: int, code: Code, reason: str, **extra: Any) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason, self.extra = status, code, reason, extra


def unknown(what: str, code: Code, given: str, known: Collection[str]) -> IncidentRefused:
    """The refusal of a word that is not among the known ones; it names the nearest."""
    nearest = difflib.get_close_matches(given, sorted(known), n=3, cutoff=0.3)
    if not nearest and len(known) <= 8:
        nearest = sorted(known)
    told = f"; nearest: {', '.join(nearest)}" if nearest else ""
    return IncidentRefused(422, code, f"there is no {what} {given}{told}", nearest=nearest)
