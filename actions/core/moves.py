"""What is said or done next, without the words: the moves of a walkthrough, and the parts that a reply is planned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.core.causes import Cause
from actions.core.comparisons import Match
from actions.core.diagnosis import Found
from actions.core.handoff import GivenReason
from actions.core.topics import CaseMove, Topic

OfferReason = Literal["failed_checks", "cannot_find", "cannot_do", "tried_all"]
"""Why a person is offered."""


@dataclass(frozen=True)
class Move:
    """Something to be said or done next; the subclasses are all there is."""


@dataclass(frozen=True)
class Explain(Move):
    """The customer cannot fix this one. ``startable`` when other causes can be worked on meanwhile."""

    found: Found
    startable: bool


@dataclass(frozen=True)
class Wait(Move):
    """Only time removes this one."""

    found: Found
    startable: bool


@dataclass(frozen=True)
class ShowStep(Move):
    """The current step of a cause. ``again`` when it was shown before, ``checked`` after a failed check."""

    cause: Cause
    step: int
    matches: tuple[Match, ...]
    again: bool = False
    checked: bool = False


@dataclass(frozen=True)
class CheckPassed(Move):
    """The cause is gone; ``remaining`` blocks are left."""

    cause: Cause
    remaining: int


@dataclass(frozen=True)
class CheckFailed(Move):
    """The cause still holds."""

    found: Found


@dataclass(frozen=True)
class OfferHandoff(Move):
    """Ask whether a person shall take over."""

    reason: OfferReason


@dataclass(frozen=True)
class HandOver(Move):
    """Hand over now."""

    reason: GivenReason
    found: Found | None = None


@dataclass(frozen=True)
class Confirm(Move):
    """Nothing was found and the refresh round is done: ask whether the option is there now."""


@dataclass(frozen=True)
class Resolve(Move):
    """No block is left.

    Attributes:
        from_the_start: whether there was none to begin with.
    """

    from_the_start: bool = False


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
        several: whether the message asks more than one thing, so that one of them does not stand in for the whole.
        beside: whether it comes behind another answer, and adds what that has not said.
    """

    topic: Topic
    aspects: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    also: str | None = None
    guesses: tuple[Topic, ...] = ()
    several: bool = False
    beside: bool = False


@dataclass(frozen=True)
class GiveDiagnosis(Part):
    """A diagnosis of the subject, and the case that follows from it.

    Attributes:
        lead: the failure the customer speaks of, which leads the diagnosis in; None to begin with what was found.
        aspects: sub-questions to answer behind the cause.
        claims: what the customer says of their state.
        second: another matter of the same message, answered before the case goes on, so that its choices come last.
        answered: the topic that has been answered already, so that each cause is named in a line, if the answer has not named it itself.
        first: those of the sub-questions that are answered before the cause is told.
    """

    lead: Topic | None = None
    aspects: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    second: Topic | None = None
    answered: Topic | None = None
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerAbout(Part):
    """Sub-questions about the cause on the table, with the choices of the case.

    Attributes:
        aspects: in the order in which they are answered.
        claims: what the customer says of their state.
        remarked: those of the aspects that the message only remarks on: what is said to them must add something to the rest.
    """

    topic: Topic
    aspects: tuple[str, ...]
    claims: tuple[str, ...] = ()
    remarked: tuple[str, ...] = ()


@dataclass(frozen=True)
class GoOnAbout(Part):
    """What is said to a follow-up where an answer, and no cause, is on the table.

    Attributes:
        topic: what was answered last.
        aspects: what is asked about it, in the order in which it is answered; none if that was not understood.
    """

    topic: Topic
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True)
class MoveCase(Part):
    """What no sentence alone can do for a question about the case."""

    topic: Topic
    move: CaseMove


@dataclass(frozen=True)
class OfferChoices(Part):
    """The choices of the present phase once more."""


@dataclass(frozen=True)
class AskInCase(Part):
    """Too little was said; the case goes on where it stands."""


@dataclass(frozen=True)
class AskBack(Part):
    """What was meant? The likeliest readings as buttons."""

    guesses: tuple[Topic, ...] = ()
