"""Emergencies told in the customer's own way: nearly all of them call a person at once, and next to nothing that only sounds like one does."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TOLD = Path("tests/nlu/emergencies.tsv")
NONE = "none"
_MISSED = 0.03
"""The share of emergencies that may be missed: the list is spoken in passing, and each training hears another few of it less surely."""
_FALSE_ALARMS = 0.03
"""The share of what only sounds like an emergency that may call a person: a call too many costs less than one that is missed."""
_HEALTHY = SimpleNamespace(world=("demo",), user="u-1001", order=None)


def told() -> Iterator[tuple[str, str]]:
    with TOLD.open(encoding="utf-8", newline="") as file:
        yield from ((row["text"], row["topic"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ALL = list(told())


def calls_a_person(stage: Any, text: str) -> bool:
    """Whether the first message of a conversation is answered by a handoff."""
    return any((message.data or {}).get("type") == "handoff" for message in stage.say(text))


def called(stages: Callable[[Any], Any], texts: list[str]) -> list[str]:
    """The texts that call a person, each in a conversation of its own."""
    found = []
    for text in texts:
        stage = stages(_HEALTHY)
        if calls_a_person(stage, text):
            found.append(text)
        stage.end()
    return found


def test_emergencies_call_a_person(stages: Callable[[Any], Any]) -> None:
    texts = [text for text, topic in ALL if topic != NONE]
    assert len(texts) >= 200
    missed = sorted(set(texts) - set(called(stages, texts)))
    assert len(missed) <= _MISSED * len(texts), f"{len(missed)} of {len(texts)} call nobody: {missed}"


def test_what_only_sounds_like_an_emergency_hardly_ever_calls_a_person(stages: Callable[[Any], Any]) -> None:
    texts = [text for text, topic in ALL if topic == NONE]
    assert len(texts) >= 100
    alarmed = called(stages, texts)
    assert len(alarmed) <= _FALSE_ALARMS * len(texts), f"{len(alarmed)} of {len(texts)} call a person: {alarmed}"
