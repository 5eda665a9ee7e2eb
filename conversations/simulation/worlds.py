"""Generated worlds: every cause alone, and random sets of causes that can hold together."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.core.causes import Cause
from actions.yaml_source import Source
from conversations.application import project_knowledge
from conversations.healthy_world import Injection, injections

HERE = Path(__file__).parent
CUSTOMER, ORDER, OTHER_ORDER, BILL = "u", "o", "o-own", "b"
MOST_CAUSES = 3
_MANAGES = 0.8
_INTERNAL = "cashout"
_TELLING = ("id", "sku", "name", "title")


@dataclass(frozen=True)
class World:
    """What is the case before the conversation begins, and what may become of it.

    Attributes:
        causes: what was put into it, in the order of diagnosis.
        subject: ``order`` or ``bill``.
        parts: the world as ``build_world`` takes it.
        manageable: the causes whose step the customer brings about; the others stay however often they say done.
        ends: whether what can only be waited for ends while they wait.
        sees: whether the option is on the page once nothing blocks it; who has just seen several causes go has no doubts.
    """

    causes: tuple[str, ...]
    subject: str
    parts: tuple[Any, ...]
    manageable: frozenset[str]
    ends: bool
    sees: bool


def generate(number: int, causes: Mapping[str, Cause]) -> World:
    """World number ``number``: the even ones go through every cause alone and none at all, the odd ones are random sets.

    Args:
        number: from 0; the same number always gives the same world.
        causes: the known causes in the order of diagnosis.
    """
    chance = random.Random(f"world {number}")
    known = injections()
    alone: list[tuple[str, ...]] = [(), *((cause,) for cause in known)]
    drawn = alone[number // 2 % len(alone)] if number % 2 == 0 else _set(known, chance)
    held = tuple(cause for cause in causes if cause in drawn)
    subjects = {known[cause].subject for cause in held} - {None}
    subject = str(subjects.pop()) if subjects else chance.choice(("order", "order", "bill"))
    return World(
        causes=held,
        subject=subject,
        parts=("healthy", beside()["own"], beside()["neighbour"], {"inject": list(held)}),
        manageable=frozenset(cause for cause in causes if chance.random() < _MANAGES),
        ends=chance.random() < 0.5,
        sees=len(held) > 1 or chance.random() < 0.8,
    )


def _set(known: Mapping[str, Injection], chance: random.Random) -> tuple[str, ...]:
    chosen: list[Injection] = []
    wanted = chance.randint(1, MOST_CAUSES)
    for candidate in chance.sample(list(known.values()), len(known)):
        if len(chosen) < wanted and all(candidate.fits(each) for each in chosen):
            chosen.append(candidate)
    return tuple(each.cause for each in chosen)


@lru_cache(maxsize=1)
def beside() -> dict[str, dict[str, Any]]:
    """What every simulated world has beside the customer's own case, in file form."""
    data: dict[str, dict[str, Any]] = Source.read(HERE / "worlds.yml").data
    return data


@lru_cache(maxsize=1)
def secrets() -> frozenset[str]:
    """Texts that may never reach the customer: what belongs to the neighbour, and names of internal classes."""
    hidden = (name for name, entry in project_knowledge().facts.entries.items() if entry.show == "nobody")
    return frozenset((_INTERNAL, *hidden, *_telling(beside()["neighbour"])))


def _telling(value: Any, field: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _telling(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _telling(each, field)
    elif isinstance(value, Decimal):
        yield f"{value:.2f}"
    elif field in _TELLING:
        yield str(value)
