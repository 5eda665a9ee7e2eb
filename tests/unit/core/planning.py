"""Phases and topics for tests of the planner: one topic of each kind."""

from __future__ import annotations

from typing import get_args

from actions.core.case import Phase
from actions.core.topics import Topic, TopicAnswer, TopicKind

SAID = (TopicAnswer(text=("x",)),)
PHASES: tuple[Phase, ...] = get_args(Phase)
NOTHING_ON_THE_TABLE = ("idle", "asking_subject")
OPEN = tuple(phase for phase in PHASES if phase not in NOTHING_ON_THE_TABLE)


def topic(kind: TopicKind, name: str = "", **more: object) -> Topic:
    needed: dict[str, object] = {"answers": SAID}
    if kind == "failure":
        needed["nothing_found"] = ("x",)
    if kind == "emergency":
        needed["reason"] = "fraud"
    return Topic(id=name or kind, title="x", kind=kind, **{**needed, **more})  # type: ignore[arg-type]


ASPECT = topic("case", "case_why", aspect="why")
MOVE = topic("case", "next_step", move="next_step")
STATE, RULE, ACTION = topic("state"), topic("rule"), topic("action")
FAILURE, EMERGENCY, DIALOGUE = topic("failure"), topic("emergency"), topic("dialogue")
SECOND, GUESS = topic("rule", "second"), topic("rule", "guess")
