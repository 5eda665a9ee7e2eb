"""What the assistant answered, as assertions of a conversation test."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from actions.core.messages import stable_part
from actions.state.conversations import Message


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
