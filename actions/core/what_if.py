"""What would be left if the customer paid, or had paid, the amount they name, or took the goods they name out of the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.core.amounts import amount_to_finance, available_limit, line_financed
from actions.core.facts import Facts, Line
from actions.core.money import Fen

WHAT_IF = (
    "said.amount",
    "said.missing_after",
    "said.missing_covered",
    "said.overdue_after",
    "said.overdue_covered",
    "said.rest_covered",
    "said.rest_missing",
)
"""Placeholders of texts about an amount, or about goods of the order, that the customer names."""


def what_if_paid(facts: Facts, amount: Fen | None) -> Mapping[str, Fen | None]:
    """The amount, and of the gap in the limit for the order at hand and of what is overdue: what it would leave, or all of it if it covers it.

    Args:
        amount: what the customer says they have paid or would pay; None if they name none.
    """
    if amount is None:
        return {}
    left: dict[str, Fen | None] = {"said.amount": amount}
    owed: dict[str, int] = {"overdue": facts.user.baitiao.overdue}
    if facts.order is not None:
        owed["missing"] = amount_to_finance(facts) - available_limit(facts)
    for what, gap in owed.items():
        left[f"said.{what}_after"] = Fen(gap - amount) if gap > amount else None
        left[f"said.{what}_covered"] = Fen(gap) if 0 < gap <= amount else None
    return left


def what_if_taken_out(facts: Facts, lines: Sequence[Line]) -> Mapping[str, Fen | None]:
    """What is left of the order without some of its lines if the limit covers it, else what is still missing then.

    Args:
        lines: of the order; if they are none or all of them, nothing is said.
    """
    rest = amount_to_finance(facts) - sum(map(line_financed, lines))
    if not lines or len(lines) == len(facts.lines) or rest <= 0:
        return {}
    missing = rest - available_limit(facts)
    return {"said.rest_covered": Fen(rest) if missing <= 0 else None, "said.rest_missing": Fen(missing) if missing > 0 else None}
