"""Which two intents a text holds, judged from what the classifier says about its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from bot.language.intents import COMPLAINTS, QUESTIONS, REQUEST_HUMAN

_CLEAR = 0.3
"""Least confidence for the part of a rant that is taken for its matter; the rest of it is hardly ever as sure of anything."""
_RANT = 80
"""Characters from which a text counts as a rant; the longest question of real customers seen so far has half of that."""


@dataclass(frozen=True)
class Part:
    """A part of a text with its best intent and how sure the classifier is of that, 0–1, and its best topic."""

    text: str
    intent: str
    confidence: float
    topic: str = ""


def focus(text: str, parts: Sequence[Part]) -> Optional[int]:
    """Which part of a rant says what it is about, ``None`` if the text is short enough to be judged as a whole.

    Around a question people write what has nothing to do with it, and the more of it there is the less the whole text says.
    """
    if len(text) < _RANT:
        return None
    wanted = COMPLAINTS + QUESTIONS + (REQUEST_HUMAN, "fraud_suspected")
    clear = [i for i, p in enumerate(parts) if p.intent in wanted and p.confidence >= _CLEAR and len(p.text) <= _RANT // 2]
    return max(clear, key=lambda i: parts[i].confidence) if clear else None


def two_matters(parts: Sequence[Part], whole: str, announced: bool, sure: float, very_sure: float) -> Optional[Tuple[Part, Part]]:
    """The two matters of a text, as a rule a complaint first, or ``None`` if it holds one.

    Args:
        parts: of the text, in its order.
        whole: the best intent of the text as a whole.
        announced: whether a word between them announces another matter; then ``sure`` is enough.
        sure: least confidence for a part that is announced.
        very_sure: least confidence for parts that merely follow each other; of those, only a complaint followed by a question
            counts, and what the whole text was taken for stays first, because the clauses of one matter often look like two.
    """
    least = sure if announced else very_sure
    known = [p for p in parts if p.confidence >= least and p.intent in COMPLAINTS + QUESTIONS]
    if announced:
        if len(known) == 2 and known[0].intent != known[1].intent and not all(p.intent in COMPLAINTS for p in known):
            first, second = sorted(known, key=lambda p: p.intent not in COMPLAINTS)
            return first, second
        return None
    if len(known) == len(parts) == 2 and known[0].intent in COMPLAINTS and known[1].intent in QUESTIONS:
        if whole == known[0].intent:
            return known[0], known[1]
        if whole == known[1].intent:
            return known[1], known[0]
    return None
