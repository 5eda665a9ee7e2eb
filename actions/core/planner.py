"""The reply planner: what was asked, the phase of the case and what was found, to the ordered parts of a reply. It says nothing itself.

The order is that of a good human agent: first what was asked, then the proven cause, then the sub-questions, then one next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Literal, Optional, Tuple

from actions.core.case import Phase
from actions.core.topics import CaseMove, Topic

SURE = 0.35
"""The confidence from which on a topic is taken for what was asked."""
LIKELY = 0.2
"""The confidence that suffices in the middle of a case for what is said about the case or the talk: little else is said there."""
ALARMING, ALARMING_TOGETHER = 0.4, 0.5
"""The confidence from which on all emergencies together call a person, if one of them is the likeliest topic, and if none is: which of them
it is matters less than that it is one."""
MOST_ASPECTS = 2
"""Sub-questions that one reply answers."""
UPSET = "upset"
"""The aspect that asks for a word of understanding."""
_TELLING = ("undo", "own_guess", "safe", "where", "future", "meanwhile")
"""Aspects whose words say more than the topic a follow-up was taken for."""
_OPEN_PHASES: Tuple[Phase, ...] = ("doing", "offered", "confirming", "handoff_offered", "waiting", "explained", "resolved", "handed_over")
"""The phases in which there is a case to ask about."""

WishKind = Literal["complaint", "question", "other"]
"""What a message is by its intent: something does not work, something is asked, or neither."""


@dataclass(frozen=True)
class Asked:
    """What a message asks for.

    Attributes:
        kind: by its intent.
        topic: the likeliest matter; None if there is none.
        confidence: how sure the topic is, 0–1.
        aspects: sub-questions, in the order of the text.
        claims: what the customer says of their own state.
        second: another matter of the same message.
        guesses: the next likely topics.
        blamed: what the complaint takes to keep the order from being split: the causes that would prove it right.
    """

    kind: WishKind
    topic: Optional[Topic] = None
    confidence: float = 1.0
    aspects: Tuple[str, ...] = ()
    claims: Tuple[str, ...] = ()
    second: Optional[Topic] = None
    guesses: Tuple[Topic, ...] = ()
    blamed: Tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the topic is taken for what was asked."""
        return self.topic is not None and self.confidence >= SURE


# --- parts of a reply ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One part of a reply; the subclasses are all there is."""


@dataclass(frozen=True)
class HandOverFor(Part):
    """A person at once, for an emergency."""

    topic: Topic


@dataclass(frozen=True)
class GiveAnswer(Part):
    """A topic's answer.

    Attributes:
        aspects: sub-questions the topic itself answers.
        claims: what the customer says of their state, to be put right where the record says otherwise.
        also: a cause that stands in the way of just this wish, named in the last sentence.
        guesses: other topics that may have been meant, as buttons.
    """

    topic: Topic
    aspects: Tuple[str, ...] = ()
    claims: Tuple[str, ...] = ()
    also: Optional[str] = None
    guesses: Tuple[Topic, ...] = ()


@dataclass(frozen=True)
class GiveDiagnosis(Part):
    """A diagnosis of the subject, and the case that follows from it.

    Attributes:
        lead: the failure the customer speaks of, which leads the diagnosis in; None to begin with what was found.
        aspects: sub-questions to answer behind the cause.
        claims: what the customer says of their state.
        second: another matter of the same message, answered before the case goes on, so that its choices come last.
        answered: what was asked has been answered already, so that each cause is named in a line.
    """

    lead: Optional[Topic] = None
    aspects: Tuple[str, ...] = ()
    claims: Tuple[str, ...] = ()
    second: Optional[Topic] = None
    answered: bool = False


@dataclass(frozen=True)
class AnswerAbout(Part):
    """Sub-questions about the cause on the table, with the choices of the case.

    Attributes:
        aspects: in the order in which they are answered.
        claims: what the customer says of their state.
    """

    topic: Topic
    aspects: Tuple[str, ...]
    claims: Tuple[str, ...] = ()


@dataclass(frozen=True)
class MoveCase(Part):
    """What no sentence alone can do for a question about the case."""

    topic: Topic
    move: CaseMove


@dataclass(frozen=True)
class OfferChoices(Part):
    """The choices of the present phase once more."""


@dataclass(frozen=True)
class AskBack(Part):
    """What was meant? The likeliest readings as buttons."""

    guesses: Tuple[Topic, ...] = ()


