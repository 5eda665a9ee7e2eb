"""What the machine words of a diagnosis are called, for clients that show its evidence."""

from __future__ import annotations

from typing import Any

from actions.knowledge.model import Knowledge


def labels(knowledge: Knowledge) -> dict[str, Any]:
    """Titles of causes with who can fix them, and names of facts with the words for their values.

    A fact without a name is not meant for people: clients leave it out.
    """
    causes = {cause.id: {"title": cause.title, "fixed_by": cause.fixed_by} for cause in knowledge.causes.values()}
    evidence = (name for cause in knowledge.causes.values() for name in cause.evidence)
    return {"causes": causes, "facts": knowledge.facts.names_for_customers(evidence)}
