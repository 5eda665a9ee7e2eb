"""One turn and everything that is known to be true at its end: what the properties are checked on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.core.diagnosis import Diagnosis
from conversations.rules import TurnRecord
from conversations.simulation.questions import Question
from conversations.simulation.reading import Reading


@dataclass(frozen=True)
class Inquiry:
    """A question of the customer's, and how the assistant read it."""

    question: Question
    reading: Reading


@dataclass(frozen=True)
class TurnEvidence:
    """One turn and everything that is known to be true at its end.

    Attributes:
        record: what was said.
        diagnosis: made by ourselves, at this moment, of the subject at hand.
        injected: the causes that were put into the world; None once it has changed, or if the subject is another.
        subscribed: the causes whose end the customer is to be told of.
        handoffs: reason and queue of this customer's open handoff, by its id.
        acts: what the customer has done so far, and the intents their sentences may rightly be taken for.
        secrets: what may never reach the customer.
        numbers: the personal numbers typed so far.
        dump: the database as text, if there are such numbers.
        inquiry: what the customer asked in this turn, and how it was read.
        heard: the sub-questions and moods that the latest message was read as, whether it asked something or not.
    """

    record: TurnRecord
    diagnosis: Diagnosis
    injected: tuple[str, ...] | None = None
    subscribed: frozenset[str] = frozenset()
    handoffs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    acts: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    dump: str = field(default="", repr=False)
    inquiry: Inquiry | None = None
    heard: tuple[str, ...] = ()

    def data(self, *types: str) -> list[dict[str, Any]]:
        """The data of this turn's messages of some types."""
        return [message.data for message in self.record.replies if message.data and message.data.get("type") in types]
