"""What every block of a payload is: strict, and in its published schema a field that may lack a value says so."""

from __future__ import annotations

from actions.core.fields import Strict
from actions.core.message_parts import allow_null


class PayloadBlock(Strict):
    """A part of a payload."""

    class Config:
        allow_population_by_field_name = True
        schema_extra = staticmethod(allow_null)
