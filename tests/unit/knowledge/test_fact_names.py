"""What customers and agents read of facts stays what it was; see names_of_facts.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.handoff.rendering import environment
from actions.handoff.wording import label_of
from actions.knowledge.loading import knowledge_for
from bot.channel.labels import labels

KNOWN: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("names_of_facts.yml").read_text(encoding="utf-8"))


def words_for_agents(path: str, value: str) -> str:
    """A choice or flag as the pages for agents show it."""
    template = environment().from_string('{% from "words.txt" import value with context %}{{ value(it) }}')
    return template.render(
        knowledge=knowledge_for(), briefing=knowledge_for().briefing, it={"true": True, "false": False}.get(value, value)
    )


def test_the_names_and_words_customers_know_are_the_same_and_none_is_missing() -> None:
    facts = labels()["facts"]
    assert {path: facts.get(path) for path in KNOWN["customers"]} == KNOWN["customers"]


def test_what_is_not_for_customers_has_no_name_for_them() -> None:
    assert set(KNOWN["never_for_customers"]) & set(labels()["facts"]) == set()


def test_no_fact_of_before_gained_a_name_for_customers() -> None:
    assert set(labels()["facts"]) & set(KNOWN["agents"]) <= set(KNOWN["customers"])


def test_the_names_agents_know_are_the_same() -> None:
    assert {path: label_of(path, knowledge_for().briefing) for path in KNOWN["agents"]} == KNOWN["agents"]


@pytest.mark.parametrize("path", KNOWN["words_for_agents"])
def test_the_words_agents_know_are_the_same(path: str) -> None:
    words = KNOWN["words_for_agents"][path]
    assert {value: words_for_agents(path, value) for value in words} == words
