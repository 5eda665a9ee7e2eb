"""The assistant over the demo world, and experiments that are put there as if they had been started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.core.observations import milliseconds
from actions.experiments import running
from actions.knowledge import Knowledge
from actions.state.columns import real_now
from actions.state.experiments import ExperimentRow, put_experiment
from ops.experiments import folder
from ops.experiments.folder import ExperimentFolder, read_folder
from tests.unit.handoff.conftest import House, demo_file, house

__all__ = ["House", "demo_file", "house"]

OVERDUE = "causes/overdue.yml"
SHORT = "steps:\n  - text: 打开还款页，把全部待还金额看清楚，其他费用也在那里。\n  - {}\n"
SPEC: Mapping[str, Any] = {
    "id": "shorter-step",
    "version": 1,
    "hypothesis": "短的步骤更容易做完",
    "owner": "design",
    "who": {"causes": ["overdue"]},
    "arms": [{"id": "control", "weight": 1}, {"id": "short", "weight": 1}],
    "metric": "ended_resolved",
    "direction": "up",
    "smallest_effect": 0.4,
    "planned_n": 200,
    "longest_weeks": 8,
    "guardrails": ["handoff"],
}
Write = Callable[..., ExperimentFolder]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the folder of an experiment and reads it."""

    def written(files: Mapping[str, str] | None = None, **spec: Any) -> ExperimentFolder:
        about = {**SPEC, **spec}
        place = tmp_path / "experiments" / about["id"]
        for name, text in {"experiment.yml": yaml.safe_dump(about), **({f"short/{OVERDUE}": SHORT} if files is None else files)}.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
        return read_folder(about["id"], tmp_path / "experiments")

    return written


@pytest.fixture(scope="session")
def read_once() -> Iterator[None]:
    """Reads the knowledge of each arm once for all tests: reading a whole folder takes seconds."""
    reading = running.armed

    @cache
    def of(overlays: tuple[tuple[str, str], ...]) -> Knowledge:
        return reading(dict(overlays))

    with pytest.MonkeyPatch.context() as patched:
        for module in (running, folder):
            patched.setattr(module, "armed", lambda overlays: of(tuple(sorted(overlays.items()))))
        yield


class Running:
    """Experiments that run in a house."""

    def __init__(self, house: House, write: Write) -> None:
        self.house, self._write = house, write

    def start(self, files: Mapping[str, str] | None = None, **spec: Any) -> ExperimentRow:
        """Puts one there as if it had been started, and lets the assistant look."""
        row = self._write(files, **spec).row(state="running", started_at=milliseconds(real_now()), started_by="test")
        with self.house.database.session() as session:
            put_experiment(session, row)
        self.house.application.experiments.look()
        return row

    def start_with(self, user: str, arm: int, **spec: Any) -> ExperimentRow:
        """The same, of a version in which a customer is in an arm."""
        for version in range(1, 100):
            row = self._write(**spec, version=version).row()
            if row.assignment.arm_of(user) == arm:
                return self.start(**spec, version=version)
        raise AssertionError("no version puts them there")


@pytest.fixture
def experiments(house: House, write: Write, read_once: None) -> Running:
    return Running(house, write)
