"""What a simulated customer still wants to know: how many questions they ask, when, and in which words."""

from __future__ import annotations

import random
from collections.abc import Mapping

from conversations.simulation.phrasings import Line
from conversations.simulation.questions import Question, choose

_WONDERS = 0.35
"""How often a customer who has questions left asks one now."""
_AT_ONCE = 0.35
"""How often the first complaint holds a question."""
_STOPS = "，。！？,.!? "


class Curiosity:
    """The questions of one customer in one conversation: at least one, at most as many as the persona asks.

    Args:
        most: questions.
        values: what their sentences may speak of.
    """

    def __init__(self, most: int, chance: random.Random, values: Mapping[str, str]) -> None:
        self._left = chance.randint(1, most)
        self._chance, self._values = chance, values
        self._asked: list[Question] = []

    @property
    def satisfied(self) -> bool:
        """Whether something was asked already."""
        return bool(self._asked)

    @property
    def wonders(self) -> bool:
        """Whether there is something to ask right now."""
        return self._chance.random() < _WONDERS

    @property
    def hurries(self) -> bool:
        """Whether the first complaint already asks something."""
        return self._left > 0 and self._chance.random() < _AT_ONCE

    def ask(self, kind: str) -> Line | None:
        """A question that makes sense within a kind of observation; None if there is none, or all were asked."""
        question = choose(kind, self._asked, self._chance) if self._left else None
        return Line(self._words(question), "ask", asks=question) if question is not None else None

    def ask_beside(self, complaint: Line) -> Line:
        """A complaint with a sub-question at its end."""
        question = choose(None, self._asked, self._chance)
        if question is None:
            return complaint
        return Line(f"{complaint.text.rstrip(_STOPS)}，{self._words(question)}", complaint.act, complaint.means, question)

    def _words(self, question: Question) -> str:
        self._left -= 1
        self._asked.append(question)
        return self._chance.choice(question.said).format(**self._values)
