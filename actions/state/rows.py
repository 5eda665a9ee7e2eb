"""World records from rows and back, driven by the records' own fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from operator import attrgetter, itemgetter
from typing import Any

from actions.core.record import Record, hints_of, is_record
from actions.core.records import SECTIONS
from actions.state.world_tables import TABLES, leaves

Build = Callable[..., Any]
"""Makes a record of a row whose first columns are the table's; keyword arguments add fields that have no column."""


def _builder(record: type[Record], positions: Iterator[int]) -> Build:
    hints = hints_of(record)
    wanted = {path[0] for path, _ in leaves(record)}
    parts: list[tuple[str, Any]] = [
        (name, _builder(hints[name], positions) if is_record(hints[name]) else itemgetter(next(positions)))
        for name in record.__fields__
        if name in wanted
    ]

    def build(row: Sequence[Any], **extra: Any) -> Any:
        return record.construct(**{name: part(row) for name, part in parts}, **extra)

    return build


def builder(section: str, offset: int = 0) -> Build:
    """A function that makes a section's record of a row in which the table's columns begin at ``offset``."""
    return _builder(SECTIONS[section][0], count(offset))


_PATHS: dict[str, list[tuple[str, Callable[[Any], Any]]]] = {
    section: [("_".join(path), attrgetter(".".join(path))) for path, _ in leaves(record)] for section, (record, _) in SECTIONS.items()
}


def row_of(section: str, record: Record) -> dict[str, Any]:
    """A record's values by column name."""
    return {name: value(record) for name, value in _PATHS[section]}


def width(section: str) -> int:
    """How many columns a section's table has."""
    return len(TABLES[section].columns)
