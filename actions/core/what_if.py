"""What would be left if the customer paid, or had paid, the amount they name."""

from __future__ import annotations

from typing import Dict, Mapping, Optional

from actions.core.amounts import amount_to_finance, available_limit
from actions.core.facts import Facts
from actions.core.money import Fen

WHAT_IF = ("said.amount", "said.missing_after", "said.overdue_after")
"""Placeholders of texts about an amount that the customer names."""


def what_if_paid(facts: Facts, amount: Optional[Fen]) -> Mapping[str, Optional[Fen]]:
    """The amount, what the limit would still lack for the order at hand, and what would still be overdue; nothing if that is nothing.

    Args:
        amount: what the customer says they have paid or would pay; None if they name none.
    """
    if amount is None:
        return {}
    left: Dict[str, Optional[Fen]] = {"said.amount": amount}
    if facts.order is not None:
        left["said.missing_after"] = _rest(amount_to_finance(facts) - available_limit(facts), amount)
    left["said.overdue_after"] = _rest(facts.user.baitiao.overdue, amount)
    return left


def _rest(owed: int, paid: Fen) -> Optional[Fen]:
    return Fen(owed - paid) if owed > paid else None
