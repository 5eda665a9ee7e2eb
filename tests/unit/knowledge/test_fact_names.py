"""What customers and agents read of facts stays what it was; see names_of_facts.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.handoff.wording import value_text
from bot.channel.labels import labels
from tests.composed import project_knowledge

KNOWN: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("names_of_facts.yml").read_text(encoding="utf-8"))


KNOWLEDGE = project_knowledge()


def as_json(value: str) -> Any:
    return {"true": True, "false": False}.get(value, value)


def test_the_names_and_words_customers_know_are_the_same_and_none_is_missing() -> None:
    facts = labels(KNOWLEDGE)["facts"]
    assert {path: facts.get(path) for path in KNOWN["customers"]} == KNOWN["customers"]


def test_what_is_not_for_customers_has_no_name_for_them() -> None:
    assert set(KNOWN["never_for_customers"]) & set(labels(KNOWLEDGE)["facts"]) == set()


def test_no_fact_of_before_gained_a_name_for_customers() -> None:
    assert set(labels(KNOWLEDGE)["facts"]) & set(KNOWN["agents"]) <= set(KNOWN["customers"])


def test_the_names_agents_know_are_the_same() -> None:
    assert {path: KNOWLEDGE.facts.title_for_agents(path) for path in KNOWN["agents"]} == KNOWN["agents"]


@pytest.mark.parametrize("path", KNOWN["words_for_agents"])
def test_the_words_agents_know_are_the_same(path: str) -> None:
    words = KNOWN["words_for_agents"][path]
    assert {value: value_text(as_json(value), path, KNOWLEDGE) for value in words} == words
