"""One row of a world: an immutable record of typed fields, and the form in which files write it.

Validation reads *file form* (yuan, ISO dates, unknown fields refused); a field left out takes the healthy value. Code that
already holds typed values builds records with ``construct``, which validates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from actions.core.fields import Version
from actions.core.money import Fen


class Record(BaseModel):
    """One row: immutable, no unknown fields."""

    class Config:
        allow_mutation = False
        extra = "forbid"
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
