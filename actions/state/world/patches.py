"""What world files say: rows by id, each with the patches that several files make to it, and the rows that come of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from actions.core.fields import When
from actions.core.moments import YEARS, Moment
from actions.core.record import Record, to_file
from actions.core.records import REPLACED_WHOLE, SECTIONS
from actions.state.world.checks import MISSING, errors_of, explain, field_problems, value_at
from actions.state.world.tables import REFERENCES
from actions.yaml_source import Path_, Problem


class WorldSource(Protocol):
    """Where rows come from; ``actions.yaml_source.Source`` for files."""

    file: str
    data: Any

    def problem(self, path: Sequence[str | int], reason: str) -> Problem:
        """A problem at a value."""
        ...


@dataclass
class GivenData:
    """Rows handed over in the program, in file form; its problems have no line to point to."""

    data: Any
    file: str = "given data"

    def problem(self, path: Sequence[str | int], reason: str) -> Problem:
        """A problem, at line 1 for want of a better."""
        return Problem(self.file, 1, reason)


@dataclass(frozen=True)
class Patch:
    """What one file says about one row."""

    source: WorldSource
    section: str
    index: int
    name: str
    values: Mapping[str, Any]

    def problem(self, path: Path_, reason: str) -> Problem:
        """A problem at a field of the row, ``()`` for the row itself."""
        return self.source.problem((self.section, self.index, *path), f"{self.name}{_dotted(path)}: {reason}")


class Reference(NamedTuple):
    """A row of another section that a patch names, and where."""

    target: str
    key: str
    patch: Patch
    path: Path_


@dataclass
class World:
    """The patches of all sources by section and id, the clock they set, and everything wrong with them.

    Attributes:
        wrong: by section and id, the paths of the fields that have a problem already.
    """

    patches: dict[str, dict[Any, list[Patch]]] = field(default_factory=lambda: {section: {} for section in SECTIONS})
    sets_clock: bool = False
    now: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    wrong: dict[str, dict[Any, set[Path_]]] = field(default_factory=lambda: {section: {} for section in SECTIONS})

    @classmethod
    def read(cls, sources: Sequence[WorldSource]) -> World:
        """Collects and checks the fields of every row of every source; what rows lack or refer to is not looked at yet."""
        world = cls()
        for source in sources:
            if source.data is None:
                continue
            if not isinstance(source.data, Mapping):
                world.problems.append(source.problem((), f"a world file is a map of sections: now, {', '.join(SECTIONS)}"))
                continue
            for section, rows in source.data.items():
                if section == "now":
                    world._read_now(source, rows)
                elif section not in SECTIONS:
                    world.problems.append(source.problem((section,), f"unknown section {section}; there are now, {', '.join(SECTIONS)}"))
                elif isinstance(rows, (list, tuple)):
                    world._read_rows(source, section, rows)
                elif rows is not None:
                    world.problems.append(source.problem((section,), f"{section} must be a list of rows"))
        return world

    def _read_now(self, source: WorldSource, value: Any) -> None:
        try:
            now: Moment | None = None if value is None else When.validate(value)  # type: ignore[attr-defined]
        except ValueError:
            now = datetime.min.date()
        if now is not None and not isinstance(now, datetime):
            self.problems.append(
                source.problem(
                    ("now",), f"now: must be an instant such as 2026-11-22T10:00:00+08:00, in a year from {YEARS[0]} to {YEARS[-1]}"
                )
            )
            return
        self.sets_clock, self.now = True, now

    def _read_rows(self, source: WorldSource, section: str, rows: Sequence[Any]) -> None:
        record, key_field = SECTIONS[section]
        seen: dict[Any, int] = {}
        for index, values in enumerate(rows):
            if not isinstance(values, Mapping):
                self.problems.append(source.problem((section, index), f"{section}[{index}]: a row must be a map of fields"))
                continue
            key = values.get(key_field)
            usable = key not in (None, "") and not errors_of(record, key_field, key)
            patch = Patch(source, section, index, f"{section}[{key if usable else index}]", values)
            wrong = list(field_problems(record, values))
            if key_field not in values:
                wrong.append(((), f"{key_field} is missing"))
            elif key == "":
                wrong.append(((key_field,), "must not be empty"))
            elif usable and key in seen:
                first = source.problem((section, seen[key]), "").line
                wrong.append(((), f"is given twice in this file, first in line {first}"))
            elif usable:
                seen[key] = index
                self.patches[section].setdefault(key, []).append(patch)
            if usable:
                self.wrong[section].setdefault(key, set()).update(path for path, _ in wrong)
            self.problems.extend(patch.problem(path, reason) for path, reason in wrong)

    def patched(self, section: str, old: Mapping[Any, Record]) -> list[Record]:
        """A section's rows after their patches; what is wrong with them as a whole joins the problems.

        Args:
            old: those that are there already, by key.
        """
        rows: list[Record] = []
        for key, patches in self.patches[section].items():
            wrong = self.wrong[section][key]
            merged = _merge(section, to_file(old[key]) if key in old else {}, patches)
            try:
                rows.append(
                    SECTIONS[section][0](**{name: value for name, value in merged.items() if (name,) not in wrong or name == "kind"})
                )
            except ValidationError as error:
                found = [(path, reason) for path, reason in explain(error, merged) if not _known(path, reason, wrong)]
                self.problems.extend(_locate(patches, path, reason) for path, reason in found)
            except ArithmeticError:
                continue
        return rows

    def references(self) -> Iterator[Reference]:
        """What rows name that no source holds; it must be there already."""
        for (section, name), target in REFERENCES.items():
            for row, patches in self.patches[section].items():
                for patch, path, key in _named(patches, name):
                    if key not in self.patches[target] and path not in self.wrong[section][row]:
                        yield Reference(target, key, patch, path)


def _dotted(path: Path_) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _merge(section: str, base: Mapping[str, Any], patches: Sequence[Patch]) -> dict[str, Any]:
    """A row in file form with its patches applied: nested maps merge, everything else is replaced."""
    merged = dict(base)
    for patch in patches:
        merged = _merged(merged, patch.values, (section,))
    return merged


def _merged(base: Mapping[str, Any], patch: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    result = dict(base)
    for name, value in patch.items():
        old, here = result.get(name), (*path, name)
        mergeable = isinstance(old, Mapping) and isinstance(value, Mapping) and here not in REPLACED_WHOLE
        result[name] = _merged(old, value, here) if mergeable else value  # type: ignore[arg-type]
    return result


def _known(path: Path_, reason: str, wrong: set[Path_]) -> bool:
    """Whether a field's problem has been told; a problem of the whole row names the fields it is about."""
    return any(path[: len(told)] == told for told in wrong if told) or (not path and any((word,) in wrong for word in _words(reason)))


