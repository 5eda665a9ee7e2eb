"""A demo world in a database of its own, and customers who are handed over the way the dialogue does it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from actions.bootstrap import Application
from actions.core.case import Case
from actions.core.effects import effects_of
from actions.core.turn import Response, Turn
from actions.handoff.effects import carry_out
from actions.masking import mask
from actions.state import conversations, handoffs
from actions.state.conversations import MessageDraft
from actions.state.database import Database
from conversations.application import composed
from tests.databases import migrated

WORLD = Path(__file__).parents[3] / "demo" / "world.yml"


class House:
    """The assistant without Rasa: turns go straight to the dialogue, and are stored as the channel stores them."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.database = application.database

    def turn(self, user: str, intent: str, text: str = "", case: Case | None = None, order: str | None = None, **more: Any) -> Response:
        """One turn, stored."""
        entities = more.pop("entities", {})
        given = {"message": uuid4().hex, **more}
        turn = Turn(user, intent, text or intent, entities=entities, token_order=order, case=case or Case(), **given)
        with self.application.assistant() as assistant:
            response = assistant.respond(turn, self.application.knowledge.current.intents[intent].action)
        said = [
            MessageDraft(
                role="bot",
                text=reply.text,
                data=reply.data.to_data() if reply.data else None,
                buttons=[each.to_json() for each in reply.buttons],
                action=response.action,
            )
            for reply in response.replies
        ]
        with self.database.session() as session:
            said_by_customer = MessageDraft(
                role="user", text=mask(turn.text).text, id=turn.message, intent=intent, confidence=turn.confidence
            )
            conversations.append(session, user, [said_by_customer, *said])
            carry_out(session, user, effects_of(json.loads(json.dumps([effect.to_data() for effect in response.effects]))))
        return response

    def handed_over(self, user: str = "u-1013", order: str | None = "o-1013") -> handoffs.Handoff:
        """A customer with an overdue amount who has tried a step and then asked for a person."""
        case = self.turn(user, "installment_missing", "怎么不能分期了，我手机 13800138000", order=order).case
        case = self.turn(user, "step_done", "弄好了", case, order).case
        self.turn(user, "request_human", "转人工", case, order)
        return self.open(user)

    def open(self, user: str = "u-1013") -> handoffs.Handoff:
        with self.database.session() as session:
            found = handoffs.open_handoff(session, user)
        assert found is not None
        return found

    def history(self, user: str = "u-1013") -> Any:
        with self.database.session() as session:
            return conversations.history(session, user)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "demo.db"
    database = migrated(f"sqlite:///{file}", WORLD)
    database.close()
    return file


@contextmanager
def copied(demo_file: Path, folder: Path) -> Iterator[House]:
    """A house of one's own."""
    shutil.copy(demo_file, folder / "house.db")
    database = Database(f"sqlite:///{folder / 'house.db'}")
    yield House(composed(database))
    database.close()


@pytest.fixture
def house(demo_file: Path, tmp_path: Path) -> Iterator[House]:
    with copied(demo_file, tmp_path) as house:
        yield house
