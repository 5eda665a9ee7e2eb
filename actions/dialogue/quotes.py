"""Quotes: what an amount would cost in each tenor, computed from the plan table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.core.amounts import amount_to_finance, line_financed, payable_amount
from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.messages import AnswerData
from actions.core.money import Fen, fen_named, yuan_text
from actions.core.named_amounts import AskedAmount, Named, OfSeveral, Periods, Rest, Unclear, are_of_order, asked_amount, is_about_order
from actions.core.plans import PricedPlan, plans_for, price_amount, running_contracts
from actions.core.subject import Subject
from actions.core.topics import Topic
from actions.dialogue import choices
from actions.dialogue.context import TurnContext
from actions.dialogue.figures import figures, in_short, of_tenors, within, worked_out
from actions.dialogue.subjects import described, lines_named, splittable
from actions.knowledge import phrases
from actions.knowledge.aspects import Aspect
from actions.knowledge.phrases import Phrase

QUOTE = "plan_quote"
"""The intent that asks for a quote, and the topic that asks back for the amount."""
_ROUGHLY = "cue_roughly"
_OPEN = ("cart", "unpaid")
"""States of an order that is still to be paid for."""
COMPARE, OFFERED = "compare_tenors", "tenors_offered"
"""The topics that ask which tenor to choose, and which there are."""


def names_amount(context: TurnContext) -> bool:
    """Whether the message speaks of an amount, exactly or not."""
    return asked_amount(context.turn.entities, _tenor(context)) is not None


def quote(context: TurnContext) -> bool:
    """Says what each tenor would cost; False, and nothing said, if it is not known for which amount."""
    facts, asked = _facts_of_named_order(context), asked_amount(context.turn.entities, _tenor(context))
    if asked is None and context.price_of_bill is not None and _quote_bill(context, context.price_of_bill):
        return True
    # Whoever has seen one quote, or was asked for the amount, may name one without saying what for.
    context.remember(asked_amount=True)
    rounded = isinstance(asked, Named) and context.turn.has(_ROUGHLY) and is_about_order(asked.fen, facts)
    if rounded or (isinstance(asked, Unclear) and are_of_order(asked, facts)):
        asked = None  # The order's own amount was rounded, or named beside what is paid at once.
    match asked:
        case Periods(each, None) if (found := within(_plans_at_hand(context, facts), each)) is not None:
            phrase, values = found
            _say(context, phrase, **values)
        case Periods(each, int(tenor)):
            _say(context, phrases.QUOTE_PERIODS, each=Fen(each), tenor=tenor, total=Fen(each * tenor))
        case Unclear(said) if (agreed := worked_out([fen_named(each) for each in said], facts.plans, _tenor(context))) is not None:
            _say(context, phrases.PLANS_WORKED_OUT, **agreed)
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
        case None if context.turn.case.quoted is not None:
            _quote_amount(context, facts, Named(context.turn.case.quoted), _follow_up(context))
        case None if len(lines_named(context.turn, facts.lines)) in range(1, len(facts.lines)):
            # A part of the order is asked about: what else is in it does not count.
            _quote_amount(context, facts, Named(sum(map(line_financed, lines_named(context.turn, facts.lines)))), _follow_up(context))
        case _ if facts.order is not None:
            _quote_order(context, facts, _follow_up(context))
        case _:
            return False
    return True


def _facts_of_named_order(context: TurnContext) -> Facts:
    """The customer's state with what they look at, or with the one of their orders that the message describes."""
    facts = context.facts()
    named = described(context.turn, context.source.orders(context.turn.user_id)) if facts.order is None else None
    return context.source.snapshot(context.turn.user_id, Subject("order", named)) if named else facts


