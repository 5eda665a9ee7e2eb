"""What customers want to be told before it comes: asked for with buttons, each of which says in its topic what it is for and what it is about, or
in words, which are topics of their own."""

from __future__ import annotations

from datetime import timedelta

from actions.core.causes import Cause
from actions.core.handoff import Reminders
from actions.core.moments import start_of
from actions.core.turn import Button
from actions.dialogue import choices
from actions.dialogue.buttons import ADVICE_TOPIC
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases

_SKIP, _MOVED = "skip", "moved"
ASK = f"{ADVICE_TOPIC}_ask"
"""The topic of whoever wants to be told, by button or in words; its own answer is for where nobody can be."""
REMINDED = "reminded"
"""The sub-question whether one is reminded, beside whose answers it is offered."""


def offer(context: TurnContext) -> tuple[Button, ...]:
    """The button that asks to be told, where there is anything the customer is not told yet; put where a case has ended well."""
    return (context.buttons.offer_advice(),) if context.reminders is not None and _open_topics(context, context.reminders) else ()


def heard(context: TurnContext) -> bool:
    """Does what a button about advice is for; False: the message is no such button."""
    kind, _, about = (context.turn.entity("topic") or "").partition(":")
    act = {
        ASK: _ask,
        f"{ADVICE_TOPIC}_on": _give,
        f"{ADVICE_TOPIC}_off": _withdraw,
        f"{ADVICE_TOPIC}_skip": _skip,
        f"{ADVICE_TOPIC}_when": _ask_when,
        f"{ADVICE_TOPIC}_at": _move,
    }.get(kind)
    if act is None or context.reminders is None:
        return False
    act(context, context.reminders, about)
    return True


def heard_in_words(context: TurnContext, topic: str) -> bool:
    """Does what a topic about advice is for; False: it is none, or there is nothing to do, and its own answer is to be said."""
    reminders = context.reminders
    if reminders is None or not context.knowledge.advice.topics:
        return False
    if topic == ASK:
        _ask(context, reminders, "")
        return True
    if topic == f"{ADVICE_TOPIC}_off":
        return _call_off(context, reminders)
    return topic == f"{ADVICE_TOPIC}_when" and _ask_when_of_latest(context, reminders)


def _call_off(context: TurnContext, reminders: Reminders) -> bool:
    """Whoever wants none any more and does not say of what gets none at all: the other way round would be told against their will.

    That goes for the notice that what they wait for is over, too.
    """
    wanted, waits = sorted(reminders.wanted(context.turn.user_id)), choices.waits_for(context, context.case.cause)
    if waits:
        context.notices.unsubscribe(context.turn.user_id)
    if wanted:
        _withdraw(context, reminders, wanted[0] if len(wanted) == 1 else "")
    elif waits:
        context.say(phrases.GIVEN_UP_NOTICE, choices.of_phase(context))
    return bool(wanted) or waits


def _ask_when_of_latest(context: TurnContext, reminders: Reminders) -> bool:
    """Another day for what was told and comes first of all that has not begun."""
    causes = [cause for topic in context.knowledge.advice.topics.values() for cause in topic.causes]
    told = [(known, cause) for cause in causes if (known := reminders.told(context.turn.user_id, cause)) is not None]
    ahead = [(known.on, cause) for known, cause in told if known.on > known.today]
    if ahead:
        _ask_when(context, reminders, min(ahead)[1])
    return bool(ahead)


def _open_topics(context: TurnContext, reminders: Reminders) -> list[str]:
    topics = context.knowledge.advice.topics
    wanted = reminders.wanted(context.turn.user_id) if topics else frozenset()
    return [topic for topic in topics if topic not in wanted]


def _ask(context: TurnContext, reminders: Reminders, _about: str) -> None:
    left = _open_topics(context, reminders)
    if not left:
        _say_all_given(context)
        return
    buttons = (*context.buttons.advice_topics(left), context.buttons.person())
    context.say(phrases.ADVICE_ASK, buttons, choices.clarification(buttons))


def _say_all_given(context: TurnContext) -> None:
    context.say(phrases.ADVICE_GIVEN_ALL, (context.buttons.advice_off(), context.buttons.person()))


def _give(context: TurnContext, reminders: Reminders, topic: str) -> None:
    known = context.knowledge.advice.topics.get(topic)
    if known is None:
        _ask(context, reminders, "")
        return
    reminders.give(context.turn.user_id, topic, context.knowledge.advice.wording)
    left = [each for each in _open_topics(context, reminders) if each != topic]
    if not left:
        _say_all_given(context)
        return
    buttons = (*context.buttons.advice_topics(left), context.buttons.advice_off(topic), context.buttons.person())
    context.say(phrases.ADVICE_GIVEN, buttons, topic=known.title)


def _withdraw(context: TurnContext, reminders: Reminders, topic: str) -> None:
    known = context.knowledge.advice.topics.get(topic)
    reminders.withdraw(context.turn.user_id, topic or None)
    offered = (context.buttons.offer_advice(), context.buttons.person())
    if known is None:
        context.say(phrases.ADVICE_WITHDRAWN_ALL, offered)
    else:
        context.say(phrases.ADVICE_WITHDRAWN, offered, topic=known.title)


def _skip(context: TurnContext, reminders: Reminders, cause: str) -> None:
    if reminders.told(context.turn.user_id, cause) is not None:
        reminders.answer(cause, _SKIP)
    context.say(phrases.ADVICE_SKIPPED, choices.of_phase(context))


def _ask_when(context: TurnContext, reminders: Reminders, cause: str) -> None:
    left = _days_left(context, reminders, cause)
    if left is None:
        context.say(phrases.ADVICE_GONE, choices.of_phase(context))
    elif left:
        buttons = (*context.buttons.advice_times(cause, left), context.buttons.person())
        context.say(phrases.ADVICE_WHEN, buttons, choices.clarification(buttons))
    else:
        context.say(phrases.ADVICE_WHEN_NONE, context.buttons.advice(cause))


def _move(context: TurnContext, reminders: Reminders, about: str) -> None:
    cause, _, days = about.partition(":")
    told, left = reminders.told(context.turn.user_id, cause), _days_left(context, reminders, cause)
    if told is None or not left or not days.isdecimal() or int(days) not in left:
        context.say(phrases.ADVICE_GONE, choices.of_phase(context))
        return
    reminders.answer(cause, _MOVED, int(days))
    on = context.knowledge.locale.moment(told.on - timedelta(days=int(days)), start_of(told.today))
    context.say(phrases.ADVICE_MOVED, choices.of_phase(context), on=on)


def _days_left(context: TurnContext, reminders: Reminders, cause: str) -> list[int] | None:
    """How many days before what was told begins it can be told once more; None: it was not told, or is not known any more."""
    known: Cause | None = context.knowledge.causes.get(cause)
    told = reminders.told(context.turn.user_id, cause)
    if known is None or known.told_before is None or told is None or told.on <= told.today:
        return None
    return [days for days in known.told_before.days if told.on - timedelta(days=days) > told.today]
