"""Whoever is upset hears a word of regret in front of the answer, once."""

from __future__ import annotations

import pytest

from conversations.application import project_knowledge
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
SORRY = KNOWLEDGE.locale.sorry


def asked(topic: str, aspects: tuple[str, ...], facts: object) -> str:
    intent = KNOWLEDGE.answers.intent_of(topic)
    assert intent is not None
    replies = Talk({"o": facts, None: facts}).say(intent, "text", topics=((topic, 0.9),), aspects=aspects)  # type: ignore[dict-item]
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize("topic", ["interest_free", "what_is_baitiao"])
def test_whoever_is_upset_hears_that_first(topic: str, diagnosed: Diagnose) -> None:  # noqa: F811
    facts = diagnosed().facts
    plain, upset = asked(topic, (), facts), asked(topic, ("upset",), facts)
    assert not SORRY.search(plain)
    assert len(SORRY.findall(upset)) == 1
    answer = plain.splitlines()[1]
    assert upset.index(answer) > SORRY.search(upset).start()  # type: ignore[union-attr]


def test_a_topic_with_words_of_its_own_says_those(diagnosed: Diagnose) -> None:  # noqa: F811
    own = next(
        topic for topic in KNOWLEDGE.answers.topics.values() if "upset" in topic.aspects and topic.kind in ("rule", "action", "state")
    )
    assert len(SORRY.findall(asked(own.id, ("upset",), diagnosed().facts))) <= 1
