"""What stands around a number: cue words, amounts, orders."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.masking.matching import Mark
from actions.masking.reading import Reading
from actions.masking.rules import Rules

_NEAR_BEFORE = 12
_NEAR_AFTER = 8
_CENTS = re.compile(r"^-\d\d(?!\d)")


class Context:
    """The cues of one reading and what they say about a place in it.

    Attributes:
        reading: the text as read.
        rules: the masking rules.
    """

    def __init__(self, reading: Reading, cues: Sequence[Mark], rules: Rules) -> None:
        self.reading = reading
        self.rules = rules
        self._cues = tuple(cues)

    def cues(self, *kinds: str) -> list[Mark]:
        """The cues of some kinds, in text order."""
        return [cue for cue in self._cues if cue.kind in kinds]

    def announced_as(self, kind: str, start: int) -> bool:
        """Whether the nearest cue before a place, not far away, is of this kind."""
        near = [cue for cue in self._cues if start - _NEAR_BEFORE <= cue.end <= start]
        last = max((cue.end for cue in near), default=-1)
        return any(cue.end == last and cue.kind == kind for cue in near)

    def is_order(self, start: int, end: int) -> bool:
        """Whether an order, delivery or article number is announced before these digits, or named directly after them."""
        near = [cue for cue in self._cues if start - _NEAR_BEFORE <= cue.end <= start]
        if near:
            return self.announced_as("order", start)
        return any(cue.kind == "order" and end <= cue.start <= end + _NEAR_AFTER for cue in self._cues)

    def is_called_order(self, start: int) -> bool:
        """Whether the order cue stands directly before, with nothing but connecting words between."""
        filler = self.rules.values["order_filler"]
        last: Mark | None = None
        for cue in self._cues:
            if cue.end <= start and cue.kind == "order":
                last = cue
        return last is not None and all(char in filler for char in self.reading.text[last.end : start])

    def is_amount(self, start: int, end: int) -> bool:
        """Whether money is spoken of directly before or after."""
        before = self.reading.text[max(0, start - 6) : start].rstrip(self.rules.amount_filler)
        after = _CENTS.sub("", self.reading.text[end : end + 6], count=1).lstrip()
        return before.endswith(self.rules.amount_before) or after.startswith(self.rules.amount_after)
