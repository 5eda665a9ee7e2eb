"""Questions that customers are likely to ask before they have asked anything, each with the topic that answers it."""

from __future__ import annotations

from collections.abc import Iterable

from actions.core.fields import Strict

MOST_LIKELY = 4
"""Questions on a first screen: more than a glance takes in would be a menu."""


class LikelyQuestion(Strict):
    """One of them.

    Attributes:
        ask: what the customer says by pressing it.
        topic: id of the topic that answers it.
    """

    ask: str
    topic: str


def likeliest(*preferred: Iterable[LikelyQuestion]) -> tuple[LikelyQuestion, ...]:
    """The first few questions, those of the first list before those of the next, and none twice."""
    by_topic: dict[str, LikelyQuestion] = {}
    for questions in preferred:
        for question in questions:
            by_topic.setdefault(question.topic, question)
    return tuple(by_topic.values())[:MOST_LIKELY]
