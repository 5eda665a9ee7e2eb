"""Messages and evidence to try the properties on: a healthy world, and replies that tell the truth until a test makes them lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from actions.core.diagnosis import Diagnosis
from actions.state.conversations import Message
from conversations.application import project_knowledge
from conversations.rules import TurnRecord
from conversations.simulation.properties import broken
from conversations.simulation.turn_evidence import TurnEvidence

INTRODUCTION = project_knowledge().phrases.variants["opening.robot"][0]
PERSON = {"title": "P", "payload": "/request_human"}


def message(role: str, text: str, data: dict[str, Any] | None = None, intent: str | None = None) -> Message:
    """A message of the customer's or the assistant's; a number is given by ``turn``."""
    return Message(
        conversation_id="u",
        seq=0,
        id="m",
        at=datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc),
        role=role,
        text=text,
        buttons=(PERSON,) if role == "bot" else (),
        data=data,
        reply_to=None,
        intent=intent,
        confidence=None,
        action=None,
    )


def turn(diagnosis: Diagnosis, *replies: Message, before: Sequence[Message] = (), intent: str = "thanks", **known: Any) -> TurnEvidence:
    """A turn with replies, after other messages, with whatever else is known."""
    said: list[Message] = [message("bot", INTRODUCTION), *before, message("user", "said", intent=intent), *replies]
    history = tuple(replace(each, seq=number) for number, each in enumerate(said, start=1))
    record = TurnRecord(project_knowledge(), history, history[len(history) - len(replies) :])
    return TurnEvidence(record, diagnosis, **known)


def broken_names(evidence: TurnEvidence) -> set[str]:
    """The names of the properties that a turn breaks."""
    return {name for name, _ in broken(evidence)}
