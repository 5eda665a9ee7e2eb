"""Why something about an experiment is refused, in words for people and for machines."""

from __future__ import annotations

from typing import Any, Literal

Code = Literal[
    "unknown-experiment",
    "overlay-refused",
    "never-differs",
    "not-rehearsed",
    "rehearsal-failed",
    "overlapping-layer",
    "too-few-customers",
    "n-too-small",
    "experiment-locked",
    "already-running",
    "not-submitted",
    "four-eyes",
    "unnamed",
    "not-running",
    "unknown-arm",
    "arm-stopped",
    "sample-ratio",
    "too-early",
    "reason-needed",
]


class ExperimentRefused(ValueError):
    """Something about an experiment is not done.

    Attributes:
        status: as an HTTP answer has it; ``code``: the type of the problem; ``reason``: a sentence.
        extra: what else helps.
    """

    def __init__(self, status: int, code: Code, reason: str, **extra: Any) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason, self.extra = status, code, reason, extra
