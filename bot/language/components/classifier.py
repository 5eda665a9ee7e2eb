"""Rasa component: the classifier of intents and topics, a few small neural nets whose opinions are averaged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

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

from bot.language import case_state, matter_model, sparse_mlp, sub_questions
from bot.language.aspects import ASPECT_WORDS, ASPECTS, finder_at, words_fingerprint
from bot.language.case_state import CaseState
from bot.language.components.featurizers import rows_of
from bot.language.components.normaliser import ANNOUNCED
from bot.language.components.spacy_nlp import ASPECTS_KEY
from bot.language.components.typos import PARTS, READINGS, WEIGHTS, variant_features, variant_texts
from bot.language.dual_intent import Part, complaint_asked_about, focus, two_matters
from bot.language.features import Array, is_wordless
from bot.language.matter_model import Example, MatterModel, Probabilities, Weighing
from bot.language.pipeline import source_fingerprint
from bot.language.sparse_mlp import NetworkSettings
from bot.language.training_sentences import ABOUT_CASE, ASKS

SECOND_INTENT = "second_intent"
TOPIC, TOPIC_RANKING = "topic", "topic_ranking"
SUB_QUESTIONS = "sub_questions"
CLAUSES = "clauses"
"""What each clause of a message of several says by itself: its text, intent, topics, aspects and sub-questions."""
CASE, ANSWERED = "case", "answered"
"""Key of a message's metadata: the state of the case in which it was written; in that, the matter that was answered last."""
_READ_TOPICS = 3
"""How many of the likeliest topics have their sub-questions read."""
_MOST_CLAUSES = 5
"""Clauses from which on a message is a rant, of which no clause is looked at by itself."""
_SETTINGS = ("hidden", "epochs", "batch", "learning_rate", "input_dropout", "hidden_dropout", "smoothing", "weight_decay")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NetworkClassifier(GraphComponent, IntentClassifier):
    """Reads all sparse sentence features and the state of the case; one hidden layer, a head for intents and one for topics.

    Intents and topics stand in the training data as Rasa's retrieval intents do, ``intent/topic``. The rankings hold what the training
    data hold only.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: MatterModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type[GraphComponent]]:
        """Components that should be included in the pipeline before this component."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings of ``NetworkSettings``; ``temperature`` divides the scores before they become probabilities.

        ``class_bias``: by intent, what is added to its score: the logarithm of how much commoner it is among customers than in training.
        ``ranking_length``: entries of a ranking. ``sure``, ``very_sure``: see ``two_matters``. ``case_weight``: value of a feature of the
        case; ``in_case``: share of the ordinary sentences that are learned a second time, as said in the middle of some case.
        """
        defaults = NetworkSettings()
        return {name: getattr(defaults, name) for name in _SETTINGS} | {
            "seeds": list(defaults.seeds),
            "temperature": 1.0,
            "class_bias": {},
            "ranking_length": 10,
            "sure": 0.5,
            "very_sure": 0.85,
            "case_weight": 0.5,
            "in_case": 0.3,
        }

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> NetworkClassifier:
        """Creates component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> NetworkClassifier:
        """Loads component (see parent class for full docstring)."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, MatterModel.load(directory, weighing_of(config)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the code of the nets has changed, or the words that the sub-questions are learned with."""
        code = source_fingerprint(matter_model, sparse_mlp, case_state, sub_questions)
        return f"{code}-{words_fingerprint(ASPECTS)}"

    def train(self, training_data: TrainingData) -> Resource:
        """Learns intents, topics and sub-questions."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT) and message.get(INTENT)]
        settings = NetworkSettings(**{name: self._config[name] for name in _SETTINGS}, seeds=tuple(self._config["seeds"]))
        model = MatterModel.learn(
            rows_of(messages), [_example(message) for message in messages], settings, weighing_of(self._config), self._config["in_case"]
        )
        with self._model_storage.write_to(self._resource) as directory:
            model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent and the ranking; a text without a letter or digit has no intent."""
        for message in messages:
            if self._model is None or is_wordless(message.get(TEXT) or ""):
                message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                _set_topics(message, [])
                message.set(SUB_QUESTIONS, {}, add_to_output=True)
                message.set(CLAUSES, [], add_to_output=True)
                continue
            self._judge(self._model, message)
        return messages

    def _judge(self, model: MatterModel, message: Message) -> None:
        """Sets intent, topic, a second matter and the sub-questions of one message."""
        kinds = [rows_of([message]), variant_features(message, READINGS), variant_features(message, PARTS)]
        inner = model.inner(sparse.vstack([rows for rows in kinds if rows is not None]).tocsr())
        own, readings, parts_inner = np.split(inner, np.cumsum([0 if rows is None else rows.shape[0] for rows in kinds])[:-1])
        intents, topics = model.probabilities(np.vstack([own, readings]), _state_of(message))
        shares = np.array(message.get(WEIGHTS)) if len(readings) else np.ones(1)
        whole = shares @ intents, shares @ topics
        parts, of_parts = self._parts(model, message, parts_inner)
        matter = self._matter(model, message, parts, parts_inner, model.intents[int(whole[0].argmax())])
        self._set(model, message, whole if matter is None else of_parts[matter])
        if matter is None and parts:
            self._look_for_second(message, parts)
        message.set(SUB_QUESTIONS, _sub_questions(model, message, own), add_to_output=True)
        message.set(CLAUSES, _clauses(model, message, parts, of_parts, parts_inner), add_to_output=True)

    def _matter(self, model: MatterModel, message: Message, parts: Sequence[Part], inner: Array, whole: str) -> int | None:
        """Which part of a text says what it is about; None if the whole does."""
        matter = focus(message.get(TEXT), parts)
        if matter is not None or not parts or _state_of(message) is not None:
            return matter
        told = model.probabilities(inner, CaseState("explained"))[0]
        return complaint_asked_about(parts, whole, [model.intents[i] for i in told.argmax(axis=1)], self._config["very_sure"])

    @staticmethod
    def _parts(model: MatterModel, message: Message, inner: Array) -> tuple[list[Part], list[Probabilities]]:
        """The parts of a text, and of each the probabilities of its intents and topics."""
        if not len(inner):
            return [], []
        found = list(zip(*model.probabilities(inner, _state_of(message))))
        parts = [
            Part(text, model.intents[int(row.argmax())], float(row.max()), model.topics[int(matter.argmax())] if model.topics else "")
            for text, (row, matter) in zip(variant_texts(message, PARTS), found)
        ]
        return parts, found

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
        if message.get(ANNOUNCED) or (topics[0]["name"] == second.topic and first.topic != second.topic):
            # Of the whole text the topic is a mixture, or the second matter: the first one is answered first.
            rest = [entry for entry in topics if entry["name"] != first.topic]
            _set_topics(message, [{"name": first.topic, "confidence": topics[0]["confidence"]}, *rest])

    def _set(self, model: MatterModel, message: Message, probabilities: Probabilities) -> None:
        intents, topics = (
            [{"name": names[i], "confidence": float(row[i])} for i in np.argsort(-row)[: self._config["ranking_length"]]]
            for names, row in zip((model.intents, model.topics), probabilities)
        )
        message.set(INTENT, dict(intents[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, intents, add_to_output=True)
        _set_topics(message, topics)


def _sub_questions(model: MatterModel, message: Message, inner: Array) -> dict[str, list[list[Any]]]:
    """What a message asks of each matter it may be about: the likeliest topics, what was answered last, and the case under way."""
    named = [entry["name"] for entry in message.get(TOPIC_RANKING)[:_READ_TOPICS]]
    second = (message.get(SECOND_INTENT) or {}).get("topic")
    return _asked_of(model, message, inner, message.get(ASPECTS_KEY) or (), [*named, second])


def _asked_of(
    model: MatterModel, message: Message, inner: Array, heard: Collection[str], named: Sequence[str | None]
) -> dict[str, list[list[Any]]]:
    """What a text of a message asks of the matters it names, of what was answered last, and of the case under way."""
    case = (message.get(METADATA) or {}).get(CASE) or {}
    matters = dict.fromkeys([*named, case.get(ANSWERED), *([ABOUT_CASE] if _state_of(message) is not None else [])])
    found = model.sub_questions(inner, heard, [matter for matter in matters if matter])
    return {matter: [list(each) for each in read] for matter, read in found.items()}


def _clauses(
    model: MatterModel, message: Message, parts: Sequence[Part], probabilities: Sequence[Probabilities], inner: Array
) -> list[dict[str, Any]]:
    """What each of the parts of a message says by itself; nothing where there are too many to be questions of one breath."""
    if len(parts) > _MOST_CLAUSES:
        return []
    heard = finder_at(ASPECTS, ASPECT_WORDS)
    clauses: list[dict[str, Any]] = []
    for at, (part, (_, of_topics)) in enumerate(zip(parts, probabilities)):
        topics = [{"name": model.topics[i], "confidence": float(of_topics[i])} for i in np.argsort(-of_topics)[:_READ_TOPICS]]
        aspects = list(heard(part.text))
        # What the clause before was about may be what this one asks further of.
        named = [*(entry["name"] for entry in topics), *(each.topic for each in parts[max(0, at - 1) : at]), ABOUT_CASE]
        asked = _asked_of(model, message, inner[at : at + 1], aspects, named)
        intent = {INTENT_NAME_KEY: part.intent, PREDICTED_CONFIDENCE_KEY: part.confidence}
        clauses.append({TEXT: part.text, INTENT: intent, TOPIC_RANKING: topics, ASPECTS_KEY: aspects, SUB_QUESTIONS: asked})
    return clauses


def _set_topics(message: Message, ranking: list[dict[str, Any]]) -> None:
    message.set(TOPIC, dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
    message.set(TOPIC_RANKING, ranking, add_to_output=True)


def _state_of(message: Message) -> CaseState | None:
    """The state of the case in which a message is written."""
    return CaseState.of((message.get(METADATA) or {}).get(CASE))


def _example(message: Message) -> Example:
    """A training sentence as Rasa read it: topics stand behind the slash of a retrieval intent, the rest in the metadata of the intent."""
    _, _, topic = (message.get(INTENT_RESPONSE_KEY) or "").partition("/")
    said = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return Example(message.get(TEXT), message.get(INTENT), topic or None, CaseState.of(said), said.get(ASKS, ""))


def weighing_of(config: dict[str, Any]) -> Weighing:
    """How scores become probabilities, by a component's configuration."""
    return Weighing(config["temperature"], config["class_bias"], config["case_weight"])
