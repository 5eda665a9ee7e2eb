"""A linear support vector machine as a Rasa component: a candidate to measure against, not what is served."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language import features
from bot.language.case_state import case_rows
from bot.language.components.classifier import NetworkClassifier, weighing_of
from bot.language.components.featurizers import rows_of
from bot.language.matter_model import MatterModel
from bot.language.pipeline import source_fingerprint
from bot.language.sparse_mlp import Ensemble, Network


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearSvmClassifier(NetworkClassifier, IntentClassifier):
    """One against the rest over the same features; stored as a net whose first layer passes the features on in two signs."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``strength``: C of the support vector machine; ``temperature`` makes its margins look like probabilities."""
        return {**NetworkClassifier.get_default_config(), "strength": 0.5, "temperature": 0.25}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LinearSvmClassifier:
        """Creates component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrains when the code of the features has changed."""
        return source_fingerprint(features)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the support vector machine."""
        from sklearn.svm import LinearSVC

        examples = [example for example in training_data.intent_examples if example.get(TEXT) and example.get(INTENT)]
        labels: list[str] = [example.get(INTENT) for example in examples]
        machine = LinearSVC(C=self._config["strength"]).fit(rows_of(examples), labels)
        count = len(machine.classes_)
        first = np.concatenate([machine.coef_.T, -machine.coef_.T], axis=1).astype(np.float32)
        bias = np.concatenate([machine.intercept_, -machine.intercept_]).astype(np.float32)
        second = np.concatenate([np.eye(count), -np.eye(count)]).astype(np.float32)
        # It knows neither topics nor the case, whose features change nothing.
        case = np.zeros((case_rows([None]).shape[1], first.shape[1]), dtype=np.float32)
        nets = Ensemble(Network(np.concatenate([first, case]), bias, second, np.zeros(count, dtype=np.float32)))
        with self._model_storage.write_to(self._resource) as directory:
            MatterModel([str(name) for name in machine.classes_], [], nets, weighing_of(self._config)).save(directory)
        return self._resource
