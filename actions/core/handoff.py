"""A case for a person: why, to whom, how urgent, who answers the customer meanwhile, and the ports through which the dialogue hands over and notifies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from actions.core.case import Case, Dispute
from actions.core.diagnosis import Diagnosis
from actions.core.subject import Subject
from actions.core.turn import Reply, Turn

Stage = Literal[
    "bot",  # no handoff is open: the assistant answers
    "queued",  # a person was asked for; the assistant keeps answering
    "offered",  # nobody came in time: the customer was told and may choose
    "waiting",  # the customer chose to wait, or left a message
    "person",  # a person has taken the case: the assistant is silent
    "closed",  # a person ended the case; the assistant answers what comes next
]

Event = Literal[
    "hand_over", "late", "wait", "leave_message", "go_on", "solve", "take", "give_back", "close", "assign", "move", "transfer", "release"
]

QUEUED: tuple[Stage, ...] = ("queued", "offered", "waiting")
"""The stages in which a case waits for a person."""

TRANSITIONS: dict[tuple[Stage, Event], Stage] = {
    ("bot", "hand_over"): "queued",
    ("closed", "hand_over"): "queued",
    # A conversation has one open handoff, so asking again changes nothing.
    **{(stage, "hand_over"): stage for stage in (*QUEUED, "person")},
    ("queued", "late"): "offered",
    # Whoever asked for a person may take that back as long as nobody has come.
    ("queued", "go_on"): "bot",
    ("offered", "wait"): "waiting",
    ("offered", "leave_message"): "waiting",
    ("offered", "go_on"): "bot",
    # Whoever chose to wait may still change their mind.
    ("waiting", "wait"): "waiting",
    ("waiting", "leave_message"): "waiting",
    ("waiting", "go_on"): "bot",
    # What a person was asked for has solved itself before one came.
    **{(stage, "solve"): "bot" for stage in QUEUED},
    ("queued", "take"): "person",
    ("offered", "take"): "person",
    ("waiting", "take"): "person",
    ("person", "give_back"): "bot",
    ("person", "close"): "closed",
    # Meant for one of the agents, or for another queue, it still waits where it waited.
    **{(stage, "assign"): stage for stage in QUEUED},
    **{(stage, "move"): stage for stage in QUEUED},
    # From one person to another; to another queue, or back into its own, the assistant answers again meanwhile.
    ("person", "transfer"): "person",
    ("person", "move"): "queued",
    ("person", "release"): "queued",
}


class NotPossible(ValueError):
    """The event has no meaning at this stage, such as taking a case that somebody else has taken."""

    def __init__(self, stage: Stage, event: Event) -> None:
        super().__init__(f"{event} is not possible while the case is {stage}")
        self.stage = stage
        self.event = event


def after(stage: Stage, event: Event) -> Stage:
    """The stage that follows.

    Raises:
        NotPossible: the event has no meaning at this stage.
    """
    try:
        return TRANSITIONS[stage, event]
    except KeyError:
        raise NotPossible(stage, event) from None


def is_possible(stage: Stage, event: Event) -> bool:
    """Whether an event can happen at a stage."""
    return (stage, event) in TRANSITIONS


def is_silent(stage: Stage) -> bool:
    """Whether the assistant must not answer."""
    return stage == "person"


Priority = Literal["urgent", "high", "normal", "low"]
"""How soon a person should come, the most urgent first."""

TicketFormat = Literal["handoff", "chatwoot", "zendesk"]
"""In which form a handoff is delivered; ``actions.handoff.rendering`` makes each."""

GivenReason = Literal[
    "requested",
    "agreed",
    "cannot_do",
    "failed_checks",
    "misunderstood",
    "no_cause_found",
    "cause",
    "objection",
    "complaint",
    "fraud",
]
"""The reasons that the dialogue gives by itself; others are given by a cue of their entry in ``knowledge/handoffs.yml``."""


@dataclass(frozen=True)
class HandoffRequest:
    """A case to be handed to a person.

    Attributes:
        turn: the customer's message that led here, masked.
        action: the action that answers it.
        reason: why, a key of ``knowledge/handoffs.yml``.
        diagnosis: the one made in this turn, if the subject is known.
        said: what the customer was told in this turn so far.
    """

    turn: Turn
    action: str
    reason: str
    queue: str
    priority: Priority
    case: Case
    diagnosis: Diagnosis | None
    said: tuple[Reply, ...]


@dataclass(frozen=True)
class Handoff:
    """A handoff that exists. ``fresh`` if this request made it."""

    id: str
    reason: str
    queue: str
    stage: Stage
    fresh: bool


class HandoffDesk(Protocol):
    """Where cases are handed over."""

    def open_handoff(self, user_id: str) -> Handoff | None:
        """The customer's open handoff."""
        ...

    def place(self, user_id: str) -> int:
        """The place in its queue of the customer's open handoff, from 1."""
        ...

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Hands the case over; with a handoff already open, that one is named, and made as urgent as this request is."""
        ...

    def choose(self, user_id: str, choice: Event) -> bool:
        """Notes what a customer chose for whom nobody has come: ``wait``, ``leave_message`` or ``go_on``; False if it means nothing now."""
        ...

    def note_reason(self, user_id: str, reason: str) -> None:
        """Remembers what else the customer's open handoff is needed for, a key of ``knowledge/handoffs.yml``."""
        ...

    def note_dispute(self, user_id: str, dispute: Dispute) -> None:
        """Remembers what the customer said against the record, for whoever takes their open handoff; nothing without one."""
        ...

    def solve(self, user_id: str, subject: Subject, cause: str | None) -> bool:
        """Closes the handoff that still waits for a person, since what it is about has solved itself.

        Args:
            subject: what is solved; a handoff about something else stays.
            cause: the one that is gone.

        Returns:
            False if none waits, or one for a reason that does not end with the case, such as an alarm.
        """
        ...


@dataclass(frozen=True)
class ToldAhead:
    """Something that a customer was told before it begins.

    Attributes:
        on: the first day that begins with it.
        today: on the facts' clock.
    """

    on: date
    today: date


class Reminders(Protocol):
    """What customers want to be told before it comes."""

    def wanted(self, user_id: str) -> frozenset[str]:
        """The topics to which the customer has said yes."""
        ...

    def give(self, user_id: str, topic: str, wording: str) -> None:
        """Notes a yes to a topic, asked in these words."""
        ...

    def withdraw(self, user_id: str, topic: str | None) -> None:
        """Ends the consent to a topic, or to all."""
        ...

    def told(self, user_id: str, cause: str) -> ToldAhead | None:
        """The latest that the customer was told of a cause, if they were."""
        ...

    def answer(self, cause: str, answer: str, days: int | None = None) -> None:
        """Notes what the customer answers to it."""
        ...


class Notices(Protocol):
    """The recovery notices that customers asked for."""

    def subscribe(self, user_id: str, subject: Subject, cause: str) -> None:
        """Notes that the customer wants one message when the cause is gone."""
        ...

    def is_subscribed(self, user_id: str, subject: Subject, cause: str) -> bool:
        """Whether that is noted: the same cause may go on for another subject."""
        ...

    def unsubscribe(self, user_id: str) -> None:
        """Forgets every wish of the customer's."""
        ...
