"""The stages of an incident: the only place that says which may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

IncidentStage = Literal[
    "draft",  # somebody or an alert suspects it: not in the world, no customer is told
    "investigating",  # declared: customers are told, the cause is not known
    "identified",  # the cause is known
    "monitoring",  # fixed and being watched: still open for diagnoses, without a new banner
    "resolved",  # over
    "withdrawn",  # it was not so
]

STAGES: tuple[IncidentStage, ...] = get_args(IncidentStage)

OPEN: tuple[IncidentStage, ...] = ("investigating", "identified", "monitoring")
"""The stages in which an incident stands open in the world."""

REOPENED_WITHIN_MS = 24 * 3600 * 1000
"""How long after its end a resolved incident may be opened again; what comes later is another one."""

FOLLOWING: Mapping[IncidentStage | None, tuple[IncidentStage, ...]] = {
    None: ("draft", "investigating"),
    "draft": ("investigating", "withdrawn"),
    # Steps may be left out on the way to the end: who mends something at once need not say first that it was found.
    "investigating": ("identified", "monitoring", "resolved", "withdrawn"),
    "identified": ("monitoring", "resolved"),
    "monitoring": ("resolved", "investigating"),
    "resolved": ("investigating",),
    "withdrawn": (),
}
"""What may follow each stage; None: before there is anything."""


class StageNotPossible(ValueError):
    """A stage cannot follow.

    Attributes:
        possible: the stages that can.
    """

    def __init__(self, stage: IncidentStage | None, wanted: str, possible: tuple[IncidentStage, ...]) -> None:
        told = ", ".join(possible) or "nothing"
        super().__init__(f"{wanted} cannot follow {stage or 'nothing'}; what can: {told}")
        self.stage, self.wanted, self.possible = stage, wanted, possible


def following(stage: IncidentStage | None, ended_for_ms: int = 0) -> tuple[IncidentStage, ...]:
    """What may follow a stage.

    Args:
        ended_for_ms: of a resolved one, how long ago it ended.
    """
    return () if stage == "resolved" and ended_for_ms > REOPENED_WITHIN_MS else FOLLOWING[stage]


def step(stage: IncidentStage | None, wanted: IncidentStage, ended_for_ms: int = 0) -> IncidentStage:
    """The stage that is wanted, if it can follow.

    Raises:
        StageNotPossible: it cannot.
    """
    possible = following(stage, ended_for_ms)
    if wanted not in possible:
        raise StageNotPossible(stage, wanted, possible)
    return wanted
