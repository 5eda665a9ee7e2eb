"""Buttons pressed or typed: payloads without Rasa's command parser, and titles, give or take one slip of the finger, or places among several matters."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.core.turn import NOT_THIS
from actions.yaml_source import Source
from bot.language.normaliser import normalise

SHORTEST = 3
"""Characters of the shortest title that may be mistyped; in a shorter one each character is half of what it says."""
MOST_LONGER = 2
"""Characters by which a text may be longer than the title that it means."""

_QUESTION = ("?", "？")
_ORDER = '"order"'
"""What a payload holds that names an order."""


def typed_button(text: str, offered: Sequence[Mapping[str, str]]) -> str | None:
    """The payload of the button whose title the customer typed; None if the text is no title, or as near to another one.

    Args:
        text: as it was typed.
        offered: the buttons that may be pressed now, ``{"title", "payload"}`` each.
    """
    said, asks = plain(text), text.rstrip().endswith(_QUESTION)
    if said in _words().places:
        return _at(_words().places[said], offered)
    if said.isdecimal() and len(said) == 1 and any(_ORDER in button["payload"] for button in offered):
        # Elsewhere a number is an amount or a tenor.
        return _at(int(said), [button for button in offered if _ORDER in button["payload"]]) if said != "0" else None
    near: list[tuple[int, str]] = []
    for button in offered:
        nearness = _nearness(said, plain(button["title"]), _is_answer(button["payload"]), asks)
        if nearness is not None:
            near.append((nearness, button["payload"]))
    nearest = {payload for nearness, payload in near if nearness == min(near)[0]}
    return nearest.pop() if len(nearest) == 1 else None


def _at(place: int, offered: Sequence[Mapping[str, str]]) -> str | None:
    """The payload at a place of a list of matters or orders, counted from 1, or from the end by -1; steps are not told by their place."""
    matters = list(
        dict.fromkeys(button["payload"] for button in offered if button["payload"] != NOT_THIS and not _is_answer(button["payload"]))
    )
    index = place - 1 if place > 0 else place
    return matters[index] if len(matters) > 1 and index < len(matters) else None


def plain(text: str) -> str:
    """A text as titles are compared: in simplified characters, without spaces, signs, emphasis and capitals."""
    kept = (character for character in normalise(text) if unicodedata.category(character)[0] in "LN")
    return "".join(kept).casefold()


def _nearness(said: str, title: str, answer: bool, asks: bool) -> int | None:
    """How near a text comes to a title: 0 is the title itself; None if it is something else."""
    if not said or not title or len(said) > len(title) + MOST_LONGER:
        return None
    if said == title:
        return 0
    forms = _without_particles(said, answer)
    if title in forms:
        return 1
    if len(title) < SHORTEST or asks:
        return None
    return 2 if any(is_slip(each, title, answer) for each in forms) else None


def _is_answer(payload: str) -> bool:
    return payload.lstrip("/").partition("{")[0].strip() in _words().answers


def _without_particles(said: str, answer: bool) -> list[str]:
    """The text, and what it is without each of the particles at its end."""
    particles = _words().particles + (_words().done if answer else "")
    forms = [said]
    while len(forms) <= MOST_LONGER and len(forms[-1]) > 1 and forms[-1][-1] in particles:
        forms.append(forms[-1][:-1])
    return forms


def is_slip(said: str, title: str, answer: bool) -> bool:
    """Whether a text is a title with one character wrong, missing, too many, or swapped, and says nothing else by it.

    Args:
        said: without spaces and signs, like the title.
        answer: whether the title is an answer; that of a matter can only have a character that sounds or looks like the right one.
    """
    shorter = min(len(said), len(title))
    start = next((index for index in range(shorter) if said[index] != title[index]), shorter)
    end = next((index for index in range(shorter - start) if said[-1 - index] != title[-1 - index]), shorter - start)
    typed, meant = said[start : len(said) - end], title[start : len(title) - end]
    if len(typed) == len(meant) == 1 and typed in _words().sounds_like.get(meant, ""):
        return True
    if not answer:
        return False
    if len(typed) == len(meant) == 2:
        # In front, a negation belongs to another word.
        return typed == meant[::-1] and not any(map(_counts, typed)) and (start > 0 or not any(map(_turns, typed)))
    if len(typed) > 1 or len(meant) > 1:
        return False
    if typed and meant:
        return start > 0 and not _tells(typed) and not _turns(meant)
    if typed:
        # What follows a title is what the title is about, unless the last character was only typed twice.
        return not _tells(typed) and (start < len(title) or typed == title[-1])
    return not _tells(meant)


def _turns(character: str) -> bool:
    return _counts(character) or character in _words().turning


def _tells(character: str) -> bool:
    words = _words()
    return _turns(character) or character in words.telling or character in words.particles or character in words.done


def _counts(character: str) -> bool:
    """Whether a character is a number, or part of one's name: a neighbour of it is another order."""
    return character.isnumeric() or character.isascii()


@dataclass(frozen=True)
class _Words:
    """What ``typed_buttons.yml`` says of single characters."""

    answers: Sequence[str]
    places: Mapping[str, int]
    particles: str
    done: str
    turning: str
    telling: str
    sounds_like: Mapping[str, str]


@functools.lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words(**Source.read(Path(__file__).with_name("typed_buttons.yml")).data)


_PAYLOAD = re.compile(r"/([A-Za-z_][A-Za-z0-9_]*)\s*(\{.*\})?", re.DOTALL)


class MalformedPayload(ValueError):
    """A payload that no button of ours should ever have carried."""


@functools.lru_cache(maxsize=1)
def always_accepted() -> Mapping[str, str]:
    """Payload → title of those that need not have been offered: a person is always within reach."""
    return dict(_unoffered()["always"])


@functools.lru_cache(maxsize=1)
def outside_of_messages() -> Mapping[str, str]:
    """Payload → title of those that a client may offer by itself: the wish for a person can be taken back wherever the talk has got to."""
    return dict(_unoffered()["outside"])


def _unoffered() -> Mapping[str, Any]:
    found: Mapping[str, Any] = Source.read(Path(__file__).with_name("texts.yml")).data
    return found


def parsed(payload: str, title: str) -> dict[str, Any]:
    """What Rasa's NLU would have returned for the customer pressing the button.

    Args:
        payload: as offered.
        title: the button's title, which becomes the text of the customer's message.

    Raises:
        MalformedPayload: not of the form above.
    """
    match = _PAYLOAD.fullmatch(payload.strip())
    if match is None:
        raise MalformedPayload(payload)
    intent, arguments = match.groups()
    try:
        values = json.loads(arguments) if arguments else {}
    except ValueError as error:
        raise MalformedPayload(payload) from error
    name = {"name": intent, "confidence": 1.0}
    return {"text": title, "intent": name, "intent_ranking": [dict(name)], "entities": _entities(values)}


def _entities(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    entities = []
    for entity, value in values.items():
        for single in value if isinstance(value, list) else [value]:
            entities.append({"entity": entity, "value": single, "start": 0, "end": 0, "extractor": "payload"})
    return entities
