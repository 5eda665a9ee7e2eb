"""What a turn changes beside the conversation: decided by the action, and written by whoever stores the turn, in the same transaction.

An action that wrote by itself would leave a case for a person behind a turn of which the customer was told that nothing was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from actions.core.handoff import Event, Priority
from actions.core.subject import Subject

EFFECTS = "effects"
"""Where the effects stand in an action's answer: in a message of their own, which says nothing."""


@dataclass(frozen=True)
class Effect:
    """One change; whose it is, the turn says and never the effect."""

    def to_data(self) -> dict[str, Any]:
        """The effect as JSON, which ``effects_of`` reads."""
        return {"effect": type(self).__name__, **vars(self)}


@dataclass(frozen=True)
class HandoffMade(Effect):
    """A case is handed to people.

    Attributes:
        handoff: the number the customer is told.
        reference: what the customer is called in the payload.
        payload: everything the person needs.
    """

    handoff: str
    reason: str
    queue: str
    priority: Priority
    order: str | None
    bill: str | None
    reference: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class PriorityRaised(Effect):
    """An open case becomes more urgent."""

    handoff: str
    reason: str
    before: Priority
    priority: Priority
    queue: str


@dataclass(frozen=True)
class ReasonNoted(Effect):
    """An open case is needed for one thing more."""

    handoff: str
    reason: str


@dataclass(frozen=True)
class DisputeNoted(Effect):
    """The customer said something against the record while a case is open; see ``core.case.Dispute`` for its name."""

    handoff: str
    name: str
    cause: str | None


@dataclass(frozen=True)
class ChoiceMade(Effect):
    """What the customer chose for whom nobody has come: ``wait``, ``leave_message`` or ``go_on``."""

    handoff: str
    choice: Event


@dataclass(frozen=True)
class CaseSolved(Effect):
    """A case that still waits for a person has solved itself; ``cause`` is the one that is gone."""

    handoff: str
    cause: str | None


@dataclass(frozen=True)
class NoticeWanted(Effect):
    """The customer wants one message when a cause is gone."""

    order: str | None
    bill: str | None
    cause: str

    @property
    def subject(self) -> Subject:
        """What the cause is about."""
        return Subject.of(self.order, self.bill)


@dataclass(frozen=True)
class NoticesEnded(Effect):
    """The customer wants no notice any more."""


@dataclass(frozen=True)
class ArmMet(Effect):
    """The customer is told something that another arm of an experiment says otherwise, or on another day."""

    experiment: str
    version: int
    arm: str

    @property
    def name(self) -> str:
        """As observations and advice name it."""
        return f"{self.experiment}/{self.version}/{self.arm}"


@dataclass(frozen=True)
class ConsentGiven(Effect):
    """The customer wants to be told of what is to come of a topic; ``wording`` is the name of the words in which they were asked."""

    topic: str
    wording: str


@dataclass(frozen=True)
class ConsentWithdrawn(Effect):
    """The customer wants to be told no more of a topic, or of any if it is None."""

    topic: str | None


@dataclass(frozen=True)
class AdviceAnswered(Effect):
    """The customer has answered the latest advice about a cause.

    Attributes:
        answer: ``skip`` (not this time) or ``moved``.
        days: how many days before it begins they want to be told; None unless it is moved.
    """

    cause: str
    answer: str
    days: int | None = None


_ALL = (
    HandoffMade,
    PriorityRaised,
    ReasonNoted,
    DisputeNoted,
    ChoiceMade,
    CaseSolved,
    NoticeWanted,
    NoticesEnded,
    ArmMet,
    ConsentGiven,
    ConsentWithdrawn,
    AdviceAnswered,
)
_KINDS = {kind.__name__: kind for kind in _ALL}


class UnknownEffect(ValueError):
    """An action answered with an effect that this version does not know: both servers must be of the same one."""


def effects_of(found: Iterable[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """The effects that were made JSON by ``to_data``.

    Raises:
        UnknownEffect: one of them is none.
    """
    return tuple(map(_effect, found))


def _effect(data: Mapping[str, Any]) -> Effect:
    name = str(data.get("effect"))
    kind, given = _KINDS.get(name), {key: value for key, value in data.items() if key != "effect"}
    if kind is None or given.keys() != {field.name for field in fields(kind)}:
        raise UnknownEffect(f"an action answered with an effect of another version: {name}; start both servers from the same version")
    return kind(**given)
