"""What a customer reads outside of a turn, in the words of their arm: first screens, banners, advice, notices that something is over.

It is made once per arm and compared, as a turn is answered; whoever shows it notes the exposure with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from actions.core.assignment import CONTROL
from actions.core.effects import ArmMet
from actions.dialogue.arms import Arms, RunningExperiment
from actions.knowledge.model import Knowledge

Told = TypeVar("Told")


@dataclass(frozen=True)
class Worded(Generic[Told]):
    """Something as one customer reads it.

    Attributes:
        told: in the words of their arm.
        met: the arms that they meet by reading it for the first time.
    """

    told: Told
    met: tuple[ArmMet, ...] = ()


class ArmedTexts:
    """What each customer is told outside of turns.

    Args:
        arms: of the experiments that run; None: none does.
        usual: what everybody else is told.
        met: the experiments, each with its version, of which a customer has met an arm.
    """

    def __init__(self, arms: Arms | None, usual: Knowledge, met: Callable[[str], Collection[tuple[str, int]]]) -> None:
        self.usual = usual
        self._arms, self._met = arms, met

    def told(
        self,
        user: str,
        say: Callable[[Knowledge], Told],
        causes_of: Callable[[Told], Collection[str]],
        about: Collection[str] | None = None,
    ) -> Worded[Told]:
        """One thing in the words of a customer's arm.

        Args:
            say: makes it of some knowledge, always from the same look at the state; what is made is compared by its value.
            causes_of: the causes that it is about, which are the same in every arm.
            about: causes of whose texts it is made and of nothing else; None: of phrases, too.
        """
        arms = self._arms
        if arms is None:
            return Worded(say(self.usual))
        places = [each.assignment.arm_of(user) if about is None or not each.causes.isdisjoint(about) else None for each in arms.experiments]
        if all(place is None for place in places):
            return Worded(say(self.usual))
        usual = say(self.usual)
        causes = causes_of(usual)
        # Nobody has said anything yet, so that whoever takes part by an intent does not by this.
        key = [CONTROL if place is None or not _concerns(each, causes) else place for each, place in zip(arms.experiments, places)]
        told = say(arms.knowledge[tuple(key)]) if any(place != CONTROL for place in key) else usual
        inside = [at for at, each in enumerate(arms.experiments) if places[at] is not None and _concerns(each, causes)]
        return Worded(told, self._meets(user, say, told, key, inside) if inside else ())

    def _meets(
        self, user: str, say: Callable[[Knowledge], Told], told: Told, key: list[int], inside: Collection[int]
    ) -> tuple[ArmMet, ...]:
        assert self._arms is not None
        known, meets = self._met(user), []
        for at in inside:
            assignment = self._arms.experiments[at].assignment
            if (assignment.id, assignment.version) in known:
                continue
            others = ((*key[:at], place, *key[at + 1 :]) for place in range(len(assignment.arms)) if place != key[at])
            if any(say(self._arms.knowledge[other]) != told for other in others):
                meets.append(ArmMet(assignment.id, assignment.version, assignment.arms[key[at]]))
        return tuple(meets)


def _concerns(experiment: RunningExperiment, causes: Collection[str]) -> bool:
    return experiment.assignment.concerns(causes, "")
