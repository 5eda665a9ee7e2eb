"""Rasa component: Rasa's SpacyNLP with the pipeline that is built from the glossary."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.pipeline import GLOSSARY, build_pipeline, pipeline_fingerprint

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
