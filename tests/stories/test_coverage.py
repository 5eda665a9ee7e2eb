"""Every action that rules choose is played by a test story; no Rasa is needed to know that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.dialogue.assistant import ACTIONS
from actions.yaml_source import Source

ROOT = Path(__file__).resolve().parents[2]
Pair = tuple[str, str]


def entries(folder: Path, kind: str) -> Iterator[tuple[str, list[Any]]]:
    """The name and the steps of every rule or story in a folder.

    Raises:
        ValueError: there is none.
    """
    found = [
        (entry[kind], entry["steps"])
        for path in sorted(folder.glob("*.yml"))
        for entry in (Source.read(path, shown_as=path.name).data or {}).get({"rule": "rules", "story": "stories"}[kind], ())
    ]
    if not found:
        raise ValueError(f"no {kind} in {folder.name}/")
    return iter(found)


def pairs(steps: list[Any]) -> Iterator[Pair]:
    """Each intent with the action that answers it."""
    for said, answered in zip(steps[::2], steps[1::2]):
        yield said["intent"], answered["action"]


def told() -> set[Pair]:
    return {pair for _, steps in entries(ROOT / "tests" / "stories", "story") for pair in pairs(steps)}


def test_every_action_that_rules_choose_is_played_by_a_story() -> None:
    chosen = {action for _, steps in entries(ROOT / "data" / "rules", "rule") for _, action in pairs(steps)}
    assert chosen == {action for _, action in told()}


def test_every_action_that_rules_choose_does_something_of_its_own() -> None:
    chosen = {action for _, steps in entries(ROOT / "data" / "rules", "rule") for _, action in pairs(steps)}
    assert chosen <= set(ACTIONS)
    # What interrupts alone can put first is no choice of Rasa's.
    assert set(ACTIONS) - chosen == {"action_queue", "action_object"}
    assert len(set(ACTIONS.values())) == len(ACTIONS)


def test_stories_have_names_of_their_own() -> None:
    names = [name for name, _ in entries(ROOT / "tests" / "stories", "story")]
    assert len(set(names)) == len(names)


def test_no_stories_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no story"):
        entries(tmp_path, "story")
