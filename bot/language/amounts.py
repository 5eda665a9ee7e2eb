"""Finds amounts of money in a text: every numeral is read whole, and what stands around it says whether it is money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from actions.knowledge.glossary_numbers import Amounts, Numerals
from bot.language.numerals import Reading, plain, read_numeral, spoken_number
from bot.language.unit_sums import LITERAL

_TEN, _HUNDRED = 10, 100
_NO_AMOUNT = 10**16
"""From here on a numeral is no amount of money that anybody means."""
_NEAR = 20
"""Characters before a numeral that may say what it is."""
_WIDEST_RANGE = 10
"""Times the lower bound. Beyond it two numbers with a dash between them are no range but parts of a longer number."""


@dataclass(frozen=True)
class AmountFound:
    """An amount in a text.

    Attributes:
        start, end: its place, with sign and currency.
        words: the numeral as it is written.
        value: what it says; None if it is no exact amount.
    """

    start: int
    end: int
    words: str
    value: Decimal | None


@dataclass(frozen=True)
class _Run:
    """The longest piece of a text that can be one numeral."""

    start: int
    end: int
    reading: Reading


class AmountFinder:
    """Finds amounts by the glossary's ``amounts`` and ``numerals``."""

    def __init__(self, amounts: Amounts, numerals: Numerals) -> None:
        self._numerals = numerals
        self._runs = re.compile(_run_pattern(numerals), re.IGNORECASE)
        self._sign, self._not_after, self._spent = (before(each) for each in (amounts.sign, amounts.not_after, amounts.spent))
        self._figures_not_after = before(amounts.figures_not_after)
        self._currency, self._about = behind(amounts.currency), behind(amounts.about)
        self._change = [behind(each) for each in amounts.change]
        self._small = ((behind(amounts.tenths), 10), (behind(amounts.hundredths), _HUNDRED))
        self._not_before, self._bare_not_before = behind(amounts.not_before), behind(amounts.bare_not_before)
        self._bare, self._bare_not = behind(amounts.bare), behind(amounts.bare_not)
        self._not_currency, self._between = behind(amounts.not_currency), behind(amounts.between)

    def find(self, text: str, taken: Sequence[tuple[int, int]] = ()) -> list[AmountFound]:
        """The amounts outside of the places already ``taken``, in the order of the text."""
        found: list[AmountFound] = []
        runs = list(self._numerals_in(text, taken))
        place = index = 0
        while index < len(runs):
            run = runs[index]
            index += 1
            if run.start < place:
                continue
            ahead = runs[index] if index < len(runs) else None
            amount = self._range(text, run, ahead) if ahead is not None else None
            if amount is not None:
                index += 1
            else:
                amount = self._amount(text, run)
            if amount is not None:
                place = amount.end
                found.append(amount)
        return found

    def _numerals_in(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[_Run]:
        free = list(text)
        for start, end in taken:
            free[start:end] = "\0" * (end - start)
        for match in self._runs.finditer("".join(free)):
            reading = read_numeral(match.group(), self._numerals)
            if reading is not None:
                yield _Run(match.start(), match.end(), reading)

    def _range(self, text: str, run: _Run, ahead: _Run) -> AmountFound | None:
        """Two numerals as one amount that is not exact, if the words between them join them."""
        between = self._currency.match(text, run.end)
        start = between.end() if between and between.end() < ahead.start else run.end
        joined = self._between.fullmatch(text, start, ahead.start)
        upper = self._amount(text, ahead, after_joint=True) if joined else None
        low, high = run.reading.low, ahead.reading.high
        if upper is None or low is None or high is None or self._is_no_amount_after(text, run.start):
            return None
        if run.reading.unit == 1 and low < _HUNDRED <= ahead.reading.unit:
            low *= ahead.reading.unit
        if not low < high <= low * _WIDEST_RANGE:
            return None
        return AmountFound(run.start, upper.end, f"{plain(low)}-{plain(high)}", None)

    def _amount(self, text: str, run: _Run, after_joint: bool = False) -> AmountFound | None:
        if not after_joint and self._is_no_amount_after(text, run.start):
            return None
        sign = ends_before(self._sign, text, run.start)
        start = sign.start() if sign else run.start
        small = self._fraction(text, run)
        if small is not None:
            return small
        end = self._currency_end(text, run)
        change = next((match for each in self._change if (match := each.match(text, run.end))), None)
        value = run.reading.value
        if change and value is not None:
            value += self._change_in(change)
            end = change.end()
        if end is None and not sign and not self._is_amount_alone(text, run):
            return None
        words = text[run.start : run.end]
        exact = value is not None and value < _NO_AMOUNT and _has_decimals(value, 2)
        return AmountFound(start, end or run.end, words, value if exact else None)

    def _is_no_amount_after(self, text: str, start: int) -> bool:
        figures = text[start].isascii() and ends_before(self._figures_not_after, text, start)
        return bool(figures or ends_before(self._not_after, text, start))

    def _currency_end(self, text: str, run: _Run) -> int | None:
        about = self._about.match(text, run.end)
        currency = self._currency.match(text, about.end() if about else run.end)
        if currency is None or self._not_currency.match(text, run.start):
            return None
        return currency.end()

    def _is_amount_alone(self, text: str, run: _Run) -> bool:
        """Whether a numeral without a currency is an amount."""
        if self._not_before.match(text, run.end):
            return False
        words, reading = text[run.start : run.end].strip(), run.reading
        if reading.unit >= _HUNDRED:
            return reading.value is not None or self._is_guess(words)
        if self._bare_not_before.match(text, run.end) or self._bare_not.fullmatch(words) or reading.value is None:
            return False
        one_decimal = reading.written and _has_decimals(reading.value, 1)
        return self._bare.fullmatch(words) is not None or (
            one_decimal and "." in words and ends_before(self._spent, text, run.start) is not None
        )

    def _is_guess(self, words: str) -> bool:
        """Whether a numeral that is no exact number is one at all: units alone, and a unit with a one behind it, are other words."""
        units, last = self._numerals.units, words[-1].lower()
        if units.get(words[0].lower(), 1) <= _TEN:
            return True
        return last in self._numerals.vague or self._numerals.digits.get(last, 1) != 1

    def _fraction(self, text: str, run: _Run) -> AmountFound | None:
        """An amount below one yuan in tenths or hundredths."""
        value = run.reading.value
        for pattern, parts in self._small:
            unit = pattern.match(text, run.end)
            if unit and value is not None and value == int(value) and value < _HUNDRED:
                value /= parts
                rest = self._runs.match(text, unit.end()) if parts < _HUNDRED else None
                further = spoken_number(rest.group(), self._numerals) if rest else None
                if rest and further is not None and further < parts:
                    return AmountFound(run.start, rest.end(), text[run.start : rest.end()], value + further / _HUNDRED)
                return AmountFound(run.start, unit.end(), text[run.start : unit.end()], value)
        return None

    def _change_in(self, change: re.Match[str]) -> Decimal:
        parts = change.groupdict()
        tenths, hundredths = (spoken_number(parts.get(name) or "0", self._numerals) or Decimal(0) for name in ("tenths", "hundredths"))
        return tenths / 10 + hundredths / _HUNDRED


def _run_pattern(numerals: Numerals) -> str:
    """The longest sequences that may be a numeral; a point or a half never begins one, a point never ends one."""
    digits, units, vague, more, point, half = (
        f"[{re.escape(''.join(each))}]" if each else "(?!)"
        for each in (numerals.digits, numerals.units, numerals.vague, numerals.more, numerals.point, numerals.half)
    )
    starts = rf"(?:{LITERAL}|{digits}|{units}|{vague})"
    # Figures and words touch only at a unit: in "1299一共" and "双十一5000" they belong to two words.
    touching = rf"(?:(?<=\d)|(?<={digits}))(?:{units}|{point}(?=\d{{1,2}}(?!\d)|{digits}))|(?<={digits})(?:{digits}|{vague})"
    some_more = rf"(?:(?<=\d)|(?<={digits})|(?<={units})){more}(?={units})"
    behind_unit = rf"(?:(?<={units})|(?<={vague})|(?<={more})|(?<={point}))(?:{starts}|{half}|{point}(?={digits}))"
    spaced = rf" (?:(?<={units} )(?:\d|{digits})|{units})"
    return rf"{starts}(?:{touching}|{some_more}|{behind_unit}|{spaced})*"


def _has_decimals(value: Decimal, most: int) -> bool:
    # Decimals are rounded to the digits of their context, and long ones cannot be.
    return bool((Fraction(value) * 10**most).denominator == 1)


def behind(pattern: str) -> re.Pattern[str]:
    """An expression for what stands behind a place."""
    return re.compile(f"(?:{pattern})", re.IGNORECASE)


def before(pattern: str) -> re.Pattern[str]:
    """An expression for what stands before a place, up to it."""
    return re.compile(f"(?:{pattern})$", re.IGNORECASE)


def ends_before(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    """The match of such an expression that ends at a place."""
    return pattern.search(text, max(0, place - _NEAR), place)
