"""ID numbers, phones and bank cards: digits of the right length, confirmed by checksums, grouping and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actions.masking.checks import (
    card_groups,
    card_prefix,
    id_checksum,
    id_plausible,
    looks_priced,
    luhn,
    national_groups,
    phone_groups,
)
from actions.masking.matching import Value
from actions.masking.reading import SEPARATOR
from actions.masking.signs import LONGEST_NUMBER, Chain, Group
from actions.masking.words import Context

_PHONE_DIGITS = 11
_MOBILE = re.compile(r"(?:0086|86|0)?(?P<national>1[3-9]\d{9})")
_LIKELY_CARD_DIGITS = 15
"""From this length on a number announced as a card is one even if its check digit is mistyped."""
_LEAST_CARD_DIGITS = 12
_BARE_CARD_DIGITS = 14
"""No card in use is shorter; shorter numbers are orders and goods unless announced."""
_SHAPE = re.compile(r"\d{11,19}|\d{17}x")


def numbers(context: Context) -> Iterator[Value]:
    """The numbers of a text that are what they look like, and landlines."""
    for chain in context.chains:
        yield from _in_chain(chain, context)
    reading = context.reading
    for match in context.rules.patterns["landline"].finditer(reading.text):
        whole = reading.starts_a_number(match.start()) and reading.ends_a_number(match.end())
        if whole and (SEPARATOR in match["value"] or context.announced_as("phone", match.start())):
            yield Value("phone", match.start(), match.end())


@dataclass(frozen=True)
class Number:
    """Successive groups of a chain.

    Attributes:
        digits: all of them.
        groups: the same by what stands between.
        starts: where each digit begins in the reading.
        end: where the last ends.
        strict: whether only such signs stand between as always divide one number: no comma, line break or word.
        glued: whether a letter stands directly before.
        counted: whether some equal digits are counted, which says that they are dictated and nothing about groups.
    """

    digits: str
    groups: tuple[str, ...]
    starts: tuple[int, ...]
    end: int
    strict: bool
    glued: bool
    counted: bool

    @property
    def start(self) -> int:
        """Where the first digit begins."""
        return self.starts[0]


def _in_chain(chain: Chain, context: Context) -> Iterator[Value]:
    """Every run of whole groups that has the right length."""
    digits = chain.digits
    offset = 0
    for first, group in enumerate(chain.groups):
        announced, length = context.nears(group.start, "id", "card"), 0
        for last in range(first, len(chain.groups)):
            length += len(chain.groups[last].digits)
            if length > LONGEST_NUMBER:
                break
            if length >= _PHONE_DIGITS and (announced or _possible(digits[offset : offset + length], last > first)):
                number = _number(chain.groups[first : last + 1], chain.gaps[first:last])
                if (
                    length == _PHONE_DIGITS < len(digits) <= LONGEST_NUMBER
                    and _is_dictated(number)
                    and not context.announced_as("phone", number.start)
                ):
                    continue
                yield from _values(number, context)
        offset += len(group.digits)


def _is_dictated(number: Number) -> bool:
    """Whether digits stand one by one: then a phone among more of them is a piece of something longer."""
    return len(number.groups) == len(number.digits)


def _possible(digits: str, divided: bool) -> bool:
    """Whether digits can be anything without a cue, seen quickly: a chain of single digits has thousands of runs."""
    if digits[0] in "018" and _MOBILE.fullmatch(digits):
        return True
    if len(digits) in (15, 18) and id_plausible(digits):
        return True
    return digits.isdigit() and (card_prefix(digits) or not divided) and luhn(digits)


def _number(groups: Sequence[Group], gaps: Sequence[str]) -> Number:
    parts = [groups[0].digits]
    for gap, group in zip(gaps, groups[1:]):
        if gap:
            parts.append(group.digits)
        else:
            parts[-1] += group.digits
    starts = tuple(place for group in groups for place in group.starts)
    strict = all(gap in ("", SEPARATOR) for gap in gaps)
    return Number("".join(parts), tuple(parts), starts, groups[-1].end, strict, groups[0].glued, any(group.counted for group in groups))


def _values(number: Number, context: Context) -> Iterator[Value]:
    kind = kind_of(number, context) if _SHAPE.fullmatch(number.digits) else None
    if kind is not None:
        over = len(number.digits) - _PHONE_DIGITS if kind == "phone" else 0
        yield Value(kind, number.starts[over], number.end, number.digits[over:])


def kind_of(number: Number, context: Context) -> str | None:
    """Which kind of personal number this is, None if it is none."""
    length = len(number.digits)
    if _is_id(number, context):
        return "id"
    if length >= _LEAST_CARD_DIGITS and number.digits.isdigit():
        if context.announced_as("id", number.start):
            return "id"
        if _is_card(number, context):
            return "card"
    mobile = _MOBILE.fullmatch(number.digits)
    return "phone" if mobile and _is_phone(number, context) else None


def _is_id(number: Number, context: Context) -> bool:
    length = len(number.digits)
    if length not in (15, 18):
        return False
    if context.announced_as("id", number.start):
        return True
    if not id_plausible(number.digits):
        return False
    if length == 18 and id_checksum(number.digits):
        return True
    return number.strict and not context.is_order(number.start, number.end) and not context.is_amount(number.start, number.end)


def _is_card(number: Number, context: Context) -> bool:
    digits, divided = number.digits, len(number.groups) > 1
    likely = card_prefix(digits) or (len(digits) >= _LIKELY_CARD_DIGITS and not divided)
    mistyped = len(digits) >= _LIKELY_CARD_DIGITS and context.follows("card", number.start)
    if likely and context.announced_as("card", number.start) and (mistyped or luhn(digits)):
        return True
    if len(digits) < _BARE_CARD_DIGITS or number.glued or not luhn(digits) or not (number.counted or card_groups(number.groups)):
        return False
    if divided and (context.is_amount(number.start, number.end) or looks_priced(number.groups)):
        return False
    if len(digits) < 16 or divided:
        return card_prefix(digits) and not context.is_order(number.start, number.end)
    return card_prefix(digits) or not context.is_order(number.start, number.end)


def _is_phone(number: Number, context: Context) -> bool:
    start = number.starts[len(number.digits) - _PHONE_DIGITS]
    divided = len(number.groups) > 1
    if context.is_called_order(start) or (divided and context.is_amount(start, number.end)):
        return False
    if not divided or number.counted:
        return True
    groups = national_groups(number.groups)
    # A phone is also what this shop sells: its prices follow the same word.
    return not looks_priced(groups) and (context.announced_as("phone", start) or phone_groups(groups))
