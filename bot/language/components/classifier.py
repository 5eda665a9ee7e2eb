"""Rasa component: the classifier of intents and topics, a few small neural nets whose opinions are averaged."""

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
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    METADATA,
    METADATA_INTENT,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.language.case_state import CaseState, case_rows, random_states
from bot.language.components.beside import PARTS, READINGS, features_beside, texts_beside
from bot.language.components.normaliser import ANNOUNCED
from bot.language.components.slips import WEIGHTS
from bot.language.features import is_wordless
from bot.language.network import Ensemble, NetworkSettings, softmax, split_heads
from bot.language.pipeline import source_fingerprint
from bot.language.second import Part, focus, two_matters

SECOND_INTENT = "second_intent"
TOPIC, TOPIC_RANKING = "topic", "topic_ranking"
CASE = "case"
"""Key of a message's metadata: the state of the case in which it was written."""
_WEIGHTS, _CLASSES = "networks.npz", "classes.json"
_SETTINGS = ("hidden", "epochs", "batch", "learning_rate", "input_dropout", "hidden_dropout", "smoothing", "weight_decay")

Probabilities = Tuple[np.ndarray, np.ndarray]
"""Of the intents, and of the topics."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NetworkClassifier(GraphComponent, IntentClassifier):
    """Reads all sparse sentence features and the state of the case; one hidden layer, a head for intents and one for topics.

    Intents and topics stand in the training data as Rasa's retrieval intents do, ``intent/topic``. The rankings hold what the training
    data hold only.
    """

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classes: Sequence[str] = (),
        topics: Sequence[str] = (),
        ensemble: Optional[Ensemble] = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classes = tuple(classes)
        self._topics = tuple(topics)
        self._ensemble = ensemble

    @classmethod
    def required_components(cls) -> List[Type[GraphComponent]]:
        """Components that should be included in the pipeline before this component."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The settings of ``NetworkSettings``; ``temperature`` divides the scores before they become probabilities.

        ``leanings``: by intent, what is added to its score: the logarithm of how much commoner it is among customers than in training.
        ``ranking_length``: entries of a ranking. ``sure``, ``very_sure``: see ``two_matters``. ``case_weight``: value of a feature of the
        case; ``in_case``: share of the ordinary sentences that are learned a second time, as said in the middle of some case.
        """
        defaults = NetworkSettings()
        return {name: getattr(defaults, name) for name in _SETTINGS} | {
            "seeds": list(defaults.seeds),
            "temperature": 1.0,
            "leanings": {},
            "ranking_length": 10,
            "sure": 0.5,
            "very_sure": 0.85,
            "case_weight": 0.5,
            "in_case": 0.3,
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
            stored = json.loads((directory / _CLASSES).read_text("utf-8"))
            with np.load(directory / _WEIGHTS, allow_pickle=False) as arrays:
                return cls(
                    config,
                    model_storage,
                    resource,
                    stored["intents"],
                    stored["topics"],
                    Ensemble.from_arrays({name: arrays[name].astype(np.float32) for name in arrays.files}),
                )

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Retrains when the code of the nets has changed."""
        return source_fingerprint("network.py", "case_state.py")

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the nets."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT) and example.get(INTENT)]
        states = [CaseState.of(_case_of_training(example)) for example in examples]
        # Whatever is asked at the beginning may be asked in the middle of a case as well: phases must not swallow it.
        elsewhere = random_states(len(examples), self._config["in_case"])
        again = [at for at, (own, other) in enumerate(zip(states, elsewhere)) if own is None and other is not None]
        examples = [*examples, *(examples[at] for at in again)]
        states = [*states, *(elsewhere[at] for at in again)]
        classes = sorted({example.get(INTENT) for example in examples})
        named = [_topic_of(example) for example in examples]
        topics = sorted({topic for topic in named if topic is not None})
        targets = (
            np.array([classes.index(example.get(INTENT)) for example in examples]),
            np.array([topics.index(topic) if topic is not None else -1 for topic in named]),
        )
        settings = NetworkSettings(**{name: self._config[name] for name in _SETTINGS}, seeds=tuple(self._config["seeds"]))
        features = sparse.hstack([features_of(examples), case_rows(states, self._config["case_weight"])]).tocsr()
        ensemble = Ensemble.train(features, targets, (len(classes), len(topics)), settings)
        with self._model_storage.write_to(self._resource) as directory:
            (directory / _CLASSES).write_text(json.dumps({"intents": classes, "topics": topics}), "utf-8")
            # Half precision changes no decision and halves the archive.
            np.savez(directory / _WEIGHTS, **{name: array.astype(np.float16) for name, array in ensemble.arrays().items()})
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets the intent and the ranking; a text without a letter or digit has no intent."""
        for message in messages:
            if self._ensemble is None or is_wordless(message.get(TEXT) or ""):
                message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                self._set_topics(message, [])
                continue
            whole = self._whole(message)
            parts = self._parts(message)
            matter = focus(message.get(TEXT), [part for part, _ in parts])
            self._set(message, whole if matter is None else parts[matter][1])
            if matter is None and parts:
                self._look_for_second(message, [part for part, _ in parts])
        return messages

    def _probabilities(self, features: sparse.csr_matrix, message: Message) -> Probabilities:
        """Of the intents and the topics, one row per row of the features, all said in the state of the message."""
        assert self._ensemble is not None
        state = CaseState.of((message.get(METADATA) or {}).get(CASE))
        case = case_rows([state] * features.shape[0], self._config["case_weight"])
        logits = self._ensemble.logits(sparse.hstack([features, case]).tocsr()) / self._config["temperature"]
        intents, topics = split_heads(logits, (len(self._classes), len(self._topics)))
        leanings = np.array([self._config["leanings"].get(name, 0.0) for name in self._classes])
        return softmax(intents + leanings), softmax(topics)

    def _whole(self, message: Message) -> Probabilities:
        """The probabilities of a text's intents and topics: the mean over its readings, each by its share."""
        others = features_beside(message, READINGS)
        if others is None:
            intents, topics = self._probabilities(features_of([message]), message)
            return intents[0], topics[0]
        shares = np.array(message.get(WEIGHTS))
        intents, topics = self._probabilities(sparse.vstack([features_of([message]), others]).tocsr(), message)
        return shares @ intents, shares @ topics

    def _parts(self, message: Message) -> List[Tuple[Part, Probabilities]]:
        """The parts of a text, each with the probabilities of its intents and topics."""
        features = features_beside(message, PARTS)
        if features is None:
            return []
        texts = texts_beside(message, PARTS)
        return [
            (
                Part(text, self._classes[int(row.argmax())], float(row.max()), self._topics[int(matter.argmax())] if self._topics else ""),
                (row, matter),
            )
            for text, row, matter in zip(texts, *self._probabilities(features, message))
        ]

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
        found_second = {"name": second.intent, "confidence": second.confidence, "text": second.text, "topic": second.topic}
        message.set(SECOND_INTENT, found_second, add_to_output=True)
        topics = message.get(TOPIC_RANKING)
        if topics[0]["name"] == second.topic and first.topic != second.topic:
            # The whole text was taken for its second matter: the first one is answered first.
            rest = [entry for entry in topics if entry["name"] != first.topic]
            self._set_topics(message, [{"name": first.topic, "confidence": topics[0]["confidence"]}, *rest])

    def _set(self, message: Message, probabilities: Probabilities) -> None:
        intents, topics = (
            [{"name": names[i], "confidence": float(row[i])} for i in np.argsort(-row)[: self._config["ranking_length"]]]
            for names, row in zip((self._classes, self._topics), probabilities)
        )
        message.set(INTENT, dict(intents[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, intents, add_to_output=True)
        self._set_topics(message, topics)

    @staticmethod
    def _set_topics(message: Message, ranking: List[Dict[str, Any]]) -> None:
        message.set(TOPIC, dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
        message.set(TOPIC_RANKING, ranking, add_to_output=True)


def _topic_of(example: Message) -> Optional[str]:
    """The topic behind the slash of a retrieval intent."""
    _, slash, topic = (example.get(INTENT_RESPONSE_KEY) or "").partition("/")
    return topic if slash else None


def _case_of_training(example: Message) -> Optional[Dict[str, str]]:
    """The state of the case in which a training sentence is said, which stands in the metadata of its intent."""
    return (example.get(METADATA) or {}).get(METADATA_INTENT)


def features_of(messages: Sequence[Message]) -> sparse.csr_matrix:
    """All sparse sentence features, one row per message."""
    return sparse.vstack([message.get_sparse_features(TEXT)[1].features for message in messages]).tocsr()
