"""What intents and handoff reasons mean for the dialogue."""

from __future__ import annotations

from typing import Literal, Optional, Pattern, Tuple

from pydantic import BaseModel, Extra, StrictBool, StrictStr

from actions.core.causes import Queue


class IntentMeaning(BaseModel):
    """What an intent means for the dialogue.

    Attributes:
        title: its button when the assistant asks back; without one it is not offered.
        complaint: it leads to a diagnosis.
        menu: it stands on the opening menu.
        claim: what the customer says is wrong, in words.
        causes: the causes that would prove the claim.
        corrections: patterns of words with which a customer turns a case to this complaint, whatever they are taken for otherwise.
        denials: patterns of words that say the opposite: the customer does not want this.
    """

    title: Optional[StrictStr] = None
    complaint: StrictBool = False
    menu: StrictBool = False
    claim: Optional[StrictStr] = None
    causes: Tuple[StrictStr, ...] = ()
    corrections: Tuple[Pattern, ...] = ()
    denials: Tuple[Pattern, ...] = ()

    def corrected_by(self, text: str) -> bool:
        """Whether a text turns the case to this intent."""
        return any(pattern.search(text) for pattern in self.corrections)

    def denied_by(self, text: str) -> bool:
        """Whether a text says that this is not wanted."""
        return any(pattern.search(text) for pattern in self.denials)

    class Config:
        extra = Extra.forbid
        allow_mutation = False


class HandoffMeaning(BaseModel):
    """Where handoffs of one reason go."""

    queue: Queue
    priority: Literal["urgent", "high", "normal", "low"]

    class Config:
        extra = Extra.forbid
        allow_mutation = False
