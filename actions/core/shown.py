"""The little that proves a cause to a customer at a glance: what is missing rather than what it is computed from, and nothing that is empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from actions.core.derived import DERIVED, View, scope_of
from actions.core.diagnosis import Found, facts_behind, to_json
from actions.core.facts import Facts
from actions.core.names import value_of

MOST_SHOWN = 3
"""Facts of one cause."""


class ShownFact(NamedTuple):
    """A fact with its value as JSON writes it; ``fact`` is its world path, or the name of a computed one."""

    fact: str
    value: Any


def shown_facts(found: Found, facts: Facts) -> tuple[ShownFact, ...]:
    """What proves a cause, in the order in which its file names it."""
    shown = (each for name in found.cause.shows for each in _behind(name, found, facts) if _says_something(each.value))
    return tuple(shown)[:MOST_SHOWN]


def _behind(name: str, found: Found, facts: Facts) -> Iterator[ShownFact]:
    view = View(facts)
    if name not in DERIVED:
        yield from (ShownFact(fact.path, to_json(fact.value)) for fact in facts_behind([name], view, found.matches))
        return
    scope = scope_of(name)
    views = [view] if scope is None else [view.at(scope, row) for matched, row in found.matches if matched == scope]
    # A computed fact has no row in its name, so that only one of them could be told from the others.
    yield from (ShownFact(name, to_json(value_of(name, each))) for each in views[:1])


def _says_something(value: Any) -> bool:
    # A flag that is off may be just what proves the cause; an amount of nothing proves nothing.
    return value is False or bool(value)
