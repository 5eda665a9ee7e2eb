"""What world files say, checked field by field: rows by id, each with the patches that several files make to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from actions.core.fields import When
from actions.core.moments import Moment
from actions.core.platform import POLICY_FIELDS, Policy
from actions.core.record import Record, hints_of, is_map, is_record
from actions.core.records import REPLACED_WHOLE, SECTIONS
from actions.state.rows import Path_, unstorable
from actions.yaml_source import Problem

_MISSING = object()


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


@dataclass
class World:
    """The patches of all sources by section and id, the clock they set, and everything wrong with their fields.

    Attributes:
        wrong: by section and id, the paths of the fields that have a problem already.
    """

    patches: dict[str, dict[Any, list[Patch]]] = field(default_factory=lambda: {section: {} for section in SECTIONS})
    sets_clock: bool = False
    now: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    wrong: dict[str, dict[Any, set[Path_]]] = field(default_factory=lambda: {section: {} for section in SECTIONS})


def read_sources(sources: Sequence[WorldSource]) -> World:
    """Collects and checks the fields of every row of every source; what rows lack or refer to is not looked at yet."""
    world = World()
    for source in sources:
        if source.data is None:
            continue
        if not isinstance(source.data, Mapping):
            world.problems.append(source.problem((), f"a world file is a map of sections: now, {', '.join(SECTIONS)}"))
            continue
        for section, rows in source.data.items():
            if section == "now":
                _read_now(world, source, rows)
            elif section not in SECTIONS:
                world.problems.append(source.problem((section,), f"unknown section {section}; there are now, {', '.join(SECTIONS)}"))
            elif isinstance(rows, (list, tuple)):
                _read_rows(world, source, section, rows)
            elif rows is not None:
                world.problems.append(source.problem((section,), f"{section} must be a list of rows"))
    return world


def _read_now(world: World, source: WorldSource, value: Any) -> None:
    try:
        now: Moment | None = None if value is None else When.validate(value)  # type: ignore[attr-defined]
    except ValueError:
        now = datetime.min.date()
    if now is not None and not isinstance(now, datetime):
        world.problems.append(source.problem(("now",), "now: must be an instant such as 2026-11-22T10:00:00+08:00"))
        return
    world.sets_clock, world.now = True, now


def _read_rows(world: World, source: WorldSource, section: str, rows: Sequence[Any]) -> None:
    record, key_field = SECTIONS[section]
    seen: dict[Any, int] = {}
    for index, values in enumerate(rows):
        if not isinstance(values, Mapping):
            world.problems.append(source.problem((section, index), f"{section}[{index}]: a row must be a map of fields"))
            continue
        key = values.get(key_field)
        usable = key not in (None, "") and not _errors(record, key_field, key)
        patch = Patch(source, section, index, f"{section}[{key if usable else index}]", values)
        wrong = list(_field_problems(record, values))
        if key_field not in values:
            wrong.append(((), f"{key_field} is missing"))
        elif key == "":
            wrong.append(((key_field,), "must not be empty"))
        elif usable and key in seen:
            first = source.problem((section, seen[key]), "").line
            wrong.append(((), f"is given twice in this file, first in line {first}"))
        elif usable:
            seen[key] = index
            world.patches[section].setdefault(key, []).append(patch)
        if usable:
            world.wrong[section].setdefault(key, set()).update(path for path, _ in wrong)
        world.problems.extend(patch.problem(path, reason) for path, reason in wrong)


def _field_problems(record: type[Record], values: Mapping[str, Any], path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    hints = hints_of(record)
    for name, value in values.items():
        here = (*path, name)
        if name not in record.__fields__:
            yield here, f"unknown field {name}"
        elif is_record(hints[name]) or is_map(hints[name]):
            if not isinstance(value, Mapping):
                yield here, "must be a map"
            elif is_record(hints[name]):
                yield from _field_problems(hints[name], value, here)
            else:
                yield from (((*path, *where), reason) for where, reason in _errors(record, name, value))
        elif record is Policy and name == "kind" and (not isinstance(value, str) or value not in POLICY_FIELDS):
            yield here, f"must be one of {', '.join(POLICY_FIELDS)}"
        else:
            yield from (((*path, *where), reason) for where, reason in _errors(record, name, value))


def _errors(record: type[Record], name: str, value: Any) -> list[tuple[Path_, str]]:
    try:
        checked, errors = record.__fields__[name].validate(value, {}, loc=name, cls=record)
    except ArithmeticError:
        return [((name,), "is too large")]
    if not errors:
        return list(unstorable(checked, (name,)))
    return explain(ValidationError(errors if isinstance(errors, list) else [errors], record), {name: value})


def explain(error: ValidationError, values: Mapping[str, Any]) -> list[tuple[Path_, str]]:
    """A record's validation errors as paths and plain reasons."""
    return [(_path(each["loc"]), _reason(each, _value_at(values, each["loc"]))) for each in error.errors()]


def _path(location: Sequence[str | int]) -> Path_:
    return tuple(part for part in location if part not in ("__root__", "__key__"))


def _value_at(values: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return values


_REASONS = {
    "value_error.missing": "is missing",
    "type_error.none.not_allowed": "must not be empty",
    "value_error.strictbool": "must be true or false",
    "type_error.integer": "must be a whole number",
    "type_error": "must be text",
    "type_error.tuple": "must be a list",
    "type_error.dict": "must be a map",
    "value_error.number.not_ge": "must be at least 1",
}


def _reason(error: Mapping[str, Any], value: Any) -> str:
    kind = error["type"]
    if kind == "value_error.const":
        return f"must be one of {', '.join(str(choice) for choice in error['ctx']['permitted'])}"
    if kind == "value_error.extra":
        return f"unknown field {error['loc'][-1]}"
    if kind == "type_error.str":
        return "must be text" if isinstance(value, (list, tuple, Mapping)) else f"must be text; put {_shown(value)} in quotes"
    return _REASONS.get(kind) or str(error["msg"])


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dotted(path: Path_) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def merge(section: str, base: Mapping[str, Any], patches: Sequence[Patch]) -> dict[str, Any]:
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


def words(reason: str) -> list[str]:
    """The words of a reason, among them the fields it names."""
    return re.findall(r"\w+", reason)


def locate(patches: Sequence[Patch], path: Path_, reason: str) -> Problem:
    """A problem of a merged row, at the latest patch that speaks of the field; else of a field the reason names; else at the row."""
    for patch in reversed(patches):
        if path and _value_at(patch.values, path) is not _MISSING:
            return patch.problem(path, reason)
    for patch in reversed(patches):
        named = next((word for word in words(reason) if not path and word in patch.values), None)
        if named is not None:
            problem = patch.problem((named,), reason)
            return Problem(problem.file, problem.line, f"{patch.name}: {reason}")
    return patches[0].problem(path, reason)
