"""How the assistant's language writes lists, dates, and yes and no, read from ``locale.yml``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from string import Formatter
from typing import Any

from pydantic import BaseModel, Extra, StrictStr, ValidationError, validator

from actions.core.moments import SHANGHAI, Moment, today
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Problem, Source

_PLACEHOLDERS = {
    "date": {"month", "day"},
    "date_with_year": {"year", "month", "day"},
    "instant": {"date", "hour", "minute"},
}
"""What each pattern must hold, each once or more."""


class Locale(BaseModel):
    """The whole file.

    Attributes:
        list_separator: between the items of a list; ``pair_separator``: between the pairs of a map.
        date, date_with_year, instant: patterns of moments.
        yes, no, nothing: a flag that is true, one that is false, and a fact without a value.
        sentence_ends, clause_ends: the characters that end a sentence, and a clause of it.
    """

    list_separator: StrictStr
    pair_separator: StrictStr
    date: StrictStr
    date_with_year: StrictStr
    instant: StrictStr
    yes: StrictStr
    no: StrictStr
    nothing: StrictStr
    sentence_ends: StrictStr
    clause_ends: StrictStr

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @validator("*")
    def _not_empty(cls, value: str) -> str:
        if not value:
            raise ValueError("must not be empty")
        return value

    @validator(*_PLACEHOLDERS)
    def _holds_its_parts(cls, pattern: str, field: Any) -> str:
        try:
            found = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
        except ValueError:
            raise ValueError("has a brace that belongs to no placeholder") from None
        if found != _PLACEHOLDERS[field.name]:
            raise ValueError(f"takes exactly the placeholders {', '.join(sorted(_PLACEHOLDERS[field.name]))}")
        return pattern

    def listed(self, texts: Iterable[str]) -> str:
        """The items of a list in one line."""
        return self.list_separator.join(texts)

    def moment(self, moment: Moment, now: datetime | None = None) -> str:
        """A date or an instant, in the shop's time.

        Args:
            moment: a ``date``, or an aware ``datetime``.
            now: the year is left out if it is this instant's.
        """
        local = moment.astimezone(SHANGHAI) if isinstance(moment, datetime) else moment
        pattern = self.date if now is not None and local.year == today(now).year else self.date_with_year
        day = pattern.format(year=local.year, month=local.month, day=local.day)
        return self.instant.format(date=day, hour=f"{local:%H}", minute=f"{local:%M}") if isinstance(local, datetime) else day


def read_locale(sources: Sequence[Source], problems: list[Problem]) -> Locale | None:
    """Reads the file; what is wrong is added to ``problems``."""
    found: Locale | None = None
    for source in sources:
        try:
            found = Locale.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
    return found
