"""Answers a turn in the words of the customer's arm, and notes when those differ from what another arm would have said.

A customer is exposed by the first message whose text or buttons differ between arms: the turn is then answered in the words of every arm and
compared. That costs as much as the answer itself, so it is done only where a text that differs may have been said, and once per customer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from actions.core.assignment import CONTROL, Assignment
from actions.core.effects import ArmMet, HandoffMade
from actions.core.turn import ActionName, Response, Turn
from actions.dialogue.assistant import Answering
from actions.knowledge.model import Knowledge

Ask = Callable[[Answering], "Response | None"]


@dataclass(frozen=True)
class RunningExperiment:
    """An experiment while it runs.

    Attributes:
        assignment: who is in which arm.
        causes, topics: of which some text differs between arms.
        fragments: pieces of the texts that differ, by which a reply is recognised that may hold one.
        days: causes that are told on other days before they begin.
    """

    assignment: Assignment
    causes: frozenset[str]
    topics: frozenset[str]
    fragments: tuple[str, ...]
    days: frozenset[str] = frozenset()

    def may_differ(self, turn: Turn, response: Response) -> bool:
        """Whether another arm may have answered otherwise; without looking, everything would be answered once per arm."""
        told = [reply.data.to_data() for reply in response.replies if reply.data is not None]
        topics = {str(data.get("topic")) for data in told} | {str(response.case.answered), str(turn.second_topic), *dict(turn.topics[:1])}
        if not self.causes.isdisjoint(causes_of(turn, response)) or not self.topics.isdisjoint(topics):
            return True
        texts = "\n".join(reply.text for reply in response.replies)
        return any(fragment in texts for fragment in self.fragments)


@dataclass(frozen=True)
class Arms:
    """What is said in every arm of what runs.

    Attributes:
        usual: what everybody else is told.
        experiments: those that run.
        knowledge: by the places of the arms, one for each experiment.
    """

    usual: Knowledge
    experiments: tuple[RunningExperiment, ...]
    knowledge: Mapping[tuple[int, ...], Knowledge]


class ArmedAssistant:
    """An assistant that answers each customer in the words of their arm.

    Args:
        arms: of what runs.
        make: an assistant of some knowledge, on one look at the state.
        met: the experiments, each with its version, of which a customer has met an arm.
    """

    def __init__(self, arms: Arms, make: Callable[[Knowledge], Answering], met: Callable[[str], Collection[tuple[str, int]]]) -> None:
        self._arms, self._make, self._met = arms, make, met

    def respond(self, turn: Turn, action: ActionName) -> Response:
        """Answers a turn; as ``Assistant.respond``."""
        response = self._answered(turn, lambda assistant: assistant.respond(turn, action))
        assert response is not None
        return response

    def look(self, turn: Turn) -> Response | None:
        """What is to be said unasked; as ``Assistant.look``."""
        return self._answered(turn, lambda assistant: assistant.look(turn))

    def _answered(self, turn: Turn, ask: Ask) -> Response | None:
        places = [each.assignment.arm_of(turn.user_id) for each in self._arms.experiments]
        key = tuple(CONTROL if place is None else place for place in places)
        response = self._asked(ask, key)
        if response is None or all(place is None for place in places):
            return response
        mine = [at for at, place in enumerate(places) if place is not None]
        touched = [at for at in mine if self._arms.experiments[at].may_differ(turn, response)]
        # Diagnoses are the same in every arm, so whether somebody takes part does not depend on the arm they are in.
        causes = causes_of(turn, response)
        outside = {at for at in touched if not self._arms.experiments[at].assignment.concerns(causes, turn.intent)}
        if any(key[at] != CONTROL for at in outside):
            key = tuple(CONTROL if at in outside else place for at, place in enumerate(key))
            response = self._asked(ask, key)
        inside = [at for at in touched if at not in outside]
        return response if response is None or not inside else self._with_exposures(turn, ask, response, key, inside)

    def _with_exposures(self, turn: Turn, ask: Ask, response: Response, key: tuple[int, ...], inside: list[int]) -> Response:
        met = self._met(turn.user_id)
        noted = []
        for at in inside:
            assignment = self._arms.experiments[at].assignment
            if (assignment.id, assignment.version) in met:
                continue
            others = (place for place in range(len(assignment.arms)) if place != key[at])
            if any(differs(response, self._asked(ask, (*key[:at], place, *key[at + 1 :]))) for place in others):
                noted.append(ArmMet(assignment.id, assignment.version, assignment.arms[key[at]]))
        return replace(response, effects=(*response.effects, *noted)) if noted else response

    def _asked(self, ask: Ask, key: tuple[int, ...]) -> Response | None:
        return ask(self._make(self._arms.knowledge[key]))


def causes_of(turn: Turn, response: Response) -> frozenset[str]:
    """The causes that a turn is about: those of the case before it, and after."""
    named = (*turn.case.causes, *response.case.causes, turn.case.cause, response.case.cause)
    return frozenset(name for name in named if name is not None)


def differs(response: Response, other: Response | None) -> bool:
    """Whether a customer would read something else, but for the numbers of cases, which are drawn."""
    return other is None or _read(response) != _read(other)


def _read(response: Response) -> list[tuple[str, tuple[str, ...]]]:
    read = [(reply.text, tuple(button.title for button in reply.buttons)) for reply in response.replies]
    for effect in response.effects:
        if isinstance(effect, HandoffMade):
            read = [(text.replace(effect.handoff, "#"), titles) for text, titles in read]
    return read
