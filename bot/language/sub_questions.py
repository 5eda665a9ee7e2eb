"""Which sub-question of a matter a text asks: one linear reading per matter, over what the nets make of the text and over the words heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.language.features import Array
from bot.language.sparse_mlp import Adam, falling, softmax

Heard = Sequence[Collection[str]]
"""The sub-questions whose words stand in each text."""

_COST = 30.0
"""Weight of a wrong reading against large weights: sentences are few, and what the nets make of them says much."""
_PASSES, _LEAST_STEPS, _BATCH = 15, 300, 256
"""Passes over the sentences of a matter, in batches; more of them where sentences are few."""
_RATE = 0.08
"""Of Adam at the start."""
_WORDS = 0.3
"""Value of a sub-question whose words stand in a text, against the unit length of what the nets make of it."""
_RARENESS = 0.75
"""A sentence weighs its sub-question's number of sentences to minus this power: rare ones are not drowned."""
LEAST = 0.02
"""The share below which a sub-question is no reading."""


@dataclass(frozen=True)
class Matter:
    """The readings of one matter.

    Attributes:
        names: its sub-questions, with ``""`` for the matter itself.
        weights: features by names.
        bias: by names.
    """

    names: tuple[str, ...]
    weights: Array
    bias: Array

    @classmethod
    def learn(cls, meaning: Array, heard: Heard, asks: Sequence[str]) -> Matter:
        """Learns from sentences.

        Args:
            meaning: what the nets make of each, see ``unit_rows``.
            heard: the sub-questions whose words stand in each.
            asks: the sub-question that each asks; empty for the matter itself.

        Raises:
            ValueError: all sentences ask the same.
        """
        often = Counter(asks)
        if len(often) < 2:
            raise ValueError("a matter without sub-questions has no readings")
        names = tuple(sorted(often))
        weight = np.array([float(often[asked]) ** -_RARENESS for asked in asks], dtype=np.float32)
        rows = _features(names, meaning, heard).astype(np.float32, copy=False)
        targets = np.searchsorted(names, asks)
        return cls(names, *_regression(rows, targets, len(names), weight / weight.mean()))

    def shares(self, meaning: Array, heard: Heard) -> dict[str, float]:
        """How probably each name is asked by one text, 0–1; ``""`` for the matter itself."""
        row = softmax(_features(self.names, meaning, heard) @ self.weights + self.bias)[0]
        return {name: float(share) for name, share in zip(self.names, row)}


def _regression(rows: Array, targets: Array, classes: int, weight: Array) -> tuple[Array, Array]:
    """Weights and bias of a logistic regression with a class for each name, by small steps: the last ones of an exact solver change nothing.

    Args:
        rows: features, one row per sentence.
        targets: the class of each.
        classes: how many there are.
        weight: how much each sentence counts; 1 on average.
    """
    count, width = rows.shape
    random = np.random.default_rng(1)
    weights, bias = Adam(np.zeros((width, classes), dtype=np.float32)), Adam(np.zeros(classes, dtype=np.float32))
    steps = max(_LEAST_STEPS, _PASSES * -(-count // _BATCH))
    order = random.permutation(count)
    at = 0
    for step in range(1, steps + 1):
        if at >= count:
            order, at = random.permutation(count), 0
        chosen = order[at : at + _BATCH]
        at += _BATCH
        batch = rows[chosen]
        error = softmax(batch @ weights.weights + bias.weights)
        error[np.arange(len(chosen)), targets[chosen]] -= 1
        error *= (weight[chosen] / np.float32(len(chosen)))[:, None]
        rate = falling(_RATE, step, steps)
        weights.step(batch.T @ error + weights.weights / np.float32(_COST * count), rate, step, 0)
        bias.step(error.sum(axis=0), rate, step, 0)
    return weights.weights, bias.weights


class SubQuestions:
    """The matters that have sub-questions, by name."""

    def __init__(self, matters: Mapping[str, Matter]) -> None:
        self.matters = dict(matters)

    def read(self, matter: str, meaning: Array, heard: Collection[str]) -> tuple[tuple[str, float], ...]:
        """The readings of one text for a matter, best first, with ``""`` for the matter itself; empty if it has no sub-questions.

        What is hardly asked is left out, unless its words stand in the text.
        """
        known = self.matters.get(matter)
        if known is None:
            return ()
        shares = known.shares(meaning, [heard])
        return tuple(
            (name, shares[name]) for name in sorted(shares, key=lambda name: -shares[name]) if shares[name] >= LEAST or name in heard
        )

    def arrays(self) -> dict[str, Array]:
        """Everything needed to build this again, in half precision."""
        return {
            f"{matter}.{field}": np.asarray(getattr(known, field), dtype=None if field == "names" else np.float16)
            for matter, known in self.matters.items()
            for field in ("names", "weights", "bias")
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> SubQuestions:
        """The opposite of ``arrays``."""
        matters = dict.fromkeys(key.rpartition(".")[0] for key in arrays)
        return cls(
            {
                matter: Matter(
                    tuple(str(name) for name in arrays[f"{matter}.names"]),
                    arrays[f"{matter}.weights"].astype(np.float32),
                    arrays[f"{matter}.bias"].astype(np.float32),
                )
                for matter in matters
            }
        )


def unit_rows(rows: Array) -> Array:
    """Rows of unit length; one of zeros stays."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6))


def _features(names: Sequence[str], meaning: Array, heard: Heard) -> Array:
    columns = {name: at for at, name in enumerate(name for name in names if name)}
    words = np.zeros((len(heard), len(columns)), dtype=np.float32)
    for row, found in enumerate(heard):
        words[row, [columns[name] for name in found if name in columns]] = _WORDS
    return np.hstack([meaning, words])
