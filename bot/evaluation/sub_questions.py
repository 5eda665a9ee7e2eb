"""Which sub-question is answered: by the words of a text alone, and with what was read of the matter that is asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.core.heard import ABOUT_CASE, Reading, heard_in
from actions.core.planner import own_aspects
from actions.knowledge.model import Knowledge
from bot.evaluation.rows import Row

MATTER_ITSELF = "main"
"""How a row says that it asks no sub-question, but for the matter itself."""


@dataclass(frozen=True)
class Asked:
    """The sub-questions that would be answered; ``MATTER_ITSELF`` if none.

    Attributes:
        read: with what was read of the matter.
        worded: by the words that stand in the text.
    """

    read: str
    worded: str


def asked_of(row: Row, result: Mapping[str, Any], knowledge: Knowledge) -> Asked | None:
    """What a text asks of its matter, which is taken from the row; None if the row does not say, or has no matter.

    Args:
        row: what was said and when.
        result: Rasa's parse result.
        knowledge: topics, causes and aspects.
    """
    if row.asks is None:
        return None
    words = tuple(result.get("aspects") or ())
    readings: dict[str, Reading] = {
        name: tuple((str(n), float(p)) for n, p in read) for name, read in (result.get("sub_questions") or {}).items()
    }
    if row.topic is not None and row.topic in knowledge.answers.topics:
        topic = knowledge.answers.topics[row.topic]

        def own(names: tuple[str, ...]) -> tuple[str, ...]:
            return own_aspects(topic, names)

        return _first(own, words, heard_in(words, readings, [topic.id], None).aspects)
    cause = knowledge.causes.get(row.cause or "")
    if cause is None:
        return None
    of_case = cause.answered_aspects | knowledge.asked_of_any_case
    heard = heard_in(words, {ABOUT_CASE: readings.get(ABOUT_CASE, ())}, [], of_case)
    return _first(lambda names: tuple(name for name in names if name in of_case), words, heard.aspects)


def _first(own: Callable[[tuple[str, ...]], tuple[str, ...]], words: tuple[str, ...], heard: tuple[str, ...]) -> Asked:
    return Asked(next(iter(own(heard)), MATTER_ITSELF), next(iter(own(words)), MATTER_ITSELF))
