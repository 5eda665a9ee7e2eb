"""The gate: what somebody has written for customers is held against what must never be said to them, whoever wrote it and wherever it is sent from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import PLACEHOLDER
from actions.masking.mask import finder

LONGEST_NOTICE = 200
"""Characters of a text for many customers: it stands in a banner above their chat."""
NUMBERS = ("id", "phone", "card", "code", "password", "email", "plate")
"""What is about one person and must not reach another; names and places may be those of a shop."""
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class Objection:
    """Something in a text that keeps it from being said.

    Attributes:
        words: of the text; a personal number stands there masked.
        why: for whoever wrote it, in their language.
        rule: for the audit, which holds no words of anybody's.
    """

    words: str
    why: str
    rule: str

    def to_data(self) -> dict[str, Any]:
        """As a refusal tells it."""
        return {"words": self.words, "why": self.why}


def objections(
    text: str,
    knowledge: Knowledge,
    *,
    longest: int = LONGEST_NOTICE,
    placeholders: Collection[str] = (),
    by_a_person: bool = False,
) -> tuple[Objection, ...]:
    """What keeps a text from being said to customers, each once; nothing: it may be said.

    Args:
        text: of incident and policy notices, advice, overlays of experiments, replies to many, and agents' replies.
        longest: characters it may have.
        placeholders: names that have a value where it will be said.
        by_a_person: whether a person says it in their own name, who may say that they are one.
    """
    found = [
        *_sized(text, knowledge, longest),
        *_forbidden(text, knowledge, by_a_person),
        *_personal(text, knowledge),
        *_unresolved(text, knowledge, placeholders),
    ]
    return tuple(dict.fromkeys(found))


def _sized(text: str, knowledge: Knowledge, longest: int) -> Iterator[Objection]:
    words = knowledge.briefing.objections
    if not text.strip():
        yield Objection("", words["empty"], "empty")
    elif len(text) > longest:
        yield Objection(f"{text[:12]}…", words["length"].format(longest=longest, length=len(text)), "too long")


def _forbidden(text: str, knowledge: Knowledge, by_a_person: bool) -> Iterator[Objection]:
    for words, rule in knowledge.forbidden.hits(text):
        if rule.agents is not None:
            yield Objection(words, rule.agents, rule.why)
        elif not by_a_person:
            yield Objection(words, knowledge.briefing.objections["person"], rule.why)


def _personal(text: str, knowledge: Knowledge) -> Iterator[Objection]:
    for part in finder().find(text):
        if part.kind in NUMBERS:
            yield Objection(part.replacement, knowledge.briefing.objections["personal"], f"personal: {part.kind}")


def _unresolved(text: str, knowledge: Knowledge, placeholders: Collection[str]) -> Iterator[Objection]:
    why = knowledge.briefing.objections["placeholder"]
    for name in PLACEHOLDER.findall(text):
        if name not in placeholders:
            yield Objection(f"{{{name}}}", why, "a placeholder without a value")
    # A name that was never closed would be said as it stands.
    for brace in _BRACE.findall(PLACEHOLDER.sub("", text)):
        yield Objection(brace, why, "a placeholder without a value")
