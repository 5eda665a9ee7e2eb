"""ID numbers, phones and bank cards: shapes confirmed by checksums, grouping and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from actions.masking.matching import Mark, Value
from actions.masking.reading import SEPARATOR, Reading
from actions.masking.words import Context

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10x98765432"
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91".split()
)
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def luhn(number: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812-1)."""
    total = 0
    for position, char in enumerate(reversed(number)):
        digit = ord(char) - 48
        total += _LUHN_DOUBLED[digit] if position % 2 else digit
    return total % 10 == 0


def id_checksum(number: str) -> bool:
    """Whether the 18th character fits the others (GB 11643, ISO 7064 MOD 11-2); ``x`` in small letters."""
    return number[17] == _ID_CHECK[sum(weight * (ord(char) - 48) for weight, char in zip(_ID_WEIGHTS, number)) % 11]


def id_plausible(number: str) -> bool:
    """Whether province and birth date of a number of 15 or 18 characters can be true."""
    if number[:2] not in _PROVINCES:
        return False
    birth = number[6:14] if len(number) == 18 else "19" + number[6:12]
    return is_date(birth) and birth[:2] in ("18", "19", "20")


def is_date(digits: str) -> bool:
    """Whether eight digits are a calendar date, year first."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def card_prefix(number: str) -> bool:
    """Whether an issuer of cards uses this beginning at this length (ISO/IEC 7812 ranges; 12 and 13 digits: Maestro and old Visa only)."""
    if len(number) <= 13:
        return number[0] in "456"
    return number[0] in "3456" or (len(number) == 16 and "2221" <= number[:4] <= "2720")


def phone_groups(groups: Sequence[str]) -> bool:
    """Whether eleven digits are grouped as people write mobile numbers."""
    sizes = tuple(len(group) for group in groups)
    if len(sizes) == 1:
        return True
    if is_date_groups(groups):
        return False
    return sizes[0] == 3 or max(sizes) <= 2 or sizes in {(4, 3, 4), (4, 4, 3), (7, 4), (4, 7), (5, 6)}


def card_groups(groups: Sequence[str]) -> bool:
    """Whether digits are grouped as cards print or people copy them: equal groups and a rest, 4-6-5 or 6 and the remainder."""
    sizes = [len(group) for group in groups]
    if len(sizes) == 1 or sizes in ([4, 6, 5], [4, 6, 4]) or (len(sizes) == 2 and sizes[0] == 6 and sizes[1] >= 10):
        return True
    return len(set(sizes[:-1])) == 1 and sizes[0] in (1, 2, 3, 4, 6) and sizes[-1] <= max(sizes[0], 7) and not is_date_groups(groups)


def is_date_groups(groups: Sequence[str]) -> bool:
    """Whether the first groups are a date with a four-digit year."""
    head = groups[:3]
    if len(groups[0]) == 8:
        return is_date(groups[0])
    return len(head) == 3 and bool(re.fullmatch(r"(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])", "-".join(head)))


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
