"""``watch.yml``: the project's own can be used, and mistakes are named with their line."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from actions.core.platform import Component
from actions.yaml_source import SourceError
from conversations.application import project_knowledge
from ops.incidents.words import public_text
from ops.watch.settings import WatchSettings, read_watch_settings

NO_STREAM = "is no stream: neither a cause, none, unclear, rated_low nor turn_failed, nor handoff:REASON, check:CAUSE or intent:INTENT of this folder"


def _folder(folder: Path, text: str) -> Path:
    (folder / "causes").mkdir()
    (folder / "causes/overdue.yml").touch()
    (folder / "watch.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_projects_own_can_be_used_and_names_its_promotions() -> None:
    settings = read_watch_settings()
    assert settings.false_alarms_a_week == 1 and settings.promotions


def test_without_a_file_the_usual_holds(tmp_path: Path) -> None:
    assert read_watch_settings(tmp_path) == WatchSettings.parse_obj({})


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("false_alarms_a_week: 0", 1, "false_alarms_a_week ensure this value is greater than 0"),
        ("ratio: 1.1", 1, "ratio ensure this value is greater than or equal to 1.2"),
        ("ratio: 2\nleast_customers: 0", 2, "least_customers ensure this value is greater than or equal to 1"),
        ("off: [overdue, none, unclear, 'check:overdue', overdu]", 1, f"overdu {NO_STREAM}"),
        ("ratio: 2\noff: ['handoff:requested']", 2, f"handoff:requested {NO_STREAM}"),
        ("explained_by: [outage]", 1, f"outage {NO_STREAM}"),
        ("components:\n  overdue: installment\n  overdu: installment", 3, f"overdu {NO_STREAM}"),
        ("components: {overdue: engine}", 1, "components.overdue must be one of checkout, installment, account, credit"),
        ("bugdet: 1", 1, "bugdet is not a field here"),
        ("promotions:\n  - {name: a, first: 2026-06-18, last: 2026-06-01}", 2, "promotions.last is before first"),
        (
            "promotions:\n  - {name: a, first: 2026-06-01, last: 2026-06-18}\n  - {name: b, first: 2026-06-18, last: 2026-06-20}",
            3,
            "b overlaps a",
        ),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(SourceError) as refused:
        read_watch_settings(_folder(tmp_path, text))
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.reason) == (f"{tmp_path.name}/watch.yml", line, reason)


def test_what_a_draft_proposes_may_be_said_to_customers_and_every_component_is_one() -> None:
    settings, knowledge = read_watch_settings(), project_knowledge()
    assert set(settings.notices) == set(get_args(Component))
    assert [public_text(knowledge, text) for text in settings.notices.values()] == list(settings.notices.values())
    assert set(settings.components.values()) <= set(settings.notices)
