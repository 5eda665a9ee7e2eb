"""A small neural net for sparse texts: one hidden layer, several seeds, plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from bot.language.features import Array

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-8
_ALL = slice(None)
_COMMON = 0.5
"""Share of the texts above which a feature is common."""


@dataclass(frozen=True)
class NetworkSettings:
    """How nets are trained.

    Attributes:
        hidden: units of the hidden layer.
        epochs: passes over the examples.
        batch: examples per step.
        learning_rate: of Adam at the start; it falls to zero along a cosine.
        input_dropout: share of a text's features hidden in each pass, so that no single n-gram decides.
        hidden_dropout: share of hidden units switched off in each pass.
        smoothing: share of the probability that a target gives to all other classes.
        weight_decay: pull of the weights towards zero per step, times the learning rate.
        seeds: one net per seed; their logits are averaged.
    """

    hidden: int = 256
    epochs: int = 30
    batch: int = 64
    learning_rate: float = 0.002
    input_dropout: float = 0.3
    hidden_dropout: float = 0.3
    smoothing: float = 0.05
    weight_decay: float = 0.0
    seeds: tuple[int, ...] = (1, 2, 3)


def falling(rate: float, step: int, steps: int) -> float:
    """The learning rate of a step, counted from 1: down from ``rate`` to zero along a cosine."""
    return float(rate * 0.5 * (1 + np.cos(np.pi * step / steps)))


@dataclass
class Adam:
    """Adam that touches only the rows a batch uses."""

    weights: Array
    first: Array = field(init=False)
    second: Array = field(init=False)

    def __post_init__(self) -> None:
        self.first = np.zeros_like(self.weights)
        self.second = np.zeros_like(self.weights)

    def step(self, gradient: Array, rate: float, count: int, decay: float, rows: Array | slice = _ALL) -> None:
        """Moves the weights of these rows against their gradient; ``count`` is the number of this step, from 1."""
        # In place: much of a step goes into reading and writing these arrays.
        first, second = self.first[rows], self.second[rows]
        square: Array = gradient * gradient
        square *= 1 - _BETA_2
        second *= _BETA_2
        second += square
        first *= _BETA_1
        first += np.multiply(gradient, 1 - _BETA_1, out=square)
        if isinstance(rows, np.ndarray):
            self.first[rows], self.second[rows] = first, second
        change = np.sqrt(second, out=square)
        change += _EPSILON
        np.divide(first, change, out=change)
        change *= rate * np.sqrt(1 - _BETA_2**count) / (1 - _BETA_1**count)
        if decay:
            change += rate * decay * self.weights[rows]
        self.weights[rows] -= change


@dataclass(frozen=True)
class Network:
    """A trained net: weights and biases of both layers.

    Attributes:
        first: one row per feature; in half precision where it is served from, so that what no text uses need not even be read.
    """

    first: Array
    first_bias: Array
    second: Array
    second_bias: Array

    def inner(self, features: sparse.csr_matrix, at: int = 0) -> Array:
        """What some of the features of texts bring to the hidden layer, one row per text; those of all features add up.

        Args:
            features: of texts, columns that follow each other.
            at: the number of the first of them.
        """
        rows = self.first[at : at + features.shape[1]]
        if rows.dtype != np.float16:
            common = _common(features)
            return np.asarray(features[:, ~common] @ rows[~common] + features[:, common].toarray() @ rows[common])
        columns, local = np.unique(features.indices, return_inverse=True)
        used = sparse.csr_matrix((features.data, local, features.indptr), shape=(features.shape[0], len(columns)))
        return np.asarray(used @ rows[columns].astype(np.float32))

    def hidden_of(self, inner: Array) -> Array:
        """What the hidden layer makes of texts, one row per text."""
        return np.asarray(np.maximum(inner + self.first_bias, 0))

    def logits_of(self, inner: Array) -> Array:
        """One row of class scores per text."""
        return np.asarray(self.hidden_of(inner) @ self.second + self.second_bias)


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis; none where a head has no classes."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def train_network(
    features: sparse.csr_matrix, targets: Sequence[Array], classes: Sequence[int], settings: NetworkSettings, seed: int
) -> Network:
    """Trains one net with a head per question, on one hidden layer.

    Args:
        features: texts by features.
        targets: for each head the class index of each text; below zero where it is not known.
        classes: number of classes of each head.
        settings: how.
        seed: of all that is random here.
    """
    random = np.random.default_rng(seed)
    features = sparse.csr_matrix(features, dtype=np.float32)
    count, width = features.shape
    # The rare columns are multiplied as the few that a batch uses.
    common = _common(features)
    rare_columns, common_columns = np.flatnonzero(~common), np.flatnonzero(common)
    rare, full = features[:, rare_columns].tocsr(), features[:, common_columns].toarray()
    start = (random.standard_normal((width, settings.hidden)) * np.sqrt(2.0 / 20)).astype(np.float32) * 0.3
    first, first_common = Adam(start[rare_columns]), Adam(start[common_columns])
    first_bias = Adam(np.zeros(settings.hidden, dtype=np.float32))
    second = Adam((random.standard_normal((settings.hidden, sum(classes))) * np.sqrt(1.0 / settings.hidden)).astype(np.float32))
    second_bias = Adam(np.zeros(sum(classes), dtype=np.float32))
    steps_total = settings.epochs * int(np.ceil(count / settings.batch))
    step = 0
    for _ in range(settings.epochs):
        order = random.permutation(count)
        for begin in range(0, count, settings.batch):
            step += 1
            rate = falling(settings.learning_rate, step, steps_total)
            chosen = order[begin : begin + settings.batch]
            batch, columns = _compact(rare[chosen], random, settings.input_dropout)
            dense = _dropped(full[chosen], random, settings.input_dropout)
            inner = batch @ first.weights[columns] + dense @ first_common.weights + first_bias.weights
            keep = (random.random(inner.shape, dtype=np.float32) >= settings.hidden_dropout) / np.float32(1 - settings.hidden_dropout)
            hidden = np.maximum(inner, 0) * keep
            scores = hidden @ second.weights + second_bias.weights
            error = np.concatenate(
                [_error(part, target[chosen], settings.smoothing) for part, target in zip(split_heads(scores, classes), targets)], axis=1
            )
            error /= np.float32(len(chosen))
            back = (error @ second.weights.T) * keep * (inner > 0)
            second.step(hidden.T @ error, rate, step, settings.weight_decay)
            second_bias.step(error.sum(axis=0), rate, step, 0)
            first.step(batch.T @ back, rate, step, settings.weight_decay, columns)
            first_common.step(dense.T @ back, rate, step, settings.weight_decay)
            first_bias.step(back.sum(axis=0), rate, step, 0)
    start[rare_columns], start[common_columns] = first.weights, first_common.weights
    return Network(start, first_bias.weights, second.weights, second_bias.weights)


def _common(features: sparse.csr_matrix) -> Array:
    """Which columns most texts have: they are multiplied as what they are, dense."""
    return np.asarray(features.getnnz(axis=0) > features.shape[0] * _COMMON)


def _dropped(values: Array, random: np.random.Generator, dropout: float) -> Array:
    """Values with a share of them hidden, the others raised to make up for it."""
    if not dropout or not values.size:
        return values
    return values * (random.random(values.shape, dtype=np.float32) >= dropout) / np.float32(1 - dropout)


def split_heads(scores: Array, classes: Sequence[int]) -> tuple[Array, ...]:
    """The scores of each head, which lie side by side."""
    return tuple(np.split(scores, np.cumsum(classes)[:-1], axis=-1))


def _error(scores: Array, target: Array, smoothing: float) -> Array:
    """How far the probabilities of one head are from its targets; none where the target is not known."""
    error = softmax(scores)
    error -= smoothing / max(1, scores.shape[1])
    known = np.flatnonzero(target >= 0)
    error[known, target[known]] -= 1 - smoothing
    error[target < 0] = 0
    return error


def _compact(batch: sparse.csr_matrix, random: np.random.Generator, dropout: float) -> tuple[sparse.csr_matrix, Array]:
    """The batch over the columns it uses only, with features dropped out."""
    columns, local = np.unique(batch.indices, return_inverse=True)
    return sparse.csr_matrix(
        (_dropped(batch.data, random, dropout).astype(np.float32), local, batch.indptr), shape=(batch.shape[0], len(columns))
    ), columns


class Ensemble:
    """Several nets whose logits are averaged, kept as one wide net: all hidden layers side by side."""

    def __init__(self, wide: Network) -> None:
        self._wide = wide

    @classmethod
    def of(cls, networks: Sequence[Network]) -> Ensemble:
        """The mean of nets."""
        return cls(
            Network(
                np.concatenate([n.first for n in networks], axis=1),
                np.concatenate([n.first_bias for n in networks]),
                np.concatenate([n.second for n in networks]) / np.float32(len(networks)),
                np.mean([n.second_bias for n in networks], axis=0),
            )
        )

    @classmethod
    def train(cls, features: sparse.csr_matrix, targets: Sequence[Array], classes: Sequence[int], settings: NetworkSettings) -> Ensemble:
        """One net per seed of the settings, side by side; arguments as for ``train_network``."""

        def trained(seed: int) -> Network:
            return train_network(features, targets, classes, settings, seed)

        # The work is done in numpy and scipy, which let other threads run. A thread for each net: with one for each processor, the last of three
        # nets would leave a processor idle. Threads of the linear algebra would only wait for each other.
        with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(max_workers=len(settings.seeds)) as threads:
            return cls.of(list(threads.map(trained, settings.seeds)))

    @property
    def width(self) -> int:
        """The number of features."""
        return int(self._wide.first.shape[0])

    def inner(self, features: sparse.csr_matrix, at: int = 0) -> Array:
        """What features bring to the hidden layers, side by side; see ``Network.inner``."""
        return self._wide.inner(features, at)

    def hidden_of(self, inner: Array) -> Array:
        """What the hidden layers make of texts, side by side, one row per text."""
        return self._wide.hidden_of(inner)

    def logits_of(self, inner: Array) -> Array:
        """Mean class scores, one row per text."""
        return self._wide.logits_of(inner)

    def logits(self, features: sparse.csr_matrix) -> Array:
        """Mean class scores of texts by all their features, one row per text."""
        return self.logits_of(self.inner(features))

    def arrays(self) -> dict[str, Array]:
        """Everything needed to build this again."""
        return dict(vars(self._wide))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Ensemble:
        """The opposite of ``arrays``."""
        return cls(Network(**arrays))
