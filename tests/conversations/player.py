"""Plays a conversation and compares what was seen with what was expected."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from actions.knowledge.model import Knowledge
from actions.state.conversations import Message
from tests.conversations.rules import broken
from tests.conversations.script import Conversation, Event, Turn
from tests.conversations.stage import Stage, titles


class Mismatch(AssertionError):
    """A turn went otherwise than expected; the text holds the transcript and both sides."""


def play(conversation: Conversation, stage: Stage, knowledge: Knowledge) -> int:
    """Plays a conversation to its end; returns how many turns it had.

    Raises:
        Mismatch: at the first turn that breaks a rule or an expectation.
    """
    turns = 0
    for each in conversation.turns:
        if isinstance(each, Event):
            problems = list(_happen(each, stage, knowledge))
        else:
            turns += 1
            problems = list(_answered(each, stage, knowledge))
        if problems:
            said = each.user or each.press if isinstance(each, Turn) else f"{each.kind}: {each.value}"
            lines = "\n".join(f"  - {problem}" for problem in problems)
            raise Mismatch(f"{each.where} ({said})\n{transcript(stage.history())}\n{lines}")
    return turns


def transcript(history: Sequence[Message]) -> str:
    """The conversation as a person would read it, with the data's types and the understood intents."""
    lines: List[str] = []
    for message in history:
        if message.role == "user":
            confidence = f" {message.confidence:.2f}" if message.confidence is not None else ""
            lines.append(f"> {message.text}    [{message.intent}{confidence}]")
            continue
        data = {key: value for key, value in (message.data or {}).items() if key not in ("causes", "plans", "choices")}
        if message.data and "causes" in message.data:
            data["causes"] = [cause["id"] for cause in message.data["causes"]]
        lines.extend(f"  {line}" for line in message.text.splitlines())
        lines.append(f"    {data or 'no data'} {' | '.join(titles(message))}")
    return "\n".join(lines)


def _happen(event: Event, stage: Stage, knowledge: Knowledge) -> Iterator[str]:
    if event.kind == "remedy":
        stage.play_remedy(event.value)
    elif event.kind == "patch":
        stage.patch(event.value)
    elif event.kind == "order":
        stage.use_order(event.value)
    elif event.kind == "restart":
        stage.start()
    elif event.kind == "taken":
        stage.take_over()
    else:
        before = len(stage.history())
        told = stage.look()
        history = stage.history()
        if told != event.value or len(history) - before != event.value:
            yield f"notices: expected {event.value}, {told} were told, {len(history) - before} messages came"
        elif told:
            yield from broken(knowledge, history, history[before:], notice=True)


def _answered(turn: Turn, stage: Stage, knowledge: Knowledge) -> Iterator[str]:
    before = stage.history()
    if turn.press is not None:
        payload = _offered(before).get(turn.press)
        if payload is None:
            yield f"no button {turn.press!r} is offered, only {sorted(_offered(before))}"
            return
        replies = stage.press(payload)
    else:
        replies = stage.say(str(turn.user))
    if turn.expected.get("silent"):
        yield from ["silent: the assistant answers"] if replies else []
        return
    yield from broken(knowledge, stage.history(), replies)
    for name, expected in turn.expected.items():
        yield from _CHECKS[name](expected, replies, before, stage)


def _offered(history: Sequence[Message]) -> Dict[str, str]:
    offered: Dict[str, str] = {}
    for message in reversed(history):
        if message.role == "user":
            break
        for button in message.buttons:
            offered.setdefault(button["title"], button["payload"])
    return offered


def _diagnosis(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    found = [[cause["id"] for cause in data["causes"]] for data in _data(replies, "diagnosis")]
    if found != [list(expected)]:
        yield f"diagnosis: expected {list(expected)}, seen {found}"


def _types(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    seen = [message.data or {"type": "text"} for message in replies]
    wanted = [each if isinstance(each, Mapping) else {"type": each} for each in expected]
    fits = len(seen) == len(wanted) and all(
        all(data.get(key) == value for key, value in fields.items()) for data, fields in zip(seen, wanted)
    )
    if not fits:
        keys = {key for fields in wanted for key in fields}
        yield f"data: expected {wanted}, seen {[{key: data[key] for key in data if key in keys} for data in seen]}"


def _says(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    text = "\n".join(message.text for message in replies)
    yield from (f"says: {part!r} is missing" for part in _strings(expected) if part not in text)


def _not_says(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    text = "\n".join(message.text for message in replies)
    yield from (f"not_says: {part!r} was said" for part in _strings(expected) if part in text)


def _buttons(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    if titles(replies[-1]) != list(expected):
        yield f"buttons: expected {list(expected)}, seen {titles(replies[-1])}"


def _handoff(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    seen = [data["reason"] for data in _data(replies, "handoff")]
    if seen != ([expected] if expected else []):
        yield f"handoff: expected {expected}, seen {seen}"


def _same_handoff(expected: Any, replies: Sequence[Message], before: Sequence[Message], _stage: Stage) -> Iterator[str]:
    earlier = {data["handoff_id"] for data in _data(before, "handoff")}
    now = {data["handoff_id"] for data in _data(replies, "handoff")}
    if bool(now and now <= earlier) != bool(expected):
        yield f"same_handoff: expected {expected}, earlier {earlier}, now {now}"


def _plans(expected: Any, replies: Sequence[Message], *_: Any) -> Iterator[str]:
    seen = [[plan["tenor"] for plan in message.data["plans"]] for message in replies if message.data and "plans" in message.data]
    if seen != [list(expected)]:
        yield f"plans: expected {list(expected)}, seen {seen}"


def _nowhere(expected: Any, _replies: Sequence[Message], _before: Sequence[Message], stage: Stage) -> Iterator[str]:
    dump = stage.dump()
    yield from (f"nowhere: the database holds {part!r}" for part in _strings(expected) if part in dump)


def _data(messages: Sequence[Message], kind: str) -> List[Dict[str, Any]]:
    return [message.data for message in messages if message.data and message.data["type"] == kind]


def _strings(value: Any) -> Tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)


_CHECKS: Dict[str, Any] = {
    "diagnosis": _diagnosis,
    "data": _types,
    "says": _says,
    "not_says": _not_says,
    "buttons": _buttons,
    "handoff": _handoff,
    "same_handoff": _same_handoff,
    "plans": _plans,
    "nowhere": _nowhere,
}
