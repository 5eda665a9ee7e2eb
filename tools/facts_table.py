"""The table of facts in docs/knowledge.md."""

from __future__ import annotations

from collections.abc import Iterator

from actions.core.derived import DERIVED
from actions.core.names import fact_type
from actions.knowledge.facts import FactEntry
from conversations.application import project_knowledge


def facts_table() -> str:
    """A row per fact: name, type, who may see it, meaning."""
    rows = (_row(name, entry) for name, entry in project_knowledge().facts.entries.items())
    return "\n".join(("| fact | type | seen by | |", "|---|---|---|---|", *rows)) + "\n"


def _row(name: str, entry: FactEntry) -> str:
    return f"| `{name}` | {fact_type(name).kind} | {entry.show} | {'; '.join(_meaning(name, entry))} |"


def _meaning(name: str, entry: FactEntry) -> Iterator[str]:
    choices = ", ".join(f"`{choice}`" for choice in fact_type(name).choices)
    computed = "computed" if name in DERIVED else ""
    about = ": ".join(filter(None, (computed, entry.about.replace("|", r"\|"))))
    yield from filter(None, (choices, about))
    if entry.labels:
        yield "labels for machines"
    if entry.personal:
        yield "agents read the year only"
