"""The lists of docs/knowledge.md that stand in the knowledge or the records: kinds of policy, intents, reasons for a handover."""

from __future__ import annotations

from actions.core.platform import POLICY_FIELDS
from conversations.application import project_knowledge


def policy_kinds() -> str:
    """A row per kind of policy with the fields of its own."""
    rows = (f"| `{kind}` | {', '.join(fields) or '–'} |" for kind, fields in POLICY_FIELDS.items())
    return "\n".join(("| kind | its own fields |", "|---|---|", *rows)) + "\n"


def intents() -> str:
    """A row per intent: what kind of message it is, and which action answers it."""
    rows = (f"| `{name}` | {meaning.kind} | `{meaning.action}` |" for name, meaning in project_knowledge().intents.items())
    return "\n".join(("| intent | kind | answered by |", "|---|---|---|", *rows)) + "\n"


def reasons() -> str:
    """A row per reason for handing over: to whom, how urgent, and what makes it happen at once."""
    handoffs = project_knowledge().handoffs.items()
    rows = (f"| `{name}` | {each.queue} | {each.priority} | {f'`{each.cue}`' if each.cue else '–'} |" for name, each in handoffs)
    return "\n".join(("| reason | queue | priority | cue |", "|---|---|---|---|", *rows)) + "\n"
