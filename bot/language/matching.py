"""Regular expressions of the knowledge folder applied to a text: numbers, phrases, cues and flags, and what amounts are to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import Match, Pattern

from actions.knowledge.glossary import Cue, Flag, NumberPattern
from actions.knowledge.glossary_numbers import AmountRole, Amounts, Numerals, RolePattern
from bot.language.amounts import AmountFinder, AmountFound, before, behind, ends_before
from bot.language.needed_characters import Sieve
from bot.language.numerals import plain, spoken_number


@dataclass(frozen=True)
class Found:
    """Something found in a text: its place in characters, its label and its normalised value."""

    start: int
    end: int
    label: str
    value: str


def touches(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    """Whether a place overlaps one of those that are taken."""
    return any(start < other_end and other_start < end for other_start, other_end in taken)


class SumReader:
    """Names amounts by what stands around them, and finds how many are meant of what one is the price of."""

    def __init__(self, amounts: Amounts, numerals: Numerals) -> None:
        self._numerals = numerals
        self._roles = [_Role(pattern) for pattern in amounts.roles]
        self._total = before(amounts.total)
        self._quantities_before = [before(each.after) for each in amounts.quantities if each.after]
        self._quantities_behind = [behind(each.before) for each in amounts.quantities if each.before]

    def read(self, text: str, amounts: Sequence[AmountFound], taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
        """The entities that amounts are, and quantities outside of the places already ``taken``."""
        roles = [self._role(text, amount) for amount in amounts]
        covered = [*taken, *((amount.start, amount.end) for amount in amounts)]
        for amount, role in zip(amounts, roles):
            if amount.value is None:
                yield Found(amount.start, amount.end, "amount_range", amount.words)
                continue
            # Something is left over only of what was paid down on.
            stands = role is not None and (role != "remaining" or "down_payment" in roles)
            yield Found(amount.start, amount.end, role if role and stands else "amount", plain(amount.value))
            quantity = self._quantity(text, amount) if role is None else None
            if quantity is not None and not touches(quantity.start, quantity.end, covered):
                covered.append((quantity.start, quantity.end))
                yield quantity

    def _role(self, text: str, amount: AmountFound) -> AmountRole | None:
        return next((role.name for role in self._roles if role.is_that_of(text, amount)), None)

    def _quantity(self, text: str, amount: AmountFound) -> Found | None:
        if ends_before(self._total, text, amount.start):
            return None
        matches = [ends_before(each, text, amount.start) for each in self._quantities_before]
        matches += [each.match(text, amount.end) for each in self._quantities_behind]
        for match in filter(None, matches):
            number = spoken_number(match["n"], self._numerals)
            if number is not None and number > 1:
                return Found(*match.span("n"), "quantity", plain(number))
        return None


class _Role:
    def __init__(self, pattern: RolePattern) -> None:
        self.name = pattern.role
        self._before: re.Pattern[str] | None = before(pattern.after) if pattern.after else None
        self._behind: re.Pattern[str] | None = behind(pattern.before) if pattern.before else None

    def is_that_of(self, text: str, amount: AmountFound) -> bool:
        """Whether an amount has this role."""
        if self._before is not None and ends_before(self._before, text, amount.start):
            return True
        return self._behind is not None and self._behind.match(text, amount.end) is not None


def _compile(patterns: Iterable[str]) -> Pattern[str] | None:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined, re.IGNORECASE) if joined else None


_STRONGER_THAN_TERMS = frozenset({"merchant"})
"""A shop's name may hold terms; the longer one wins later."""


class NumberFinder:
    """Finds tenors, months, orders, bills and shops, then amounts in what is left; an earlier pattern wins where two overlap."""

    def __init__(self, patterns: Sequence[NumberPattern], amounts: Amounts | None, numerals: Numerals) -> None:
        self._numerals = numerals
        self._patterns = [(p, re.compile(p.pattern, re.IGNORECASE)) for p in patterns]
        self._amounts = (AmountFinder(amounts, numerals), SumReader(amounts, numerals)) if amounts is not None else None

    def find(self, text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Found]:
        """What the text holds outside of the places already ``taken``, in the order of the text."""
        found: list[Found] = []
        covered = list(taken)
        for pattern, regex in self._patterns:
            for match in regex.finditer(text):
                start = match.start("n") if "n" in regex.groupindex else match.start()
                if pattern.kind not in _STRONGER_THAN_TERMS and touches(start, match.end(), covered):
                    continue
                value = pattern.value or self._value(pattern.kind, match)
                if value is not None:
                    found.append(Found(start, match.end(), pattern.kind, value))
                    covered.append((start, match.end()))
        if self._amounts is not None:
            finder, reader = self._amounts
            found.extend(reader.read(text, finder.find(text, covered), covered))
        return sorted(found, key=lambda f: f.start)

    def _value(self, kind: str, match: Match[str]) -> str | None:
        groups: dict[str, str | None] = match.groupdict()
        text = groups["n"] or ""
        if kind in ("order", "bill", "merchant"):
            return text
        number = spoken_number(text, self._numerals)
        if number is None:
            return None
        year = groups.get("year")
        return f"{year}-{int(number):02d}" if year else plain(number)


class PhraseFinder:
    """Finds phrases by name.

    Args:
        phrases: name, patterns, and patterns beside which a match does not stand.
    """

    def __init__(self, phrases: Iterable[tuple[str, Iterable[str], Iterable[str]]]) -> None:
        named = [(name, tuple(patterns), unless) for name, patterns, unless in phrases]
        self._sieve = Sieve([patterns for _, patterns, _ in named])
        self._phrases = [(name, _compile(patterns), _compile(unless)) for name, patterns, unless in named]

    def find(self, text: str) -> list[Found]:
        """The first standing match of each name, in their order; a match that touches one of its ``unless`` patterns does not stand."""
        found = []
        for name, patterns, unless in map(self._phrases.__getitem__, self._sieve.passing(text)):
            matches = list(patterns.finditer(text)) if patterns is not None else []
            if not matches:
                continue
            void = [m.span() for m in unless.finditer(text)] if unless else []
            standing = next((m for m in matches if not touches(m.start(), m.end(), void)), None)
            if standing:
                found.append(Found(standing.start(), standing.end(), name, standing.group(0)))
        return found


class CueFinder(PhraseFinder):
    """Finds cues: what the dialogue must not overlook."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        super().__init__((cue.name, cue.patterns, cue.unless) for cue in cues)


class FlagFinder:
    """Says which flags of the glossary hold for a text."""

    def __init__(self, flags: Sequence[Flag]) -> None:
        self.names = tuple(flag.name for flag in flags)
        self._patterns = [_compile(flag.patterns) for flag in flags]

    def find(self, text: str) -> tuple[int, ...]:
        """The indices of the flags that hold, in file order."""
        return tuple(index for index, pattern in enumerate(self._patterns) if pattern is not None and pattern.search(text))
