"""Numbers sent in several messages: what of a message may be a part, and which parts make a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from actions.masking.checks import (
    card_prefix,
    id_checksum,
    id_plausible,
    is_date_groups,
    looks_priced,
    luhn,
    national_groups,
    phone_groups,
)
from actions.masking.signs import LONGEST_NUMBER, Chain, Group
from actions.masking.words import Context

_LEAST_DIGITS = 3
"""Digits in each part: fewer are an amount, a tenor or an answer."""
_LEAST_CARD_DIGITS = 15
_CENTS = 2
"""Digits after the point of an amount, at most."""
_GOODS_DIGITS = (12, 13)
"""An order or an article, which a price may follow."""
_PHONE_ENDS = (7, 8)
_CODE_HALVES = [3, 3]
_ANNOUNCED = frozenset({"id", "card", "phone"})
_MOBILE = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_MASKED = re.compile(r"[\dX]*\*{3,}(?:[ -]?\*+)*[\dX]*")
_LEAST_MASKED = 12
"""Signs of a number that was masked although it went on: a phone has fewer."""
_WHOLE = {15: "id", 18: "id", 16: "card", 17: "card", 19: "card"}
"""What a masked number is together with what follows it, by its length."""
_WORDS = 8
"""Characters beside the rest of a number: more are a message of its own."""


@dataclass(frozen=True)
class NumberPart:
    """Digits of a message that may belong to a number.

    Attributes:
        digits: as 0-9, an ``x`` at the end perhaps.
        groups: the same by what stands between.
        start, end: where they stand in the original text.
        beside: letters and digits of the message outside of it.
        announced: the kinds of cues not far before it.
    """

    digits: str
    groups: tuple[str, ...]
    start: int
    end: int
    beside: int
    announced: frozenset[str]


def number_parts(context: Context) -> tuple[NumberPart, ...]:
    """The numbers of a message that are no amounts, counts, dates, public numbers or models of goods, in text order."""
    reading = context.reading
    letters = sum(char.isalnum() for char in reading.text)
    found = []
    for chain in context.chains:
        for groups in _uncounted(chain, context):
            digits = "".join(group.digits for group in groups)
            if len(digits) >= _LEAST_DIGITS and digits not in context.rules.hotlines and not _is_date(groups):
                start, end = reading.starts[groups[0].start], reading.ends[groups[-1].end - 1]
                inside = sum(char.isalnum() for char in reading.text[groups[0].start : groups[-1].end])
                kinds = frozenset(kind for kind in _ANNOUNCED if context.nears(groups[0].start, kind))
                kinds |= {"code"} if context.follows("code", groups[0].start) else set()
                found.append(NumberPart(digits, tuple(group.digits for group in groups), start, end, letters - inside, kinds))
    return tuple(found)


def _is_date(groups: Sequence[Group]) -> bool:
    written = [group.digits for group in groups]
    return is_date_groups(written) and written[0].startswith("20")


def _uncounted(chain: Chain, context: Context) -> Iterator[list[Group]]:
    """The groups of a chain without those that count something, and without numbers that letters are part of."""
    text = context.reading.text
    run: list[Group] = []
    for group, gap in zip(chain.groups, ("", *chain.gaps)):
        after = text[group.end : group.end + 1]
        named = group.glued or (after.isascii() and after.isalpha() and after != "x")
        if named or context.counts(group.end) or context.is_amount(group.start, group.end):
            # What stands before the point of an amount belongs to it.
            run = run[:-1] if gap and len(group.digits) <= _CENTS else run
            if run:
                yield run
            run = []
        else:
            run.append(group)
    if run:
        yield run


def assembled(parts: Sequence[NumberPart], kinds: Set[str]) -> str | None:
    """Which kind of number some parts are together.

    Args:
        parts: in the order of the number.
        kinds: what is announced of them; ``order`` where an order is spoken of.
    """
    digits, groups = "".join(part.digits for part in parts), tuple(group for part in parts for group in part.groups)
    length = len(digits)
    if "order" in kinds and not kinds & _ANNOUNCED:
        return None
    if length in (15, 18) and ("id" in kinds or (id_plausible(digits) and (length == 15 or id_checksum(digits) or len(parts) == 2))):
        return "id"
    if not digits.isdigit():
        return None
    if "code" in kinds and [len(part.digits) for part in parts] == _CODE_HALVES:
        return "code"
    if looks_priced(groups) or (len(parts) == 2 and len(parts[0].digits) in _GOODS_DIGITS and looks_priced(parts[1].groups)):
        return None
    copied = luhn(digits) and all(_is_cut_out(part.groups) for part in parts)
    if _LEAST_CARD_DIGITS <= length <= LONGEST_NUMBER and card_prefix(digits) and ("card" in kinds or copied):
        return "card"
    if not _MOBILE.fullmatch(digits):
        return None
    groups = national_groups(groups)
    return "phone" if "phone" in kinds or len(groups) == 2 or phone_groups(groups) else None


def is_phone_backwards(end: NumberPart, beginning: NumberPart) -> bool:
    """Whether two numbers that stand alone are a phone whose end was sent first: nothing else says so, hence no price may be among them."""
    priced = not end.digits.startswith("0") and looks_priced(beginning.groups)
    if end.beside or beginning.beside or priced:
        return False
    return len(end.digits) in _PHONE_ENDS and bool(_MOBILE.fullmatch(beginning.digits + end.digits))


def _is_cut_out(groups: Sequence[str]) -> bool:
    """Whether the groups of a part can come out of a number in equal groups, cut anywhere: only the outer ones may be shorter."""
    sizes = [len(group) for group in groups]
    inner = sizes[1:-1] or [max(sizes)]
    return len(set(inner)) == 1 and max(sizes[0], sizes[-1]) <= inner[0]


def rest_of_masked(before: Iterable[str], part: NumberPart) -> str | None:
    """What a number was of which enough stood in the messages before to be masked there, and whose rest follows now.

    Args:
        before: the messages, latest first.
    """
    if part.beside > _WORDS:
        return None
    signs = 0
    for text in before:
        masked = [*_MASKED.finditer(text)]
        if not masked:
            return None
        signs += sum(char == "*" or char.isalnum() for char in masked[-1].group())
        if signs >= _LEAST_MASKED and signs + len(part.digits) in _WHOLE:
            return _WHOLE[signs + len(part.digits)]
    return None
