"""Plans in figures: all in a table, the tenor that is asked about, two beside each other, or the cheapest and the lightest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.core.money import Fen
from actions.core.plans import PricedPlan, price_amount
from actions.core.platform import Plan
from actions.dialogue.speaker import Speaker
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase

_ROUNDED = 100
"""In fen: whoever works out a figure leaves out less than that."""


def plan_table(speaker: Speaker, amount: int, plans: Sequence[PricedPlan]) -> tuple[str, list[str], str]:
    """What stands before a table of plans, its rows, and where the binding figures stand; the amount in fen."""
    return (
        speaker.phrase(phrases.PLANS_HEAD, amount=Fen(amount)),
        [_in_table(speaker, plan) for plan in plans],
        speaker.phrase(phrases.PLANS_BINDING),
    )


def _in_table(speaker: Speaker, plan: PricedPlan) -> str:
    figures_of = row(plan)
    if plan.fee_total:
        return speaker.phrase(phrases.PLANS_ROW, **figures_of)
    return speaker.phrase(phrases.PLANS_FREE_ROW, **{name: value for name, value in figures_of.items() if name != "fee"})


def figures(plans: Sequence[PricedPlan], tenors: Sequence[int], compared: bool = False) -> tuple[Phrase, Mapping[str, Any]] | None:
    """The sentence about the plans that answers a question, and its values; None if there is nothing to say.

    Args:
        plans: ascending by tenor.
        tenors: those that were named.
        compared: whether it is asked how good a tenor is beside the others.
    """
    asked = [plan for plan in plans if plan.tenor in tenors]
    if len(asked) == 2:
        return phrases.PLANS_DIFFERENCE, _difference(*asked)
    if len(asked) == 1 and compared and len(plans) > 1:
        phrase = {0: phrases.PLANS_SHORTEST, len(plans) - 1: phrases.PLANS_LONGEST}.get(plans.index(asked[0]), phrases.PLANS_BETWEEN)
        return phrase, row(asked[0])
    if len(asked) == 1 and (len(tenors) == 1 or len(plans) > 1):
        return phrases.PLANS_OF_TENOR, row(asked[0])
    if len(plans) == 1 and (asked or not tenors):
        return phrases.PLANS_ONLY, row(plans[0])
    if not plans or (tenors and not asked):
        return None
    return phrases.PLANS_CHEAPEST, _extremes(asked or plans)


def in_short(plans: Sequence[PricedPlan], tenors: Sequence[int]) -> tuple[Phrase, Mapping[str, Any]] | None:
    """The sentence in front of the plans of just those tenors that were named: what one of them costs, or how two differ; None for others."""
    if len(plans) != len(tenors) or len(plans) > 2:
        return None
    if len(plans) == 2:
        return figures(plans, tenors)
    only = plans[0]
    values = row(only)
    return (phrases.PLANS_COSTS, {name: values[name] for name in phrases.PLANS_COSTS.placeholders}) if only.fee_total else None


def of_tenors(plans: Sequence[PricedPlan], tenors: Sequence[int]) -> tuple[PricedPlan, ...]:
    """The plans of the tenors that are named; all where none is, or where there is none of several."""
    named = tuple(plan for plan in plans if plan.tenor in tenors)
    return named if named or len(tenors) == 1 else tuple(plans)


def within(plans: Sequence[PricedPlan], each: int) -> tuple[Phrase, Mapping[str, Any]] | None:
    """The sentence about the shortest tenor whose periods stay within an amount, or about the one that comes nearest; None without plans.

    Args:
        plans: ascending by tenor.
        each: in fen.
    """
    if not plans:
        return None
    fitting = [plan for plan in plans if plan.per_period <= each]
    chosen = fitting[0] if fitting else min(plans, key=lambda plan: plan.per_period)
    return phrases.PLANS_WITHIN if fitting else phrases.PLANS_ALL_ABOVE, {"each": Fen(each), **row(chosen)}


def worked_out(amounts: Sequence[int | None], table: Iterable[Plan], tenor: int | None) -> Mapping[str, Any] | None:
    """The values of the sentence that agrees with what somebody has worked out of a tenor; None unless one of the amounts is what is split, and
    each other one of them stands in its plan.

    Args:
        amounts: in fen, as they were named.
    """
    named = [amount for amount in amounts if amount is not None]
    plans = (plan for whole in named for plan in price_amount(whole, table, tenor) if tenor is not None)
    for plan in plans:
        known = (plan.fee_total, plan.per_period, plan.total, plan.fee_total // plan.tenor)
        others = [amount for amount in named if amount != plan.amount]
        if others and all(any(abs(amount - each) < _ROUNDED for each in known) for amount in others):
            return {"amount": Fen(plan.amount), **row(plan)}
    return None


def row(plan: PricedPlan) -> Mapping[str, Any]:
    """The figures of a plan by placeholder."""
    return {
        "tenor": plan.tenor,
        "per_period": Fen(plan.per_period),
        "fee": Fen(plan.fee_total),
        "total": Fen(plan.total),
        "apr": rate(plan),
    }


def rate(plan: PricedPlan) -> str:
    """The annual rate in percent, as it is written beside every cost."""
    return f"{plan.apr * 100:.2f}"


def _difference(short: PricedPlan, long: PricedPlan) -> Mapping[str, Any]:
    return {
        "short": short.tenor,
        "long": long.tenor,
        "difference": Fen(long.fee_total - short.fee_total),
        "fee_short": Fen(short.fee_total),
        "fee_long": Fen(long.fee_total),
        "per_short": Fen(short.per_period),
        "per_long": Fen(long.per_period),
        "apr_short": rate(short),
        "apr_long": rate(long),
    }


def _extremes(plans: Sequence[PricedPlan]) -> Mapping[str, Any]:
    cheapest = min(plans, key=lambda plan: (plan.fee_total, plan.tenor))
    lightest = min(plans, key=lambda plan: (plan.per_period, plan.tenor))
    return {
        "cheapest": cheapest.tenor,
        "fee": Fen(cheapest.fee_total),
        "per_cheapest": Fen(cheapest.per_period),
        "apr_cheapest": rate(cheapest),
        "lightest": lightest.tenor,
        "per_lightest": Fen(lightest.per_period),
        "fee_lightest": Fen(lightest.fee_total),
        "apr_lightest": rate(lightest),
    }
