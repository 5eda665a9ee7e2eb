"""The regular expressions of a knowledge folder, each with its place, and those of them that blow up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from actions.knowledge.adversarial import blow_ups, reason
from actions.knowledge.folder import Folder
from actions.knowledge.glossary import patterns_in, with_macros_filled
from actions.yaml_source import Problem, Source


class PlacedExpression(NamedTuple):
    """A regular expression of a file, and its place there."""

    pattern: str
    source: Source
    path: tuple[str | int, ...]


def expressions_in(folder: Folder) -> Iterator[PlacedExpression]:
    """Every expression of the glossary, the forbidden wordings, the intents, the aspects, the claims and the causes of a folder that has
    been loaded without problems."""
    for source in folder.sources("glossary.yml"):
        yield from (PlacedExpression(pattern, source, path) for path, pattern in patterns_in(with_macros_filled(source.data)))
    for source in folder.sources("forbidden.yml"):
        for index, entry in enumerate(source.data["sentences"]):
            if entry.get("pattern"):
                yield PlacedExpression(entry["pattern"], source, ("sentences", index, "pattern"))
    for file, fields in (
        ("intents.yml", ("corrections", "denials")),
        ("aspects.yml", ("asked", "unless", "alone")),
        ("claims.yml", ("said", "unless")),
    ):
        for source in folder.sources(file):
            for name, entry in source.data.items():
                yield from _of_entry(source, entry, fields, (name,))
    for source in folder.sources("causes/*.yml"):
        yield from _of_entry(source, source.data, ("called", "guessed", "told_by"), ())


def _of_entry(source: Source, entry: dict[str, list[str]], fields: tuple[str, ...], at: tuple[str, ...]) -> Iterator[PlacedExpression]:
    for field in fields:
        yield from (PlacedExpression(pattern, source, (*at, field, index)) for index, pattern in enumerate(entry.get(field) or ()))


def blow_up_problems(folder: Folder) -> list[Problem]:
    """The expressions of a folder that blow up, as problems of its files."""
    expressions = list(expressions_in(folder))
    slow = blow_ups(each.pattern for each in expressions)
    return [each.source.problem(each.path, reason(slow[each.pattern])) for each in expressions if each.pattern in slow]
