"""What a message asks for, as it was understood, and how sure an understanding must be for what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.core.emergencies import ALARMING
from actions.core.topics import Topic

SURE = 0.35
"""The confidence from which on a topic is taken for what was asked."""
LIKELY = 0.2
"""The confidence that suffices in the middle of a case for what is said about the case or the talk: little else is said there."""
HEARD = 0.1
"""The confidence below which a topic is no reading of a message that seems to be about something else."""
MOSTLY = 0.4
"""The share of the confidence from which on a doubtful message is about what stands in the way: more than of anything else."""
CERTAIN = 0.6
"""The confidence from which on the topic of a follow-up says more than its words."""
DOUBTLESS, PLAIN = 0.85, 0.95
"""The confidences from which on a matter beside the case is what was asked, although words of it have a usual answer within the case, and although
the cause on the table has words of its own for them."""

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
        endangered: whether the account may be in somebody else's hands: whatever is complained of, that comes first.
        alone: the sub-questions the message asks if it names no matter at all.
        of_case: the sub-question that the message asks of the causes of the case, read from its whole; empty if there is none.
        narrow: those of the sub-questions that ask for something so particular that little else is meant.
        of_block: the share of the confidence that falls on matters of what stands in the way of installments, 0–1.
        untold: whether nothing was told yet in the case under way.
        told: whether the customer was told what was found, though the case was given up since.
    """

    kind: WishKind
    topic: Topic | None = None
    confidence: float = 1.0
    aspects: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    second: Topic | None = None
    guesses: tuple[Topic, ...] = ()
    blamed: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    of_case: str = ""
    narrow: tuple[str, ...] = ()
    of_block: float = 0.0
    endangered: bool = False
    untold: bool = False
    told: bool = False

    @property
    def sure(self) -> bool:
        """Whether the topic is taken for what was asked."""
        if self.topic is None:
            return False
        return self.confidence >= (ALARMING if self.topic.kind == "emergency" else SURE)
