"""Serving and training import nothing of what `make run` does not install."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from bot.engine import rasa_command, training, unused_libraries
from bot.engine.unused_libraries import TensorFlowMissing, is_installed, needed_libraries, prepare_for
from tests.unit.engine.archives import archive
from tests.unit.test_locks import DEV, RUN, versions
from tools.pages import ROOT

TRAIN = """
sys.argv = ["rasa", "train", "--skip-validation", "--out", "{folder}"]
for option in ("config", "domain", "data"):
    sys.argv += [f"--{{option}}", f"{folder}/{{option}}.yml"]
from bot.engine import rasa_command
rasa_command.is_installed = lambda: False  # hidden it is, but not from whoever looks for its files
rasa_command.main()
"""
HIDE = """
import importlib.abc, sys
HIDDEN = {hidden!r}
class Hiding(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hiding())
"""


def hidden() -> set[str]:
    """The modules of what only developers have."""
    only = set(versions(DEV)) - set(versions(RUN))
    owners = {module: {name.lower().replace("_", "-") for name in names} for module, names in packages_distributions().items()}
    return {module for module, names in owners.items() if names <= only}


@pytest.mark.slow
@pytest.mark.parametrize(
    "program",
    [
        "import actions.server, bot.cli, bot.commands.up",
        "from bot.engine.unused_libraries import stand_in; stand_in()\n"
        "import bot.server, rasa.core.run, bot.desk, bot.demo, bot.bootstrap, bot.evaluation.command, conversations.once",
    ],
)
def test_nothing_that_developers_alone_have_is_imported(program: str) -> None:
    assert {"tensorflow", "jax", "clang", "pytest"} <= hidden()
    command = [sys.executable, "-W", "ignore", "-c", HIDE.format(hidden=hidden()) + program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_the_pipeline_is_trained_without_what_developers_alone_have(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "bot/config.yml").read_text(encoding="utf-8"))
    del config["importers"]
    network = next(part for part in config["pipeline"] if part["name"].endswith("NetworkClassifier"))
    network.update(epochs=1, seeds=[1], class_bias={})
    domain = {"version": "3.1", "intents": ["greet", "goodbye"], "actions": ["action_clarify"]}
    examples = {"greet": "- 你好\n- 您好\n", "goodbye": "- 再见\n- 拜拜\n"}
    rule = {"rule": "greeting", "steps": [{"intent": "greet"}, {"action": "action_clarify"}]}
    data = {"version": "3.1", "nlu": [{"intent": name, "examples": text} for name, text in examples.items()], "rules": [rule]}
    for name, content in {"config": config, "domain": domain, "data": data}.items():
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(content), "utf-8")

    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "RASA_CACHE_DIRECTORY": str(tmp_path / "cache")}
    program = HIDE.format(hidden=hidden()) + TRAIN.format(folder=tmp_path)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    (trained,) = tmp_path.glob("*.tar.gz")
    assert not needed_libraries(trained)


def test_a_model_with_a_network_of_rasas_is_refused_where_tensorflow_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unused_libraries, "is_installed", lambda: False)
    with pytest.raises(TensorFlowMissing, match="`scripts/install dev` brings it"):
        prepare_for(archive(tmp_path / "model.tar.gz", "rasa.nlu.classifiers.diet_classifier.DIETClassifier"))


def test_what_is_wrong_with_a_model_that_cannot_be_read_is_left_for_rasa_to_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[bool] = []
    monkeypatch.setattr(unused_libraries, "is_installed", lambda: False)
    monkeypatch.setattr(unused_libraries, "stand_in", lambda serving: prepared.append(True))
    (tmp_path / "model.tar.gz").write_bytes(b"no archive")
    prepare_for(tmp_path / "model.tar.gz")
    assert prepared == [True]


@pytest.mark.broad
def test_a_placeholder_is_no_tensorflow() -> None:
    program = "import sys\nfrom bot.engine import unused_libraries as own\n"
    program += (
        "sys.path[:] = []\nsys.meta_path.insert(0, own._Finder(frozenset({'tensorflow'})))\nimport tensorflow\nprint(own.is_installed())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
    assert is_installed()


@pytest.mark.parametrize("installed", [True, False])
def test_training_does_without_them_only_where_it_must(monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    stood_in: list[bool] = []
    monkeypatch.setattr(rasa_command, "is_installed", lambda: installed)
    monkeypatch.setattr(rasa_command, "stand_in", lambda serving: stood_in.append(serving))
    monkeypatch.setattr(rasa_command, "leave_out_of", lambda training_data: None)
    monkeypatch.setattr("rasa.__main__.main", lambda: None)
    rasa_command.main()
    assert stood_in == ([] if installed else [False])


def test_a_training_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(training, "_run", lambda command: commands.append(command) or 1)
    with pytest.raises(training.TrainingFailed):
        training.train()
    assert commands[0][:4] == [sys.executable, "-m", "bot.engine.rasa_command", "train"]
