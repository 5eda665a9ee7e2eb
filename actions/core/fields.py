"""Types of fields: each reads the file form of a value and says what it should be if it is something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConstrainedInt, Extra

from actions.core.moments import YEARS, Moment, parse_moment
from actions.core.money import LONGEST_NUMBER

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as parser

LONGEST_TENOR = 120
"""Months: ten years, several times what any plan offers."""

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


@cache
def check_expression(text: str) -> None:
    """Refuses what is no regular expression, without making one: that costs as much again.

    Raises:
        ValueError: it is none.
    """
    try:
        parser.parse(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if "(?<=" in text or "(?<!" in text:
        expression(text)  # Whether what it looks back at is of one length only shows when it is made.


if TYPE_CHECKING:
    # What validation leaves behind; to a type checker the classes below are only the way there.
    When = Moment
    Day = date
    Expression = re.Pattern[str]
    ExpressionText = str
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

    class ExpressionText:
        """A field that holds the text of a regular expression with which somebody else finds something, together with others."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Callable[[Any], str]]:
            yield cls.validate

        @classmethod
        def validate(cls, value: Any) -> str:
            """Reads file form; a ValueError says what it should be."""
            if not isinstance(value, str):
                raise ValueError("a regular expression is a text")
            check_expression(value)
            return value

    class When:
        """A field that holds a date or an instant (see ``moments``)."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Callable[[Any], Moment]]:
            yield cls.validate

        @classmethod
        def validate(cls, value: Any) -> Moment:
            """Reads file form; a ValueError says what it should be."""
            moment = cls._read(value.isoformat() if isinstance(value, (date, datetime)) else value)
            if moment is None:
                raise ValueError("must be a date (2026-11-22) or an instant (2026-11-22T10:00:00+08:00)")
            if isinstance(moment, datetime) and moment.year not in YEARS:
                raise ValueError(
                    f"must be an instant in a year from {YEARS[0]} to {YEARS[-1]}; what never ends, ends on the date 9999-12-31"
                )
            return moment

        @staticmethod
        def _read(value: Any) -> Moment | None:
            try:
                return parse_moment(value) if isinstance(value, str) else None
            except ValueError:
                return None

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
        if len(str(value)) > LONGEST_NUMBER:
            raise ValueError(f"is longer than {LONGEST_NUMBER} characters")
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
        if not re.fullmatch(r"\d+(\.\d+)*", text, re.ASCII):
            raise ValueError("must be a version such as 13.2.0")
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"is longer than {LONGEST_NUMBER} characters")
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


class Tenor(ConstrainedInt):
    """Periods over which an amount is paid; what a plan costs is worked out period by period."""

    strict = True
    ge = 1
    le = LONGEST_TENOR


class Strict(BaseModel):
    """A model that refuses fields it does not know, and assignments."""

    class Config:
        extra = Extra.forbid
        frozen = True
