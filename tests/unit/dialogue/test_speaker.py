"""Nothing is said twice in a row, and what is said is told all it needs."""

from __future__ import annotations

import pytest

from actions.core.messages import AnswerData, StepData
from actions.dialogue.speaker import Speaker, opens_alike
from actions.knowledge import phrases
from conversations.application import project_knowledge

PHRASES = project_knowledge().phrases


def test_a_text_that_was_just_said_is_said_differently() -> None:
    said: set[str] = set()
    for _ in range(3):
        speaker = Speaker(PHRASES, frozenset(said))
        speaker.say("请更新App。")
        said |= {reply.text for reply in speaker.replies}
    assert len(said) == 3


def test_a_phrase_prefers_a_variant_that_was_not_just_said() -> None:
    first, second = PHRASES.texts(phrases.THANKS)
    assert Speaker(PHRASES, frozenset()).phrase(phrases.THANKS) == first
    assert Speaker(PHRASES, frozenset({first})).phrase(phrases.THANKS) == second


def test_what_introduces_a_text_introduces_the_parts_of_it_that_clients_show() -> None:
    speaker = Speaker(PHRASES, frozenset({"位置：我的"}))
    speaker.say("位置：我的", data=StepData(cause="overdue", step=1, steps=2, path="我的", instruction="打开还款页", link=None))
    (reply,) = speaker.replies
    introduction = PHRASES.texts(phrases.AGAIN)[0]
    assert reply.text == f"{introduction}\n位置：我的"
    assert reply.data == StepData(cause="overdue", step=1, steps=2, path="我的", instruction=f"{introduction}\n打开还款页", link=None)
    assert AnswerData(topic="x", facts=[]).led_by("好的。") == AnswerData(topic="x", facts=[])


def test_a_phrase_is_told_exactly_what_it_declares() -> None:
    assert PHRASES.texts(phrases.CHECK_PASSED, title="逾期")[0].count("逾期") == 1
    with pytest.raises(TypeError, match="is told title, not nothing"):
        PHRASES.texts(phrases.CHECK_PASSED)
    with pytest.raises(TypeError, match="is told nothing, not title"):
        PHRASES.texts(phrases.THANKS, title="逾期")
    with pytest.raises(TypeError, match="given nothing for title"):
        PHRASES.texts(phrases.CHECK_PASSED, title="")


@pytest.mark.parametrize(
    ("text", "other", "alike"),
    [("没有日期，不等", "没有日期：照常判断", True), ("是，能用", "是，照旧", False), ("没有日期，不等", "没有记录，不等", False)],
)
def test_two_answers_open_alike_if_their_first_words_are_the_same(text: str, other: str, alike: bool) -> None:
    assert opens_alike(text, other) == alike
