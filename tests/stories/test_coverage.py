"""Every rule has a test story; no Rasa is needed to know that."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest

from actions.yaml_source import Source

ROOT = Path(__file__).resolve().parents[2]
Pair = Tuple[str, str]


def entries(folder: Path, kind: str) -> Iterator[Tuple[str, list[Any]]]:
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


@pytest.mark.parametrize("rule, steps", [pytest.param(*entry, id=entry[0]) for entry in entries(ROOT / "data" / "rules", "rule")])
def test_every_rule_has_a_story(rule: str, steps: list[Any]) -> None:
    assert set(pairs(steps)) and set(pairs(steps)) <= told(), f"no story plays the rule {rule}"


def test_every_intent_of_the_domain_has_a_rule() -> None:
    domain = Source.read(ROOT / "bot" / "domain" / "intents.yml", shown_as="intents.yml").data
    intents = {name for entry in domain["intents"] for name in (entry if isinstance(entry, dict) else [entry])}
    ruled = {intent for _, steps in entries(ROOT / "data" / "rules", "rule") for intent, _ in pairs(steps)}
    assert intents == ruled


def test_stories_have_names_of_their_own() -> None:
    names = [name for name, _ in entries(ROOT / "tests" / "stories", "story")]
    assert len(set(names)) == len(names)


def test_no_stories_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no story"):
        entries(tmp_path, "story")
