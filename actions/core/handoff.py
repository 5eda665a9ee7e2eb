"""A case for a person: why, to whom, how urgent, and the port through which the dialogue hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from actions.core.case import Case
from actions.core.diagnosis import Diagnosis
from actions.core.ownership import Event, Stage
from actions.core.subject import Subject
from actions.core.turn import Reply, Turn

Priority = Literal["urgent", "high", "normal", "low"]
"""How soon a person should come, the most urgent first."""

TicketFormat = Literal["handoff", "chatwoot", "zendesk"]
"""In which form a handoff is delivered; ``actions.handoff.tickets`` makes each."""

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
    priority: str
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

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Hands the case over; with a handoff already open, that one is named, and made as urgent as this request is."""
        ...

    def choose(self, user_id: str, choice: Event) -> bool:
        """Notes what a customer chose for whom nobody has come: ``wait``, ``leave_message`` or ``go_on``; False if it means nothing now."""
        ...

    def note_reason(self, user_id: str, reason: str) -> None:
        """Remembers what else the customer's open handoff is needed for, a key of ``knowledge/handoffs.yml``."""
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
