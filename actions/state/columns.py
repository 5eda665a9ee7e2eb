"""The one collection of tables, and column types that keep what plain SQL types lose: a day or an instant, exact ratios, fen, real time."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, MetaData, Text
from sqlalchemy.types import TypeDecorator

from actions.core.fields import Version
from actions.core.moments import SHANGHAI, Moment
from actions.core.money import Fen
from actions.core.record import Record, to_file


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


class MomentText(_Converted):
    """A day or an instant as ISO text; an instant keeps the offset it was written with."""

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
    """A tuple of texts or whole numbers as a JSON list."""

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

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""A generated key. SQLite numbers rows by itself only in a column of exactly the type INTEGER."""


def real_now() -> datetime:
    """The present instant, in the time zone people read."""
    return datetime.now(SHANGHAI)
