"""Names and values of facts in the words an agent reads, without what identifies a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions.core.moments import parse_moment
from actions.core.money import Fen
from actions.knowledge.facts import FactRegistry
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import written


def masked_name(name: str) -> str:
    """A name of which only the first character can be read."""
    return name[:1] + "*" * max(1, len(name) - 1)


def without_person(path: str, value: Any, facts: FactRegistry) -> Any:
    """A fact's JSON value; of what tells who the customer is, the year only."""
    entry = facts.at(path)
    return f"{value[:4]}-**-**" if entry is not None and entry.personal and value else value


def value_text(value: Any, path: str, knowledge: Knowledge) -> str:
    """A fact's value as it stands in a payload, in an agent's words.

    Args:
        value: JSON.
        path: the fact's world path, or its name.
    """
    locale = knowledge.locale
    if value is None:
        return locale.nothing
    if isinstance(value, bool):
        word = "true" if value else "false"
        said = knowledge.facts.word_for_agents(path, word)
        return said if said != word else locale.yes if value else locale.no
    if isinstance(value, dict):
        return locale.pair_separator.join(f"{key} {value_text(each, path, knowledge)}" for key, each in value.items())
    if isinstance(value, list):
        rows = (each.values() if isinstance(each, dict) else [value_text(each, path, knowledge)] for each in value)
        return locale.listed(" × ".join(map(str, row)) for row in rows)
    entry = knowledge.facts.at(path)
    unit = entry.unit if entry is not None else None
    if isinstance(value, float):
        return written(Decimal(str(value)) if unit == "ratio" else Fen(round(value * 100)), locale)
    if unit in ("day", "moment") and isinstance(value, str):
        return _moment(value, knowledge)
    return knowledge.facts.word_for_agents(path, str(value))


def _moment(text: str, knowledge: Knowledge) -> str:
    try:
        return knowledge.locale.moment(parse_moment(text))
    except ValueError:
        return text  # of a personal day, only the year is there
