"""Why there is no comparison of a policy, in words for people and for machines."""

from __future__ import annotations

from typing import Any, Literal

RolloutCode = Literal[
    "no-regions",
    "not-approved",
    "not-begun",
    "clock-stands",
    "too-early",
    "too-little-before",
    "nothing-new",
    "no-untreated",
    "unknown-outcome",
    "no-such-weeks",
]


class RolloutRefused(ValueError):
    """There is nothing to compare.

    Attributes:
        code: for machines, and for pages, which say it in words of their own.
        reason: a sentence.
        extra: what else helps, such as ``on``, the day from which there can be a comparison.
    """

    def __init__(self, code: RolloutCode, reason: str, **extra: Any) -> None:
        super().__init__(reason)
        self.code, self.reason, self.extra = code, reason, extra

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {"code": self.code, "reason": self.reason, **self.extra}