def quote_instead(context: TurnContext, topic: Topic) -> bool:
    """Answers from the plans of the order, where one of their tenors is asked about, or plans were just shown and are compared; False if not."""
    tenors = context.tenors
    before = context.turn.case
    shown = context.case.phase == "resolved" or before.quoted is not None or before.asked_amount
    compared = shown and topic.id == COMPARE
    if topic.id == COMPARE and isinstance(asked_amount(context.turn.entities, _tenor(context)), Periods):
        # What each period may come to says which tenor is meant.
        return quote(context)
    if topic.quote == "tenor" and context.case.phase == "resolved" and not tenors:
        # Of the plans that were just shown none is chosen yet.
        context.say(phrases.PLANS_FIRST_DUE_ANY, choices.of_phase(context), AnswerData(topic=topic.id, facts=[]))
        return True
    offered = tuple(plan.tenor for plan in _plans_at_hand(context, context.facts())) if topic.id == OFFERED and tenors else ()
    if offered and not set(offered) & set(tenors):
        context.say(phrases.QUOTE_NOT_OF_ORDER, choices.of_phase(context), AnswerData(topic=topic.id, facts=[]), tenors=offered)
        return True
    if not (compared or (tenors and topic.quote in ("order", "tenor"))) or names_amount(context):
        return False
    facts = context.facts()
    if topic.quote == "tenor" and any(contract.tenor in tenors for contract in running_contracts(facts)):
        # Of what is being paid already the record knows more than the plans.
        return False
    found = figures(_plans_at_hand(context, facts), tenors, topic.id == COMPARE)
    if found is None:
        return False
    phrase, values = found
    if topic.quote == "tenor":
        if phrase is not phrases.PLANS_OF_TENOR:
            return False
        phrase, wanted = phrases.PLANS_FIRST_DUE, phrases.PLANS_FIRST_DUE.placeholders
        values = {name: value for name, value in values.items() if name in wanted}
    # What is said next may be about the same amount.
    context.remember(quoted=context.turn.case.quoted, asked_amount=True)
    text, *variants = context.speaker.variants(phrase, **values)
    buttons = choices.of_phase(context)
    if context.case.phase == "idle":
        buttons = (*context.buttons.topics(topic.follow_up), *buttons)
    context.speaker.say(text, buttons, AnswerData(topic=topic.id, facts=[]), variants)
    return True


def asks_of_a_tenor(context: TurnContext) -> bool:
    """Whether what stands in the plans is asked of an order that can be split, and a tenor is named."""
    free = context.case.phase in ("idle", "resolved") and bool(_of_plans(context, context.turn.aspects))
    return free and _tenor(context) is not None and bool(_plans_asked_for(context, context.facts()))


def quote_behind(context: TurnContext, topic: Topic, narrow: bool) -> None:
    """Adds the plans to an answer about what installments cost: for the amount that is named, else for the order or the bill at hand; the order's
    only where no case is under way or at its end, and no other amount was quoted; to a ``narrow`` answer only if figures were asked for."""
    facts, tenor = context.facts(), _tenor(context)
    asked = asked_amount(context.turn.entities, tenor)
    if narrow and asked is None and not _of_plans(context, context.turn.aspects):
        return
    context.remember(asked_amount=True)
    if isinstance(asked, Named) and topic.quote == "bill" and _quote_bill(context, topic, asked.fen):
        return
    if isinstance(asked, (Named, OfSeveral)) and price_amount(asked.fen, facts.plans, tenor):
        _quote_amount(context, facts, asked, topic.follow_up)
    elif asked is None and topic.quote == "bill":
        _quote_bill(context, topic)
    elif asked is None and topic.quote == "order" and context.case.phase == "idle" and context.turn.case.quoted is None:
        plans = of_tenors(_plans_of_order(context, facts), context.tenors)
        if plans:
            context.wording.quote(amount_to_finance(facts), plans, topic.follow_up, of_order=True)


def show_plans(context: TurnContext, aspects: Sequence[str]) -> None:
    """Adds the plans of the order that can be split to an answer, if one of its sub-questions asks for them and none were just shown."""
    asked = [aspect for aspect in _of_plans(context, aspects) if not (context.case.phase == "resolved" and aspect.answers.get("resolved"))]
    if not asked:
        return
    facts = context.facts()
    if facts.order is None or facts.order.status not in _OPEN or diagnose(facts, context.knowledge.causes.values()).blocks:
        return
    plans = _plans_asked_for(context, facts)
    if plans:
        buttons = context.speaker.replies[-1].buttons
        context.wording.quote(amount_to_finance(facts), plans, (), of_order=True)
        context.speaker.offer(buttons)


def of_named_tenor(context: TurnContext, aspects: Sequence[str]) -> str:
    """The figures of the tenor that is named, where a sub-question asks what stands in the plans that were shown; empty otherwise."""
    if context.case.phase != "resolved" or _tenor(context) is None or not _of_plans(context, aspects):
        return ""
    phrase, values = figures(_plans_at_hand(context, context.facts()), context.tenors) or (None, {})
    return context.speaker.phrase(phrase, **values) if phrase is phrases.PLANS_OF_TENOR else ""


def _of_plans(context: TurnContext, aspects: Sequence[str]) -> list[Aspect]:
    known = context.knowledge.aspects
    return [known[name] for name in aspects if name in known and known[name].of_plans]


