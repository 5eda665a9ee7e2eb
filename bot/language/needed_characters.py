"""Characters that a text must hold for a regular expression to match in it: most expressions are ruled out by a look at the text's characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

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
