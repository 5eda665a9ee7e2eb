"""Rasa component: other readings of a text in which a character may be a slip of the pen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.language import features, typos
from bot.language.pipeline import source_fingerprint
from bot.language.typos import TypoModel, TypoSettings

PARTS = "parts"
READINGS = "readings"
_TEXTS = "variant_texts"
_FEATURES = "variant_features"


def put_variants(message: Message, kind: str, texts: Sequence[str]) -> None:
    """Adds texts of a kind to a message."""
    message.set(_TEXTS, {**message.get(_TEXTS, {}), kind: tuple(texts)})


def variant_texts(message: Message, kind: str) -> tuple[str, ...]:
    """The texts of a kind, in the order in which they were put."""
    texts: tuple[str, ...] = message.get(_TEXTS, {}).get(kind, ())
    return texts


def rows_with_variants(messages: Sequence[Message], rows: Callable[[Sequence[str]], sparse.csr_matrix]) -> sparse.csr_matrix:
    """A featurizer's rows for messages, one each; those of the texts beside them are put next to those of the featurizers before.

    All texts are given to the featurizer at once: an encoder reads its weights once for all of them.
    """
    texts = [message.get(TEXT) for message in messages]
    beside = [(message, kind, of_kind) for message in messages for kind, of_kind in message.get(_TEXTS, {}).items()]
    found = rows([*texts, *(text for _, _, of_kind in beside for text in of_kind)])
    at = len(texts)
    for message, kind, of_kind in beside:
        before: dict[str, list[sparse.csr_matrix]] = message.get(_FEATURES, {})
        message.set(_FEATURES, {**before, kind: [*before.get(kind, []), found[at : at + len(of_kind)]]})
        at += len(of_kind)
    return found


def variant_features(message: Message, kind: str) -> sparse.csr_matrix | None:
    """One row per text of a kind, ``None`` if there is none."""
    found: list[sparse.csr_matrix] = message.get(_FEATURES, {}).get(kind, [])
    return sparse.hstack(found).tocsr() if found else None


WEIGHTS = "reading_weights"
"""Key of a message: the share of the text as written, then of each reading beside it; they add up to 1."""
MEANT = "meant"
"""Key of a message, and of the parse result, if another reading is likelier than the text as written: that reading."""
_COUNTS = "triples.json"
_SETTINGS = ("penalty", "least", "most")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TypoReader(GraphComponent):
    """Learns how the training sentences are written and puts likelier readings beside a text."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: TypoModel | None = None) -> None:
        self._settings = TypoSettings(**{name: config[name] for name in _SETTINGS})
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings of ``TypoSettings``."""
        defaults = TypoSettings()
        return {name: getattr(defaults, name) for name in _SETTINGS}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TypoReader:
        """Creates component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> TypoReader:
        """Loads component (see parent class for full docstring)."""
        reader = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            reader._model = TypoModel.load(directory / _COUNTS, reader._settings)
        return reader

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the code of the model has changed."""
        return source_fingerprint(typos, features)

    def train(self, training_data: TrainingData) -> Resource:
        """Counts what the training sentences hold."""
        texts = [message.get(TEXT) for message in training_data.training_examples if message.get(TEXT)]
        with self._model_storage.write_to(self._resource) as directory:
            TypoModel.learn(texts).save(directory / _COUNTS)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts readings beside texts."""
        assert self._model is not None
        for message in messages:
            readings = self._model.readings(message.get(TEXT) or "")
            if len(readings) > 1:
                put_variants(message, READINGS, [reading.text for reading in readings[1:]])
                message.set(WEIGHTS, tuple(reading.weight for reading in readings))
            likeliest = max(readings, key=lambda reading: reading.weight)
            if likeliest is not readings[0]:
                message.set(MEANT, likeliest.text, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training examples as they are: what they hold is how it is written."""
        return training_data
