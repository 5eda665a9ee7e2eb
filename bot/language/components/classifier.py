"""Rasa component: the intent classifier, a few small neural nets whose opinions are averaged."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Sequence, Tuple, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.language.components.beside import PARTS, READINGS, features_beside, texts_beside
from bot.language.components.normaliser import ANNOUNCED
from bot.language.components.slips import WEIGHTS
from bot.language.features import is_wordless
from bot.language.network import Ensemble, NetworkSettings, softmax
from bot.language.pipeline import source_fingerprint
from bot.language.second import Part, focus, two_matters

SECOND_INTENT = "second_intent"
_WEIGHTS, _CLASSES = "networks.npz", "classes.json"
_SETTINGS = ("hidden", "epochs", "batch", "learning_rate", "input_dropout", "hidden_dropout", "smoothing", "weight_decay")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NetworkClassifier(GraphComponent, IntentClassifier):
    """Reads all sparse sentence features; the ranking holds the intents of the training data only."""

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classes: Sequence[str] = (),
        ensemble: Optional[Ensemble] = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classes = tuple(classes)
        self._ensemble = ensemble

    @classmethod
    def required_components(cls) -> List[Type[GraphComponent]]:
        """Components that should be included in the pipeline before this component."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The settings of ``NetworkSettings``; ``temperature`` divides the scores before they become probabilities.

        ``leanings``: by intent, what is added to its score: the logarithm of how much commoner it is among customers than in training.
        ``ranking_length``: intents in the ranking. ``sure``, ``very_sure``: see ``two_matters``.
        """
        defaults = NetworkSettings()
        return {name: getattr(defaults, name) for name in _SETTINGS} | {
            "seeds": list(defaults.seeds),
            "temperature": 1.0,
            "leanings": {},
            "ranking_length": 10,
            "sure": 0.5,
            "very_sure": 0.85,
        }

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> NetworkClassifier:
        """Creates component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> NetworkClassifier:
        """Loads component (see parent class for full docstring)."""
        with model_storage.read_from(resource) as directory:
            classes = json.loads((directory / _CLASSES).read_text("utf-8"))
            with np.load(directory / _WEIGHTS, allow_pickle=False) as arrays:
                return cls(
                    config,
                    model_storage,
                    resource,
                    classes,
                    Ensemble.from_arrays({name: arrays[name].astype(np.float32) for name in arrays.files}),
                )

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Retrains when the code of the nets has changed."""
        return source_fingerprint("network.py")

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the nets."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT) and example.get(INTENT)]
        classes = sorted({example.get(INTENT) for example in examples})
        targets = np.array([classes.index(example.get(INTENT)) for example in examples])
        settings = NetworkSettings(**{name: self._config[name] for name in _SETTINGS}, seeds=tuple(self._config["seeds"]))
        ensemble = Ensemble.train(features_of(examples), targets, len(classes), settings)
        with self._model_storage.write_to(self._resource) as directory:
            (directory / _CLASSES).write_text(json.dumps(classes), "utf-8")
            # Half precision changes no decision and halves the archive.
            np.savez(directory / _WEIGHTS, **{name: array.astype(np.float16) for name, array in ensemble.arrays().items()})
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets the intent and the ranking; a text without a letter or digit has no intent."""
        for message in messages:
            if self._ensemble is None or is_wordless(message.get(TEXT) or ""):
                message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                continue
            whole = self._whole(message)
            parts = self._parts(message)
            matter = focus(message.get(TEXT), [part for part, _ in parts])
            self._set(message, whole if matter is None else parts[matter][1])
            if matter is None and parts:
                self._look_for_second(message, [part for part, _ in parts])
        return messages

    def _probabilities(self, features: sparse.csr_matrix) -> np.ndarray:
        assert self._ensemble is not None
        leanings = np.array([self._config["leanings"].get(name, 0.0) for name in self._classes])
        return softmax(self._ensemble.logits(features) / self._config["temperature"] + leanings)

    def _whole(self, message: Message) -> np.ndarray:
        """The probabilities of a text's intents: the mean over its readings, each by its share."""
        others = features_beside(message, READINGS)
        if others is None:
            return np.asarray(self._probabilities(features_of([message]))[0])
        return np.asarray(np.array(message.get(WEIGHTS)) @ self._probabilities(sparse.vstack([features_of([message]), others]).tocsr()))

    def _parts(self, message: Message) -> List[Tuple[Part, np.ndarray]]:
        """The parts of a text, each with the probabilities of its intents."""
        features = features_beside(message, PARTS)
        if features is None:
            return []
        rows = self._probabilities(features)
        texts = texts_beside(message, PARTS)
        return [(Part(text, self._classes[int(row.argmax())], float(row.max())), row) for text, row in zip(texts, rows)]

    def _look_for_second(self, message: Message, parts: Sequence[Part]) -> None:
        """Puts the second matter into a field of its own; the first one becomes the intent if the whole text was taken for something else."""
        ranking = message.get(INTENT_RANKING_KEY)
        found = two_matters(parts, ranking[0][INTENT_NAME_KEY], message.get(ANNOUNCED), self._config["sure"], self._config["very_sure"])
        if found is None:
            return
        first, second = found
        leader = {INTENT_NAME_KEY: first.intent, PREDICTED_CONFIDENCE_KEY: max(first.confidence, ranking[0][PREDICTED_CONFIDENCE_KEY])}
        rest = [entry for entry in ranking if entry[INTENT_NAME_KEY] != first.intent]
        message.set(INTENT, leader, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [dict(leader), *rest], add_to_output=True)
        message.set(SECOND_INTENT, {"name": second.intent, "confidence": second.confidence, "text": second.text}, add_to_output=True)

    def _set(self, message: Message, probabilities: np.ndarray) -> None:
        best = np.argsort(-probabilities)[: self._config["ranking_length"]]
        ranking = [{INTENT_NAME_KEY: self._classes[i], PREDICTED_CONFIDENCE_KEY: float(probabilities[i])} for i in best]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def features_of(messages: Sequence[Message]) -> sparse.csr_matrix:
    """All sparse sentence features, one row per message."""
    return sparse.vstack([message.get_sparse_features(TEXT)[1].features for message in messages]).tocsr()
