"""Slips of the pen: which characters of a text were probably meant to be others, judged from how the training sentences are written.

A noisy channel with a small language model: a text is read as written and with one character replaced, and each reading counts as much
as it is more usual than what stands there. Nothing has to be listed, so slips of shape (额庋) are understood as well as those of sound.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.language.features import written

_EDGE = "^"
_END = "$"
_MARGIN = 2
"""Characters of context before a character; as many edges stand before a text."""
_UNSEEN = 4000
"""Characters that might be written at all, most of which no training sentence holds."""


@dataclass(frozen=True)
class Reading:
    """One way to read a text; ``weight`` is its share among all of them, 0–1."""

    text: str
    weight: float


@dataclass(frozen=True)
class TypoSettings:
    """How readily a character is taken for a slip.

    Attributes:
        penalty: by how much a reading must be more usual (natural logarithm of probabilities) to count as much as what is written.
        least: a reading with less weight than this, against 1 for what is written, is dropped.
        most: readings besides what is written.
    """

    penalty: float = 12.0
    least: float = 0.5
    most: int = 3


_DEFAULTS = TypoSettings()


class TypoModel:
    """Counts of characters, pairs and triples; probabilities of a character after two others (Witten–Bell smoothing).

    Args:
        following: for each pair of characters those that follow it, and how often each does.
        settings: how readily a character is taken for a slip.
    """

    def __init__(self, following: Mapping[str, tuple[str, Sequence[int]]], settings: TypoSettings = _DEFAULTS) -> None:
        self._settings = settings
        # All this is a good part of what a process holds: characters stand side by side in a text, and what is equal is one object.
        same: dict[Any, Any] = {}
        self._after: dict[str, str] = {}
        self._often: dict[str, tuple[int, ...]] = {}
        between: dict[str, str] = {}
        before: dict[str, str] = {}
        pairs: Counter[str] = Counter()
        for pair, (characters, counts) in following.items():
            context = same.setdefault(pair, pair)
            self._after[context] = same.setdefault(characters, characters)
            self._often[context] = same.setdefault(tuple(counts), tuple(counts))
            for character, count in zip(characters, counts):
                last, outer = pair[1] + character, pair[0] + character
                last, outer = same.setdefault(last, last), same.setdefault(outer, outer)
                pairs[last] += count
                before[last] = before.get(last, "") + pair[0]
                between[outer] = between.get(outer, "") + pair[1]
        for known in (before, between):
            known.update((context, same.setdefault(characters, characters)) for context, characters in known.items())
        self._between, self._before = between, before
        self._pairs, self._singles = pairs, Counter[str]()
        self._contexts, self._kinds = Counter[str](), Counter[str]()
        for pair, count in pairs.items():
            self._singles[pair[1]] += count
            self._contexts[pair[0]] += count
            self._kinds[pair[0]] += 1
        self._total = sum(self._singles.values())
        # No character can be more probable than certain: what is written this well has no better reading.
        self._hopeless = math.log(settings.least) - settings.penalty
        self._known: dict[str, float] = {}

    @classmethod
    def learn(cls, texts: Iterable[str], settings: TypoSettings = _DEFAULTS) -> TypoModel:
        """Counts the triples of normalised texts."""
        following: dict[str, Counter[str]] = {}
        for padded in map(_padded, texts):
            for i in range(len(padded) - 2):
                following.setdefault(padded[i : i + 2], Counter())[padded[i + 2]] += 1
        return cls({pair: ("".join(counts), tuple(counts.values())) for pair, counts in following.items()}, settings)

    def readings(self, text: str) -> tuple[Reading, ...]:
        """The text as written first, then other readings of it, likeliest first; weights add up to 1.

        Other readings hold neither signs nor spaces.
        """
        padded = _padded(text)
        found: list[tuple[float, str]] = []
        for i in range(_MARGIN, len(padded) - _MARGIN):
            if not _is_chinese(padded[i]):
                continue
            stands = self._usual(padded[i - 2 : i + 3])
            if stands > self._hopeless:
                continue
            for other in self._others(padded, i):
                gain = self._usual(padded[i - 2 : i] + other + padded[i + 1 : i + 3]) - stands
                weight = math.exp(gain - self._settings.penalty)
                if weight >= self._settings.least:
                    found.append((weight, f"{padded[:i]}{other}{padded[i + 1 :]}"))
        found = sorted(found, reverse=True)[: self._settings.most]
        total = 1 + sum(weight for weight, _ in found)
        return (Reading(text, 1 / total), *(Reading(other[_MARGIN:-_MARGIN], weight / total) for weight, other in found))

    def _others(self, padded: str, i: int) -> AbstractSet[str]:
        """Characters that the training sentences know at this place, going by two of: the neighbours, what stands before, what follows."""
        left, right = padded[i - 2 : i], padded[i + 1 : i + 3]
        places = (self._between, left[1] + right[0]), (self._after, left), (self._before, right)
        between, after, before = (frozenset(known.get(context, "")) for known, context in places)
        others = (between & after) | (between & before) | (after & before)
        return {other for other in others if other != padded[i] and _is_chinese(other)}

    def _usual(self, window: str) -> float:
        """Logarithm of the probability of the last three of five characters."""
        return self._log(window[:3]) + self._log(window[1:4]) + self._log(window[2:])

    def _log(self, triple: str) -> float:
        known = self._known.get(triple)
        if known is None:
            single = (self._singles[triple[2]] + 0.5) / (self._total + 0.5 * _UNSEEN)
            pair = _smoothed(self._pairs[triple[1:]], self._contexts[triple[1]], self._kinds[triple[1]], single)
            counts = self._often.get(triple[:2], ())
            at = self._after.get(triple[:2], "").find(triple[2])
            known = math.log(_smoothed(counts[at] if at >= 0 else 0, sum(counts), len(counts), pair))
            if at >= 0:
                self._known[triple] = known
        return known

    def save(self, path: Path) -> None:
        """Writes the counts as JSON."""
        following = {pair: (characters, self._often[pair]) for pair, characters in self._after.items()}
        path.write_text(json.dumps(following, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, path: Path, settings: TypoSettings = _DEFAULTS) -> TypoModel:
        """Reads what ``save`` wrote."""
        return cls(json.loads(path.read_text("utf-8")), settings)


def _smoothed(count: int, context: int, kinds: int, fallback: float) -> float:
    """The probability of what was counted among so much in its context, which was of so many kinds."""
    return (count + kinds * fallback) / (context + kinds) if kinds else fallback


def _padded(text: str) -> str:
    return f"{_EDGE * _MARGIN}{written(text)}{_END * _MARGIN}"


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
