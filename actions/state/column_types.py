"""Column types that keep what plain SQL types lose: the difference between a day and an instant, exact ratios, fen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Dict, Optional, Tuple

from sqlalchemy import JSON, BigInteger, Text
from sqlalchemy.types import TypeDecorator

from actions.core.moments import Moment
from actions.core.money import Fen
from actions.core.records import Version


class MomentText(TypeDecorator):  # type: ignore[misc]
    """A day or an instant as ISO text; an instant keeps the offset it was written with."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Optional[Moment], dialect: Any) -> Optional[str]:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[Moment]:
        if value is None:
            return None
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)


class DecimalText(TypeDecorator):  # type: ignore[misc]
    """An exact decimal number as text, because SQLite would make a float of it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Optional[Decimal], dialect: Any) -> Optional[str]:
        return None if value is None else str(value)

    def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[Decimal]:
        return None if value is None else Decimal(value)


class VersionText(TypeDecorator):  # type: ignore[misc]
    """A dotted version number."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Optional[Version], dialect: Any) -> Optional[str]:
        return None if value is None else str(value)

    def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[Version]:
        return None if value is None else Version(value)


class FenInteger(TypeDecorator):  # type: ignore[misc]
    """Money in fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Optional[int], dialect: Any) -> Optional[int]:
        return None if value is None else int(value)

    def process_result_value(self, value: Optional[int], dialect: Any) -> Optional[Fen]:
        return None if value is None else Fen(value)


class TupleJson(TypeDecorator):  # type: ignore[misc]
    """A tuple of texts or whole numbers as a JSON list."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Optional[Tuple[Any, ...]], dialect: Any) -> Any:
        return None if value is None else list(value)

    def process_result_value(self, value: Any, dialect: Any) -> Optional[Tuple[Any, ...]]:
        return None if value is None else tuple(value)


class FenMapJson(TypeDecorator):  # type: ignore[misc]
    """Amounts in fen by label, as a JSON map."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Optional[Dict[str, int]], dialect: Any) -> Any:
        return None if value is None else {key: int(fen) for key, fen in value.items()}

    def process_result_value(self, value: Any, dialect: Any) -> Optional[Dict[str, Fen]]:
        return None if value is None else {key: Fen(fen) for key, fen in value.items()}
