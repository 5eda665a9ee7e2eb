"""Quotes: what an amount would cost in each tenor, computed from the plan table."""

from __future__ import annotations

from typing import Optional

from actions.core.amounts import amount_to_finance
from actions.core.money import fen_named
from actions.core.plans import plans_for, price_amount
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases

QUOTE = "plan_quote"
"""The intent that asks for a quote, and the topic that asks back for the amount."""


def quote(context: TurnContext) -> bool:
    """Says what each tenor would cost; False, and nothing said, if it is not known for which amount."""
    facts = context.facts()
    amount, tenor = fen_named(context.turn.entity("amount")), _whole(context.turn.entity("tenor"))
    if amount is None and facts.order is None:
        context.remember(asked_amount=True)
        return False
    if amount is None:
        amount = amount_to_finance(facts)
        plans = tuple(plan for plan in plans_for(facts) if tenor in (None, plan.tenor))
    else:
        plans = price_amount(amount, facts.plans, tenor)
    table = tuple(sorted(plan.tenor for plan in facts.plans))
    if plans:
        context.wording.quote(amount, plans, context.knowledge.answers.topic(QUOTE).follow_up)
    elif table and tenor:
        context.say(phrases.QUOTE_NO_SUCH_TENOR, tenors=table)
    else:
        context.say(phrases.QUOTE_NO_PLANS)
    return True


def _whole(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isdecimal() else None
