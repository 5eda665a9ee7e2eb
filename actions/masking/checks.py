"""What numbers of a kind have in common: check digits, beginnings, dates in them, and how people group them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10x98765432"
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91".split()
)
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_PHONE_DIGITS = 11
_PHONE_SIZES = frozenset(
    {(4, 3, 4), (4, 4, 3), (7, 4), (4, 7), (5, 6), (6, 5), (8, 3), (5, 3, 3), (4, 4, 2, 1), (2, 3, 3, 3), (2, 2, 2, 2, 3)}
)
_CARD_SIZES = ([4, 6, 5], [4, 6, 6], [4, 6, 4], [4, 6, 9], [4, 4, 8], [6, 6, 4], [6, 6, 7], [4, 4, 8, 3])


def luhn(number: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812-1)."""
    doubled = map(_LUHN_DOUBLED.__getitem__, map(int, number[-2::-2]))
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


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
    if number[0] == "3":
        return number[1] in "0456789"
    return number[0] in "456" or (len(number) == 16 and "2221" <= number[:4] <= "2720")


def national_groups(groups: Sequence[str]) -> tuple[str, ...]:
    """The groups of a mobile number without its country code or trunk digit."""
    over = sum(map(len, groups)) - _PHONE_DIGITS
    first = 0
    while over >= len(groups[first]):
        over -= len(groups[first])
        first += 1
    return (groups[first][over:], *groups[first + 1 :])


def phone_groups(groups: Sequence[str]) -> bool:
    """Whether eleven digits are grouped as people write mobile numbers."""
    sizes = tuple(len(group) for group in groups)
    if len(sizes) == 1:
        return True
    if is_date_groups(groups):
        return False
    return sizes[0] == 3 or max(sizes) <= 2 or sizes in _PHONE_SIZES


def card_groups(groups: Sequence[str]) -> bool:
    """Whether digits are grouped as cards print or people copy them: equal groups and a rest, 4-6-5, or two long ones."""
    sizes = [len(group) for group in groups]
    if len(sizes) == 1 or sizes in _CARD_SIZES or (len(sizes) == 2 and (min(sizes) >= 6 or (sizes[0] == 4 and sizes[1] >= 10))):
        return True
    return len(set(sizes[:-1])) == 1 and sizes[0] in (1, 2, 3, 4, 5, 6) and sizes[-1] <= max(sizes[0], 7) and not is_date_groups(groups)


def is_date_groups(groups: Sequence[str]) -> bool:
    """Whether the first groups are a date with a four-digit year."""
    head = groups[:3]
    if len(groups[0]) == 8:
        return groups[0][:2] in ("19", "20") and is_date(groups[0])
    return len(head) == 3 and bool(re.fullmatch(r"(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])", "-".join(head)))


def looks_priced(groups: Sequence[str]) -> bool:
    """Whether each of several groups looks like a price of goods: 1399, 2500, 12900."""
    return all(2 < len(group) < 6 and group[0] != "0" and (group[-1] == "9" or group[-2:] in ("00", "50", "80")) for group in groups)
