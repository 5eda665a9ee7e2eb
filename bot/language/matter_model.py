"""The model of what a text is about: its intent, its topic and the sub-question it asks, from its features and the state of the case."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from bot.language.aspects import heard_of
from bot.language.case_state import CaseState, case_rows, random_states
from bot.language.features import Array
from bot.language.sparse_mlp import Ensemble, NetworkSettings, softmax, split_heads
from bot.language.sub_questions import Matter, SubQuestions, unit_rows
from bot.language.training_sentences import ABOUT_CASE

Probabilities = tuple[Array, Array]
"""Of the intents, and of the topics."""

_FIRST, _NETS, _SUB_QUESTIONS, _NAMES = "features.npy", "networks.npz", "sub_questions.npz", "classes.json"
_ELSEWHERE = 6
"""At most one of so many sentences about something else teaches what is no sub-question of a matter, and no more than it has sentences."""


@dataclass(frozen=True)
class Example:
    """A training sentence.

    Attributes:
        topic: None if it has none.
        said: the state of the case in which it is said; None for at any time.
        asks: the sub-question of its topic, or of the case, that it asks; empty for the matter itself.
    """

    text: str
    intent: str
    topic: str | None = None
    said: CaseState | None = None
    asks: str = ""


@dataclass(frozen=True)
class Weighing:
    """How scores become probabilities.

    Attributes:
        temperature: divides the scores.
        class_bias: by intent, what is added to its score: the logarithm of how much commoner it is among customers than in training.
        case_weight: value of a feature of the case.
    """

    temperature: float = 1.0
    class_bias: Mapping[str, float] = field(default_factory=dict)
    case_weight: float = 0.5


class MatterModel:
    """Nets with a head for intents and one for topics, and the readings of sub-questions over what the nets make of a text."""

    def __init__(
        self,
        intents: Sequence[str],
        topics: Sequence[str],
        nets: Ensemble,
        weighing: Weighing,
        sub_questions: SubQuestions | None = None,
    ) -> None:
        self.intents, self.topics = tuple(intents), tuple(topics)
        self._nets, self._weighing = nets, weighing
        self._sub_questions = sub_questions or SubQuestions({})
        self._bias = np.array([weighing.class_bias.get(name, 0.0) for name in self.intents], dtype=np.float32)
        self._of_state: dict[CaseState | None, Array] = {}

    @classmethod
    def learn(
        cls, features: sparse.csr_matrix, examples: Sequence[Example], settings: NetworkSettings, weighing: Weighing, in_case: float
    ) -> MatterModel:
        """Learns from training sentences.

        Args:
            features: one row per sentence.
            examples: the sentences.
            settings: how the nets are trained.
            weighing: how their scores become probabilities.
            in_case: share of the sentences said at any time that are learned a second time, as said in the middle of some case: whatever is
                asked at the beginning may be asked there as well, and phases must not swallow it.
        """
        elsewhere = random_states(len(examples), in_case)
        again = [at for at, (example, other) in enumerate(zip(examples, elsewhere)) if example.said is None and other is not None]
        rows = [*range(len(examples)), *again]
        states = [*(example.said for example in examples), *(elsewhere[at] for at in again)]
        intents = sorted({example.intent for example in examples})
        topics = sorted({example.topic for example in examples if example.topic is not None})
        index = {name: at for at, name in enumerate(intents)}, {name: at for at, name in enumerate(topics)}
        targets = (
            np.array([index[0][examples[at].intent] for at in rows]),
            np.array([index[1].get(examples[at].topic or "", -1) for at in rows]),
        )
        with_case = sparse.hstack([features[rows], case_rows(states, weighing.case_weight)]).tocsr()
        nets = Ensemble.train(with_case, targets, (len(intents), len(topics)), settings)
        model = cls(intents, topics, nets, weighing)
        model._sub_questions = _learned_sub_questions(examples, model._meaning(model.inner(features)))
        return model

    def inner(self, features: sparse.csr_matrix) -> Array:
        """What the features of texts bring to the nets, one row per text: all that does not depend on the case, to be given to the others."""
        return self._nets.inner(features)

    def probabilities(self, inner: Array, state: CaseState | None) -> Probabilities:
        """Of the intents and the topics, one row per text, all said in a state."""
        if state not in self._of_state:
            case = case_rows([state], self._weighing.case_weight)
            self._of_state[state] = self._nets.inner(case, at=self._nets.width - case.shape[1])
        logits = self._nets.logits_of(inner + self._of_state[state]) / np.float32(self._weighing.temperature)
        intents, topics = split_heads(logits, (len(self.intents), len(self.topics)))
        return softmax(intents + self._bias), softmax(topics)

    def sub_questions(self, inner: Array, heard: Collection[str], matters: Sequence[str]) -> dict[str, tuple[tuple[str, float], ...]]:
        """What one text asks of each matter that has sub-questions, best first; see ``SubQuestions.read``.

        Args:
            inner: of the text.
            heard: the sub-questions whose words stand in it.
            matters: that it may be about.
        """
        meaning = self._meaning(inner)
        return {matter: read for matter in matters if (read := self._sub_questions.read(matter, meaning, heard))}

    def _meaning(self, inner: Array) -> Array:
        """What the nets make of texts, whenever they are said."""
        return unit_rows(self._nets.hidden_of(inner))

    def save(self, directory: Path) -> None:
        """Writes what ``load`` reads."""
        (directory / _NAMES).write_text(json.dumps({"intents": self.intents, "topics": self.topics}), "utf-8")
        # Half precision changes no decision and halves the archive.
        arrays = {name: array.astype(np.float16) for name, array in self._nets.arrays().items()}
        np.save(directory / _FIRST, arrays.pop("first"))
        np.savez(directory / _NETS, **arrays)
        np.savez(directory / _SUB_QUESTIONS, **self._sub_questions.arrays())

    @classmethod
    def load(cls, directory: Path, weighing: Weighing) -> MatterModel:
        """Reads what ``save`` wrote."""
        names = json.loads((directory / _NAMES).read_text("utf-8"))
        with np.load(directory / _SUB_QUESTIONS, allow_pickle=False) as arrays:
            sub_questions = SubQuestions.from_arrays(dict(arrays))
        with np.load(directory / _NETS, allow_pickle=False) as arrays:
            rest = {name: arrays[name].astype(np.float32) for name in arrays.files}
        # Nearly all of the model: left in the file, of which processes share what they use. It may be deleted meanwhile, as Rasa does.
        nets = Ensemble.from_arrays({"first": np.load(directory / _FIRST, mmap_mode="r"), **rest})
        return cls(names["intents"], names["topics"], nets, weighing, sub_questions)


def _learned_sub_questions(examples: Sequence[Example], meaning: Array) -> SubQuestions:
    """The readings of every topic some of whose sentences ask a sub-question, and of the case."""
    of_matter: dict[str, list[int]] = defaultdict(list)
    for at, example in enumerate(examples):
        of_matter[ABOUT_CASE if example.intent == ABOUT_CASE else example.topic or ""].append(at)
    asking = {matter: own for matter, own in of_matter.items() if any(examples[at].asks for at in own)}
    # Most of the work is done in numpy, which lets another thread run; the threads of its linear algebra would only wait for these.
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as threads:
        learned = threads.map(lambda own: _learned_matter(own, examples, meaning), asking.values())
        return SubQuestions(dict(zip(asking, learned)))


def _learned_matter(own: Sequence[int], examples: Sequence[Example], meaning: Array) -> Matter:
    """The readings of a matter, from its own sentences and some about something else."""
    among = set(own)
    elsewhere = range(len(own) % _ELSEWHERE, len(examples), max(_ELSEWHERE, len(examples) // len(own)))
    rows = [*own, *(at for at in elsewhere if at not in among)]
    find = heard_of(sorted({examples[at].asks for at in own if examples[at].asks}))
    asks = [examples[at].asks if at in among else "" for at in rows]
    return Matter.learn(meaning[rows], [find(examples[at].text) for at in rows], asks)
