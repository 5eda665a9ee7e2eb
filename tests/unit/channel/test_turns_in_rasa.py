"""Turns through Rasa itself: failures are failures, the state survives, and a long conversation costs no more than a short one."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import (
    ActionExecuted,
    ConversationPaused,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from actions.state.conversations import history, load_tracker
from actions.state.world.facts import SqlFacts
from bot.channel.feed import Feed
from bot.channel.locks import LocalLocks
from bot.channel.requests import Envelope
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from bot.channel.turns import Replies, Turns
from bot.engine.processor import TurnAgent
from bot.engine.tracker_store import KEPT, WINDOW, ConversationTrackerStore, dumps, window
from bot.web.metrics import Metrics
from bot.web.responses import ProblemError

pytestmark = pytest.mark.slow

CUSTOMER = Claims("u-1", "o-1", None, 0)


def turns_of(agent: Any, database: Any) -> Turns:
    store = ChannelStore(database, SqlFacts)
    return Turns(agent.handle_message, store, LocalLocks(), Feed(store), Metrics(), "widget")


def envelope(**fields: Any) -> Envelope:
    return Envelope(str(uuid.uuid4()), fields)


def stored(database: Any) -> tuple[Any, Any]:
    with database.session() as session:
        return history(session, "u-1"), load_tracker(session, "u-1")


@pytest.mark.asyncio
async def test_a_turn_with_an_action_answers_and_keeps_the_state(agent: Any, actions: Any, database: Any) -> None:
    turns = turns_of(agent, database)
    answer = await turns.take(CUSTOMER, envelope(text="count"))
    assert [(message.text, message.data, message.action) for message in answer] == [
        ("count is 1", {"type": "answer", "topic": "x"}, "action_count")
    ]
    call = actions.calls[0]
    assert call["sender_id"] == "u-1" and call["domain"] == {}
    messages, _ = stored(database)
    case = {"phase": "idle", "nature": None, "answered": None}
    metadata = {"order": "o-1", "masked": [], "message_id": messages[0].id, "written": "count", "case": case}
    assert call["tracker"]["latest_message"]["metadata"] == metadata
    assert (messages[0].intent, messages[0].confidence, messages[0].action) == ("count", 1.0, "action_count")
    assert (await turns.take(CUSTOMER, envelope(text="hello")))[0].action == "utter_greet"


@pytest.mark.asyncio
async def test_the_state_survives_a_restart(model: str, agent: Any, actions: Any, database: Any) -> None:
    await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))
    again = TurnAgent(actions, ConversationTrackerStore(database=database))
    again.load_model(model)
    assert (await turns_of(again, database).take(CUSTOMER, envelope(text="again")))[0].text == "count is 2"
    events = json.loads(stored(database)[1])["events"]
    assert [event["event"] for event in events].count("session_started") == 1


@pytest.mark.asyncio
async def test_a_failed_action_fails_the_turn_and_leaves_no_trace(agent: Any, actions: Any, database: Any) -> None:
    turns = turns_of(agent, database)
    await turns.take(CUSTOMER, envelope(text="count"))
    before = stored(database)
    actions.broken = True
    with pytest.raises(ProblemError) as refusal:
        await turns.take(CUSTOMER, envelope(text="count"))
    assert refusal.value.status == 503 and refusal.value.kept is False and stored(database) == before
    actions.broken = False
    assert (await turns.take(CUSTOMER, envelope(text="count")))[0].text == "count is 2"


@pytest.mark.asyncio
async def test_the_very_first_turn_may_fail_too(agent: Any, database: Any) -> None:
    with pytest.raises(ProblemError):
        await turns_of(agent, database).take(CUSTOMER, envelope(text="fail"))
    assert stored(database) == ((), None)


@pytest.mark.asyncio
async def test_a_message_nothing_answers_is_a_failure(agent: Any, database: Any) -> None:
    with pytest.raises(ProblemError) as refusal:
        await turns_of(agent, database).take(CUSTOMER, envelope(text="nobody has trained this"))
    assert refusal.value.status == 503 and stored(database) == ((), None)


@pytest.mark.asyncio
async def test_a_button_reaches_the_dialogue_as_its_intent(agent: Any, actions: Any, database: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.channel.turns.always_accepted", lambda: {'/count{"order": "o-7"}': "count it"})
    await turns_of(agent, database).take(CUSTOMER, envelope(payload='/count{"order": "o-7"}'))
    latest = actions.calls[0]["tracker"]["latest_message"]
    assert latest["intent"]["name"] == "count" and latest["text"] == "count it"
    assert actions.calls[0]["tracker"]["slots"]["order"] == "o-7"


@pytest.mark.asyncio
async def test_texts_and_tokens_never_stand_in_logs_unmasked(agent: Any, database: Any, caplog: Any, capsys: Any) -> None:
    caplog.set_level(logging.DEBUG)
    await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))
    with pytest.raises(ProblemError):
        await turns_of(agent, database).take(CUSTOMER, envelope(text="13812345678 fail"))
    said = caplog.text + "".join(capsys.readouterr())
    assert "13812345678" not in said and "13812345678" not in str(stored(database))


@pytest.mark.asyncio
async def test_the_three_hundredth_turn_reads_and_writes_as_little_as_the_tenth(agent: Any, actions: Any, database: Any) -> None:
    turns = turns_of(agent, database)
    sizes = []
    for number in range(300):
        await turns.take(CUSTOMER, envelope(text="count" if number % 2 else "again"))
        if number % 50 == 49:
            sizes.append(len(stored(database)[1]))
            assert len(actions.calls[-1]["tracker"]["events"]) <= WINDOW + 20
    messages, _ = stored(database)
    assert messages[-1].text == "count is 300" and messages[-1].seq == 600
    assert max(sizes) < 2 * min(sizes)


@pytest.mark.asyncio
async def test_without_a_turn_the_state_is_stored_at_once(agent: Any, database: Any) -> None:
    output = Replies()
    await agent.handle_message(UserMessage("count", output, "u-1"))
    assert output.drafts[0].text == "count is 1" and "count" in (stored(database)[1] or "")
    assert list(await agent.tracker_store.keys()) == ["u-1"]


def long_tracker(domain: Any, turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("u-1", domain.slots)
    for number in range(turns):
        for event in (
            ActionExecuted("action_listen"),
            UserUttered(f"text {number}", {"name": "count", "confidence": 1.0}),
            SlotSet("case", {"count": number}),
            ActionExecuted("action_count"),
        ):
            tracker.update(event)
    tracker.update(ActionExecuted("action_listen"))
    return tracker


def replayed(agent: Any, tracker: DialogueStateTracker) -> DialogueStateTracker:
    again = agent.tracker_store.deserialise_tracker("u-1", dumps(tracker))
    assert again is not None
    return again


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {
        "slots": tracker.current_slot_values(),
        "paused": tracker.is_paused(),
        "loop": tracker.active_loop_name,
        "action": tracker.latest_action_name,
        "message": tracker.latest_message.text if tracker.latest_message else None,
        "followup": tracker.followup_action,
    }


@pytest.mark.parametrize("turns", [1, 3, 14, 15, 16, 40])
def test_replaying_the_window_gives_the_whole_state(agent: Any, turns: int) -> None:
    tracker = long_tracker(agent.domain, turns)
    tracker.update(SlotSet("order", "o-1"))
    again = replayed(agent, tracker)
    assert state(again) == state(tracker) and state(again.copy()) == state(tracker)
    assert len(again.events) <= WINDOW
    assert again.applied_events() and replayed(agent, again).events == again.events


def test_a_slot_and_a_pause_from_before_the_window_are_carried_over(agent: Any) -> None:
    tracker = DialogueStateTracker("u-1", agent.domain.slots)
    tracker.update(SlotSet("order", "o-early"))
    tracker.update(ConversationPaused())
    for event in long_tracker(agent.domain, 30).events:
        tracker.update(event)
    again = replayed(agent, tracker)
    assert again.get_slot("order") == "o-early" and again.is_paused() and len(again.events) <= KEPT + 10


def test_undone_turns_are_resolved_before_the_window_is_cut(agent: Any) -> None:
    tracker = long_tracker(agent.domain, 30)
    for _ in range(14):
        tracker.update(UserUtteranceReverted())
    again = replayed(agent, tracker)
    assert state(again) == state(tracker)
    assert not any(isinstance(event, UserUtteranceReverted) for event in again.events)


def test_the_window_begins_with_a_customers_message(agent: Any) -> None:
    events = window(long_tracker(agent.domain, 100))
    assert [type(event).__name__ for event in events[:5]] == [
        "ActionExecuted",
        "SessionStarted",
        "SlotSet",
        "ActionExecuted",
        "UserUttered",
    ]


@pytest.mark.asyncio
async def test_turns_that_would_only_wait_are_refused(agent: Any, database: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.channel.turns.MOST_TURNS", 1)
    turns = turns_of(agent, database)
    first = asyncio.ensure_future(turns.take(CUSTOMER, envelope(text="count")))
    await asyncio.sleep(0)
    with pytest.raises(ProblemError) as refusal:
        await turns.take(CUSTOMER, envelope(text="count"))
    assert refusal.value.status == 503 and refusal.value.kept is False
    assert (await first)[0].text == "count is 1"
