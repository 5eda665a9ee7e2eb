"""Regular expressions of the knowledge folder applied to a text: numbers, phrases, cues and flags, and what amounts are to each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from re import Match, Pattern
from typing import Any

from actions.knowledge.glossary import Cue, Flag, NumberPattern
from actions.knowledge.glossary_numbers import AmountRole, Amounts, Numerals, RolePattern
from bot.language.amounts import AmountFinder, AmountFound, before, behind, ends_before
from bot.language.numerals import plain, spoken_number

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as parser

Needs = tuple[frozenset[str], ...]
"""Sets of which the text holds at least one character each, the smallest first; empty if nothing can be said."""
_WIDEST = 200
"""Characters of a class beyond which it rules next to nothing out."""
_ALIKE = {"s": "ſ", "k": "\u212a"}
"""What lower case does not make the same, although the expressions, which know no case, take it for the same letter."""


def needs_of(pattern: str) -> Needs:
    """What a text needs for an expression, in which case does not count, to match anywhere in it."""
    return tuple(sorted(_of_sequence(parser.parse(pattern)), key=len))


class Sieve:
    """Tells of many groups of expressions which may match in a text, without a look at each of them.

    Args:
        groups: the expressions of each group; case does not count in them.
    """

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        expressions = [(at, needs_of(expression)) for at, group in enumerate(groups) for expression in group]
        self._group_of = [at for at, _ in expressions]
        # An expression as a bit: those that the characters of a text let through are found in one step for each rank of their needs.
        self._ranks: list[tuple[int, dict[str, int]]] = []
        for rank in range(max((len(needs) for _, needs in expressions), default=0)):
            content = 0
            by_character: dict[str, int] = defaultdict(int)
            for bit, (_, needs) in enumerate(expressions):
                if len(needs) <= rank:
                    content |= 1 << bit
                else:
                    for character in needs[rank]:
                        by_character[character] |= 1 << bit
            self._ranks.append((content, dict(by_character)))

    def passing(self, text: str) -> Iterator[int]:
        """The places of the groups that may match, in order."""
        characters = frozenset(text.lower())
        left = (1 << len(self._group_of)) - 1
        for content, by_character in self._ranks:
            for character in characters:
                content |= by_character.get(character, 0)
            left &= content
        last = -1
        while left:
            lowest = left & -left
            at = self._group_of[lowest.bit_length() - 1]
            if at != last:
                yield at
            last = at
            left ^= lowest


def can_match(alternatives: Iterable[Needs], characters: AbstractSet[str]) -> bool:
    """Whether one of several expressions may match in a text.

    Args:
        alternatives: what each needs.
        characters: of the text, in lower case.
    """
    return any(not any(need.isdisjoint(characters) for need in needs) for needs in alternatives)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    return [need for operator, argument in items for need in _of_item(operator, argument)]


def _of_item(operator: Any, argument: Any) -> Sequence[frozenset[str]]:
    """What one element of an expression needs; elements that are not named here may match anything, or nothing."""
    if operator is parser.LITERAL:
        return [_in_any_case([chr(argument)])]
    if operator is parser.IN:
        characters = _of_class(argument)
        return [characters] if characters is not None else []
    if operator is parser.BRANCH:
        # Of each branch the need that rules out most; a branch without needs lets everything through.
        branches = [sorted(_of_sequence(branch), key=len)[:1] for branch in argument[1]]
        return [frozenset().union(*(branch[0] for branch in branches))] if all(branches) else []
    if operator is parser.SUBPATTERN:
        return _of_sequence(argument[-1])
    if operator in (parser.MAX_REPEAT, parser.MIN_REPEAT):
        least, _, repeated = argument
        return _of_sequence(repeated) if least else []
    if operator is parser.ASSERT:
        return _of_sequence(argument[1])
    return []


def _of_class(members: Sequence[tuple[Any, Any]]) -> frozenset[str] | None:
    characters: list[str] = []
    for operator, argument in members:
        if operator is parser.LITERAL:
            characters.append(chr(argument))
        elif operator is parser.RANGE and argument[1] - argument[0] < _WIDEST:
            characters += map(chr, range(argument[0], argument[1] + 1))
        else:
            return None
    return _in_any_case(characters)


def _in_any_case(characters: Iterable[str]) -> frozenset[str]:
    lower = [character.lower() for character in characters]
    return frozenset([*lower, *(_ALIKE[each] for each in lower if each in _ALIKE)])


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
        named = [(name, tuple(patterns), tuple(unless)) for name, patterns, unless in phrases]
        self._sieve = Sieve([patterns for _, patterns, _ in named])
        self._phrases = named
        self._compiled: dict[int, tuple[Pattern[str] | None, Pattern[str] | None]] = {}

    def find(self, text: str) -> list[Found]:
        """The first standing match of each name, in their order; a match that touches one of its ``unless`` patterns does not stand."""
        found = []
        for at in self._sieve.passing(text):
            patterns, unless = self._expressions(at)
            matches = list(patterns.finditer(text)) if patterns is not None else []
            if not matches:
                continue
            void = [m.span() for m in unless.finditer(text)] if unless else []
            standing = next((m for m in matches if not touches(m.start(), m.end(), void)), None)
            if standing:
                found.append(Found(standing.start(), standing.end(), self._phrases[at][0], standing.group(0)))
        return found

    def _expressions(self, at: int) -> tuple[Pattern[str] | None, Pattern[str] | None]:
        # Compiled when a text first comes through the sieve: to compile all of them is a good part of a start.
        if at not in self._compiled:
            _, patterns, unless = self._phrases[at]
            self._compiled[at] = _compile(patterns), _compile(unless)
        return self._compiled[at]


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
