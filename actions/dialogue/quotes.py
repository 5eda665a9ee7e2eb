"""Quotes: what an amount would cost in each tenor, computed from the plan table."""

from __future__ import annotations

from typing import Any

from actions.core.amounts import amount_to_finance, payable_amount
from actions.core.asked_amount import AskedAmount, Named, OfSeveral, Periods, Rest, Unclear, asked_amount
from actions.core.facts import Facts
from actions.core.messages import AnswerData
from actions.core.money import Fen, yuan_text
from actions.core.plans import plans_for, price_amount
from actions.core.topics import Topic
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase

QUOTE = "plan_quote"
"""The intent that asks for a quote, and the topic that asks back for the amount."""
_OPEN = ("cart", "unpaid")
"""States of an order that is still to be paid for."""


def names_amount(context: TurnContext) -> bool:
    """Whether the message speaks of an amount, exactly or not."""
    return asked_amount(context.turn.entities, _tenor(context)) is not None


def quote(context: TurnContext) -> bool:
    """Says what each tenor would cost; False, and nothing said, if it is not known for which amount."""
    facts, asked = context.facts(), asked_amount(context.turn.entities, _tenor(context))
    # Whoever has seen one quote, or was asked for the amount, may name one without saying what for.
    context.remember(asked_amount=True)
    match asked:
        case Periods(each, int(tenor)):
            _say(context, phrases.QUOTE_PERIODS, each=Fen(each), tenor=tenor, total=Fen(each * tenor))
        case Unclear(said):
            _ask_which(context, said)
        case Rest(None, paid) if facts.order is not None:
            whole = payable_amount(facts)
            if paid < whole:
                _quote_amount(context, facts, Rest(whole, paid), _follow_up(context))
            else:
                _ask_which(context, (yuan_text(whole), yuan_text(paid)))
        case Named() | OfSeveral() | Rest(int()):
            _quote_amount(context, facts, asked, _follow_up(context))
        case _ if facts.order is not None:
            _quote_order(context, facts, _follow_up(context))
        case _:
            return False
    return True


def quote_behind(context: TurnContext, topic: Topic) -> None:
    """Adds the plans to an answer about what installments cost: for the amount that is named, else for the order, if the topic is about orders.

    In the middle of a case the order's are left out: what stands in the way of them comes first.
    """
    facts, tenor = context.facts(), _tenor(context)
    context.remember(asked_amount=True)
    asked = asked_amount(context.turn.entities, tenor)
    complains = context.knowledge.intents[context.intent].complaint
    payable = facts.order is not None and facts.order.status in _OPEN and context.case.phase == "idle" and not complains
    if isinstance(asked, (Named, OfSeveral)) and price_amount(asked.fen, facts.plans, tenor):
        _quote_amount(context, facts, asked, topic.follow_up)
    elif asked is None and topic.quote == "order" and payable and plans_for(facts):
        _quote_order(context, facts, topic.follow_up)


def _quote_order(context: TurnContext, facts: Facts, topics: tuple[str, ...]) -> None:
    tenor = _tenor(context)
    plans = tuple(plan for plan in plans_for(facts) if tenor in (None, plan.tenor))
    if plans:
        context.wording.quote(amount_to_finance(facts), plans, topics)
    else:
        _no_plans(context, facts)


def _quote_amount(context: TurnContext, facts: Facts, asked: AskedAmount, topics: tuple[str, ...]) -> None:
    amount, taken = _taken(context, asked)
    plans = price_amount(amount, facts.plans, _tenor(context))
    if amount == 0:
        _say(context, phrases.QUOTE_NOTHING, amount=Fen(amount))
    elif plans:
        context.wording.quote(amount, plans, topics, taken)
    else:
        _no_plans(context, facts)


def _taken(context: TurnContext, asked: AskedAmount) -> tuple[int, str]:
    """The amount to quote, and how it was arrived at, if it is not simply the named one."""
    match asked:
        case Named(fen):
            return fen, ""
        case OfSeveral(price, quantity):
            return asked.fen, context.speaker.phrase(phrases.QUOTE_OF_SEVERAL, price=Fen(price), quantity=quantity, amount=Fen(asked.fen))
        case Rest(int(whole), paid):
            rest = whole - paid
            return rest, context.speaker.phrase(phrases.QUOTE_REST, whole=Fen(whole), paid=Fen(paid), amount=Fen(rest))
    raise TypeError(f"{asked!r} is no amount")


def _ask_which(context: TurnContext, said: tuple[str, ...]) -> None:
    _say(context, phrases.QUOTE_WHICH_AMOUNT, said=said)


def _no_plans(context: TurnContext, facts: Facts) -> None:
    table, tenor = tuple(sorted(plan.tenor for plan in facts.plans)), _tenor(context)
    if table and tenor is not None:
        context.say(phrases.QUOTE_NO_SUCH_TENOR, tenors=table)
    else:
        context.say(phrases.QUOTE_NO_PLANS)


def _say(context: TurnContext, phrase: Phrase, **values: Any) -> None:
    buttons = (*context.buttons.topics(_follow_up(context)), context.buttons.person())
    context.say(phrase, buttons, AnswerData(topic=QUOTE, facts=[]), **values)


def _follow_up(context: TurnContext) -> tuple[str, ...]:
    return context.knowledge.answers.topic(QUOTE).follow_up


def _tenor(context: TurnContext) -> int | None:
    """The tenor that is asked for; None if none is, or several are, which are compared by seeing all."""
    named = {int(text) for text in context.turn.entities.get("tenor", ()) if text.isdecimal()}
    return named.pop() if len(named) == 1 else None
