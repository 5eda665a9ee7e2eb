"""The rules every text is held to: its length, its placeholders, and no number that belongs in the data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from actions.core.derived import scope_of
from actions.core.named_amounts import SAID
from actions.core.names import fact_type, untimed
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.rendering import PLACEHOLDER

_PLACEHOLDER_LENGTH = 8
"""What a filled placeholder counts for: the length of an everyday amount or date."""

_HOTLINES = re.compile(r"(?<!\d)(110|96110|12378|12363|12315)(?!\d)")
"""Public numbers that do not change with the product: police, anti-fraud, financial regulator, central bank, consumer association."""

_DIGITS = re.compile(r"\d+(\.\d+)?%?")


def length_of(text: str) -> int:
    """Characters a customer will see, with a placeholder counted as an everyday value."""
    return len(PLACEHOLDER.sub("?" * _PLACEHOLDER_LENGTH, text)) if "{" in text else len(text)


def too_long(text: str, limit: int) -> str | None:
    """Why a text is refused for its length, or None."""
    length = length_of(text)
    return f"{length} characters, at most {limit} are allowed" if length > limit else None


def literal_numbers(text: str) -> Iterator[str]:
    """Why numbers that stand in the text itself are refused: they change with the product, so they come from the data."""
    if _DIGITS.search(text) is None:
        return
    for match in _DIGITS.finditer(_HOTLINES.sub("", PLACEHOLDER.sub("", text))):
        yield f"the number {match.group()} stands in the text; numbers come from the data by placeholder"


def bad_braces(text: str) -> Iterator[str]:
    """Why braces are refused that are not a placeholder, ``{name}``."""
    without = PLACEHOLDER.sub("", text) if "{" in text else text
    if "{" in without or "}" in without:
        yield "a brace that belongs to no placeholder"


def bad_placeholders(text: str, open_scopes: Collection[str], facts: FactRegistry) -> Iterator[str]:
    """Why placeholders of a text for customers are refused: they cannot be filled from the facts, or must not be.

    Args:
        text: may hold ``{fact}``.
        open_scopes: the scopes whose rows are known where the text is said.
        facts: who may see what.
    """
    for written in PLACEHOLDER.findall(text):
        if written in SAID:
            continue
        name, ahead = untimed(written)
        try:
            kind = fact_type(name).kind
        except KeyError:
            yield f"unknown fact {{{written}}}"
            continue
        if ahead is not None and kind != "moment":
            yield f"{{{written}}}: only a moment lies ahead or is over, {name} is a {kind}"
            continue
        scope = scope_of(name)
        if scope is not None and scope not in open_scopes:
            yield f"{{{name}}} needs a condition with 'some: {scope}'"
        elif not facts.has_form(name):
            yield f"{{{name}}} has no form for people"
        elif facts.not_for_customers(name):
            yield facts.not_for_customers(name)


def text_problems(text: str, open_scopes: Collection[str], facts: FactRegistry, forbidden: Forbidden, limit: int) -> Iterator[str]:
    """Why a text for customers is refused: its braces, its placeholders, numbers in it, what must never be said, its length.

    Args:
        text: may hold ``{fact}``.
        open_scopes: the scopes whose rows are known where the text is said.
        facts: who may see what.
        forbidden: what must never be said.
        limit: the most characters.
    """
    if not text.strip():
        yield "must not be empty"
    yield from bad_braces(text)
    yield from bad_placeholders(text, open_scopes, facts)
    yield from literal_numbers(text)
    yield from forbidden.found_in(text)
    length = too_long(text, limit)
    if length:
        yield length


def unknown_placeholders(text: str, known: Sequence[str]) -> list[str]:
    """Why the placeholders of a text are refused; empty if each is one that will be filled."""
    odd = dict.fromkeys(name for name in PLACEHOLDER.findall(text) if name not in known)
    told = ", ".join(f"{{{name}}}" for name in known) or "none"
    return [f"knows no placeholder {{{name}}}; there are: {told}" for name in odd]