def _words(reason: str) -> list[str]:
    return re.findall(r"\w+", reason)


def _locate(patches: Sequence[Patch], path: Path_, reason: str) -> Problem:
    """A problem of a merged row, at the latest patch that speaks of the field; else of a field the reason names; else at the row."""
    for patch in reversed(patches):
        if path and value_at(patch.values, path) is not MISSING:
            return patch.problem(path, reason)
    for patch in reversed(patches):
        named = next((word for word in _words(reason) if not path and word in patch.values), None)
        if named is not None:
            problem = patch.problem((named,), reason)
            return Problem(problem.file, problem.line, f"{patch.name}: {reason}")
    return patches[0].problem(path, reason)


def _named(patches: Sequence[Patch], name: str) -> Iterator[tuple[Patch, Path_, str]]:
    """What the latest patch that sets a reference names; what a row in the database names is there."""
    field, _, inner = name.partition(".")
    patch = next((patch for patch in reversed(patches) if field in patch.values), None)
    if patch is None:
        return
    value = patch.values[field]
    if isinstance(value, str):
        yield patch, (field,), value
    for index, part in enumerate(value if isinstance(value, (list, tuple)) else ()):
        if inner and isinstance(part, Mapping) and isinstance(part.get(inner), str):
            yield patch, (field, index, inner), part[inner]
