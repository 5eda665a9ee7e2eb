"""Which two intents a text holds: where the second begins, and what the classifier says about the parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.knowledge.glossary import Clauses
from bot.language.training_sentences import ABOUT_CASE, COMPLAINTS, QUESTIONS, REQUEST_HUMAN

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


def focus(text: str, parts: Sequence[Part]) -> int | None:
    """Which part of a rant says what it is about, ``None`` if the text is short enough to be judged as a whole.

    Around a question people write what has nothing to do with it, and the more of it there is the less the whole text says.
    """
    if len(text) < _RANT:
        return None
    wanted = COMPLAINTS + QUESTIONS + (REQUEST_HUMAN, "fraud_suspected")
    clear = [i for i, p in enumerate(parts) if p.intent in wanted and p.confidence >= _CLEAR and len(p.text) <= _RANT // 2]
    return max(clear, key=lambda i: parts[i].confidence) if clear else None


def complaint_asked_about(parts: Sequence[Part], whole: str, told: Sequence[str], very_sure: float) -> int | None:
    """Which part of a text complains, if the others ask no more than what there is to ask about that; None if it does not, or is known to.

    Args:
        parts: of the text, in its order.
        whole: the best intent of the text as a whole.
        told: the best intent of each part, if it were said after the diagnosis.
        very_sure: least confidence for the part that complains.
    """
    if whole in COMPLAINTS:
        return None
    complaint = next((i for i, part in enumerate(parts) if part.intent in COMPLAINTS and part.confidence >= very_sure), None)
    others = [i for i, part in enumerate(parts) if part.intent not in COMPLAINTS]
    return complaint if others and all(told[i] == ABOUT_CASE for i in others) else None


def _same_trouble(parts: Sequence[Part]) -> bool:
    """Whether all parts complain, and not of matters that are known to differ."""
    return all(p.intent in COMPLAINTS for p in parts) and len({p.topic for p in parts if p.topic}) < len(parts)


def two_matters(parts: Sequence[Part], whole: str, announced: bool, sure: float, very_sure: float) -> tuple[Part, Part] | None:
    """The two matters of a text, as a rule a complaint first, or ``None`` if it holds one; a person who is called is called first.

    Args:
        parts: of the text, in its order.
        whole: the best intent of the text as a whole.
        announced: whether a word between them announces another matter; then ``sure`` is enough, and two complaints count if they are of
            different topics.
        sure: least confidence for a part that is announced.
        very_sure: least confidence for parts that merely follow each other; of those, only a complaint followed by a question
            counts, and what the whole text was taken for stays first, because the clauses of one matter often look like two.
    """
    person = [p for p in parts if p.intent == REQUEST_HUMAN]
    questions = [p for p in parts if p.intent in QUESTIONS and p.confidence >= very_sure]
    if len(parts) == 2 and len(person) == len(questions) == 1:
        return person[0], questions[0]
    least = sure if announced else very_sure
    known = [p for p in parts if p.confidence >= least and p.intent in COMPLAINTS + QUESTIONS]
    if announced:
        if len(known) == 2 and known[0].intent != known[1].intent and not _same_trouble(known):
            first, second = sorted(known, key=lambda p: p.intent not in COMPLAINTS)
            return first, second
        return None
    if len(known) == len(parts) == 2 and known[0].intent in COMPLAINTS and known[1].intent in QUESTIONS:
        if whole == known[0].intent:
            return known[0], known[1]
        if whole == known[1].intent:
            return known[1], known[0]
    return None


_SHORTEST = 3


class ClauseSplitter:
    """Splits a text before a word that announces another matter, else into its clauses."""

    def __init__(self, clauses: Clauses) -> None:
        self._separator = re.compile(clauses.separator)
        self._connective = re.compile(clauses.connective)

    def announced(self, text: str) -> tuple[str, ...]:
        """What stands before and after the first connective that has something on both sides; empty if there is none."""
        for match in self._connective.finditer(text):
            parts = tuple(self._bare(part) for part in (text[: match.start()], text[match.end() :]))
            if all(len(part) >= _SHORTEST for part in parts):
                return parts
        return ()

    def clauses(self, text: str) -> tuple[str, ...]:
        """The clauses that are long enough to mean something; empty if there are fewer than two."""
        parts: list[str] = [part for part in self._separator.split(text) if len(part) >= _SHORTEST]
        return tuple(parts) if len(parts) > 1 else ()

    def _bare(self, text: str) -> str:
        return self._separator.sub(" ", text).strip()
