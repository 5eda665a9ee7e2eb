"""How the remarks are known that a reply makes once only (``remarks`` of ``locale.yml``)."""

from __future__ import annotations

from actions.core.fields import Expression, Strict


class Remarks(Strict):
    """What a reply of ours remarks once only.

    Attributes:
        sentences: what ends a sentence; ``parts``: what parts it.
        openings: parts that only lead in to the one behind them.
        known: the remarks, each in all the words that we have for it.
        ways: the ways out that a reply may name, each in all our words for it.
        caveats: what is not left out before it was said: who decides, what nobody can promise.
    """

    sentences: Expression
    parts: Expression
    openings: Expression
    known: tuple[Expression, ...]
    ways: tuple[Expression, ...]
    caveats: tuple[Expression, ...]
