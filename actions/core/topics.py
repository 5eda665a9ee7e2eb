"""Topics: the matters a customer may bring, what each is answered with, and how that depends on the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Mapping, Optional, Tuple

from actions.core.conditions import Condition, Match
from actions.core.views import View

TopicKind = Literal["state", "rule", "action", "failure", "emergency", "case", "dialogue"]
"""What a topic wants: a look at the state, a verdict, a way to do something, a diagnosis, a person at once; or it is about the case or the talk."""

CaseMove = Literal[
    "next_step",  # what to do now
    "other_causes",  # is there anything else?
    "first_things_first",  # another step first
    "look_again",  # is it done now?
    "partly_done",  # a part of it is done
    "will_do",  # about to do it
    "give_up",  # does not want it any more
    "cancel_person",  # takes the request for a person back
    "queue_status",  # where is the person?
    "correct_subject",  # another order or bill is meant
    "start_over",
]
"""What a topic about the case does that no sentence alone can do."""

QuoteSubject = Literal[
    "order",  # the order at hand, or an amount that is named
    "named",  # only an amount that is named
]
"""What a quote behind an answer is for."""


@dataclass(frozen=True)
class TopicAnswer:
    """One answer of a topic.

    Attributes:
        text: variants, so that it need not be said twice in the same words.
        when: the state in which it is the answer; None for every state.
        evidence: names of the facts it rests on.
        path: where in the app, levels joined by ``→``.
    """

    text: Tuple[str, ...]
    when: Optional[Condition] = None
    evidence: Tuple[str, ...] = ()
    path: Optional[str] = None


@dataclass(frozen=True)
class Topic:
    """One matter.

    Attributes:
        title: short enough for a button.
        kind: what it wants.
        answers: the first whose condition holds is the answer; of a failure, it leads a diagnosis in that found something; of an emergency, it is
            what the customer is told beside the number of the handoff.
        nothing_found: of a failure, what is said when no cause holds.
        refresh: of a failure, whether the round of refresh steps is worth the customer's while then.
        causes: those that stand in the way of just this wish, and may be named after the answer.
        follow_up: topics to offer afterwards.
        reason: of an emergency, why it goes to a person: a key of ``handoffs.yml``.
        aspect: of a topic about the case, the aspect of the cause on the table that it asks for.
        move: of a topic about the case, what is done instead.
        aspects: answers to sub-questions that are this topic's own, by aspect.
        quote: for which amount the plans with their annual rates follow the answer; one that is named always goes before the order's.
    """

    id: str
    title: str
    kind: TopicKind
    answers: Tuple[TopicAnswer, ...] = ()
    nothing_found: Tuple[str, ...] = ()
    refresh: bool = True
    causes: Tuple[str, ...] = ()
    follow_up: Tuple[str, ...] = ()
    reason: Optional[str] = None
    aspect: Optional[str] = None
    move: Optional[CaseMove] = None
    aspects: Mapping[str, Tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    quote: Optional[QuoteSubject] = None

    def answer_in(self, view: View) -> Optional[Tuple[TopicAnswer, Tuple[Match, ...]]]:
        """The answer that fits a state, and the rows for which its condition held; None if none fits."""
        for answer in self.answers:
            if answer.when is None:
                return answer, ()
            holding = answer.when.holds(view)
            if holding:
                return answer, holding.matches
        return None
