"""What the assertions of a conversation test mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from actions.knowledge.model import Knowledge
from actions.masking import mask
from actions.state.conversations import Message
from conversations.backstage import Backstage, titles
from conversations.script import Assertion, HandedOver, Rows, SlotValue, Uttered

_HOLE = re.compile(r"\\{[^{}]*\\}")

_PROBABILITY = re.compile(r"\b[01]\.\d{8,}(e-\d+)?\b")


@dataclass(frozen=True)
class Miss:
    """What was expected, beside what was seen."""

    what: str
    expected: Any
    seen: Any

    def __str__(self) -> str:
        return f"{self.what}\n      expected  {self.expected}\n      seen      {self.seen}"


@dataclass(frozen=True)
class Answer:
    """What an assertion is held against.

    Attributes:
        replies: the bot's messages of this turn.
        before: everything said before it.
        stage: for what is stored.
    """

    knowledge: Knowledge
    replies: Sequence[Message]
    before: Sequence[Message]
    stage: Backstage

    def data(self, kind: str) -> list[dict[str, Any]]:
        """The data of one type."""
        return _data(self.replies, kind)

    @property
    def texts(self) -> list[str]:
        """What the bot says."""
        return [message.text for message in self.replies]


def missed(assertion: Assertion, answer: Answer) -> Iterator[Miss]:
    """What an assertion misses; nothing if it holds."""
    return _CHECKS[assertion.kind](assertion.value, answer)


def in_order(assertions: Sequence[Assertion], answer: Answer) -> Iterator[Miss]:
    """Whether messages fit the ``bot_uttered`` assertions one after the other."""
    at = 0
    for wanted in (assertion.bot_uttered for assertion in assertions if assertion.bot_uttered is not None):
        found = next((index for index in range(at, len(answer.replies)) if _fits(wanted, answer.replies[index], answer.knowledge)), None)
        if found is None:
            yield Miss("bot_uttered, in order", _shown(wanted), answer.texts[at:])
            return
        at = found + 1


def says_phrase(knowledge: Knowledge, phrase_id: str, text: str) -> bool:
    """Whether a text says a phrase, whatever stands in its placeholders.

    Raises:
        KeyError: there is no such phrase.
    """
    variants = knowledge.phrases.variants[phrase_id]
    return any(re.search(_HOLE.sub(".+?", re.escape(variant)), text, re.DOTALL) for variant in variants)


def slot_misses(wanted: SlotValue, stage: Backstage) -> Iterator[Miss]:
    """Whether a slot has a value."""
    seen = stage.slot(wanted.name)
    named = "value" in wanted.__fields_set__
    if seen != wanted.value if named else seen is None:
        yield Miss("slot_was_set", f"{wanted.name} = {wanted.value if named else 'anything'}", seen)


def slot_found(wanted: SlotValue, stage: Backstage) -> Iterator[Miss]:
    """Whether a slot has no value, or not this one."""
    seen = stage.slot(wanted.name)
    if seen == wanted.value if "value" in wanted.__fields_set__ else seen is not None:
        yield Miss("slot_was_not_set", f"{wanted.name} not {wanted.value if wanted.value is not None else 'set'}", seen)


def _action(expected: str, answer: Answer) -> Iterator[Miss]:
    said = next(message for message in reversed(answer.stage.history()) if message.role == "user")
    if said.action != expected:
        yield Miss("action_executed", expected, said.action)


def _slots_set(expected: Sequence[SlotValue], answer: Answer) -> Iterator[Miss]:
    for wanted in expected:
        yield from slot_misses(wanted, answer.stage)


def _slots_not_set(expected: Sequence[SlotValue], answer: Answer) -> Iterator[Miss]:
    for wanted in expected:
        yield from slot_found(wanted, answer.stage)


def _uttered(expected: Uttered, answer: Answer) -> Iterator[Miss]:
    if not any(_fits(expected, message, answer.knowledge) for message in answer.replies):
        seen = [titles(message) for message in answer.replies] if expected.buttons is not None else answer.texts
        yield Miss("bot_uttered", _shown(expected), seen)


def _not_uttered(expected: Uttered, answer: Answer) -> Iterator[Miss]:
    yield from (
        Miss("bot_did_not_utter", f"not {_shown(expected)}", message.text)
        for message in answer.replies
        if _fits(expected, message, answer.knowledge)
    )


def _fits(wanted: Uttered, message: Message, knowledge: Knowledge) -> bool:
    if wanted.text_matches is not None and not re.search(wanted.text_matches, message.text):
        return False
    if wanted.utter_name is not None and not says_phrase(knowledge, wanted.utter_name, message.text):
        return False
    if wanted.restores not in (None, message.choices_of is not None):
        return False
    if wanted.buttons is None:
        return True
    pairs = [(each, None) if isinstance(each, str) else (each.title, each.payload) for each in wanted.buttons]
    return len(pairs) == len(message.buttons) and all(
        title == button["title"] and payload in (None, button["payload"]) for (title, payload), button in zip(pairs, message.buttons)
    )


def _diagnosis(expected: Sequence[Any], answer: Answer) -> Iterator[Miss]:
    wanted = [each if isinstance(each, dict) else {each: {}} for each in expected]
    names = [name for each in wanted for name in each]
    found = [[cause["id"] for cause in data["causes"]] for data in answer.data("diagnosis")]
    if found != [names]:
        yield Miss("diagnosis", names, found[0] if len(found) == 1 else found)
        return
    for cause in answer.data("diagnosis")[0]["causes"]:
        facts = {evidence["fact"]: _plain(evidence["value"]) for evidence in cause["evidence"]}
        named = {name: _plain(value) for each in wanted for name, value in each.get(cause["id"], {}).items()}
        if any(facts.get(name) != value for name, value in named.items()):
            yield Miss(f"evidence of {cause['id']}", named, facts)


def _types(expected: Sequence[Any], answer: Answer) -> Iterator[Miss]:
    seen = [message.data or {"type": "text"} for message in answer.replies]
    wanted = [{"type": each} if isinstance(each, str) else each.dict() for each in expected]
    fits = len(seen) == len(wanted) and all(
        all(_plain(data.get(key)) == _plain(value) for key, value in fields.items()) for data, fields in zip(seen, wanted)
    )
    if not fits:
        keys = {key for fields in wanted for key in fields}
        yield Miss("data", wanted, [{key: data[key] for key in data if key in keys} for data in seen])


def _plans(expected: Sequence[int], answer: Answer) -> Iterator[Miss]:
    seen = [[plan["tenor"] for plan in message.data["plans"]] for message in answer.replies if message.data and "plans" in message.data]
    if seen != [list(expected)]:
        yield Miss("plans", list(expected), seen)


def _handoff(expected: Any, answer: Answer) -> Iterator[Miss]:
    named = answer.data("handoff")
    if expected is None or expected is False:
        yield from (Miss("handoff", "none", data) for data in named)
        return
    wanted = HandedOver(reason=expected) if isinstance(expected, str) else expected
    if len(named) != 1:
        yield Miss("handoff", "one", named)
        return
    stored = answer.stage.handoff(named[0]["handoff_id"])
    assert stored is not None, "the handoff that was named is not stored"
    seen = {"reason": named[0]["reason"], "queue": named[0]["queue"], "priority": stored.priority}
    same = stored.id in {data["handoff_id"] for data in _data(answer.before, "handoff")}
    for name, value in {**seen, "same": same}.items():
        if getattr(wanted, name) not in (None, value):
            yield Miss(f"handoff {name}", getattr(wanted, name), value)
    yield from (Miss("handoff", f"{field} is there", None) for field in wanted.fields if not _part(stored.payload, field))
    # Whoever reads the case must not read a number that the customer should never have typed.
    payload = "\n".join(each for each in _strings(stored.payload) if not _is_instant(each))
    if mask(payload).text != payload:
        yield Miss("handoff", "no personal number in the payload", mask(payload).kinds)


def _database(expected: Sequence[Rows], answer: Answer) -> Iterator[Miss]:
    for wanted in expected:
        rows = answer.stage.rows(wanted.table)
        fitting = [row for row in rows if all(_plain(row.get(name)) == _plain(value) for name, value in wanted.where.items())]
        if len(fitting) != wanted.rows if wanted.rows is not None else not fitting:
            count = "at least one row" if wanted.rows is None else f"{wanted.rows} rows"
            seen = [{name: row.get(name) for name in wanted.where} for row in rows]
            yield Miss(f"database {wanted.table}", f"{count} with {wanted.where}", seen)


def _nowhere(expected: Sequence[str], answer: Answer) -> Iterator[Miss]:
    # Any six digits stand somewhere among the many of the probabilities.
    dump = _PROBABILITY.sub("", answer.stage.dump())
    yield from (Miss("nowhere", f"no {part!r} in the database", "it is there") for part in expected if part in dump)


def _no_repeat(_expected: bool, answer: Answer) -> Iterator[Miss]:
    said = {message.text for message in answer.before if message.role == "bot"}
    yield from (Miss("no_repeat", "a text that was not said before", text) for text in answer.texts if text in said)


def _data(messages: Sequence[Message], kind: str) -> list[dict[str, Any]]:
    return [message.data for message in messages if message.data and message.data["type"] == kind]


def _part(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


def _is_instant(text: str) -> bool:
    """Whether a text is a moment: from one in the afternoon on, its digits and those of an order's number behind it look like a phone number."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _plain(value: Any) -> Any:
    """A value as text, so that 188.00 in a file is 188.0 in JSON."""
    if isinstance(value, (dict, list, bool)) or value is None:
        return value
    return format(Decimal(str(value)).normalize(), "f") if isinstance(value, (int, float, Decimal)) else str(value)


def _shown(wanted: Uttered) -> str:
    return json.dumps(wanted.dict(exclude_none=True), ensure_ascii=False)


_CHECKS: dict[str, Callable[[Any, Answer], Iterator[Miss]]] = {
    "action_executed": _action,
    "slot_was_set": _slots_set,
    "slot_was_not_set": _slots_not_set,
    "bot_uttered": _uttered,
    "bot_did_not_utter": _not_uttered,
    "diagnosis": _diagnosis,
    "data": _types,
    "plans": _plans,
    "handoff": _handoff,
    "database": _database,
    "nowhere": _nowhere,
    "no_repeat": _no_repeat,
}
"""``silent`` and ``refused`` are not among them: where they stand, there is no answer to check."""
