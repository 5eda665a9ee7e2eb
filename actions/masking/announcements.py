"""Values that one message announces and another holds: "my code is", then the code alone, or the other way round."""

from __future__ import annotations

from actions.masking.mask import Finder, PersonalPart
from actions.masking.reading import Rules
from actions.masking.words import Context

_KINDS = {"named": "name", "cvv": "code"}
"""Cues that announce what another kind's do."""
_NEAR = 12
_LONGEST_END = 10
"""Characters between a cue and the end of its message."""
_LONGEST_VALUE_MESSAGE = 90
_MOST_WORDS = {"code": 4, "password": 4}
"""Characters beside a value whose form says little."""
_OTHER_WORDS = 8


def announced(context: Context) -> str | None:
    """The kind of value that must follow a message, because it ends with a cue and neither asks nor complains."""
    text, values = context.reading.text, context.rules.values
    cue = max(context.cues(*context.rules.cues), key=lambda cue: (cue.end, cue.end - cue.start), default=None)
    if cue is None or cue.kind == "order":
        return None
    end = text[cue.end :].rstrip(values["announcing_marks"])
    if len(end) > _LONGEST_END or any(char not in values["announcing"] for char in end):
        return None
    if any(char in values["not_announcing"] for char in text[max(0, cue.start - _NEAR) : cue.start]):
        return None
    return _KINDS.get(cue.kind, cue.kind)


def is_pointed_at(context: Context) -> bool:
    """Whether a message that announces speaks of what was sent before it."""
    return any(char in context.rules.values["pointing"] for char in context.reading.text)


def value_of(kind: str, text: str, finder: Finder, rules: Rules) -> PersonalPart | None:
    """The value of an announced kind that a message holds, if it holds little else."""
    if len(text) > _LONGEST_VALUE_MESSAGE:
        return None
    lead = rules.values["leads"][kind]
    found = next((part for part in finder.find(lead + text) if part.start >= len(lead)), None)
    if found is None or found.kind != kind:
        return None
    start, end = found.start - len(lead), found.end - len(lead)
    if sum(char.isalnum() for char in text[:start] + text[end:]) > _MOST_WORDS.get(kind, _OTHER_WORDS):
        return None
    return PersonalPart(kind, start, end, found.replacement)
