"""Conversations with the real assistant: what is observed while they last is what their messages come to when it is made anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from actions.state.database import Database
from actions.state.episodes import EPISODES
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import TALLIES
from bot.channel.store import ChannelStore
from conversations.application import composed, project_knowledge
from conversations.loading import Conversation, collect
from conversations.player import play
from ops.observing.rebuild import rebuild
from ops.observing.rollup import roll_up
from ops.worker import Surroundings

OF_EACH = 2
FILES = (
    "happy_path",
    "ends",
    "person",
    "notices",
    "unasked",
    "next_day",
    "checks",
    "disambiguation",
    "invalid_input",
    "bills",
    "order_switch",
)
CHANGED = "card"
"""The dimension that customers change while they follow steps: made anew, dimensions are those of their state as it is by then."""
TOLD = {"opened", "complained", "asked", "unclear", "found", "step", "check", "end", "handoff"}


def chosen() -> list[Conversation]:
    whole = [each for each in collect() if "process" in each.over]
    return [each for name in FILES for each in [some for some in whole if some.file == f"dialogue/{name}.yml"][:OF_EACH]]


def observed(database: Database) -> tuple[list[Any], ...]:
    columns = [column for column in OBSERVATIONS.columns if column.name != "id"]
    counts = select(TALLIES).where(TALLIES.c.dim != CHANGED)
    with database.session() as session:
        return tuple(sorted(map(_kept, session.execute(wanted)), key=str) for wanted in (select(*columns), select(EPISODES), counts))


def _kept(row: Any) -> tuple[Any, ...]:
    return tuple({name: each for name, each in value.items() if name != CHANGED} if isinstance(value, dict) else value for value in row)


@pytest.fixture
def rolled_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the worker looked after every turn: what it knows of a customer is of what they are asking about then."""
    finish = ChannelStore.finish

    def finish_and_roll_up(store: ChannelStore, *arguments: Any) -> Any:
        stored = finish(store, *arguments)
        roll_up(Surroundings.of(composed(store._database)))
        return stored

    monkeypatch.setattr(ChannelStore, "finish", finish_and_roll_up)


@pytest.mark.usefixtures("rolled_up_at_once")
def test_what_is_observed_live_is_what_the_messages_come_to(stages: Callable[[Any], Any]) -> None:
    kinds = set()
    for conversation in chosen():
        stage = stages(conversation)
        play(conversation, stage, project_knowledge())
        here = composed(stage.database)
        roll_up(Surroundings.of(here))
        live = observed(stage.database)
        assert live[0], conversation.id
        rebuild(stage.database, here.facts)
        assert observed(stage.database) == live, conversation.id
        kinds |= {row[OBSERVATIONS.columns.keys().index("kind") - 1] for row in live[0]}
    assert kinds == TOLD
