"""Rasa component: the normaliser, before anything else looks at a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.components.featurizers import encode_ahead
from bot.language.components.typos import PARTS, put_variants
from bot.language.dual_intent import ClauseSplitter
from bot.language.normaliser import Normaliser
from bot.language.pipeline import GLOSSARY, glossary_at, pipeline_fingerprint

ORIGINAL_TEXT = "original_text"
ANNOUNCED = "announced"
"""Key of a message that has parts: whether a word between them announces another matter."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextNormaliser(GraphComponent):
    """Replaces a message's text by its normalised form and keeps the original in ``original_text``.

    A text that begins with a slash is left as it is: Rasa obeys it after the pipeline, which ``rasa shell`` and its buttons need. The
    widget channel lets no such text pass, and none comes into being here.
    """

    def __init__(self, normaliser: Normaliser, splitter: ClauseSplitter, ahead: bool) -> None:
        self._normaliser = normaliser
        self._splitter = splitter
        self._ahead = ahead

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TextNormaliser:
        """Creates component (see parent class for full docstring)."""
        glossary = glossary_at(Path(config["glossary"]))
        return cls(Normaliser(glossary.corrections), ClauseSplitter(glossary.clauses), config["encode_ahead"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``glossary``: path below the working directory; ``encode_ahead``: whether a ``SentenceMeaningFeaturizer`` comes later, which may begin now."""
        return {"glossary": str(GLOSSARY), "encode_ahead": False}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the glossary or the code that reads it has changed."""
        return pipeline_fingerprint(Path(config.get("glossary", GLOSSARY)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalises texts."""
        for message in messages:
            self._normalise(message, add_to_output=True)
            announced = self._splitter.announced(message.get(TEXT) or "")
            parts = announced or self._splitter.clauses(message.get(TEXT) or "")
            if parts:
                put_variants(message, PARTS, parts)
                message.set(ANNOUNCED, bool(announced))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalises the texts of the training examples."""
        for message in training_data.training_examples:
            self._normalise(message, add_to_output=False)
        if self._ahead:
            encode_ahead(training_data)
        return training_data

    def _normalise(self, message: Message, add_to_output: bool) -> None:
        text = message.get(TEXT)
        if not isinstance(text, str) or text.strip().startswith(INTENT_MESSAGE_PREFIX):
            return
        message.set(ORIGINAL_TEXT, text, add_to_output=add_to_output)
        normalised = self._normaliser(text)
        if normalised:
            message.set(TEXT, normalised, add_to_output=True)
