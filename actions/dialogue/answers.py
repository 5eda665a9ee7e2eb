"""Questions: answers from the knowledge, and quotes computed from the plan table."""

from __future__ import annotations

from typing import Optional

from actions.core.amounts import amount_to_finance
from actions.core.messages import AnswerData, MessageData, OutOfScopeData
from actions.core.money import fen_named
from actions.core.plans import plans_for, price_amount
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases
from actions.knowledge.model import Topic

QUOTE = "plan_quote"
"""The intent that asks for a quote, and the topic that asks back for the amount."""
OUT_OF_SCOPE = "out_of_scope"


def answer(context: TurnContext) -> None:
    """Answers a question."""
    _answer(context, _topic(context, context.intent))


def quote(context: TurnContext) -> None:
    """Says what each tenor would cost, if that is what was asked and not how a quote comes about."""
    topic = _topic(context, QUOTE)
    figures = context.turn.has("amount") or context.turn.has("tenor")
    if topic.id == QUOTE or (figures and _named_topic(context) is None):
        _quote(context)
    else:
        _answer(context, topic)


def answer_second(context: TurnContext) -> None:
    """Answers the question that stands beside a complaint."""
    if context.turn.second_intent == QUOTE:
        quote(context)
    elif context.turn.second_intent is not None:
        _answer(context, _topic(context, context.turn.second_intent))


def redirect(context: TurnContext) -> bool:
    """Says where a known other product or matter belongs; False, and nothing said, if it is none that is known."""
    products = " ".join(context.turn.entities.get("product", ()))
    topic = _named_topic(context) or context.knowledge.answers.choose(OUT_OF_SCOPE, f"{context.turn.text} {products}")
    if topic is _elsewhere(context):
        return False
    _say(context, topic, OutOfScopeData())
    return True


def redirect_anywhere(context: TurnContext) -> None:
    """Says that a matter is not for this assistant without knowing what it is."""
    _say(context, _elsewhere(context), OutOfScopeData())


def _elsewhere(context: TurnContext) -> Topic:
    return context.knowledge.answers.by_intent[OUT_OF_SCOPE][0]


def _named_topic(context: TurnContext) -> Optional[Topic]:
    """The topic of the button that was pressed."""
    named = context.turn.entity("topic")
    return context.knowledge.answers.topics.get(named) if named else None


def _topic(context: TurnContext, intent: str) -> Topic:
    return _named_topic(context) or context.knowledge.answers.choose(intent, context.turn.text)


def _answer(context: TurnContext, topic: Topic) -> None:
    _say(context, topic, AnswerData(topic=topic.id))


def _say(context: TurnContext, topic: Topic, data: MessageData) -> None:
    path = [context.speaker.phrase(phrases.STEP_PATH, path=topic.path)] if topic.path else []
    first, *others = ["\n".join([text, *path]) for text in topic.text]
    buttons = (*context.buttons.topics(topic.follow_up), context.buttons.person())
    context.speaker.say(first, buttons, data, variants=others)


def _quote(context: TurnContext) -> None:
    facts = context.facts()
    amount, tenor = fen_named(context.turn.entity("amount")), _whole(context.turn.entity("tenor"))
    if amount is None and facts.order is None:
        _answer(context, context.knowledge.answers.topic(QUOTE))
        context.remember(asked_amount=True)
        return
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


def _whole(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isdecimal() else None
