"""From life to test: what was just played, written down as a test with its world, passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner

from actions.state.world.loading import load_world_data
from actions.state.world.tables import store_now
from bot.cli import app
from bot.commands import inspection
from bot.export.writing import write
from conversations.application import project_knowledge
from conversations.loading import Conversation, collect, known_failures, read
from conversations.player import Mismatch, play

CONVERSATIONS = {each.id: each for each in collect() if each.id not in known_failures()}
LAST_OF_FILES = {each.file: each for each in CONVERSATIONS.values() if not each.file.startswith("causes/")}.values()
WITH_PEOPLE = [each for each in CONVERSATIONS.values() if each.file == "dialogue/person.yml"]
OVERDUE = next(each for each in CONVERSATIONS.values() if each.file == "causes/overdue.yml")
SAMPLE = {each.id: each for each in (*LAST_OF_FILES, *WITH_PEOPLE, OVERDUE)}.values()


@pytest.fixture
def replay(play: Callable[[Any], Any], tmp_path: Path) -> Callable[[str], Conversation]:
    """Plays the text of a test."""

    def run(text: str) -> Conversation:
        (tmp_path / "from_life").mkdir()
        file = tmp_path / "from_life" / "story.yml"
        file.write_text(text, encoding="utf-8")
        (conversation,) = read(file, tmp_path)
        play(conversation)
        return conversation

    return run


@pytest.mark.parametrize("conversation", [pytest.param(each, id=each.id) for each in SAMPLE])
def test_what_was_played_becomes_a_test_that_passes(conversation: Conversation, stages: Any, replay: Any) -> None:
    stage = stages(conversation)
    play(conversation, stage, project_knowledge())
    with stage.database.session() as session:
        text = write(session, conversation.user, project_knowledge())
    stage.end()
    again = replay(text)
    assert not re.search(rf"\b{re.escape(conversation.user)}\b", text)
    assert len([step for step in again.case.steps if step.is_said]) >= 1


def test_nobody_is_named_and_numbers_stay_masked(stages: Any) -> None:
    stage = stages(OVERDUE)
    stage.patch({"users": [{"id": "u-1013", "name": "欧阳小满"}]})
    stage.say("我是欧阳小满，手机号13812345678，订单o-1013怎么不能分期了")
    with stage.database.session() as session:
        text = write(session, "u-1013", project_knowledge())
    assert [secret for secret in ("欧阳小满", "13812345678", "u-1013", "o-1013") if secret in text] == []
    assert "customer-1" in text and "o-0001" in text


def test_a_clock_that_runs_passes_in_the_test_as_well(stages: Any, replay: Any) -> None:
    stage = stages(OVERDUE)
    with stage.database.session() as session:
        store_now(session, None)
    with time_machine.travel("2026-11-22T02:00:00+00:00", tick=True) as traveller:
        stage.say("白条为什么不能分期了")
        traveller.shift(3 * 3600)
        stage.say("我回来了，继续吧")
        with stage.database.session() as session:
            text = write(session, "u-1013", project_knowledge())
    stage.end()
    assert [part for part in ("when: {minutes: 180}", "now: '2026-11-22T10:00:") if part not in text] == []
    replay(text)


def test_a_changed_assistant_is_shown_to_differ(stages: Any, replay: Any) -> None:
    stage = stages(OVERDUE)
    stage.say("白条为什么不能分期了")
    with stage.database.session() as session:
        text = write(session, "u-1013", project_knowledge())
    stage.end()
    with pytest.raises(Mismatch, match="diagnosis\n      expected  \\['phone_unbound'\\]\n      seen      \\['overdue'\\]"):
        replay(text.replace("overdue: {baitiao.overdue: 326.8}", "phone_unbound: {phone_bound: false}"))


def test_the_handoff_leads_to_the_conversation_and_what_is_unknown_is_said(stages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = stages(OVERDUE)
    (handed,) = stage.say("转人工")
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(stage.database.engine.url))
    by_handoff = inspection.from_conversation(stage.application, handed.data["handoff_id"])
    assert by_handoff == inspection.from_conversation(stage.application, "u-1013")
    result = CliRunner().invoke(app, ["story", "from-conversation", "u-1013", "--no-check"])
    assert result.exit_code == 0 and "test_case: from life" in result.output
    with pytest.raises(LookupError, match="no conversation or handoff nobody"):
        inspection.from_conversation(stage.application, "nobody")


def test_a_world_that_was_replaced_is_said_to_be(stages: Any) -> None:
    stage = stages(OVERDUE)
    stage.say("白条为什么不能分期了")
    load_world_data(stage.database, {"users": [{"id": "u-1013"}]}, replace=True)
    with stage.database.session() as session:
        assert "# The world was replaced" in write(session, "u-1013", project_knowledge())
