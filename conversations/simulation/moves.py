"""What a simulated customer does next: perhaps something happens in the world, then they type, press, or are done."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.simulation.phrasings import Line


@dataclass(frozen=True)
class Press:
    """A button."""

    payload: str


@dataclass(frozen=True)
class Fix:
    """The customer does what removes a cause."""

    cause: str


@dataclass(frozen=True)
class Recover:
    """What the customer waited for ends, and the assistant may tell them."""

    cause: str


@dataclass(frozen=True)
class Away:
    """The customer is gone for some hours; meanwhile the servers are restarted."""

    hours: int


Happening = Fix | Recover | Away


@dataclass(frozen=True)
class Move:
    """One turn of the customer's.

    Attributes:
        says: what they type or press; with None they are content and go.
        before: what happens first.
        end: how it ended, for a customer who goes: ``resolved``, ``waiting``, ``accepted`` or ``handed_over``.
    """

    says: Line | Press | None
    before: tuple[Happening, ...] = ()
    end: str = ""
