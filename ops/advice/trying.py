"""The day of advice in an experiment: when each arm tells something that comes, and whether it has come to a day on which they differ. Pure.

Arms are compared from one and the same moment on: the first at which any of them tells it, provided that nothing speaks against telling it then.
Up to that moment no arm has said anything, so that whoever is counted is counted alike in each, whichever arm they are in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.core.assignment import CONTROL
from actions.core.effects import ArmMet
from actions.dialogue.arms import Arms
from actions.state.advice import Advice
from ops.advice.restraint import due_day


@dataclass(frozen=True)
class TriedDay:
    """When something is told in the arms of an experiment that do not agree in it.

    Attributes:
        arm: the customer's, with the experiment and its version.
        own, usual: its day, and the control's; ``first`` and ``last`` of all arms.
    """

    arm: str
    own: date
    usual: date
    first: date
    last: date

    def to_row(self) -> dict[str, Any]:
        """As it is planned, to be looked at on the first day."""
        days = {"own_on": self.own, "usual_on": self.usual, "last_on": self.last}
        return {"trying": self.arm, **{name: day.isoformat() for name, day in days.items()}}


def tried_day(arms: Arms | None, user: str, cause: str, on: date, today: date, lead: int | None) -> TriedDay | None:
    """When a customer is told of what begins on a day; None: on the usual day, since no experiment has another for them.

    Args:
        arms: of the experiments that run.
        today, lead: as for ``due_day``.
    """
    for at, each in enumerate(arms.experiments if arms is not None else ()):
        assignment = each.assignment
        place = assignment.arm_of(user)
        if arms is None or cause not in each.days or place is None or not assignment.concerns((cause,), ""):
            continue
        days: dict[int, date] = {}
        for other, name in enumerate(assignment.arms):
            if name in assignment.stopped:
                continue
            key = tuple(other if number == at else CONTROL for number in range(len(arms.experiments)))
            ahead = arms.knowledge[key].causes[cause].told_before
            due = None if ahead is None else due_day(ahead.told_days, on, today, lead)
            if due is None:
                # It was known too late for some arm: then nobody is told on another day than usual.
                return None
            days[other] = due
        if len(set(days.values())) > 1:
            first, last = min(days.values()), max(days.values())
            return TriedDay(ArmMet(assignment.id, assignment.version, assignment.arms[place]).name, days[place], days[CONTROL], first, last)
    return None


def arm_met(row: Advice) -> ArmMet:
    """The arm in which something is told."""
    experiment, version, arm = str(row.trying).split("/")
    return ArmMet(experiment, int(version), arm)


def arms_that_run(arms: Arms | None) -> Iterator[str]:
    """The arms whose days are told."""
    for each in arms.experiments if arms is not None else ():
        for name in each.assignment.arms if each.days else ():
            if name not in each.assignment.stopped:
                yield ArmMet(each.assignment.id, each.assignment.version, name).name
