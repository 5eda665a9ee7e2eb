"""Why something about a policy is refused, in words for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

Code = Literal[
    "unknown-policy",
    "no-such-version",
    "unknown-trial",
    "world-refused",
    "starts-in-past",
    "end-before-start",
    "in-force",
    "two-open",
    "open-version",
    "text-refused",
    "incomplete",
    "four-eyes",
    "trial-needed",
    "trial-old",
    "trial-other-world",
    "trial-other-policy",
    "trial-not-done",
    "decision-not-possible",
    "unknown-predecessor",
    "not-a-day",
    "day-before-start",
]


class PolicyRefused(ValueError):
    """Something about a policy is not done.

    Attributes:
        status: as an HTTP answer has it; ``code``: the type of the problem; ``reason``: a sentence.
        extra: what else helps, such as ``missing``, ``possible``, ``problems`` or ``other``.
    """

    def __init__(self, status: int, code: Code, reason: str, **extra: Any) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason, self.extra = status, code, reason, extra

    @classmethod
    def incomplete(cls, missing: Sequence[str]) -> PolicyRefused:
        """The refusal of what lacks something."""
        return cls(422, "incomplete", f"it lacks {', '.join(missing)}", missing=list(missing))
