"""What a fact is, read from the field of the record it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Tuple, Type, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StrictBool, StrictInt

from actions.core.fields import Count, Day, Kind, Ratio, Version, When
from actions.core.money import Fen


@dataclass(frozen=True)
class FactType:
    """What a cause file may do with a fact."""

    kind: Kind
    choices: Tuple[str, ...] = ()
    """The words a choice, or each entry of a list of choices, can be."""


def type_of_field(annotation: Any) -> FactType:
    """What a field of a record is as a fact."""
    if get_origin(annotation) is Union:
        annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
    if get_origin(annotation) is Literal:
        return FactType("choice", get_args(annotation))
    if get_origin(annotation) is tuple:
        return FactType("list", type_of_field(get_args(annotation)[0]).choices)
    if get_origin(annotation) is dict:
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


def types_of_fields(record: Type[BaseModel], prefix: str = "") -> Iterable[Tuple[str, FactType]]:
    """The fields of a record by the names that files give them, nested groups opened."""
    hints = get_type_hints(record)
    for name, annotation in hints.items():
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from types_of_fields(annotation, f"{prefix}{name}.")
        elif name in record.__fields__:
            yield prefix + record.__fields__[name].alias, type_of_field(annotation)
