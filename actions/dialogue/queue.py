"""Customers for whom nobody has come yet, and customers whom a person has given back: what they choose, and going on."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core.diagnosis import Found
from actions.core.handoff import QUEUED, Event
from actions.core.messages import AnswerData
from actions.core.moves import HandOver
from actions.core.walkthrough import Walkthrough
from actions.dialogue.buttons import CANCEL_TOPIC, QUEUE_CHOICES, RESUME_TOPIC
from actions.dialogue.casework import advance, prompt_or_menu
from actions.dialogue.choices import of_phase
from actions.dialogue.context import TurnContext
from actions.dialogue.handover import urgent_reason
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase

OF_THE_BLOCK = "lifted_when"
"""The aspect of words that name what shall end, and not who shall come."""
STATUS_TOPIC = "queue_status"
"""The topic that asks where the person is."""
_TYPED: dict[str, Event] = {"affirm": "wait", "deny": "go_on"}
"""What an answer in words means while the choice is open and nothing else is."""


def concerns(context: TurnContext) -> bool:
    """Whether a turn is about waiting for a person."""
    return context.turn.entity("topic") == RESUME_TOPIC or _choice(context) is not None or _is_for_the_person(context)


def is_waiting(context: TurnContext) -> bool:
    """Whether the customer's case waits for a person."""
    return _stage(context) in QUEUED


def answer(context: TurnContext) -> None:
    """Notes what the customer chose or leaves as a message, or goes on at the step."""
    choice = _choice(context)
    if choice is not None:
        _choose(context, choice)
    elif context.turn.entity("topic") == RESUME_TOPIC:
        _resume(context)
    else:
        context.say(phrases.DESK_NOTED, context.buttons.queued())


def withdraw(context: TurnContext) -> None:
    """Takes the wish for a person back and goes on at the step."""
    _choose(context, "go_on")


def tell_status(context: TurnContext) -> None:
    """Says whether the customer is waiting for a person, under which number and at which place; how long that takes is on no record."""
    text, *variants = status(context)
    context.speaker.say(text, of_phase(context), AnswerData(topic=STATUS_TOPIC, facts=[]), variants)


def status(context: TurnContext, said: Phrase = phrases.QUEUE_STATUS) -> tuple[str, ...]:
    """What is known of the customer's waiting, in variants: the number, the place, what to expect, and how to leave."""
    handoff = context.desk.open_handoff(context.turn.user_id)
    if handoff is None:
        return context.speaker.variants(phrases.NOT_QUEUED)
    return context.speaker.variants(said, number=handoff.id, place=str(context.desk.place(context.turn.user_id)))


def status_before(context: TurnContext, lasts: Sequence[str]) -> tuple[str, ...]:
    """What is known of the waiting, then how long the cause lasts: either may have been meant.

    Args:
        lasts: what is known of the cause; empty if nothing is, which is said to whoever names what shall end: to hear twice that nobody knows
            answers nothing.
    """
    if not lasts and OF_THE_BLOCK in context.turn.aspects:
        return status(context, phrases.QUEUE_END_UNKNOWN)
    return tuple("\n".join([each, *lasts]) for each in status(context))


def status_behind(context: TurnContext, lasts: Sequence[str]) -> tuple[str, ...]:
    """How long the cause lasts, then the place in the queue: who did not ask for a person means the cause."""
    return tuple("\n".join([*lasts, each.splitlines()[0]]) for each in status(context))


def is_called_by(context: TurnContext, found: Found | None) -> bool:
    """Whether the cause that was told called the person by itself: what it says speaks of the person, too."""
    return found is not None and found.cause.handoff.at_once and found.cause.id in context.case.causes


def _choice(context: TurnContext) -> Event | None:
    """What the customer chooses, by a button or, while the choice is all that is open, in words."""
    topic = context.turn.entity("topic") or ""
    if topic in QUEUE_CHOICES:
        return QUEUE_CHOICES[topic][0]
    if context.case.leaving_message or context.case.phase != "handed_over" or topic == RESUME_TOPIC:
        return None
    typed = _TYPED.get(context.turn.intent)
    return typed if typed is not None and _stage(context) == "offered" else None


def _is_for_the_person(context: TurnContext) -> bool:
    """Whether the turn is part of a message for the person; alarms and the wish for a person are heard all the same."""
    if not context.case.leaving_message or not is_waiting(context):
        return False
    return urgent_reason(context) is None and context.turn.intent != "request_human"


def _stage(context: TurnContext) -> str:
    handoff = context.desk.open_handoff(context.turn.user_id)
    return handoff.stage if handoff is not None else "bot"


def _choose(context: TurnContext, choice: Event) -> None:
    if not context.desk.choose(context.turn.user_id, choice):
        context.remember(leaving_message=False)
        context.say(phrases.DESK_NO_CHOICE, ())
        _resume(context)
        return
    context.remember(leaving_message=choice == "leave_message")
    if choice == "go_on":
        _go_on_alone(context)
    else:
        context.say(phrases.DESK_WAITING if choice == "wait" else phrases.DESK_WRITE, context.buttons.queued())


def _go_on_alone(context: TurnContext) -> None:
    """Goes on without a person, whom a cause that asks for one must not call again at once."""
    data = AnswerData(topic=CANCEL_TOPIC, facts=[])
    diagnosis = context.diagnose() if context.case.subject is not None else None
    onwards = context.walkthrough.resume(context.case, diagnosis) if diagnosis is not None else None
    if diagnosis is None or onwards is None or not any(isinstance(move, HandOver) for move in onwards.moves):
        context.say(phrases.DESK_GONE_ON, (), data)
        _resume(context)
        return
    context.keep(onwards.case.but(phase="explained", alone=onwards.case.cause))
    found = diagnosis.get(context.case.cause)
    if found is None:
        context.say(phrases.DESK_GONE_ON, of_phase(context), data)
    else:
        # Nobody but the person could go on with this: to say that it goes on would be a promise without anything behind it.
        context.say(phrases.DESK_TAKEN_BACK, of_phase(context), data, summary=context.wording.summary(found, diagnosis.facts))


def _resume(context: TurnContext) -> None:
    """Goes on at the step, by the state as it is now."""
    if context.case.subject is None:
        prompt_or_menu(context)
    else:
        advance(context, Walkthrough.resume)
