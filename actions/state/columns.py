"""The one collection of tables, and columns derived from annotations, with types that keep what plain SQL types lose."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import date, datetime, timezone
from decimal import Decimal
from itertools import starmap
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import StrictBool, StrictInt, StrictStr
from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, DateTime, Float, Integer, MetaData, Table, Text, column
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

from actions.core.fields import Count, Day, Ratio, Tenor, Version, When
from actions.core.moments import SHANGHAI, Moment, local
from actions.core.money import Fen
from actions.core.record import Record, choices_of, is_map, is_record, listed, to_file, without_none

_Row = TypeVar("_Row")


class _Converted(TypeDecorator):
    """A value kept in another form; NULL stays None."""

    impl = Text
    cache_ok = True
    store: Any
    restore: Any

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """The stored form."""
        return None if value is None else self.store(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """The value it was."""
        return None if value is None else self.restore(value)


def _moment(text: str) -> Moment:
    return date.fromisoformat(text) if len(text) == len("2026-11-22") else datetime.fromisoformat(text)


class Instant(TypeDecorator):
    """Real time, which SQL compares: kept in UTC, given in the time zone people read.

    SQLite has no type for it and gets ISO texts of one length, whose order is that of the instants.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """The type that the database has for it."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else self.impl)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> Any:
        """The stored form."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value} could be any instant: it names no time zone")
        utc = value.astimezone(timezone.utc)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        """The instant it was."""
        if value is None:
            return None
        instant: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
        return local(instant)

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """The same, without the two calls around it: a report reads tens of thousands."""
        process = self.process_result_value
        return lambda value: process(value, dialect)


class MomentText(_Converted):
    """What the world says: a day or an instant as ISO text; an instant keeps the offset it was written with."""

    cache_ok = True
    store = staticmethod(lambda moment: moment.isoformat())
    restore = staticmethod(_moment)


class DecimalText(_Converted):
    """An exact decimal number as text, because SQLite would make a float of it."""

    cache_ok = True
    store = staticmethod(str)
    restore = staticmethod(Decimal)


class VersionText(_Converted):
    """A dotted version number."""

    cache_ok = True
    store = staticmethod(str)
    restore = staticmethod(Version)


class FenInteger(_Converted):
    """Money in fen."""

    impl = BigInteger
    cache_ok = True
    store = staticmethod(int)
    restore = staticmethod(Fen)


class TupleJson(_Converted):
    """A tuple of what JSON knows, as a list."""

    impl = JSON(none_as_null=True)
    cache_ok = True
    store = staticmethod(list)
    restore = staticmethod(tuple)


class RecordsJson(_Converted):
    """A tuple of records as a JSON list of maps in file form, amounts as text."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, record: type[Record]) -> None:
        """Takes the records' type."""
        super().__init__()
        self.record = record

    def store(self, records: tuple[Record, ...]) -> Any:
        """The stored form."""
        return json.loads(json.dumps(to_file(records), default=str))

    def restore(self, rows: Any) -> tuple[Record, ...]:
        """The records they were."""
        return tuple(self.record.parse_obj(row) for row in rows)


class FenMapJson(_Converted):
    """Amounts in fen by label, as a JSON map."""

    impl = JSON(none_as_null=True)
    cache_ok = True
    store = staticmethod(dict)
    restore = staticmethod(lambda amounts: {label: Fen(fen) for label, fen in amounts.items()})


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RowNumber = Annotated[int, BigInteger().with_variant(Integer, "sqlite")]
"""A generated key. SQLite numbers rows by itself only in a column of exactly the type INTEGER."""

SmallNumber = Annotated[int, Integer()]

_TYPES: dict[Any, Any] = {
    Fen: FenInteger,
    When: MomentText,
    Day: MomentText,
    Version: VersionText,
    Ratio: DecimalText,
    StrictBool: Boolean,
    StrictInt: BigInteger,
    Count: BigInteger,
    Tenor: BigInteger,
    StrictStr: Text,
    str: Text,
    int: BigInteger,
    float: Float,
    bool: Boolean,
    datetime: Instant,
}

_LEAST: dict[Any, int] = {Fen: 0, Count: 1, Tenor: 1}


def column_of(name: str, annotation: Any, *parts: SchemaItem, **options: Any) -> Iterator[SchemaItem]:
    """The column of a field and the check of what it may hold.

    Args:
        annotation: of the field; ``Annotated`` names the column's type where the annotation alone does not say it.
        parts: of the column, such as its foreign key.
        options: of the column.
    """
    hint, optional = without_none(annotation)
    yield Column(name, _type_of(hint), *parts, nullable=optional, **options)
    if choices_of(hint):
        yield CheckConstraint(column(name).in_(choices_of(hint)), name=f"{name}_choice")
    elif hint in _LEAST:
        yield CheckConstraint(column(name) >= _LEAST[hint], name=f"{name}_range")


def _type_of(hint: Any) -> TypeEngine[Any]:
    if get_origin(hint) is Annotated:
        given: TypeEngine[Any] = get_args(hint)[1]
        return given
    if is_record(listed(hint)):
        return RecordsJson(listed(hint))
    if listed(hint) is not None:
        return TupleJson()
    if is_map(hint):
        return FenMapJson() if get_args(hint)[1] is Fen else JSON(none_as_null=True)
    if choices_of(hint):
        return Text()
    if hint not in _TYPES:
        raise TypeError(f"no type of a column is known for {hint}; Annotated can name one")
    found: TypeEngine[Any] = _TYPES[hint]()
    return found


def table_of(name: str, row: type[Any], *parts: SchemaItem, key: Collection[str] = ("id",)) -> Table:
    """The table of a dataclass: a column for each field, so that a row's values make an instance.

    Args:
        parts: indexes, and constraints that no annotation tells.
        key: the fields that identify a row.
    """
    hints = get_type_hints(row, include_extras=True)
    names = [field.name for field in fields(row)]
    columns = [item for name in names for item in column_of(name, hints[name], primary_key=name in key)]
    return Table(name, metadata, *columns, *parts)


def rows_as(row: type[_Row], result: Any) -> tuple[_Row, ...]:
    """The rows of a result as instances of the dataclass of their table, by the names of the columns."""
    # Read at once and by place, which takes half as long as row by row and by name.
    dataclass: type[Any] = row
    own = [field.name for field in fields(dataclass)]
    names = list(result.keys())
    if names == own:
        return tuple(starmap(row, result.all()))
    return tuple(row(**dict(zip(names, values))) for values in result.all())


def real_now() -> datetime:
    """The present instant, in the time zone people read."""
    return datetime.now(SHANGHAI)
