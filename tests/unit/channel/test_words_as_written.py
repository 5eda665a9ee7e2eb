"""The customer's words stand in history, transcript and summary of a handoff as they were written and masked, whatever was understood of them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa_sdk import Tracker

from actions.core.effects import effects_of
from actions.handlers.turn_actions import turn_of
from actions.handoff.payload import read_payload
from actions.masking import mask
from actions.state.world.facts import SqlFacts
from bot.channel.feed import Feed
from bot.channel.locks import LocalLocks
from bot.channel.requests import Envelope
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from bot.channel.turns import Turns
from bot.engine.turn_state import current_turn
from bot.web.metrics import Metrics
from tests.unit.handoff.conftest import House, demo_file, house

__all__ = ["demo_file", "house"]

pytestmark = pytest.mark.slow

USER = "u-1013"


def turns_of(house: House) -> Turns:
    async def handle(message: UserMessage) -> None:
        """Answers as the action server does, of whatever spelling Rasa would have understood."""
        understood = {"text": message.text, "metadata": message.metadata, "intent": {"name": "request_human", "confidence": 1.0}}
        tracker = Tracker.from_dict({"sender_id": USER, "slots": {}, "latest_message": understood, "events": []})
        with house.application.assistant() as assistant:
            response = assistant.respond(turn_of(tracker), "action_request_person")
        turn = current_turn()
        assert turn is not None
        turn.effects.extend(effects_of([effect.to_data() for effect in response.effects]))
        for reply in response.replies:
            await message.output_channel.send_response(USER, {"text": reply.text, "action": response.action})

    # A turn has 25 seconds, which must not go to reading the knowledge on a busy machine.
    assert house.application.knowledge.current and mask("13800138000").kinds
    store = ChannelStore(house.database, SqlFacts)
    return Turns(handle, store, LocalLocks(), Feed(store), Metrics(), "widget")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("我要转人工！！！！！！快点啊啊啊啊啊", "我要转人工！！！！！！快点啊啊啊啊啊"),
        ("轉人工 我的白條１２９９元訂單", "轉人工 我的白條１２９９元訂單"),
        ("转人工 我被骗了 手机号13800138000 快!!!", "转人工 我被骗了 手机号138****8000 快!!!"),
        ("转人工 手机号１３８００１３８０００", "转人工 手机号138****8000"),
        ("转人工（（看不到分期））", "转人工（（看不到分期））"),
        ("转人工", "转人工"),
        ("轉人工！", "轉人工！"),
    ],
)
async def test_the_message_that_makes_the_handoff_is_the_same_everywhere(house: House, written: str, masked: str) -> None:
    await turns_of(house).take(Claims(USER, "o-1013", None, 0), Envelope(str(uuid.uuid4()), {"text": written}))
    case: Any = read_payload(house.open(USER).payload)
    (history,) = [message.text for message in house.history(USER) if message.role == "user"]
    assert history == case.reason.words == case.transcript[-1].text == masked
    assert f"客户原话：“{masked}”" in case.summary.asked_for