def emergency_in(ranked: Iterable[Tuple[Topic, float]]) -> Optional[Topic]:
    """The likeliest emergency, if a message is likely enough to speak of one.

    Args:
        ranked: topics by falling confidence.
    """
    topics = tuple(ranked)
    emergencies = [(topic, confidence) for topic, confidence in topics if topic.kind == "emergency"]
    needed = ALARMING if emergencies[:1] == list(topics[:1]) else ALARMING_TOGETHER
    return emergencies[0][0] if emergencies and sum(confidence for _, confidence in emergencies) >= needed else None


# --- planning --------------------------------------------------------------------------------------------------------------------------


def plan(asked: Asked, phase: Phase, found: Tuple[str, ...] = ()) -> Tuple[Part, ...]:
    """The parts of a reply, in order.

    Args:
        asked: what the message asks for.
        phase: of the case.
        found: ids of the causes that hold for what the customer is looking at.
    """
    topic, aspects = asked.topic, asked.aspects[:MOST_ASPECTS]
    if topic is not None and topic.kind == "emergency" and asked.sure:
        return (HandOverFor(topic),)
    if topic is not None and topic.kind == "case" and (asked.sure or phase in _OPEN_PHASES):
        return _about_case(topic, asked, phase)
    complains = asked.kind == "complaint"
    diagnosed = topic is None or topic.kind in ("failure", "emergency", "case", "dialogue") or (complains and not asked.sure)
    if diagnosed:
        if not complains and not asked.sure:
            return (AskBack(asked.guesses), *_back_to_case(phase))
        lead = topic if topic is not None and topic.kind == "failure" and asked.sure else None
        return (GiveDiagnosis(lead, aspects, asked.claims, _second(asked)),)
    assert topic is not None
    in_the_way = tuple(cause for cause in topic.causes if cause in found)
    guesses = () if asked.sure else asked.guesses
    if complains and (in_the_way or _blames_wrongly(asked, topic, found)):
        return (GiveAnswer(topic, aspects, asked.claims), GiveDiagnosis(second=_second(asked), answered=True))
    also = in_the_way[0] if in_the_way and phase not in _OPEN_PHASES else None
    return (GiveAnswer(topic, aspects, asked.claims, also, guesses), *_answer_of_second(asked), *_back_to_case(phase))


def _about_case(topic: Topic, asked: Asked, phase: Phase) -> Tuple[Part, ...]:
    if phase not in _OPEN_PHASES and topic.move not in ("queue_status", "cancel_person", "correct_subject", "start_over", "give_up"):
        # Nothing is on the table yet: whoever asks what to do about it wants to know what it is.
        return (GiveDiagnosis(None, asked.aspects[:MOST_ASPECTS], asked.claims),)
    if topic.move is not None:
        return (*_answer_of_second(asked), MoveCase(topic, topic.move))
    assert topic.aspect is not None
    second = _answer_of_second(asked)
    about = AnswerAbout(topic, _aspects_about_case(topic.aspect, asked.aspects), asked.claims)
    return (about, *second, *((OfferChoices(),) if second else ()))


def _aspects_about_case(usual: str, heard: Tuple[str, ...]) -> Tuple[str, ...]:
    """What a follow-up asks: a word of understanding first, then what was heard in so many words, else what its topic stands for."""
    upset = tuple(aspect for aspect in heard if aspect == UPSET)
    telling = tuple(aspect for aspect in heard if aspect in _TELLING)
    return (*upset, *(telling or (usual,)))[:MOST_ASPECTS]


def _blames_wrongly(asked: Asked, topic: Topic, found: Tuple[str, ...]) -> bool:
    """Whether the answer says that it is not what the customer blames, although something is: then that must be named."""
    return topic.kind in ("state", "action") and bool(asked.blamed) and bool(found) and not set(asked.blamed) & set(found)


def _second(asked: Asked) -> Optional[Topic]:
    """The second matter, if it is one that an answer settles."""
    second = asked.second
    if second is None or second == asked.topic or second.kind in ("failure", "emergency", "case", "dialogue"):
        return None
    return second


def _answer_of_second(asked: Asked) -> Tuple[Part, ...]:
    second = _second(asked)
    return (GiveAnswer(second),) if second is not None else ()


def _back_to_case(phase: Phase) -> Tuple[Part, ...]:
    return (OfferChoices(),) if phase != "idle" else ()
