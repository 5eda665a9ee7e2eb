"""What would be left if the customer paid, or had paid, the amount they name."""

from __future__ import annotations

from typing import Dict, Mapping, Optional

from actions.core.amounts import amount_to_finance, available_limit
from actions.core.facts import Facts
from actions.core.money import Fen

WHAT_IF = ("said.amount", "said.missing_after", "said.missing_covered", "said.overdue_after", "said.overdue_covered")
"""Placeholders of texts about an amount that the customer names."""


def what_if_paid(facts: Facts, amount: Optional[Fen]) -> Mapping[str, Optional[Fen]]:
    """The amount, and of the gap in the limit for the order at hand and of what is overdue: what it would leave, or all of it if it covers it.

    Args:
        amount: what the customer says they have paid or would pay; None if they name none.
    """
    if amount is None:
        return {}
    left: Dict[str, Optional[Fen]] = {"said.amount": amount}
    owed: Dict[str, int] = {"overdue": facts.user.baitiao.overdue}
    if facts.order is not None:
        owed["missing"] = amount_to_finance(facts) - available_limit(facts)
    for what, gap in owed.items():
        left[f"said.{what}_after"] = Fen(gap - amount) if gap > amount else None
        left[f"said.{what}_covered"] = Fen(gap) if 0 < gap <= amount else None
    return left
