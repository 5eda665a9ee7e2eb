"""What agents write is held against what must never be said to customers: they change it, or confirm it with a reason, which the audit keeps."""

from __future__ import annotations

from dataclasses import dataclass

from actions.knowledge.model import Knowledge


@dataclass(frozen=True)
class Doubt:
    """Something in an agent's words that the assistant would never say.

    Attributes:
        words: of the text.
        why: for the agent; ``rule`` for the audit, which holds no words of anybody's.
    """

    words: str
    why: str
    rule: str


def doubts_about(text: str, knowledge: Knowledge) -> tuple[Doubt, ...]:
    """What is doubtful in a text; what only a program must not say of itself is not."""
    found = (Doubt(words, rule.agents, rule.why) for words, rule in knowledge.forbidden.hits(text) if rule.agents is not None)
    return tuple(dict.fromkeys(found))
