"""Slips of the pen: which characters of a text were probably meant to be others, judged from how the training sentences are written.

A noisy channel with a small language model: a text is read as written and with one character replaced, and each reading counts as much
as it is more usual than what stands there. Nothing has to be listed, so slips of shape (额庋) are understood as well as those of sound.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bot.language.features import written

_EDGE = "^"
_END = "$"
_MARGIN = 2
"""Characters of context before a character; as many edges stand before a text."""
_NONE: frozenset[str] = frozenset()
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
    """Counts of characters, pairs and triples; probabilities of a character after two others (Witten–Bell smoothing)."""

    def __init__(self, triples: dict[str, int], settings: TypoSettings = _DEFAULTS) -> None:
        self._settings = settings
        self._triples = triples
        pairs: Counter[str] = Counter()
        singles: Counter[str] = Counter()
        after: dict[str, set[str]] = defaultdict(set)
        between: dict[str, set[str]] = defaultdict(set)
        before: dict[str, set[str]] = defaultdict(set)
        for triple, count in triples.items():
            pairs[triple[1:]] += count
            singles[triple[2]] += count
            after[triple[:2]].add(triple[2])
            between[triple[0] + triple[2]].add(triple[1])
            before[triple[1:]].add(triple[0])
        self._pairs, self._singles = pairs, singles
        self._after, self._between, self._before = after, between, before
        self._total = sum(singles.values())
        self._contexts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        for counts in (triples, pairs):
            for ngram, count in counts.items():
                self._contexts[ngram[:-1]] += count
                self._kinds[ngram[:-1]] += 1
        # No character can be more probable than certain: what is written this well has no better reading.
        self._hopeless = math.log(settings.least) - settings.penalty
        self._known: dict[str, float] = {}

    @classmethod
    def learn(cls, texts: Iterable[str], settings: TypoSettings = _DEFAULTS) -> TypoModel:
        """Counts the triples of normalised texts."""
        return cls(Counter(padded[i : i + 3] for padded in map(_padded, texts) for i in range(len(padded) - 2)), settings)

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
        between, after, before = self._between.get(left[1] + right[0], _NONE), self._after.get(left, _NONE), self._before.get(right, _NONE)
        others = (between & after) | (between & before) | (after & before)
        return {other for other in others if other != padded[i] and _is_chinese(other)}

    def _usual(self, window: str) -> float:
        """Logarithm of the probability of the last three of five characters."""
        return self._log(window[:3]) + self._log(window[1:4]) + self._log(window[2:])

    def _log(self, triple: str) -> float:
        known = self._known.get(triple)
        if known is None:
            single = (self._singles[triple[2]] + 0.5) / (self._total + 0.5 * _UNSEEN)
            pair = self._smoothed(triple[1], self._pairs[triple[1:]], single)
            known = math.log(self._smoothed(triple[:2], self._triples.get(triple, 0), pair))
            if triple in self._triples:
                self._known[triple] = known
        return known

    def _smoothed(self, context: str, count: int, fallback: float) -> float:
        kinds = self._kinds[context]
        return (count + kinds * fallback) / (self._contexts[context] + kinds) if kinds else fallback

    def save(self, path: Path) -> None:
        """Writes the counts as JSON."""
        path.write_text(json.dumps(self._triples, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, path: Path, settings: TypoSettings = _DEFAULTS) -> TypoModel:
        """Reads what ``save`` wrote."""
        return cls(json.loads(path.read_text("utf-8")), settings)


def _padded(text: str) -> str:
    return f"{_EDGE * _MARGIN}{written(text)}{_END * _MARGIN}"


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
