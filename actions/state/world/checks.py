"""What is wrong with the values of a row in file form: paths to fields, and plain reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from actions.core.fields import LONGEST_TENOR
from actions.core.platform import POLICY_FIELDS, Policy
from actions.core.record import Record, hints_of, is_map, is_record
from actions.core.signs import cleaned
from actions.yaml_source import Path_

MISSING = object()


def field_problems(record: type[Record], values: Mapping[str, Any], path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """What is wrong with the fields that a row has; what it lacks is not looked at."""
    hints = hints_of(record)
    for name, value in values.items():
        here = (*path, name)
        if name not in record.__fields__:
            yield here, f"unknown field {name}"
        elif is_record(hints[name]) or is_map(hints[name]):
            if not isinstance(value, Mapping):
                yield here, "must be a map"
            elif is_record(hints[name]):
                yield from field_problems(hints[name], value, here)
            else:
                yield from (((*path, *where), reason) for where, reason in errors_of(record, name, value))
        elif record is Policy and name == "kind" and (not isinstance(value, str) or value not in POLICY_FIELDS):
            yield here, f"must be one of {', '.join(POLICY_FIELDS)}"
        else:
            yield from (((*path, *where), reason) for where, reason in errors_of(record, name, value))


def errors_of(record: type[Record], name: str, value: Any) -> list[tuple[Path_, str]]:
    """What is wrong with a field's value."""
    try:
        checked, errors = record.__fields__[name].validate(value, {}, loc=name, cls=record)
    except ArithmeticError:
        return [((name,), "is too large")]
    if not errors:
        return list(_unstorable(checked, (name,)))
    return explain(ValidationError(errors if isinstance(errors, list) else [errors], record), {name: value})


def explain(error: ValidationError, values: Mapping[str, Any]) -> list[tuple[Path_, str]]:
    """A record's validation errors as paths and plain reasons."""
    return [(_path(each["loc"]), _reason(each, value_at(values, each["loc"]))) for each in error.errors()]


def _path(location: Sequence[str | int]) -> Path_:
    return tuple(part for part in location if part not in ("__root__", "__key__"))


def value_at(values: Any, path: Sequence[str | int]) -> Any:
    """The value at a path, ``MISSING`` if there is none."""
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return MISSING
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
    "value_error.number.not_le": f"must be at most {LONGEST_TENOR}",
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


_LARGEST = 2**63 - 1


def _unstorable(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Numbers beyond 64 bits and texts with signs that are not text, with the path to each and the reason."""
    if isinstance(value, int) and abs(value) > _LARGEST:
        yield path, "is too large"
    elif isinstance(value, str) and cleaned(value) != value:
        yield path, "holds a sign that is not text"
    elif isinstance(value, Record):
        for name in value.__fields__:
            yield from _unstorable(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _unstorable(part, (*path, index))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _unstorable(name, path)
            yield from _unstorable(part, (*path, name))
