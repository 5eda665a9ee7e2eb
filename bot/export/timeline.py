"""What happened in a stored conversation, in order, as steps and assertions of a conversation test."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.core.messages import stable_part
from actions.dialogue.assistant import LOOKED
from actions.knowledge.model import Knowledge
from actions.knowledge.phrases import MASKED
from actions.recovery.incident_ends import NOTICE, UPDATE
from actions.state.conversations import Message
from actions.state.handoffs import Handoff
from bot.channel.buttons import always_accepted
from bot.export.world_history import Past

_UNASKED = (NOTICE, UPDATE, LOOKED)
"""What stands with messages that the assistant sends by itself: a recovery notice, news of an incident, and the end of a cause at its step."""


def assertions(replies: Sequence[Message], named_before: Collection[str]) -> list[dict[str, Any]]:
    """What held of an answer.

    Args:
        replies: the bot's messages.
        named_before: ids of handoffs named earlier in the conversation.
    """
    if not replies:
        return [{"silent": True}]
    found: list[dict[str, Any]] = []
    datas = [message.data or {"type": "text"} for message in replies]
    for data in datas:
        if data["type"] == "diagnosis":
            found.append({"diagnosis": [_with_evidence(cause) for cause in data["causes"]]})
    found.append({"data": [_told(data) for data in datas]})
    found.extend({"plans": [plan["tenor"] for plan in data["plans"]]} for data in datas if data.get("plans"))
    for data in datas:
        if data["type"] == "handoff":
            same = data["handoff_id"] in named_before
            found.append({"handoff": {"reason": data["reason"], "queue": data["queue"], "same": same}})
    buttons = [button["title"] for button in replies[-1].buttons]
    if buttons:
        found.append({"bot_uttered": {"buttons": buttons}})
    return found


def _with_evidence(cause: dict[str, Any]) -> Any:
    evidence = {each["fact"]: each["value"] for each in cause["evidence"]}
    return {cause["id"]: evidence} if evidence else cause["id"]


def _told(data: dict[str, Any]) -> Any:
    stable = stable_part(data)
    return stable if len(stable) > 1 else data["type"]


Step = dict[str, Any]
_MINUTE = 60.0


@dataclass(frozen=True)
class Recorded:
    """What the database keeps of a conversation.

    Attributes:
        history: every message.
        tracker: Rasa's working state; it knows the order of the token for the latest messages.
        handoffs: the customer's.
    """

    history: Sequence[Message]
    tracker: str | None
    handoffs: Sequence[Handoff]

    @property
    def begun(self) -> datetime:
        """When the customer's first message was answered."""
        return next(message.at for message in self.history if message.role == "user")


def token_orders(recorded: Recorded) -> list[str | None]:
    """The order each of the customer's messages came with.

    It is kept with the latest messages only; before them, the order of the first that is known, or of the first diagnosis, is taken.
    """
    events = json.loads(recorded.tracker)["events"] if recorded.tracker else []
    kept: dict[str, str | None] = {
        event["metadata"]["message_id"]: event["metadata"].get("order")
        for event in events
        if event["event"] == "user" and "message_id" in (event.get("metadata") or {})
    }
    said = [message for message in recorded.history if message.role == "user"]
    diagnosed = (message.data["order"] for message in recorded.history if message.data and message.data["type"] == "diagnosis")
    current = next((kept[message.id] for message in said if message.id in kept), next(diagnosed, None))
    orders: list[str | None] = []
    for message in said:
        current = kept.get(message.id, current)
        orders.append(current)
    return orders


def steps(recorded: Recorded, past: Past, knowledge: Knowledge) -> Iterator[Step]:
    """The steps, with everything that happened between the customer's messages."""
    orders = token_orders(recorded)
    happened = sorted(_happened(recorded, past), key=lambda each: each[0])
    order, before, named = orders[0], recorded.begun, set[str]()
    answers: dict[str | None, list[Message]] = {}
    for message in recorded.history:
        answers.setdefault(message.reply_to, []).append(message)
    said = 0
    for index, message in enumerate(recorded.history):
        if message.role == "bot" and message.reply_to is None:
            yield from _until(happened, message.at)
            if _is_notice(recorded.history, index) and not _is_notice(recorded.history, index - 1):
                yield {"when": {"notices": _notices(recorded.history, index)}}
        if message.role != "user":
            continue
        yield from _until(happened, message.at)
        minutes = int((message.at - before).total_seconds() // _MINUTE)
        if minutes and past.now is None:
            yield {"when": {"minutes": minutes}}
        if orders[said] != order:
            order = orders[said]
            yield {"when": {"order": order}}
        replies = answers.get(message.id, [])
        yield {**_said(message, recorded.history[:index]), "assertions": assertions(_without_masking(replies, knowledge), named)}
        named |= _handoffs(replies)
        said, before = said + 1, message.at


def _happened(recorded: Recorded, past: Past) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    for at, patch in past.changes:
        yield at, {"patch": patch}
    for handoff in recorded.handoffs:
        if handoff.told_at is not None:
            yield handoff.told_at, {"late": True}
        if handoff.taken_at is not None:
            yield handoff.taken_at, {"taken": True}
        # A case that the customer took back, or that solved itself, is in what they said.
        if handoff.closed_at is not None and handoff.ending in ("returned", "closed"):
            yield handoff.closed_at, {handoff.ending: True}


def _until(happened: list[tuple[datetime, Mapping[str, Any]]], moment: datetime) -> Iterator[Step]:
    while happened and happened[0][0] <= moment:
        yield {"when": dict(happened.pop(0)[1])}


def _said(message: Message, before: Sequence[Message]) -> Step:
    offered: set[str] = set(always_accepted().values())
    for earlier in reversed(before):
        if earlier.role == "user":
            break
        offered |= {button["title"] for button in earlier.buttons}
    # Only a button is understood with full confidence; words that read like one are words.
    pressed = message.text in offered and message.confidence in (None, 1.0)
    return {"press" if pressed else "user": message.text}


def _without_masking(replies: Sequence[Message], knowledge: Knowledge) -> list[Message]:
    # The customer's numbers are stored masked, so that nothing is left to be masked when the conversation is played again.
    masked = knowledge.phrases.texts(MASKED)
    return [message for message in replies if message.text not in masked]


def _handoffs(replies: Sequence[Message]) -> set[str]:
    return {message.data["handoff_id"] for message in replies if message.data and message.data["type"] == "handoff"}


def _is_notice(history: Sequence[Message], index: int) -> bool:
    return index >= 0 and history[index].is_unasked and history[index].action in _UNASKED


def _notices(history: Sequence[Message], index: int) -> int:
    count = 0
    while index + count < len(history) and _is_notice(history, index + count):
        count += 1
    return count
