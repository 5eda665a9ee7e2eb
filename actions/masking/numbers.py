"""ID numbers, phones and bank cards: shapes confirmed by checksums, grouping and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.masking.checks import card_groups, card_prefix, id_checksum, id_plausible, luhn, phone_groups
from actions.masking.context import Context
from actions.masking.matching import Mark
from actions.masking.reading import SEPARATOR, Reading
from actions.masking.values import Value

_PHONE_DIGITS = 11
_LIKELY_CARD_DIGITS = 15
"""From this length on a number announced as a card is one even if its check digit is mistyped."""


def numbers(reading: Reading, shapes: Sequence[Mark], context: Context) -> Iterator[Value]:
    """The number shapes that are what they look like, and landlines."""
    for shape in shapes:
        if reading.starts_a_number(shape.start) and reading.ends_a_number(shape.end):
            written = reading.text[shape.start : shape.end]
            if shape.kind == "id" and _is_id(written, shape, context) or shape.kind == "card" and context.announced_as("id", shape.start):
                yield Value("id", shape.start, shape.end)
            elif shape.kind == "card" and _is_card(written, shape, context):
                yield Value("card", shape.start, shape.end)
            elif shape.kind == "phone":
                start = _national_start(written, shape.start)
                if _is_phone(reading.text[start : shape.end], start, shape.end, context):
                    yield Value("phone", start, shape.end)
    for match in context.rules.patterns["landline"].finditer(reading.text):
        whole = reading.starts_a_number(match.start()) and reading.ends_a_number(match.end())
        if whole and (SEPARATOR in match["value"] or context.announced_as("phone", match.start())):
            yield Value("phone", match.start(), match.end())


def _groups(written: str) -> list[str]:
    return written.split(SEPARATOR)


def _plain(written: str) -> str:
    return written.replace(SEPARATOR, "")


def _is_id(written: str, shape: Mark, context: Context) -> bool:
    number = _plain(written)
    if context.announced_as("id", shape.start):
        return True
    if not id_plausible(number):
        return False
    if len(number) == 18 and id_checksum(number):
        return True
    return not context.is_order(shape.start, shape.end) and not context.is_amount(shape.start, shape.end)


def _is_card(written: str, shape: Mark, context: Context) -> bool:
    number = _plain(written)
    if context.announced_as("card", shape.start) and (luhn(number) or len(number) >= _LIKELY_CARD_DIGITS):
        return True
    if not luhn(number) or not card_groups(_groups(written)):
        return False
    if SEPARATOR in written and context.is_amount(shape.start, shape.end):
        return False
    if len(number) < 16:
        return card_prefix(number) and not context.is_order(shape.start, shape.end)
    return card_prefix(number) or not context.is_order(shape.start, shape.end)


def _national_start(written: str, start: int) -> int:
    """Where the eleven digits begin after a country code."""
    digits = 0
    for index in range(len(written) - 1, -1, -1):
        digits += written[index] != SEPARATOR
        if digits == _PHONE_DIGITS:
            return start + index
    return start


def _is_phone(written: str, start: int, end: int, context: Context) -> bool:
    if context.is_called_order(start) or (SEPARATOR in written and context.is_amount(start, end)):
        return False
    return SEPARATOR not in written or phone_groups(_groups(written)) or context.announced_as("phone", start)
