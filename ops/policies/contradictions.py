"""Numbers in sentences for customers that a policy in force contradicts, because somebody wrote them down instead of asking for the fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from actions.core.platform import Policy
from actions.knowledge.model import Knowledge

_NUMBER = r"(\d+(?:\.\d+)?|[一二三四五六七八九十]{1,3})"
_PATTERNS: Mapping[tuple[str, str], re.Pattern[str]] = {
    ("min_amount", "amount"): re.compile(rf"(?:分期|起点|最低)[^，。；\n{{]{{0,6}}?满?\s*{_NUMBER}\s*元(?:起|以上|才)"),
    ("max_amount", "amount"): re.compile(rf"分期[^，。；\n{{]{{0,6}}?(?:上限|最高|不超过)[^，。；\n{{]{{0,4}}?{_NUMBER}\s*元"),
    ("bill_min_amount", "amount"): re.compile(rf"账单[^，。；\n{{]{{0,6}}?满\s*{_NUMBER}\s*元"),
    ("age", "min"): re.compile(rf"满\s*{_NUMBER}\s*周岁"),
    ("app_version", "minimum"): re.compile(r"(?:App|版本)[^，。；\n{]{0,6}?(\d+\.\d+\.\d+)"),
}
_DIGITS = {sign: place for place, sign in enumerate("一二三四五六七八九", start=1)}


def contradicted(policy: Policy, texts: Iterator[str] | list[str]) -> Iterator[tuple[str, str]]:
    """The sentences that name another number than a policy, each with the number.

    Args:
        policy: one that is in force.
        texts: sentences for customers.
    """
    for (kind, name), pattern in _PATTERNS.items():
        value = getattr(policy, name) if policy.kind == kind else None
        if value is None:
            continue
        own = _own(value, name)
        for text in texts:
            for found in pattern.finditer(text):
                if _read(found.group(1)) != own:
                    yield text.strip(), found.group(1)


def texts_of(knowledge: Knowledge) -> list[str]:
    """Every text for customers: of the assistant's, and of those that agents are offered to send."""
    return list(_texts(_Same(knowledge)))


@dataclass(frozen=True, eq=False)
class _Same:
    """Knowledge by identity: it never changes, and going through all of it takes longer than showing the page that asks."""

    knowledge: Knowledge

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.knowledge is self.knowledge

    def __hash__(self) -> int:
        return id(self.knowledge)


@lru_cache(maxsize=1)
def _texts(same: _Same) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen: set[int] = set()
    known = same.knowledge
    for part in (known.causes, known.answers, known.phrases, known.handoffs, known.replies, known.openings, known.advice):
        found.update(dict.fromkeys(_strings(part, seen)))
    return tuple(found)


def _strings(value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    parts: Any = ()
    if isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = value
    elif is_dataclass(value):
        parts = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, BaseModel):
        parts = value.__dict__.values()
    for part in parts:
        yield from _strings(part, seen)


def _own(value: Any, name: str) -> Any:
    return str(value) if name == "minimum" else Decimal(int(value)) / 100 if name == "amount" else Decimal(int(value))


def _read(text: str) -> Any:
    """A number as it is written, with digits or up to ninety-nine in words."""
    if text.count(".") > 1:
        return text
    if text[0].isdigit():
        return Decimal(text)
    tens, ten, ones = text.partition("十")
    return Decimal((_DIGITS.get(tens, 1) * 10 if ten else 0) + (_DIGITS.get(ones if ten else tens, 0)))
