"""Fills the placeholders of a text with facts, written as people write them and as ``locale.yml`` says. Pure: the same facts give the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from string import Formatter
from types import MappingProxyType
from typing import Any

from pydantic import StrictStr, ValidationError, validator

from actions.core.comparisons import Match
from actions.core.derived import View, scope_of
from actions.core.diagnosis import Found
from actions.core.facts import Facts
from actions.core.fields import Expression, Strict
from actions.core.moments import MONTH, Moment, is_over, local, today
from actions.core.money import Fen, yuan_text
from actions.core.named_amounts import SAID
from actions.core.names import fact_type, untimed, value_of
from actions.core.signs import cleaned
from actions.knowledge.day_words import DayWords
from actions.knowledge.refusals import model_problems
from actions.knowledge.remarks import Remarks
from actions.yaml_source import Problem, Source

_PLACEHOLDERS = {
    "date": {"month", "day"},
    "date_with_year": {"year", "month", "day"},
    "month": {"month"},
    "month_with_year": {"year", "month"},
    "instant": {"date", "hour", "minute"},
}
"""What each pattern must hold, each once or more."""


class Locale(Strict):
    """The whole file.

    Attributes:
        list_separator: between the items of a list; ``pair_separator``: between the pairs of a map.
        date, date_with_year, month, month_with_year, instant: patterns of moments and months.
        yes, no, nothing: a flag that is true, one that is false, and a fact without a value.
        sentence_ends, clause_ends: the characters that end a sentence, and a clause of it.
        asks: what makes a clause of a customer's message a question; ``question_marks``: the characters behind it that do so, too.
        names: what a clause names that speaks of a matter of its own; ``points``: how one points back to what another one names.
        sorry: what an apology of ours is known by; ``remarks``: what we say once in a reply.
        days: how customers name days.
    """

    list_separator: StrictStr
    pair_separator: StrictStr
    date: StrictStr
    date_with_year: StrictStr
    month: StrictStr
    month_with_year: StrictStr
    instant: StrictStr
    yes: StrictStr
    no: StrictStr
    nothing: StrictStr
    sentence_ends: StrictStr
    clause_ends: StrictStr
    asks: Expression
    question_marks: StrictStr
    names: Expression
    points: Expression
    sorry: Expression
    remarks: Remarks
    days: DayWords

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

    def questions_in(self, text: str) -> int:
        """How many clauses of a customer's message ask something."""
        ends = re.compile(rf"[{re.escape(self.sentence_ends + self.clause_ends)}\s]+")
        return sum(self.asks.search(clause) is not None for clause in ends.split(text))

    def is_asked(self, clause: str, message: str) -> bool:
        """Whether a clause of a customer's message asks something, by its words or by the mark behind it."""
        return self.asks.search(clause) is not None or any(f"{clause}{mark}" in message for mark in self.question_marks)

    def listed(self, texts: Iterable[str]) -> str:
        """The items of a list in one line."""
        return self.list_separator.join(texts)

    def moment(self, moment: Moment, now: datetime | None = None) -> str:
        """A date or an instant, in the shop's time.

        Args:
            moment: a ``date``, or an aware ``datetime``.
            now: the year is left out if it is this instant's.
        """
        shown = local(moment) if isinstance(moment, datetime) else moment
        pattern = self.date if now is not None and shown.year == today(now).year else self.date_with_year
        day = pattern.format(year=shown.year, month=shown.month, day=shown.day)
        return self.instant.format(date=day, hour=f"{shown:%H}", minute=f"{shown:%M}") if isinstance(shown, datetime) else day

    def month_named(self, month: str, now: datetime | None = None) -> str:
        """A month that files write as ``2026-11``; ``now`` as for ``moment``."""
        year, number = map(int, month.split("-"))
        pattern = self.month if now is not None and year == today(now).year else self.month_with_year
        return pattern.format(year=year, month=number)


def read_locale(sources: Sequence[Source], problems: list[Problem]) -> Locale | None:
    """Reads the file; what is wrong is added to ``problems``."""
    found: Locale | None = None
    for source in sources:
        try:
            found = Locale.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
    return found


PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def sayable(name: str) -> bool:
    """Whether a known fact is of a type that can be written into a text: flags, choices and maps cannot."""
    return fact_type(name).kind not in ("flag", "choice", "map")


