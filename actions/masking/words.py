"""E-mail addresses, licence plates, names and postal addresses."""

from __future__ import annotations

from collections.abc import Iterator

from actions.masking.context import Context
from actions.masking.matching import Mark
from actions.masking.values import Value


def words(context: Context) -> Iterator[Value]:
    """Values known by their form (e-mail, plate) or by the cue before them (name, address)."""
    text = context.reading.text
    if "@" in text:
        for match in context.rules.patterns["email"].finditer(text):
            yield Value("email", match.start(), match.end())
    for match in context.rules.patterns["plate"].finditer(text):
        yield Value("plate", match.start(), match.end())
    for cue in context.cues("name"):
        yield from _name(cue, context)
    for cue in context.cues("named"):
        yield from _named(cue, context)
    for cue in context.cues("address"):
        yield from _address(cue, context)


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _name_end(start: int, context: Context) -> int | None:
    """Where a name that begins here ends; nothing if it does not begin with a surname."""
    text, values = context.reading.text, context.rules.values
    if any(text.startswith(word, start) for word in values["not_a_name"]):
        return None
    if any(text.startswith(surname, start) for surname in values["compound_surnames"]):
        given = start + 2
    elif start < len(text) and text[start] in values["surnames"]:
        given = start + 1
    else:
        return None
    if given >= len(text) or not _is_given(text[given], values["name_ends"]):
        return None
    if given + 1 < len(text) and _is_given(text[given + 1], values["name_ends"]):
        return given + 2
    return given + 1


def _is_given(char: str, ends: str) -> bool:
    return (_han(char) or char.isdigit()) and char not in ends


def _name(cue: Mark, context: Context) -> Iterator[Value]:
    start = _skip(cue.end, context, context.rules.values["named_filler"])
    end = _name_end(start, context)
    if end is not None:
        yield Value("name", start, end)


def _named(cue: Mark, context: Context) -> Iterator[Value]:
    """A name after a form field; after a colon it need not begin with a known surname."""
    text = context.reading.text
    start = _skip(cue.end, context, context.rules.values["named_filler"])
    end = _name_end(start, context)
    if end is None and ":" in text[cue.end : start]:
        end = start
        while end < len(text) and end - start < 4 and _han(text[end]):
            end += 1
        if end - start < 2 or (end < len(text) and _han(text[end])):
            return
    if end is not None:
        yield Value("name", start, end)


def _address(cue: Mark, context: Context) -> Iterator[Value]:
    """From the cue to the last word that only addresses have, if there are enough of them."""
    text, values = context.reading.text, context.rules.values
    start = _skip(cue.end, context, values["address_filler"])
    stop = context.rules.patterns["address_stop"].search(text, start, start + values["longest_address"])
    limit = stop.start() if stop else min(len(text), start + values["longest_address"])
    marks = [index for index in range(start, limit) if text[index] in values["address_marks"]]
    if len(marks) < values["address_least_marks"]:
        return
    end = marks[-1] + 1
    while end < limit and (text[end].isdigit() or text[end] == "-"):
        end += 1
    yield Value("address", start, end)


def _skip(start: int, context: Context, filler: str) -> int:
    text = context.reading.text
    while start < len(text) and text[start] in filler:
        start += 1
    return start
