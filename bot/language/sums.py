"""What amounts are to each other: paid in each period, paid down, left over, or the price of one of several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actions.knowledge.glossary_numbers import AmountRole, Amounts, Numerals, RolePattern
from bot.language.amounts import AmountFound, before, behind, ends_before
from bot.language.found import Found, touches
from bot.language.numerals import plain, spoken_number


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
