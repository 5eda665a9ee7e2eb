"""The regular expressions of a knowledge folder: those that nobody may add, because a text of a customer's could stop the server on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from actions.knowledge.blowup import blow_ups, reason
from actions.knowledge.glossary import patterns_in, with_macros_filled
from actions.yaml_source import Problem, Source


class Expression(NamedTuple):
    """A regular expression of a file, and its place there."""

    pattern: str
    source: Source
    path: tuple[str | int, ...]


def expressions_in(root: Path) -> Iterator[Expression]:
    """Every expression of the glossary, the forbidden wordings, the intents, the aspects, the claims and the causes of a folder that has
    been loaded without problems."""
    for source, data in _files(root, "glossary.yml"):
        yield from (Expression(pattern, source, path) for path, pattern in patterns_in(with_macros_filled(data)))
    for source, data in _files(root, "forbidden.yml"):
        for index, entry in enumerate(data["sentences"]):
            if entry.get("pattern"):
                yield Expression(entry["pattern"], source, ("sentences", index, "pattern"))
    for source, data in _files(root, "intents.yml"):
        for intent, meaning in data.items():
            for field in ("corrections", "denials"):
                yield from (Expression(each, source, (intent, field, index)) for index, each in enumerate(meaning.get(field) or ()))
    for file, words in (("aspects.yml", "asked"), ("claims.yml", "said")):
        for source, data in _files(root, file):
            for name, entry in data.items():
                for field in (words, "unless", "alone"):
                    yield from (Expression(each, source, (name, field, index)) for index, each in enumerate(entry.get(field) or ()))

    for path in sorted((root / "causes").glob("*.yml")):
        for source, data in _files(root, f"causes/{path.name}"):
            for field in ("called", "guessed"):
                yield from (Expression(each, source, (field, index)) for index, each in enumerate(data.get(field) or ()))


def blow_up_problems(root: Path) -> list[Problem]:
    """The expressions of a folder that blow up, as problems of its files."""
    expressions = list(expressions_in(root))
    slow = blow_ups(each.pattern for each in expressions)
    return [each.source.problem(each.path, reason(slow[each.pattern])) for each in expressions if each.pattern in slow]


def _files(root: Path, name: str) -> Iterator[tuple[Source, Any]]:
    path = root / name
    if path.is_file():
        source = Source.read(path, shown_as=path.relative_to(root.parent).as_posix())
        yield source, source.data
