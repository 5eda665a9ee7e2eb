"""Whose choices a message repeats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.core.turn import DONE_WITH_THIS, restored
from actions.state.columns import real_now
from actions.state.conversations import Message

STEP = {"type": "step", "cause": "overdue", "step": 1}
ANSWER = {"type": "answer", "topic": "fee"}
STEP_BUTTONS = "done lost stuck request_human"


def said(seq: int, buttons: str, data: dict[str, Any] | None = None, choices_of: int | None = None) -> Message:
    made = tuple({"title": name, "payload": f"/{name}"} for name in buttons.split())
    return Message("u", seq, str(seq), real_now(), "bot", "", made, data, None, None, None, None, choices_of)


FIRST = said(2, STEP_BUTTONS, STEP)
_NEXT = said(4, STEP_BUTTONS, {**STEP, "cause": "frozen"})
CAME = replace(_NEXT, buttons=({"title": "done", "payload": DONE_WITH_THIS}, *_NEXT.buttons[1:]))


@pytest.mark.parametrize(
    "later, earlier, expected",
    [
        ("an answer with the step's buttons", [FIRST], (said(4, f"more {STEP_BUTTONS}", ANSWER), 2)),
        ("an answer of its own", [FIRST], (said(4, "more request_human", ANSWER), None)),
        ("only a person", [said(2, "request_human", ANSWER)], (said(4, "request_human", ANSWER), None)),
        ("the same step again", [FIRST], (said(4, f"look {STEP_BUTTONS}", STEP), 2)),
        ("an answer within a step that came unasked", [CAME, FIRST], (said(6, "step_done lost stuck", ANSWER), 4)),
        ("the next step", [FIRST], (said(4, STEP_BUTTONS, {**STEP, "step": 2}), None)),
        ("the same step of another cause", [FIRST], (said(4, STEP_BUTTONS, {**STEP, "cause": "frozen"}), None)),
        ("a question without data, the same", [FIRST], (said(4, STEP_BUTTONS), 2)),
        ("a question with more answers than another", [said(2, "stuck", {"type": "resolved"})], (said(4, "seen stuck"), None)),
        ("nothing before", [], (FIRST, None)),
        ("some of them", [FIRST], (said(4, "done lost", ANSWER), None)),
        ("the latest of two", [said(4, STEP_BUTTONS, ANSWER, 2), FIRST], (said(6, STEP_BUTTONS, ANSWER), 4)),
        ("further answers do not hide the step", [said(4, "more", ANSWER), FIRST], (said(6, f"more {STEP_BUTTONS}", ANSWER), 2)),
        ("an answer that had them first", [said(4, "cancel look", ANSWER)], (said(6, "more cancel look", ANSWER), 4)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_a_message_names_the_one_whose_choices_it_repeats(later: str, earlier: list[Message], expected: Any) -> None:
    message, seq = expected
    assert restored(message, earlier) == seq
