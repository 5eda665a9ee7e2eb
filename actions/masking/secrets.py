"""Codes and passwords, which only the words around them give away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.masking.matching import Mark, Value
from actions.masking.words import Context

_WEAK_DIGITS = 6
_WORD_LETTERS = 6


def secrets(context: Context) -> Iterator[Value]:
    """Values announced as a code, card check value or password, before or after their cue."""
    for cue in context.cues("code", "cvv", "password"):
        yield from _after(cue, context)
        if cue.kind == "code":
            yield from _before(cue, context)


def _after(cue: Mark, context: Context) -> Iterator[Value]:
    text, rules = context.reading.text, context.rules
    fillers, longest, strong = rules.values["fillers"], rules.values["longest_filler"], rules.values["strong"]
    position = cue.end
    while position < len(text) and position - cue.end < longest and text[position] in fillers:
        position += 1
    filler = text[cue.end : position]
    announced = any(char in strong for char in filler)
    before = text[max(0, cue.start - 4) : cue.start]
    if not announced and any(char in rules.values["denied_before"] for char in before):
        return
    match = rules.patterns[cue.kind].match(text, position)
    if match is None:
        return
    end = _without_unit(match.start("value"), match.end("value"), cue.kind, context)
    value = text[position:end].rstrip(".,;!?\"')")
    if _is_secret(value, cue.kind, announced, "," in filler, context):
        yield Value("password" if cue.kind == "password" else "code", position, position + len(value))


def _without_unit(start: int, end: int, kind: str, context: Context) -> int:
    """Gives back the last group when a unit follows it (a code, then a price), or everything when there is only one."""
    text = context.reading.text
    rest = text[end:].lstrip(" ")
    if not rest or rest[0] not in context.rules.values["units"] or not text[start:end].replace("-", "").isdigit():
        return end
    groups = text[start:end].rfind("-")
    return start + groups if groups > 0 else start


def _is_secret(value: str, kind: str, announced: bool, after_comma: bool, context: Context) -> bool:
    rules = context.rules
    plain = value.replace("-", "")
    if plain in rules.hotlines or rules.patterns["not_a_secret"].fullmatch(value):
        return False
    if kind == "cvv":
        return len(plain) >= 3
    if not announced and after_comma and plain.isdigit() and len(plain) < _WEAK_DIGITS:
        return False
    if kind == "code":
        return len(plain) >= 4
    letters = sum(char.isalnum() for char in value)
    if any(char.isdigit() for char in value):
        return letters >= (4 if plain.isdigit() else 3)
    return announced and letters >= _WORD_LETTERS


def _before(cue: Mark, context: Context) -> Iterator[Value]:
    start = max(0, cue.start - 32)
    match = re.search(context.rules.patterns["reversed"], context.reading.text[start : cue.start])
    if match and match["value"].replace("-", "") not in context.rules.hotlines:
        yield Value("code", start + match.start("value"), start + match.end("value"))
