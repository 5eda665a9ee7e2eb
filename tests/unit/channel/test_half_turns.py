"""A turn is one transaction: what an action wants changed is written with the messages, or never."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from rasa.shared.core.trackers import DialogueStateTracker

from actions.bootstrap import use
from actions.core.effects import EFFECTS, ChoiceMade, HandoffMade, NoticeWanted
from actions.core.subject import Subject
from actions.handoff.effects import carry_out
from actions.state import handoffs, outbox, subscriptions
from actions.state.conversations import MessageDraft, append
from actions.threads import writing
from bot.channel.deadline import Deadline, TooLate
from bot.channel.store import ChannelStore
from bot.channel.turns import Replies
from bot.engine.effects import EffectfulAction
from bot.web.responses import ProblemError
from conversations.application import composed
from tests.unit.channel.test_turns_in_rasa import CUSTOMER, envelope, stored, turns_of

pytestmark = pytest.mark.slow

MADE = HandoffMade("h-made2345", "fraud", "risk", "urgent", "o-1", None, "c-someone", {"words": "x"})
WANTED = NoticeWanted("o-1", None, "incident_outage")


def changed(database: Any) -> tuple[str | None, int, bool]:
    """The open handoff, its deliveries, and whether a notice is wanted."""
    with database.session() as session:
        row = handoffs.open_handoff(session, "u-1")
        wanted = subscriptions.is_subscribed(session, "u-1", Subject("order", "o-1"), WANTED.cause)
        return row and row.id, len(outbox.of(session, MADE.handoff)), wanted


@pytest.fixture
def effectful(actions: Any) -> Any:
    actions.effects = [MADE.to_data(), WANTED.to_data()]
    return actions


@pytest.mark.asyncio
async def test_what_the_action_decided_is_written_with_the_messages_and_once(agent: Any, effectful: Any, database: Any) -> None:
    turns, message = turns_of(agent, database), envelope(text="count")
    assert [each.text for each in await turns.take(CUSTOMER, message)] == ["count is 1"]
    assert changed(database) == (MADE.handoff, 1, True)
    assert len(await turns.take(CUSTOMER, message)) == 1
    assert changed(database) == (MADE.handoff, 1, True)


@pytest.mark.asyncio
@pytest.mark.parametrize("broken", ["append", "save_tracker", "carry_out"])
async def test_a_turn_that_could_not_be_stored_leaves_no_case_and_no_notice(
    agent: Any, effectful: Any, database: Any, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    turns, message = turns_of(agent, database), envelope(text="count")
    with monkeypatch.context() as patched:
        patched.setattr(f"bot.channel.store.{broken}", full)
        with pytest.raises(ProblemError) as refusal:
            await turns.take(CUSTOMER, message)
    assert refusal.value.kept is False and stored(database) == ((), None) and changed(database) == (None, 0, False)
    await turns.take(CUSTOMER, message)
    assert changed(database) == (MADE.handoff, 1, True)


@pytest.mark.asyncio
async def test_an_effect_that_does_not_fit_any_more_fails_the_whole_turn(agent: Any, actions: Any, database: Any) -> None:
    actions.effects = [WANTED.to_data(), ChoiceMade("h-closed23", "wait").to_data()]
    with pytest.raises(ProblemError):
        await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))
    assert stored(database) == ((), None) and changed(database) == (None, 0, False)


@pytest.mark.asyncio
async def test_an_effect_of_another_version_fails_the_turn(agent: Any, actions: Any, database: Any) -> None:
    for effect in ({"effect": "Nothing"}, {**WANTED.to_data(), "more": 1}):
        actions.effects = [effect]
        with pytest.raises(ProblemError):
            await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))
    assert stored(database) == ((), None)


@pytest.mark.asyncio
async def test_a_turn_during_which_somebody_else_spoke_is_not_stored(agent: Any, actions: Any, database: Any) -> None:
    async def call(request: dict[str, Any]) -> dict[str, Any]:
        # As when the conversation's lock was lost in the middle of the turn.
        with database.session() as session:
            append(session, "u-1", [MessageDraft("system", "小王 已接入")])
        return await answer(request)

    answer, actions.call = actions.call, call
    turns, message = turns_of(agent, database), envelope(text="count")
    with pytest.raises(ProblemError) as refusal:
        await turns.take(CUSTOMER, message)
    assert refusal.value.kept is False and [each.role for each in stored(database)[0]] == ["system"]
    actions.call = answer
    assert [each.text for each in await turns.take(CUSTOMER, message)] == ["count is 1"]


@pytest.mark.asyncio
async def test_a_turn_that_was_given_up_is_never_committed_afterwards(
    agent: Any, effectful: Any, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*arguments: Any) -> None:
        time.sleep(1.0)
        carry_out(*arguments)

    monkeypatch.setattr("bot.channel.store.carry_out", slowly)
    monkeypatch.setattr("bot.channel.turns.LONGEST_TURN", 0.6)
    with pytest.raises(ProblemError) as refusal:
        await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))
    assert refusal.value.kept is False
    await asyncio.sleep(1.2)
    assert stored(database) == ((), None) and changed(database) == (None, 0, False)


@pytest.mark.asyncio
async def test_a_turn_that_is_being_committed_at_its_deadline_is_answered(
    agent: Any, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(self: Deadline) -> None:
        decided(self)
        time.sleep(0.8)

    decided = Deadline.commit
    monkeypatch.setattr(Deadline, "commit", slowly)
    monkeypatch.setattr("bot.channel.turns.LONGEST_TURN", 0.6)
    assert [each.text for each in await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))] == ["count is 1"]
    assert len(stored(database)[0]) == 2


@pytest.mark.asyncio
async def test_a_connection_lost_while_committing_is_looked_into(agent: Any, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*arguments: Any) -> Any:
        finish(*arguments)
        raise OSError("the connection was closed before the commit was confirmed")

    finish = ChannelStore.finish
    monkeypatch.setattr(ChannelStore, "finish", lost)
    assert [each.text for each in await turns_of(agent, database).take(CUSTOMER, envelope(text="count"))] == ["count is 1"]


@pytest.mark.asyncio
async def test_a_deadline_covers_waiting_for_earlier_messages(
    agent: Any, actions: Any, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: Any) -> Any:
        await asyncio.sleep(30)

    monkeypatch.setattr("bot.channel.turns.LONGEST_TURN", 0.5)
    actions.call = hang
    turns, begun = turns_of(agent, database), time.monotonic()
    results = await asyncio.gather(*(turns.take(CUSTOMER, envelope(text="count")) for _ in range(3)), return_exceptions=True)
    assert [getattr(each, "kept", None) for each in results] == [False] * 3 and time.monotonic() - begun < 3
    assert stored(database) == ((), None)


def test_nobody_commits_after_the_time_is_over_and_nobody_gives_up_what_is_being_committed() -> None:
    over, going, given_up = Deadline(0), Deadline(9), Deadline(9)
    with pytest.raises(TooLate):
        over.commit()
    going.commit()
    assert not going.give_up() and going.committing
    assert given_up.give_up()
    with pytest.raises(TooLate):
        given_up.commit()


@pytest.mark.asyncio
async def test_writers_are_waited_for_once_they_have_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "patience", 0.1)
    assert await writing(lambda: time.sleep(0.4) or "done") == "done"


@pytest.mark.asyncio
async def test_outside_of_a_channel_what_an_action_decides_is_written_at_once(agent: Any, database: Any) -> None:
    use(composed(database))
    try:
        tracker = DialogueStateTracker("u-1", [])
        said = await EffectfulAction._utter_responses([{"text": "转接中"}, {EFFECTS: [MADE.to_data()]}], Replies(), agent.nlg, tracker)
    finally:
        use(None)
    assert [event.text for event in said] == ["转接中"] and changed(database) == (MADE.handoff, 1, False)
