"""Conversations in every situation a case can be in, and what is said in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.core.turn import Reply
from actions.knowledge.phrases import Phrase
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
CASE_TOPICS = {topic.id: topic for topic in KNOWLEDGE.answers.topics.values() if topic.kind == "case"}
ASPECTS = [name for name, topic in CASE_TOPICS.items() if topic.aspect is not None]
SITUATIONS = {
    "doing": "overdue",
    "waiting": "activation_reviewing",
    "explained": "region_restricted",
    "resolved": "tenors_limited",
    "handed_over": "overdue",
}
"""Situation → the cause that leads there."""

Situated = Callable[[str], Talk]


@pytest.fixture
def situated(diagnosed: Diagnose) -> Situated:
    """A conversation in a situation."""

    def talk_in(situation: str) -> Talk:
        cause = PUT[SITUATIONS[situation]]
        other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
        talk = Talk(
            {"o": diagnosed(cause).facts, "o2": diagnosed(cause, other, order="o2").facts, None: diagnosed(cause, order=None).facts}
        )
        talk.say("installment_missing", "不能分期")
        if situation == "handed_over":
            talk.say("request_human", "转人工")
        assert talk.phase == situation
        return talk

    return talk_in


def follow(talk: Talk, topic: str, **more: object) -> tuple[Reply, ...]:
    return talk.say("about_case", "text", topics=((topic, 0.9),), **more)  # type: ignore[arg-type]


def said(reply: Reply, phrase: Phrase, **values: object) -> bool:
    return any(text in reply.text for text in KNOWLEDGE.phrases.texts(phrase, **values))


def kind(reply: Reply) -> str:
    return reply.data.type if reply.data is not None else "text"
