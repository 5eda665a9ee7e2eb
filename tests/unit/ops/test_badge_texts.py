"""What the element at a product says of its own passes the same gate as every sentence for customers, in every locale, and leaves nothing out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from actions.knowledge.model import Knowledge
from conversations.application import project_knowledge
from ops.badges.badge import BadgeMaker
from tools.pages import ROOT

LOCALES = sorted((ROOT / "bot/widget/texts").glob("*.json"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return project_knowledge()


def texts(words: Any) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    else:
        for each in words.values():
            yield from texts(each)


def test_nothing_is_said_that_must_not_be_and_every_other_way_has_words(knowledge: Knowledge) -> None:
    maker = BadgeMaker(knowledge.causes.values(), "", knowledge.locale)
    ways = {way for cause in maker.causes if cause.kind == "block" for way in cause.alternatives}
    for file in LOCALES:
        words = json.loads(file.read_text(encoding="utf-8"))["badge"]
        assert [(text, found) for text in texts(words) for found in knowledge.forbidden.found_in(text)] == []
        # A shop's badge cannot lead to an account's ways out, such as logging in elsewhere.
        assert ways - set(words["ways"]) == set(), file.name


def test_every_sentence_that_a_badge_may_say_passes_the_gate(knowledge: Knowledge) -> None:
    maker = BadgeMaker(knowledge.causes.values(), "", knowledge.locale)
    said = [str(cause.summary) for cause in maker.causes] + [
        str(wording.summary or "") for cause in maker.causes for wording in cause.wordings
    ]
    assert [text for text in said if knowledge.forbidden.found_in(re.sub(r"\{[^}]*\}", "1", text))] == []


def test_the_questions_are_the_same_in_every_locale_for_the_assistant_speaks_chinese() -> None:
    questions = [json.loads(file.read_text(encoding="utf-8"))["badge"]["questions"] for file in LOCALES]
    assert len(LOCALES) == 3 and questions[0] == questions[1] == questions[2]
    played = (ROOT / "tests/conversations/answers/badges.yml").read_text(encoding="utf-8")
    assert all(question in played for question in questions[0].values())
