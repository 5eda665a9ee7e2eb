"""What the annotation of a record's field says: its type, whether it may be left empty, its choices, what it lists.

The one place that takes annotations apart; ``X | None`` and ``Optional[X]`` are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from actions.core.record import Record


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
