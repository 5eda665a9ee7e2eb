"""What docs/experiments.md lists is what there is, and the example that ships is an experiment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from conversations.application import project_knowledge
from ops.experiments.folder import checked, read_folder
from ops.experiments.measures import MEASURES
from ops.experiments.refusals import Code
from ops.experiments.specification import ExperimentSpecification
from ops.experiments.words import experiment_words

PAGE = (Path(__file__).parents[4] / "docs/experiments.md").read_text(encoding="utf-8")


def test_every_measure_stands_there_with_its_time() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| .* \| (\d+) days? \|$", PAGE, re.MULTILINE))
    assert {name: int(days) for name, days in told.items()} == {name: each.window // 86_400_000 for name, each in MEASURES.items()}
    assert set(experiment_words()["measures"]) == set(MEASURES)


def test_every_field_and_refusal_stands_there() -> None:
    assert [name for name in ExperimentSpecification.__fields__ if f"`{name}`" not in PAGE] == []
    assert [code for code in get_args(Code) if f"`{code}`" not in PAGE] == ["unknown-experiment", "unknown-arm", "reason-needed"]


@pytest.mark.slow
def test_the_example_is_one() -> None:
    assert checked(read_folder("shorter-refresh"), project_knowledge()) == ()
