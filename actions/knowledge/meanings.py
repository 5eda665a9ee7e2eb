"""What intents and handoff reasons mean for the dialogue."""

from __future__ import annotations

from typing import Literal, Optional, Tuple

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
    """

    title: Optional[StrictStr] = None
    complaint: StrictBool = False
    menu: StrictBool = False
    claim: Optional[StrictStr] = None
    causes: Tuple[StrictStr, ...] = ()

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