def _plans_at_hand(context: TurnContext, facts: Facts) -> tuple[PricedPlan, ...]:
    """The plans of the amount that was just quoted, else of the order at hand."""
    quoted = context.turn.case.quoted
    return price_amount(quoted, facts.plans) if quoted is not None else _plans_of_order(context, facts)


def _plans_of_order(context: TurnContext, facts: Facts) -> tuple[PricedPlan, ...]:
    """The plans of the order at hand; none in the middle of a case, unless tenors are named and all that is left to do is the customer's."""
    complains = context.knowledge.intents[context.intent].complaint
    payable = facts.order is not None and facts.order.status in _OPEN and not complains
    free = context.case.phase in ("idle", "resolved")
    within_reach = context.case.phase == "doing" and bool(context.tenors)
    if payable and within_reach:
        blocks = diagnose(facts, context.knowledge.causes.values()).blocks
        within_reach = all(found.cause.nature == "self" for found in blocks)
    return plans_for(facts) if payable and (free or within_reach) else ()


def _plans_asked_for(context: TurnContext, facts: Facts) -> tuple[PricedPlan, ...]:
    """The plans of what is looked at, or those of the tenors that are named."""
    return of_tenors(plans_for(facts), context.tenors)


def _quote_bill(context: TurnContext, topic: Topic, each: int | None = None) -> bool:
    """The plans of the bill that can be split, if the customer has one and nothing stands in its way; whether it does.

    Args:
        each: what is named beside it: if it is no more than half of the bill, it is what there is for a period.
    """
    bill = splittable(context.source.bills(context.turn.user_id))
    if bill is None or (each is not None and bill.amount < 2 * each):
        return False
    facts = context.source.snapshot(context.turn.user_id, Subject("bill", bill.id))
    if not diagnose(facts, context.knowledge.causes.values()).blocks:
        plans = _plans_asked_for(context, facts)
        if plans:
            context.wording.quote(plans[0].amount, plans, topic.follow_up)
            found = within(plans, each) if each is not None else None
            if found is not None:
                context.speaker.lead_in(context.speaker.phrase(found[0], **found[1]), at=-1)
            return True
    return False


def _quote_order(context: TurnContext, facts: Facts, topics: tuple[str, ...]) -> None:
    plans = _plans_asked_for(context, facts)
    if plans:
        _tell(context, amount_to_finance(facts), plans, topics, of_order=True)
    else:
        _no_plans(context, facts)


def _tell(
    context: TurnContext, amount: int, plans: tuple[PricedPlan, ...], topics: tuple[str, ...], taken: str = "", of_order: bool = False
) -> None:
    """Shows plans; of one that is named what it costs comes first, between two the difference."""
    context.wording.quote(amount, plans, topics, taken, of_order)
    found = in_short(plans, context.tenors)
    if found is not None:
        context.speaker.lead_in(context.speaker.phrase(found[0], **found[1]), at=-1)


def _quote_amount(context: TurnContext, facts: Facts, asked: AskedAmount, topics: tuple[str, ...]) -> None:
    amount, taken = _taken(context, asked)
    plans = of_tenors(price_amount(amount, facts.plans), context.tenors)
    context.remember(quoted=amount)
    if amount == 0:
        _say(context, phrases.QUOTE_NOTHING, amount=Fen(amount))
    elif plans:
        _tell(context, amount, plans, topics, taken)
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
    of_order = tuple(plan.tenor for plan in plans_for(facts)) if not names_amount(context) else ()
    table, tenor = tuple(sorted(plan.tenor for plan in facts.plans)), _tenor(context)
    if of_order and tenor is not None:
        context.say(phrases.QUOTE_NOT_OF_ORDER, tenors=of_order)
    elif table and tenor is not None:
        context.say(phrases.QUOTE_NO_SUCH_TENOR, tenors=table)
    else:
        context.say(phrases.QUOTE_NO_PLANS)


def _say(context: TurnContext, phrase: Phrase, **values: Any) -> None:
    buttons = (*context.buttons.topics(_follow_up(context)), context.buttons.person())
    context.say(phrase, buttons, AnswerData(topic=QUOTE, facts=[]), **values)


def _follow_up(context: TurnContext) -> tuple[str, ...]:
    return context.knowledge.answers.topic(QUOTE).follow_up


def _tenor(context: TurnContext) -> int | None:
    """The tenor that is asked for; None if none or several are."""
    return context.tenors[0] if len(context.tenors) == 1 else None
