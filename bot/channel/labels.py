"""What the machine words of a diagnosis are called, for clients that show its evidence."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Dict, Mapping

import yaml

from actions.knowledge.model import Knowledge


def labels(knowledge: Knowledge) -> Dict[str, Any]:
    """Titles of causes with who can fix them, and names of facts with the words for their values.

    A fact without a name is not meant for people: clients leave it out.
    """
    causes = {cause.id: {"title": cause.title, "fixed_by": cause.fixed_by} for cause in knowledge.causes.values()}
    return {"causes": causes, "facts": fact_names()}


@functools.lru_cache(maxsize=1)
def fact_names() -> Mapping[str, Any]:
    """labels.yml: dotted path without keys → ``title``, and ``unit`` or ``values``."""
    names: Dict[str, Any] = yaml.safe_load(Path(__file__).with_name("labels.yml").read_text(encoding="utf-8"))
    return names
