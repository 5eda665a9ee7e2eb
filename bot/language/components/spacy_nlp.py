"""Rasa component: Rasa's SpacyNLP with the pipeline that is built from the glossary."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.aspects import ASPECT_WORDS, ASPECTS, CLAIM_WORDS, CLAIMS, NameFinder, finder_at, words_fingerprint
from bot.language.pipeline import GLOSSARY, build_pipeline, entities_of, pipeline_fingerprint

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="GlossarySpacyNLP",
)
class GlossarySpacyNLP(SpacyNLP):
    """Builds the spaCy pipeline in memory: faster than loading one, and nothing on disk can be out of date."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``model``: path of the glossary below the working directory."""
        return {"model": str(GLOSSARY), "case_sensitive": True}

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        """The pipeline of a glossary; its fingerprint is that of the glossary and the code that reads it."""
        path = Path(spacy_model_name)
        return SpacyModel(model=build_pipeline(path), model_name=pipeline_fingerprint(path))

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> GlossarySpacyNLP:
        """Creates component (see parent class for full docstring)."""
        return cls(cls.load_model(config["model"]), {**cls.get_default_config(), **config})

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the glossary or the code that reads it has changed."""
        return pipeline_fingerprint(Path(config.get("model", GLOSSARY)))

    def process_training_data(self, training_data: TrainingData, model: SpacyModel) -> TrainingData:
        """Adds spaCy docs to the examples that have a text."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        for example, doc in zip(examples, model.model.pipe(example.get(TEXT) for example in examples)):
            example.set(SPACY_DOCS[TEXT], doc)
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GlossaryEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Reads the doc that is already there instead of running spaCy again, as Rasa's extractor would.

    Places are those in the normalised text. Cues may overlap each other and other entities.
    """

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> GlossaryEntityExtractor:
        """Creates component (see parent class for full docstring)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the entities of messages."""
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            found = self.add_extractor_name(entities_of(doc)) if doc is not None else []
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


ASPECTS_KEY = "aspects"
CLAIMS_KEY = "claims"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AspectFinder(GraphComponent):
    """Says which sub-questions a message asks (``aspects``) and what it claims of the customer's state (``claims``): lists of names.

    They are read off the normalised text, whatever the message is taken for.
    """

    def __init__(self, aspects: NameFinder, claims: NameFinder) -> None:
        self._finders = {ASPECTS_KEY: aspects, CLAIMS_KEY: claims}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``aspects`` and ``claims``: paths below the working directory."""
        return {"aspects": str(ASPECTS), "claims": str(CLAIMS)}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> AspectFinder:
        """Creates component (see parent class for full docstring)."""
        return cls(finder_at(Path(config["aspects"]), ASPECT_WORDS), finder_at(Path(config["claims"]), CLAIM_WORDS))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with the patterns and with the code that reads them."""
        return words_fingerprint(Path(config.get("aspects", ASPECTS)), Path(config.get("claims", CLAIMS)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the names of what messages ask and claim."""
        for message in messages:
            text = message.get(TEXT)
            spoken = text if isinstance(text, str) and not text.startswith(INTENT_MESSAGE_PREFIX) else ""
            for key, find in self._finders.items():
                message.set(key, list(find(spoken)), add_to_output=True)
        return messages
