"""Reads from a stored conversation what it has reached: nothing but messages, as anybody could read them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from actions.core.messages import ENDS
from actions.core.topics import Topic
from actions.knowledge.model import Knowledge
from actions.state.conversations import Message
from conversations.coverage.universe import Rules, parts_of_sentences, step_name

Reached = dict[str, "Counter[str]"]
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


_FACT = re.compile(r"\\\{[^{}]*\\\}")
"""A placeholder for a fact in an escaped text; its name may hold dots."""
_TELLING = 8
"""Characters of a line that suffice to know whose it is."""


class Observer:
    """Finds what conversations reach.

    Args:
        knowledge: what can be said.
        rules: the name of every rule by its intent and its action.
    """

    def __init__(self, knowledge: Knowledge, rules: Rules) -> None:
        self._knowledge, self._rules = knowledge, rules
        within = parts_of_sentences(knowledge)
        self._phrases = [
            (phrase_id, _pattern(text, whole_lines=phrase_id not in within), len(_PLACEHOLDER.sub("", re.escape(text))))
            for phrase_id, texts in knowledge.phrases.variants.items()
            if not phrase_id.startswith("button.")
            for text in texts
        ]
        self._told = {
            "out_of_scope": _told(knowledge.answers.by_intent["out_of_scope"]),
            "diagnosis": _told(topic for topic in knowledge.answers.topics.values() if topic.kind == "failure"),
            "handoff": _told(topic for topic in knowledge.answers.topics.values() if topic.kind == "emergency"),
        }
        self._titles = [
            (phrase_id, _pattern(texts[0], whole_lines=True))
            for phrase_id, texts in knowledge.phrases.variants.items()
            if phrase_id.startswith("button.")
        ]
        self._phrases_in = lru_cache(maxsize=20000)(self._find_phrases)

    def reached(self, history: Sequence[Message]) -> Reached:
        """How often each thing was reached in one conversation, by dimension."""
        found: Reached = {}
        cause: str | None = None
        for number, message in enumerate(history):
            for dimension, name in self._of_message(message, history[:number]):
                found.setdefault(dimension, Counter())[name] += 1
            if message.role == "user" and message.intent == "cannot_find" and cause is not None:
                found.setdefault("outcomes", Counter())[f"{cause}: not_found"] += 1
            data = message.data or {}
            if data.get("type") == "handoff" and cause is not None:
                found.setdefault("outcomes", Counter())[f"{cause}: handed_over"] += 1
            if data.get("type") == "step":
                cause = data["cause"]
            elif data.get("type") in ENDS:
                cause = None
        return found

    def shown(self, lines: Sequence[str]) -> Reached:
        """What is reached by lines that are shown beside conversations, such as a first screen."""
        return {"responses": Counter(phrase_id for line in lines for phrase_id in self._phrases_in(line))}

    def _of_message(self, message: Message, before: Sequence[Message]) -> Iterator[tuple[str, str]]:
        if message.role == "user":
            intent = message.intent or ""
            yield "intents", intent
            # Rasa has run the action of the rule, also where the matter of the message made another one answer.
            yield from (("rules", name) for (heard, _), name in self._rules.items() if heard == intent)
            yield from (("answers", topic) for topic in _pressed_topic(message, before))
            if message.data:
                # Words that stand for what was sent, such as a picture, are the assistant's.
                yield from (("responses", phrase_id) for phrase_id in self._phrases_in(message.text))
            return
        data = message.data or {}
        kind = data.get("type")
        if kind == "diagnosis":
            yield from (("causes", cause["id"]) for cause in data["causes"])
        elif kind == "step":
            yield "causes", data["cause"]
            yield "steps", step_name(data["cause"], data["step"])
        elif kind == "check":
            yield "outcomes", f"{data['cause']}: {'passed' if data['passed'] else 'failed'}"
        elif kind == "answer":
            yield "answers", data["topic"]
        elif kind == "handoff":
            yield "handoffs", data["reason"]
        yield from (("answers", topic) for topic in self._topics_in(kind, message.text))
        # Who shows the causes as a list beside the talk reads the short text.
        told = (*self._phrases_in(message.text), *self._phrases_in(data.get("short") or ""))
        yield from (("responses", phrase_id) for phrase_id in dict.fromkeys(told))
        for button in message.buttons:
            yield from (("responses", phrase_id) for phrase_id, title in self._titles if title.fullmatch(button["title"]))

    def _topics_in(self, kind: str | None, text: str) -> list[str]:
        """Topics that are known by their words alone: what leads a diagnosis in, what is said beside a handoff, what is out of scope."""
        return [topic for topic, pattern in self._told.get(kind or "", ()) if pattern.search(text)]

    def _find_phrases(self, text: str) -> tuple[str, ...]:
        matches = [(phrase_id, match.span(), literal) for phrase_id, pattern, literal in self._phrases for match in pattern.finditer(text)]
        # Of two that read the same words, the one that says more of them itself was meant.
        meant = [
            phrase_id for phrase_id, span, literal in matches if not any(other == span and more > literal for _, other, more in matches)
        ]
        return tuple(dict.fromkeys(meant))


def _told(topics: Iterable[Topic]) -> list[tuple[str, re.Pattern[str]]]:
    """Each topic with what it may say, as one pattern."""
    found: list[tuple[str, re.Pattern[str]]] = []
    for topic in topics:
        texts = [text for answer in topic.answers for text in answer.text] + list(topic.nothing_found)
        # Line by line: one that speaks of what the state lacks is left out.
        lines = {line for text in texts for line in text.split("\n") if len(line) >= _TELLING}
        found.append((topic.id, re.compile("|".join(_FACT.sub(".+?", re.escape(line)) for line in sorted(lines)))))
    return found


def _pattern(text: str, whole_lines: bool) -> re.Pattern[str]:
    literal = _PLACEHOLDER.sub(".+?", re.escape(text))
    return re.compile(f"^{literal}$" if whole_lines else literal, re.MULTILINE)


def _pressed_topic(message: Message, before: Sequence[Message]) -> Iterator[str]:
    for earlier in reversed(before):
        if earlier.role == "user":
            return
        for button in earlier.buttons:
            _, brace, rest = button["payload"].partition("{")
            if button["title"] == message.text and brace:
                topic = json.loads(brace + rest).get("topic")
                if topic is not None:
                    yield topic
                return
