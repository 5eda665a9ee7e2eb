"""Who owns a conversation after what: every pair of stage and event."""

from __future__ import annotations

from typing import get_args

import pytest

from actions.core.handoff import TRANSITIONS, Event, NotPossible, Stage, after, is_silent

TABLE = """
            hand_over  late     wait     leave_message  go_on  solve  take    give_back  close   assign   move     transfer  release
bot         queued     -        -        -              -      -      -       -          -       -        -        -         -
queued      queued     offered  -        -              bot    bot    person  -          -       queued   queued   -         -
offered     offered    -        waiting  waiting        bot    bot    person  -          -       offered  offered  -         -
waiting     waiting    -        waiting  waiting        bot    bot    person  -          -       waiting  waiting  -         -
person      person     -        -        -              -      -      -       bot        closed  -        queued   person    queued
closed      queued     -        -        -              -      -      -       -          -       -        -        -         -
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(row[0], event, cell) for row in ROWS for event, cell in zip(HEAD, row[1:])]


@pytest.mark.parametrize("stage, event, expected", CELLS)
def test_every_event_at_every_stage(stage: Stage, event: Event, expected: str) -> None:
    if expected == "-":
        with pytest.raises(NotPossible, match=f"{event} is not possible while the case is {stage}"):
            after(stage, event)
    else:
        assert after(stage, event) == expected


def test_the_table_above_is_complete() -> None:
    assert {(stage, event) for stage, event, _ in CELLS} == {(stage, event) for stage in get_args(Stage) for event in get_args(Event)}
    assert {cell for cell in CELLS if cell[2] != "-"} == {(stage, event, after) for (stage, event), after in TRANSITIONS.items()}


def test_the_assistant_is_silent_only_when_a_person_has_the_case() -> None:
    assert [stage for stage in get_args(Stage) if is_silent(stage)] == ["person"]
