"""One row of a world: an immutable record of typed fields, and the form in which files write it.

Validation reads *file form* (yuan, ISO dates, unknown fields refused); a field left out takes the healthy value. Code that
already holds typed values builds records with ``construct``, which validates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import StrictBool, StrictInt

from actions.core.fields import Count, Day, Kind, Ratio, Strict, Tenor, Version, When
from actions.core.money import Fen


class Record(Strict):
    """One row: immutable, no unknown fields."""

    class Config:
        copy_on_model_validation = "none"

    def fields_in_files(self) -> Iterable[str]:
        """The fields that belong to this row, by the names of the class."""
        return self.__fields__


def to_file(value: Any) -> Any:
    """A record, or any value of one, in file form: amounts in yuan as ``Decimal``, moments as ISO text, tuples as lists."""
    if isinstance(value, Record):
        return {value.__fields__[name].alias: to_file(getattr(value, name)) for name in value.fields_in_files()}
    if isinstance(value, Fen):
        return Decimal(value).scaleb(-2).quantize(Decimal("0.01"))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_file(item) for item in value]
    if isinstance(value, dict):
        return {key: to_file(item) for key, item in value.items()}
    if isinstance(value, Version):
        return str(value)
    return value


@cache
def hints_of(record: type[Record]) -> Mapping[str, Any]:
    """The annotations of a record's fields; resolving them anew for every row would take longer than checking it."""
    return get_type_hints(record)


def is_record(hint: Any) -> bool:
    """Whether an annotation is a nested group of fields."""
    # A generic such as dict[str, int] passes for a type in Python 3.10, but is no class.
    return isinstance(hint, type) and get_origin(hint) is None and issubclass(hint, Record)


def without_none(hint: Any) -> tuple[Any, bool]:
    """An annotation without its None, and whether it had one."""
    if get_origin(hint) in (Union, UnionType):
        return next(arg for arg in get_args(hint) if arg is not type(None)), True
    return hint, False


def choices_of(hint: Any) -> tuple[Any, ...]:
    """The values between which an annotation chooses; empty if it does not."""
    return get_args(hint) if get_origin(hint) is Literal else ()


def is_map(hint: Any) -> bool:
    """Whether an annotation is a map."""
    return get_origin(hint) is dict


def listed(hint: Any) -> Any:
    """What an annotation lists; None if it is no list."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


@dataclass(frozen=True)
class FactType:
    """What a cause file may do with a fact."""

    kind: Kind
    choices: tuple[str, ...] = ()
    """The words a choice, or each entry of a list of choices, can be."""


def type_of_field(annotation: Any) -> FactType:
    """What a field of a record is as a fact."""
    annotation, _ = without_none(annotation)
    if choices_of(annotation):
        return FactType("choice", choices_of(annotation))
    if listed(annotation) is not None:
        return FactType("list", type_of_field(listed(annotation)).choices)
    if is_map(annotation):
        return FactType("map")
    if annotation is Fen:
        return FactType("money")
    if annotation in (When, Day):
        return FactType("moment")
    if annotation is Version:
        return FactType("version")
    if annotation is Ratio or annotation in (StrictInt, Count, Tenor):
        return FactType("number")
    if annotation is StrictBool:
        return FactType("flag")
    return FactType("text")


def types_of_fields(record: type[Record], prefix: str = "") -> Iterable[tuple[str, FactType]]:
    """The fields of a record by the names that files give them, nested groups opened."""
    for name, annotation in hints_of(record).items():
        if is_record(annotation):
            yield from types_of_fields(annotation, f"{prefix}{name}.")
        elif name in record.__fields__:
            yield prefix + record.__fields__[name].alias, type_of_field(annotation)
