"""What a valid record may hold but no database can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actions.core.record import Record

_LARGEST = 2**63 - 1
Path_ = tuple[str | int, ...]


def unstorable(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Numbers beyond 64 bits and texts with NUL or half a surrogate pair, with the path to each and the reason."""
    if isinstance(value, int) and abs(value) > _LARGEST:
        yield path, "is too large"
    elif isinstance(value, str) and any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
        yield path, "holds a sign that is not text"
    elif isinstance(value, Record):
        for name in value.__fields__:
            yield from unstorable(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from unstorable(part, (*path, index))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from unstorable(name, path)
            yield from unstorable(part, (*path, name))
