"""A small Rasa model whose only action is the test's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import migrated

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from actions.core.effects import EFFECTS
from actions.state.database import Database

CONFIG = """
recipe: default.v1
language: zh
assistant_id: test
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
"""
DOMAIN = """
version: "3.1"
intents: [greet, count, undo, fall]
entities: [order]
actions: [action_count, action_fail, action_answer]
slots:
  case: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  order: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: order}]}
responses:
  utter_greet: [{text: "hello there"}]
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""
TRAINING = """
version: "3.1"
nlu:
- {intent: greet, examples: "- hello\\n- good day\\n"}
- {intent: count, examples: "- count\\n- again\\n"}
- {intent: undo, examples: "- undo\\n- back\\n"}
- {intent: fall, examples: "- fall\\n- fail\\n"}
rules:
- {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
- {rule: count, steps: [{intent: count}, {action: action_count}]}
- {rule: undo, steps: [{intent: undo}, {action: action_answer}]}
- {rule: fall, steps: [{intent: fall}, {action: action_fail}]}
"""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a trained model; training it takes a few seconds."""
    from rasa.model_training import train

    folder = tmp_path_factory.mktemp("model")
    for name, text in (("config", CONFIG), ("domain", DOMAIN), ("training", TRAINING)):
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # The project's own may be in use: its model is trained beside the tests that need none.
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        result = train(
            domain=str(folder / "domain.yml"),
            config=str(folder / "config.yml"),
            training_files=str(folder / "training.yml"),
            output=str(folder),
            force_training=True,
        )
    assert result.model is not None
    return result.model


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path}/turns.db")
    yield database
    database.close()


class Actions:
    """The test's actions, called as an action server would call them."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.effects: list[dict[str, Any]] = []
        self.broken = False

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        from bot.engine.action_client import ActionFailed, checked

        self.calls.append(request)
        if self.broken or request["next_action"] == "action_fail":
            raise ActionFailed("broken")
        case = dict(request["tracker"]["slots"].get("case") or {})
        case["count"] = case.get("count", 0) + 1
        responses = [
            {"text": f"count is {case['count']}", "buttons": [], "custom": {"type": "answer", "topic": "x"}, "action": "action_count"}
        ]
        responses += [{EFFECTS: self.effects}] if self.effects else []
        return checked({"events": [{"event": "slot", "name": "case", "value": case}], "responses": responses}, "action_count")

    async def healthy(self) -> bool:
        return not self.broken

    async def close(self) -> None:
        return None


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
def agent(model: str, actions: Actions, database: Database) -> Any:
    from bot.engine.processor import TurnAgent
    from bot.engine.tracker_store import ConversationTrackerStore

    agent = TurnAgent(actions, ConversationTrackerStore(database=database))
    agent.load_model(model)
    return agent
