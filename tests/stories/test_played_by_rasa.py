"""Rasa's own checks of what it reads, in this process: ``rasa data validate`` and ``rasa test core``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


# Rasa merges the domain with the one that it reads from stories, and warns of what is in both: of every intent of every project.
@pytest.mark.filterwarnings("ignore:The following duplicated intents:UserWarning")
# A retrieval intent has a response action in Rasa's eyes; what answers ours stands in knowledge/.
@pytest.mark.filterwarnings("ignore:Action 'utter_:UserWarning")
def test_rasa_finds_nothing_wrong_in_what_it_reads() -> None:
    from rasa.cli.utils import validate_files
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config(str(ROOT / "bot/config.yml"), str(ROOT / "bot/domain"), [str(ROOT / "data")])
    # It says what it found and leaves the process.
    validate_files(fail_on_warnings=True, max_history=None, importer=importer)


def test_every_story_is_predicted_to_its_end(agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    from rasa.core.test import test as evaluate

    played = loop.run_until_complete(evaluate(str(ROOT / "tests/stories"), agent, fail_on_prediction_errors=True, disable_plotting=True))
    assert played["accuracy"] == 1.0 and len(played["actions"]) > 0


def test_a_story_that_goes_otherwise_is_noticed(agent: Any, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    from rasa.core.test import WrongPredictionException
    from rasa.core.test import test as evaluate

    (tmp_path / "test_wrong.yml").write_text(
        'version: "3.1"\nstories:\n  - story: wrong\n    steps:\n      - intent: greet\n      - action: action_diagnose\n', encoding="utf-8"
    )
    with pytest.raises(WrongPredictionException):
        loop.run_until_complete(evaluate(str(tmp_path), agent, fail_on_prediction_errors=True, disable_plotting=True))
