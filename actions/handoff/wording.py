"""Facts, names and messages in the words an agent reads."""

from __future__ import annotations

import re
from typing import Any

from actions.core.diagnosis import to_json
from actions.core.names import WorldFact
from actions.knowledge.briefing import Briefing

_ROW = re.compile(r"\[[^\]]*\]")
_PERSONAL_DAYS = ("birth_date",)


def masked_name(name: str) -> str:
    """A name of which only the first character can be read."""
    return name[:1] + "*" * max(1, len(name) - 1)


def label_of(path: str, briefing: Briefing) -> str:
    """What a fact is called; its path if the briefing has no name for it."""
    return briefing.facts.get(_ROW.sub("", path), path)


def shown_value(fact: WorldFact) -> Any:
    """A fact's value as JSON, without what identifies a person."""
    if fact.path in _PERSONAL_DAYS:
        return f"{to_json(fact.value)[:4]}-**-**"
    return to_json(fact.value)
