"""What simulated customers ask, each question with what counts as its answer: data, read and checked."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from actions.yaml_source import Source

HERE = Path(__file__).parent
Sort = Literal["case", "side", "aspects"]
"""A second turn about the case, a question of another matter, or a sub-question of a complaint."""
_SIDE = 0.25
"""How often a question is of another matter."""


@dataclass(frozen=True)
class Question:
    """One thing to ask, in several wordings.

    Attributes:
        name: of the topic or the aspect.
        topics: the answer carries one of them.
        effects: or one of the replies is a observation of one of these kinds.
        within: the kinds of observation in which it makes sense; empty for a sub-question, which stands in the first complaint.
        said: sentences with ``{placeholders}``.
        nearer: sub-questions of the complaint, or of the cause that was found, that say the same more exactly.
    """

    sort: Sort
    name: str
    said: tuple[str, ...]
    topics: tuple[str, ...] = ()
    effects: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    nearer: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """Everything there is to ask.

    Raises:
        TypeError: a field is unknown, or a question has no sentences.
    """
    data = Source.read(HERE / "follow_ups.yml").data
    nearer = data["nearer"]
    plain = [Question("aspects", name, tuple(said), nearer=tuple(nearer.get(name, ()))) for name, said in data["aspects"].items()]
    return tuple(
        [_question(sort, name, nearer.get(name, ()), **fields) for sort in get_args(Sort)[:2] for name, fields in data[sort].items()]
        + plain
    )


def _question(sort: Sort, name: str, nearer: Any, said: Any, topics: Any, within: Any, effects: Any = ()) -> Question:
    return Question(sort, name, tuple(said), tuple(topics), frozenset(effects), frozenset(within), tuple(nearer))


def choose(kind: str | None, asked: Collection[Question], chance: random.Random) -> Question | None:
    """Something that was not asked yet and makes sense where the customer is; None if there is nothing.

    Args:
        kind: of the observation; None in the first complaint.
        asked: what was asked before.
    """
    fitting = [each for each in questions() if each not in asked and (kind in each.within if kind else not each.within)]
    side = [each for each in fitting if each.sort == "side"]
    others = [each for each in fitting if each.sort != "side"]
    wanted = side if side and chance.random() < _SIDE else others or side
    return chance.choice(wanted) if wanted else None
