"""Account and order services of one's own are one argument, and everything that reads the customer's state reads them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor
from typer.testing import CliRunner

from actions.bootstrap import Application, use
from actions.core.effects import EFFECTS, effects_of
from actions.core.facts import FactsSource
from actions.handlers.turn_actions import TURN_ACTIONS
from actions.handoff.effects import carry_out
from actions.handoff.ownership import Outcome
from actions.handoff.payload import read_payload
from actions.state import conversations, handoffs, subscriptions
from bot.bootstrap import WidgetChannel, demo_shop, desk_work, widget_channel
from bot.channel.tokens import Claims, issue
from bot.cli import app
from bot.commands.inspection import diagnose_one
from bot.staff.sessions import Agent
from conversations.application import composed
from tests.databases import migrated
from tests.unit.application.own_services import CUSTOMER, ORDER, SUBJECT, OwnServices

pytestmark = pytest.mark.slow

SECRET = "a secret of the tests, longer than 32 characters"
AGENT = Agent("agent-1", "session", "csrf", 2**40)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setattr(OwnServices, "overdue", OwnServices.overdue)
    database = migrated(f"sqlite:///{tmp_path}/own.db")
    here = composed(database, facts_source=OwnServices)
    use(here)
    yield here
    use(None)
    database.close()


def act(action: str, text: str, intent: str, case: Any = None) -> list[dict[str, Any]]:
    """The messages of an action, called as Rasa calls the action server."""
    executor = ActionExecutor()
    # Not the whole package: that registers every action of the process, those of other tests as well.
    for each in TURN_ACTIONS:
        executor.register_action(each)
    message = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "metadata": {"order": ORDER}, "entities": []}
    tracker = {"sender_id": CUSTOMER, "slots": {"case": case}, "latest_message": message, "events": [], "paused": False}
    called = {"next_action": action, "sender_id": CUSTOMER, "tracker": tracker, "domain": {}}
    answer = asyncio.run(executor.run(called))
    assert answer is not None
    responses: list[dict[str, Any]] = answer["responses"]
    return responses


def handed_over(here: Application) -> handoffs.Handoff:
    said = act("action_request_person", "转人工", "request_human")
    with here.database.session() as session:
        carry_out(session, CUSTOMER, effects_of(effect for each in said for effect in each.get(EFFECTS, ())))
        row = handoffs.open_handoff(session, CUSTOMER)
    assert row is not None
    return row


def test_a_source_of_ones_own_is_a_facts_source() -> None:
    source: FactsSource = OwnServices(None)
    assert source.customer_exists(CUSTOMER)


@pytest.mark.parametrize(("user", "order", "known"), [(CUSTOMER, ORDER, True), (CUSTOMER, "o-1", False), ("u-1001", None, False)])
def test_who_may_open_a_conversation(here: Application, monkeypatch: pytest.MonkeyPatch, user: str, order: Any, known: bool) -> None:
    settings = here.settings.read(token_secret=SECRET)
    channels = [widget_channel(Application(settings, here.database, here.knowledge, here.facts, here.experiments))]
    monkeypatch.setenv("BAITIAO_TOKEN_SECRET", SECRET)
    monkeypatch.setenv("BAITIAO_FACTS_SOURCE", f"{OwnServices.__module__}:{OwnServices.__qualname__}")
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(here.database.engine.url))
    use(None)
    channels.append(WidgetChannel.from_credentials(None))
    for channel in channels:
        claims = channel.service.verifier.verify(issue(SECRET, user, order))
        assert isinstance(claims, Claims) and channel.service.store.knows(claims) is known


def test_what_the_assistant_answers(here: Application) -> None:
    said = act("action_diagnose", "怎么不能分期了", "installment_missing")
    (diagnosis,) = [each["custom"] for each in said if each["custom"].get("type") == "diagnosis"]
    assert diagnosis["order"] == ORDER and [cause["id"] for cause in diagnosis["causes"]] == ["overdue"]
    assert [fact["value"] for fact in diagnosis["causes"][0]["evidence"]] == [326.8]


def test_what_a_person_receives(here: Application) -> None:
    case = read_payload(handed_over(here).payload)
    assert case.order is not None and case.order.id == ORDER
    assert [cause.id for cause in case.diagnosis.causes] == ["overdue"]


def test_what_a_person_sees_now_and_what_is_left_when_they_give_the_case_back(here: Application) -> None:
    row, desk = handed_over(here), desk_work(here)
    live = desk.case(AGENT, row.id, live=True).live
    assert live is not None and [cause.id for cause in live.causes] == ["overdue"]
    desk.take(AGENT, row.id)
    desk.give_back(AGENT, row.id, Outcome("person", "overdue", ""))
    with here.database.session() as session:
        said = conversations.history(session, CUSTOMER)[-1].text
    assert here.knowledge.current.causes["overdue"].title in said


def test_when_the_wait_is_over(here: Application) -> None:
    with here.database.session() as session:
        subscriptions.subscribe(session, CUSTOMER, CUSTOMER, SUBJECT, "overdue")
    watcher = here.recovery_watcher()
    assert watcher.look() == 0
    OwnServices.overdue = "0.00"
    assert [watcher.look(), watcher.look()] == [1, 0]


def test_what_the_demo_shop_shows(here: Application) -> None:
    state = demo_shop(here).state(CUSTOMER, SUBJECT)
    assert state["order"]["id"] == ORDER and [cause["id"] for cause in state["causes"]] == ["overdue"]


def test_what_the_command_line_finds(here: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = diagnose_one(here, CUSTOMER, SUBJECT)
    assert [cause["id"] for cause in expected["causes"]] == ["overdue"]
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(here.database.engine.url))
    monkeypatch.setenv("BAITIAO_FACTS_SOURCE", f"{OwnServices.__module__}:{OwnServices.__qualname__}")
    result = CliRunner().invoke(app, ["diagnose", CUSTOMER, "--order", ORDER])
    assert result.exit_code == 0 and json.loads(result.output) == expected
