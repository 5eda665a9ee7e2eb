"""The tables of message data in docs/widget-api.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import ModelField

from actions.core.messages import DATA_TYPES
from tools.message_examples import example_of


def message_tables() -> str:
    """A row per type: what it says, its fields, an example; and a row per part of which there are lists."""
    types = (
        f"| `{name}` | {_says(model)} | {_fields(model)} | `{json.dumps(example_of(name), ensure_ascii=False)}` |"
        for name, model in DATA_TYPES.items()
    )
    parts = dict.fromkeys(part for model in DATA_TYPES.values() for part in _parts(model))
    rows = (f"| {_name(part)} | {_says(part)} | {_fields(part)} |" for part in parts)
    lines = ("| type | it says | fields | example |", "|---|---|---|---|", *types, "", "| part | | fields |", "|---|---|---|", *rows)
    return "\n".join(lines) + "\n"


def _says(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n")[0].replace("``", "`")


def _fields(model: type[BaseModel]) -> str:
    return "<br>".join(_field(name, field) for name, field in model.__fields__.items() if name != "type")


def _field(name: str, field: ModelField) -> str:
    meaning = (
        f"list of {_name(field.type_)}" if _is_part(field) else "",
        field.field_info.description,
        " or ".join(f"`{choice}`" for choice in get_args(field.type_)),
        "may be null" if field.allow_none and field.type_ is not Any else "",
        "absent from old messages" if field.field_info.extra.get("added") else "",
    )
    return f"`{name}`: {', '.join(filter(None, meaning))}"


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in model.__fields__.values():
        if _is_part(field):
            yield from _parts(field.type_)
            yield field.type_


def _is_part(field: ModelField) -> bool:
    return isinstance(field.type_, type) and issubclass(field.type_, BaseModel)


def _name(part: type[BaseModel]) -> str:
    return part.__name__.removesuffix("Data").lower()