class Values:
    """The facts of a snapshot, seen from the rows for which a condition held.

    Args:
        facts: the snapshot.
        matches: rows by scope; a name of a scope has the distinct values over its rows.
        said: further values by name, about what the customer said.
    """

    def __init__(self, facts: Facts, matches: Sequence[Match] = (), said: Mapping[str, Any] = MappingProxyType({})) -> None:
        self._facts = facts
        self._matches = tuple(matches)
        self._said = said

    @classmethod
    def about(cls, facts: Facts, found: Found | None) -> Values:
        """The facts, seen from the rows for which a cause holds, if it was found."""
        return cls(facts, found.matches if found is not None else ())

    @property
    def now(self) -> datetime:
        """The facts' clock."""
        return self._facts.now

    @property
    def view(self) -> View:
        """The snapshot as conditions see it."""
        return View(self._facts)

    @property
    def of_first_rows(self) -> Values:
        """The same, seen from the first row of each scope only."""
        return Values(self._facts, tuple({scope: (scope, row) for scope, row in reversed(self._matches)}.values()), self._said)

    def at(self, matches: Sequence[Match]) -> Values:
        """The same, seen from further rows as well."""
        return Values(self._facts, (*self._matches, *matches), self._said)

    def get(self, name: str) -> tuple[Any, ...]:
        """The values of a fact, one per row that is spoken of.

        Raises:
            KeyError: no such fact.
            ValueError: the fact has no form for people.
        """
        if name in SAID:
            return (self._said.get(name),)
        name, ahead = untimed(name)
        if not sayable(name):
            raise ValueError(f"{name} has no form for people")
        money = fact_type(name).kind == "money"
        values = (value_of(name, view) for view in self._views(name))
        if ahead is not None:
            # What has passed must not be promised, and what is to come not be told as past.
            values = (value for value in values if value is not None and is_over(value, self.now) is not ahead)
        return tuple(_whole_fen(value) if money else value for value in values)

    def _views(self, name: str) -> Iterator[View]:
        view = View(self._facts)
        scope = scope_of(name)
        if scope is None:
            yield view
        for matched, row in self._matches:
            if matched == scope:
                yield view.at(scope, row)


class Filled(str):
    """A text whose placeholders have values: braces that stand in it now belong to somebody's name, so it is never filled again."""

    __slots__ = ()


def _unfilled(text: str) -> str:
    if isinstance(text, Filled):
        raise TypeError(f"{text!r} was filled before: a name in it may hold braces of its own")
    return text


def fill(text: str, values: Values, locale: Locale) -> Filled:
    """Fills a text line by line; a line with a placeholder that has no value is left out.

    Args:
        text: may hold ``{name}``.
        values: of the facts it may name.
        locale: how values are written.

    Raises:
        TypeError: it was filled before.
    """
    return Filled("\n".join(fill_lines(_unfilled(text).split("\n"), values, locale)))


def fill_lines(lines: Sequence[str], values: Values, locale: Locale) -> tuple[Filled, ...]:
    """Fills each line; those with a placeholder that has no value are left out. Arguments and errors as for ``fill``."""
    filled = (_fill_line(_unfilled(line), values, locale) for line in lines)
    return tuple(Filled(line) for line in filled if line is not None)


def fill_all(text: str, placeholders: Sequence[str], values: Mapping[str, Any], locale: Locale) -> Filled:
    """Fills a text whose placeholders are declared; nothing is left out.

    Raises:
        TypeError: the values are not exactly those declared, one that is needed has no text, or the text was filled before.
    """
    if set(values) != set(placeholders):
        raise TypeError(f"{text!r} is told {', '.join(sorted(placeholders)) or 'nothing'}, not {', '.join(sorted(values)) or 'nothing'}")
    texts = {name: written(value, locale) for name, value in values.items()}
    empty = [name for name in PLACEHOLDER.findall(_unfilled(text)) if not texts[name]]
    if empty:
        raise TypeError(f"{text!r} is given nothing for {', '.join(empty)}")
    return Filled(PLACEHOLDER.sub(lambda match: texts[match.group(1)], text))


def _fill_line(line: str, values: Values, locale: Locale) -> str | None:
    found = {name: _distinct(written(value, locale, values.now) for value in values.get(name)) for name in PLACEHOLDER.findall(line)}
    if not all(found.values()):
        return None
    return PLACEHOLDER.sub(lambda match: locale.listed(found[match.group(1)]), line)


def _whole_fen(value: Any) -> Any:
    # An exact amount between two fen is shown as the lower one: nobody is told of more than there is.
    return Fen(value.to_integral_value(rounding=ROUND_FLOOR)) if isinstance(value, Decimal) else value


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def written(value: Any, locale: Locale, now: datetime | None = None) -> str:
    """A typed value as people write it; the empty text if there is nothing to say.

    Args:
        value: money as ``Fen``, a moment, a ratio as ``Decimal`` (written in per cent), a number, a text or a sequence of these.
        locale: how moments and lists are written.
        now: the year of a moment is left out if it is this instant's.
    """
    if value is None:
        return ""
    if isinstance(value, (bool, dict)):
        raise ValueError("a flag or a map has no form for people")
    if isinstance(value, Fen):
        return yuan_text(value)
    if isinstance(value, (date, datetime)):
        return locale.moment(value, now)
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%"
    if isinstance(value, (tuple, list)):
        return locale.listed(_distinct(written(item, locale, now) for item in value))
    if isinstance(value, str) and MONTH.fullmatch(value):
        return locale.month_named(value, now)
    return cleaned(str(value))
