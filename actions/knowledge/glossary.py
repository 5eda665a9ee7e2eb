"""The glossary: the words of the trade, and how customers write them, as typed data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from actions.core.fields import expression
from actions.knowledge.glossary_numbers import Amounts, Numerals, Part, amount_patterns
from actions.yaml_source import Problem, Source, SourceError

TermKind = Literal["product", "term", "category", "item", "merchant", "page"]
NO_ENTITIES = frozenset({"term", "page"})
"""Kinds of terms that are only known so that they are not taken for something else; no entity is made of them."""
NumberKind = Literal["tenor", "month", "order", "bill", "merchant", "choice"]
LONGEST_TEXT = 1000
"""Characters of a normalised text; no pattern ever sees more."""
_MACRO = re.compile(r"<([A-Z]+)>")


class Correction(Part):
    """A slip of the pen.

    Attributes:
        wrong: regular expression of the wrong forms.
        right: what stands there instead.
    """

    wrong: str
    right: str


class Term(Part):
    """A word with one canonical form.

    Attributes:
        form: the canonical form, used in texts and as entity value.
        kind: what it names.
        also: other forms people write.
        note: for the maintainers.
    """

    form: str = Field(min_length=1)
    kind: TermKind
    also: tuple[str, ...] = ()
    note: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The canonical form and all others."""
        return (self.form, *self.also)


class NumberPattern(Part):
    """A regular expression that finds a number of a kind.

    Attributes:
        kind: the entity.
        pattern: with group ``n``, unless ``value`` is given.
        value: the entity's value, whatever was matched.
    """

    kind: NumberKind
    pattern: str
    value: str | None = None


class Clauses(Part):
    """Where a text may hold two matters.

    Attributes:
        separator: regular expression of what stands between clauses.
        connective: regular expression of words that announce another matter.
    """

    separator: str
    connective: str


class Cue(Part):
    """Something the dialogue must not overlook, whatever the intent is.

    Attributes:
        name: the entity, ``cue_…``.
        patterns: any of them is the cue.
        unless: a match that touches a match of one of these does not count.
    """

    name: str = Field(regex=r"^cue_[a-z_]+$")
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Flag(Part):
    """A hint for the intent classifier: whether any of the patterns matches."""

    name: str = Field(regex=r"^[a-z_]+$")
    patterns: tuple[str, ...]


class Glossary(Part):
    """All of ``glossary.yml``; patterns have their macros filled in."""

    corrections: tuple[Correction, ...] = ()
    terms: tuple[Term, ...] = ()
    numerals: Numerals
    macros: dict[str, str] = {}
    numbers: tuple[NumberPattern, ...] = ()
    amounts: Amounts | None = None
    clauses: Clauses
    cues: tuple[Cue, ...] = ()
    flags: tuple[Flag, ...] = ()

    def of_kind(self, *kinds: TermKind) -> tuple[Term, ...]:
        """The terms of these kinds, in file order."""
        return tuple(term for term in self.terms if term.kind in kinds)


def load_glossary(path: Path) -> Glossary:
    """Reads and checks a glossary.

    Raises:
        SourceError: the file cannot be read, a field is unknown, missing or of a wrong type, a pattern is no regular
            expression, a form or name is given twice; with file, line and reason of every problem.
    """
    return read_glossary(Source.read(path))


def read_glossary(source: Source) -> Glossary:
    """Checks a glossary that was read, and makes it what the program knows.

    Raises:
        SourceError: as above.
    """
    if not isinstance(source.data, dict):
        raise SourceError([source.problem((), "a glossary is a mapping of sections")])
    data = with_macros_filled(source.data)
    try:
        glossary = Glossary(**data)
    except ValidationError as error:
        raise SourceError([source.problem(item["loc"], f"{item['loc'][-1]}: {item['msg']}") for item in error.errors()]) from None
    problems = [*_pattern_problems(source, data), *_repeated(source, glossary)]
    if problems:
        raise SourceError(problems)
    return glossary


def with_macros_filled(data: dict[str, Any]) -> dict[str, Any]:
    """The sections of a glossary's file with ``<NAME>`` replaced by the macro of that name."""
    macros = data.get("macros")
    if not isinstance(macros, dict):
        return data

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return _MACRO.sub(lambda match: str(macros.get(match.group(1), match.group(0))), value)
        if isinstance(value, list):
            return [fill(item) for item in value]
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        return value

    return {key: value if key == "macros" else fill(value) for key, value in data.items()}


def patterns_in(data: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every regular expression of a glossary's file, with its place in it."""
    yield from ((("clauses", name), pattern) for name, pattern in data["clauses"].items())
    yield from ((("amounts", *place), pattern) for place, pattern in amount_patterns(data.get("amounts") or {}))
    for section, fields in (
        ("corrections", ("wrong",)),
        ("numbers", ("pattern",)),
        ("cues", ("patterns", "unless")),
        ("flags", ("patterns",)),
    ):
        for index, entry in enumerate(data.get(section) or ()):
            for field in fields:
                value = entry.get(field, ())
                if isinstance(value, str):
                    yield (section, index, field), value
                else:
                    yield from (((section, index, field, place), pattern) for place, pattern in enumerate(value))


def _pattern_problems(source: Source, data: dict[str, Any]) -> list[Problem]:
    problems = []
    for path, pattern in patterns_in(data):
        unknown = _MACRO.findall(pattern.replace("(?P<", "("))
        if unknown:
            problems.append(source.problem(path, f"unknown macro {unknown[0]}"))
            continue
        try:
            compiled = expression(pattern)
        except ValueError as error:
            problems.append(source.problem(path, str(error)))
            continue
        if compiled.match(""):
            problems.append(source.problem(path, "the pattern matches the empty text"))
        if path[0] == "numbers" and "n" not in compiled.groupindex and data["numbers"][path[1]].get("value") is None:
            problems.append(source.problem(path, "the pattern has no group n and there is no value"))
    return problems


def _repeated(source: Source, glossary: Glossary) -> list[Problem]:
    problems = []
    seen: dict[str, str] = {}
    for index, term in enumerate(glossary.terms):
        for form in term.forms:
            if form.lower() in seen:
                problems.append(source.problem(("terms", index), f"the form {form} already stands under {seen[form.lower()]}"))
            seen[form.lower()] = term.form
    sections: Sequence[tuple[str, Sequence[Cue | Flag]]] = (("cues", glossary.cues), ("flags", glossary.flags))
    for section, entries in sections:
        names = [entry.name for entry in entries]
        problems += [source.problem((section, i), f"{name} is given twice") for i, name in enumerate(names) if name in names[:i]]
    return problems
