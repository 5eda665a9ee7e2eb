"""What a customer makes of the assistant's answer: only what a person sees too, the last message and its buttons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.core.messages import stable_part
from actions.state.conversations import Message

Payloads = tuple[str, ...]

BY_DATA: Mapping[str, str] = {
    "diagnosis": "said",
    "step": "step",
    "check": "said",
    "resolved": "resolved",
    "explained": "explained",
    "plans": "answered",
    "answer": "answered",
    "clarify": "asked",
    "waiting": "waiting",
    "handoff": "handed_over",
    "out_of_scope": "answered",
    "ended": "resolved",
    "picture": "said",
    "advice": "said",
}
"""What each type of data means for the customer."""
# A message without data is recognised by what it lets the customer answer, the more particular first.
_BY_PAYLOADS: Sequence[tuple[set[str], str]] = (
    ({"/cannot_find"}, "paused"),
    ({"/affirm", "/step_failed"}, "confirm"),
    ({"/deny", "/step_done"}, "handoff_offer"),
    ({"/affirm"}, "offer"),
    ({"/installment_missing"}, "asked"),
)


@dataclass(frozen=True)
class Observation:
    """What the customer is faced with.

    Attributes:
        kind: ``handed_over``, ``step``, ``waiting``, ``explained``, ``resolved``, ``asked``, ``answered``, ``paused``, ``confirm``,
            ``handoff_offer``, ``offer``, or ``said`` for anything else.
        data: of the message that counts.
        payloads: everything that may be pressed now.
        told: whether a diagnosis was given in this turn.
    """

    kind: str
    data: Mapping[str, Any]
    payloads: Payloads
    told: bool = False

    @property
    def startable(self) -> bool:
        """Whether other causes can be worked on, while this one cannot be helped."""
        return bool(self.data.get("startable"))

    @property
    def gist(self) -> tuple[str, Mapping[str, Any]]:
        """The same for two observations that differ in nothing but their wording."""
        return self.kind, stable_part(self.data) if self.data else {}

    @property
    def orders(self) -> tuple[str, ...]:
        """The buttons that name an order."""
        return tuple(payload for payload in self.payloads if "order" in entities_of(payload)[1])

    def payload(self, intent: str, **entities: str) -> str | None:
        """The button that sends an intent with entities, if there is one; without entities, the button that has none."""
        for payload in self.payloads:
            name, given = entities_of(payload)
            if name == intent and given == entities:
                return payload
        return None


LEADING = frozenset({"step", "paused", "waiting", "explained", "resolved", "confirm", "handoff_offer", "offer", "handed_over"})
"""The kinds of observation from which a case goes on, or at which it ends."""


def after_aside(observation: Observation, before: Observation | None, asked: bool) -> Observation:
    """Where a customer stands after what was beside the case: where they were before, with the buttons that are there now.

    Args:
        before: the last observation from which the case goes on.
        asked: whether the customer just asked something; then nearly every reply that brings nothing new leaves them there.
    """
    if before is None:
        return observation
    nothing_new = asked and (observation.kind in ("answered", "said") or (observation.kind == "asked" and not observation.orders))
    told_again = observation.kind == "said" and observation.told
    step_is_there = observation.kind == "answered" and before.kind == "step" and observation.payload("step_done") is not None
    return replace(before, payloads=observation.payloads) if nothing_new or told_again or step_is_there else observation


def look(replies: Sequence[Message]) -> Observation:
    """Reads the replies of one turn."""
    payloads = tuple(button["payload"] for message in replies for button in message.buttons)
    types = [message.data["type"] for message in replies if message.data]
    speaking = [message for message in replies if message.data or message.buttons]
    last = speaking[-1] if speaking else None
    data: dict[str, Any] = dict(last.data) if last is not None and last.data else {}
    if "handoff" in types:
        kind = "handed_over"
    elif data:
        kind = BY_DATA[data["type"]]
    else:
        offered = {button["payload"] for button in last.buttons} if last is not None else set()
        kind = next((kind for needed, kind in _BY_PAYLOADS if needed <= offered), "said")
    return Observation(kind, data, payloads, "diagnosis" in types)


def entities_of(payload: str) -> tuple[str, dict[str, str]]:
    """The intent and the entities of a payload."""
    name, brace, rest = payload[1:].partition("{")
    return name, json.loads(brace + rest) if brace else {}
