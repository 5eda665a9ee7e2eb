"""What a fact is, read from the field of the record it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import StrictBool, StrictInt

from actions.core.annotations import choices_of, hints_of, is_map, is_record, listed, without_none
from actions.core.fields import Count, Day, Kind, Ratio, Version, When
from actions.core.money import Fen
from actions.core.record import Record


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
    if annotation is Ratio or annotation in (StrictInt, Count):
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
