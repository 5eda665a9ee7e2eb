"""What stands in for TensorFlow while a model is served that does not compute with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.engine.without_tensorflow import needs_tensorflow
from tests.unit.engine.archives import archive
from tools.pages import ROOT


@pytest.mark.parametrize(
    "component",
    [
        "rasa.nlu.classifiers.diet_classifier.DIETClassifier",
        "rasa.nlu.selectors.response_selector.ResponseSelector",
        "rasa.core.policies.ted_policy.TEDPolicy",
    ],
)
def test_a_model_with_a_network_of_rasas_gets_tensorflow(tmp_path: Path, component: str) -> None:
    assert needs_tensorflow(archive(tmp_path / "model.tar.gz", "rasa.core.policies.rule_policy.RulePolicy", component))


def test_a_model_without_one_does_not(tmp_path: Path) -> None:
    ours = ("rasa.core.policies.rule_policy.RulePolicy", "bot.language.components.classifier.NetworkClassifier")
    assert not needs_tensorflow(archive(tmp_path / "model.tar.gz", *ours))


def test_a_model_that_cannot_be_read_may_need_anything(tmp_path: Path) -> None:
    broken = tmp_path / "model.tar.gz"
    assert needs_tensorflow(broken)
    broken.write_bytes(b"no archive")
    assert needs_tensorflow(broken)


IMPORTED = """
from bot.engine.without_tensorflow import stand_in
stand_in()
import rasa.core.agent, rasa.core.policies.ted_policy, rasa.nlu.classifiers.diet_classifier, rasa.core.run, sys
import tensorflow as tf
for compute in (tf.zeros, tf.keras.layers.Dense):
    try:
        compute(3)
    except RuntimeError as error:
        print(error)
print("jax" in sys.modules)
"""


@pytest.mark.slow
def test_rasas_imports_fit_the_placeholders_and_nothing_is_computed_with_them() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    zeros, dense, real = done.stdout.splitlines()
    assert zeros.startswith("tensorflow.zeros was asked to compute, and TensorFlow is left out: ")
    assert "Dense was asked to compute" in dense
    assert real == "False"
