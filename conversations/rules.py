"""What holds of every turn, whatever the conversation is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from actions.core.messages import StepData
from actions.knowledge.model import Knowledge
from actions.state.conversations import Message
from conversations.message_data import read_new

PERSON = "/request_human"
_SILENT_KINDS = {"check", "diagnosis"}


@dataclass(frozen=True)
class TurnRecord:
    """One turn as the rules see it.

    Attributes:
        history: the whole conversation, this turn included.
        replies: the bot's messages of this turn.
        notice: nobody asked; the assistant speaks unasked.
    """

    knowledge: Knowledge
    history: Sequence[Message]
    replies: Sequence[Message]
    notice: bool = False


def broken(knowledge: Knowledge, history: Sequence[Message], replies: Sequence[Message], notice: bool = False) -> Iterator[str]:
    """The rules a turn breaks, in words; see ``TurnRecord`` for what is given."""
    record = TurnRecord(knowledge, history, replies, notice)
    for rule in RULES.values():
        yield from rule(record)


def _dense(turn: TurnRecord) -> Iterator[str]:
    if [message.seq for message in turn.history] != list(range(1, len(turn.history) + 1)):
        yield f"seq is not dense: {[message.seq for message in turn.history]}"


def _answered(turn: TurnRecord) -> Iterator[str]:
    if not turn.replies:
        yield "the assistant says nothing"
    yield from ("a message has no text" for message in turn.replies if not message.text.strip())


def _shaped(turn: TurnRecord) -> Iterator[str]:
    for message in turn.replies:
        yield from _shape(message.to_json())


def _said_once(turn: TurnRecord) -> Iterator[str]:
    previous = _previous_texts(turn.history, turn.replies) if turn.replies else set()
    yield from (f"said twice in a row: {message.text!r}" for message in turn.replies if message.text in previous)
    if len({message.text for message in turn.replies}) < len(turn.replies):
        yield "two messages of the turn are the same"


def _allowed(turn: TurnRecord) -> Iterator[str]:
    for message in turn.replies:
        yield from (f"forbidden: {found}" for found in turn.knowledge.forbidden.found_in(message.text))


def _person_offered(turn: TurnRecord) -> Iterator[str]:
    offered = {button["payload"] for message in turn.replies for button in message.buttons}
    kinds = {message.data["type"] if message.data else None for message in turn.replies}
    if PERSON not in offered and "handoff" not in kinds and not kinds <= _SILENT_KINDS:
        yield "no button leads to a person"


def _diagnosed(turn: TurnRecord) -> Iterator[str]:
    if turn.replies and not turn.notice:
        yield from _complaint(turn.knowledge, turn.history, turn.replies)


RULES: dict[str, Callable[[TurnRecord], Iterator[str]]] = {
    "seq": _dense,
    "answered": _answered,
    "shape": _shaped,
    "no_repeat": _said_once,
    "forbidden": _allowed,
    "person_offered": _person_offered,
    "diagnosed": _diagnosed,
}
"""Every rule by name."""


def _previous_texts(history: Sequence[Message], replies: Sequence[Message]) -> set[str]:
    before = [message for message in history if message.seq < replies[0].seq]
    if before and before[-1].role == "user":
        before.pop()
    texts: set[str] = set()
    for message in reversed(before):
        if message.role == "user":
            break
        texts.add(message.text)
    return texts


def _complaint(knowledge: Knowledge, history: Sequence[Message], replies: Sequence[Message]) -> Iterator[str]:
    said = next(message for message in reversed(history) if message.role == "user")
    if not knowledge.intents[said.intent or "nlu_fallback"].complaint:
        return
    urgent = {topic.reason for topic in knowledge.answers.topics.values() if topic.kind == "emergency"}
    if any(message.data and message.data["type"] == "handoff" and message.data["reason"] in urgent for message in replies):
        # A person at once, whatever was found before.
        return
    first = replies[0].data["type"] if replies[0].data else None
    kinds = {message.data["type"] for message in replies if message.data}
    known = any(message.data and message.data["type"] == "diagnosis" for message in history)
    # Whoever contradicts what was found is handed over with it; it need not be found again.
    objected = any(message.data and message.data.get("reason") == "objection" for message in replies)
    asked = "clarify" in kinds or ("handoff" in kinds and (objected or not known))
    # A complaint that names a matter of its own (a code that does not come, a phone that was lost) is answered in that matter first.
    answered = first in ("answer", "plans")
    # Whoever complains while a person is awaited keeps their place.
    handoffs = [message.data["handoff_id"] for message in history if message.data and message.data["type"] == "handoff"]
    asked = asked or ("handoff" in kinds and len(set(handoffs)) < len(handoffs))
    if first != "diagnosis" and not asked and not answered:
        yield f"a complaint is answered by {first}, not by a diagnosis"


def _shape(message: dict[str, Any]) -> Iterator[str]:
    if set(message) - {"choices_of"} != {"seq", "id", "at", "role", "text", "buttons", "data"}:
        yield f"a message has the fields {sorted(message)}"
    for button in message["buttons"]:
        if set(button) != {"title", "payload"} or not button["title"] or not button["payload"].startswith("/"):
            yield f"a malformed button: {button}"
    data: dict[str, Any] | None = message["data"]
    if data is None:
        return
    try:
        read = read_new(data)
    except ValueError as error:
        yield f"malformed data: {data} ({error})"
        return
    if isinstance(read, StepData) and read.step > read.steps:
        yield f"no such step: {data}"
