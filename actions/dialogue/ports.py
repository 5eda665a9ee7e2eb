"""What a turn may do besides talking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Protocol

from actions.core.case import Case


@dataclass(frozen=True)
class HandoffRequest:
    """A case to be handed to a person.

    Attributes:
        reason: why, a key of ``knowledge/handoffs.yml``.
        words: what the customer wrote in this turn, masked.
        diagnosis: the latest diagnosis in the contract's words, if the subject is known.
        ruled_out: titles of the causes that were checked and do not hold.
    """

    user_id: str
    reason: str
    queue: str
    priority: str
    words: str
    case: Case
    diagnosis: Optional[Dict[str, Any]]
    ruled_out: tuple[str, ...]


@dataclass(frozen=True)
class Handoff:
    """A handoff that exists. ``fresh`` if this request made it."""

    id: str
    reason: str
    queue: str
    fresh: bool


class HandoffDesk(Protocol):
    """Where cases are handed over."""

    def open_handoff(self, user_id: str) -> Optional[Handoff]:
        """The customer's open handoff."""
        ...

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Hands the case over; with a handoff already open, that one is named."""
        ...


class Notices(Protocol):
    """The recovery notices a customer asked for."""

    def subscribe(self, user_id: str, order: Optional[str], bill: Optional[str], cause: str) -> None:
        """Notes that the customer wants one message when the cause is gone."""
        ...

    def is_subscribed(self, user_id: str, cause: str) -> bool:
        """Whether that note exists."""
        ...
