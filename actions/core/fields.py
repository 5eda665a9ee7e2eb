"""Types of fields: each reads the file form of a value and says what it should be if it is something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import ConstrainedInt, StrictBool, StrictInt

from actions.core.moments import Moment, parse_moment
from actions.core.money import Fen
from actions.core.records import Record

Kind = Literal["money", "number", "text", "choice", "flag", "moment", "version", "list", "map"]
"""What sort of value a named fact has."""


@cache
def expression(text: str) -> re.Pattern[str]:
    """A regular expression; those of the knowledge are far more than Python's own cache holds, and are read anew with each edited file.

    Raises:
        ValueError: it is none.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None


if TYPE_CHECKING:
    # What validation leaves behind; to a type checker the classes below are only the way there.
    When = Moment
    Day = date
    Expression = re.Pattern[str]
else:

    class Expression:
        """A field that holds a regular expression."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Callable[[Any], re.Pattern[str]]]:
            yield cls.validate

        @classmethod
        def validate(cls, value: Any) -> re.Pattern[str]:
            """Reads file form; a ValueError says what it should be."""
            if isinstance(value, re.Pattern):
                return value
            if not isinstance(value, str):
                raise ValueError("a regular expression is a text")
            return expression(value)

    class When:
        """A field that holds a date or an instant (see ``moments``)."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Callable[[Any], Moment]]:
            yield cls.validate

        @classmethod
        def validate(cls, value: Any) -> Moment:
            """Reads file form; a ValueError says what it should be."""
            if isinstance(value, datetime):
                return parse_moment(value.isoformat())
            if isinstance(value, date):
                return value
            if isinstance(value, str):
                try:
                    return parse_moment(value)
                except ValueError:
                    pass
            raise ValueError("must be a date (2026-11-22) or an instant (2026-11-22T10:00:00+08:00)")

    class Day:
        """A field that holds a calendar day."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Callable[[Any], date]]:
            yield cls.validate

        @classmethod
        def validate(cls, value: Any) -> date:
            """Reads file form; a ValueError says what it should be."""
            moment = When.validate(value)
            if isinstance(moment, datetime):
                raise ValueError("must be a date without a time")
            return moment


class Ratio(Decimal):
    """A ratio between 0 and 1, exact."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Decimal]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Decimal:
        """Reads file form; a ValueError says what it should be."""
        if isinstance(value, (bool, float)) or not isinstance(value, (int, str, Decimal)):
            raise ValueError("must be a number from 0 to 1")
        try:
            ratio = Decimal(value)
        except InvalidOperation:
            raise ValueError("must be a number from 0 to 1") from None
        if not ratio.is_finite() or not 0 <= ratio <= 1:
            raise ValueError("must be a number from 0 to 1")
        return ratio


class Version(str):
    """A dotted version number such as ``13.2.0``."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Version]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Version:
        """Reads file form; a ValueError says what it should be."""
        text = str(value) if isinstance(value, (int, str, Decimal)) and not isinstance(value, bool) else ""
        if not re.fullmatch(r"\d+(\.\d+)*", text):
            raise ValueError("must be a version such as 13.2.0")
        return cls(text)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The parts as numbers, without trailing zeros, so that 13.2 equals 13.2.0."""
        parts = [int(part) for part in self.split(".")]
        while parts and parts[-1] == 0:
            parts.pop()
        return tuple(parts)


class Count(ConstrainedInt):
    """A whole number from 1."""

    strict = True
    ge = 1


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


@dataclass(frozen=True)
class FactType:
    """What a cause file may do with a fact."""

    kind: Kind
    choices: tuple[str, ...] = ()
    """The words a choice, or each entry of a list of choices, can be."""


def type_of_field(annotation: Any) -> FactType:
    """What a field of a record is as a fact."""
    annotation, _ = without_none(annotation)
    if choices_of(annotation):
        return FactType("choice", choices_of(annotation))
    if listed(annotation) is not None:
        return FactType("list", type_of_field(listed(annotation)).choices)
    if is_map(annotation):
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


def types_of_fields(record: type[Record], prefix: str = "") -> Iterable[tuple[str, FactType]]:
    """The fields of a record by the names that files give them, nested groups opened."""
    for name, annotation in hints_of(record).items():
        if is_record(annotation):
            yield from types_of_fields(annotation, f"{prefix}{name}.")
        elif name in record.__fields__:
            yield prefix + record.__fields__[name].alias, type_of_field(annotation)
