"""Which two intents a text holds, judged from what the classifier says about its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from bot.language.intents import COMPLAINTS, QUESTIONS


@dataclass(frozen=True)
class Part:
    """A part of a text with its best intent and how sure the classifier is, 0–1."""

    text: str
    intent: str
    confidence: float


def two_matters(parts: Sequence[Part], whole: str, announced: bool, sure: float, very_sure: float) -> Optional[Tuple[Part, Part]]:
    """The two matters of a text, a complaint first, or ``None`` if it holds one.

    Args:
        parts: of the text, in its order.
        whole: the best intent of the text as a whole.
        announced: whether a word between them announces another matter; then ``sure`` is enough.
        sure: least confidence for a part that is announced.
        very_sure: least confidence for parts that merely follow each other; of those, only the complaint that the whole text
            is, followed by a question, counts, because the clauses of one matter often look like two.
    """
    least = sure if announced else very_sure
    known = [p for p in parts if p.confidence >= least and p.intent in COMPLAINTS + QUESTIONS]
    if announced:
        if len(known) == 2 and known[0].intent != known[1].intent and not all(p.intent in COMPLAINTS for p in known):
            first, second = sorted(known, key=lambda p: p.intent not in COMPLAINTS)
            return first, second
        return None
    if len(known) == len(parts) == 2 and known[0].intent == whole and whole in COMPLAINTS and known[1].intent in QUESTIONS:
        return known[0], known[1]
    return None
