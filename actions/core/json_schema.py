"""What pydantic 1 leaves out of the JSON Schema of a model."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def allow_null(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Says which fields may be null; a ``schema_extra`` of a model's configuration."""
    for field in model.__fields__.values():
        described = schema["properties"][field.alias]
        if field.allow_none and described.keys() & {"type", "$ref"}:
            bare = {key: described.pop(key) for key in list(described) if key not in ("title", "description")}
            described["anyOf"] = [bare, {"type": "null"}]
