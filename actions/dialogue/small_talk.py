"""Everything that is not about the case, after which the case is offered again where it stood."""

from __future__ import annotations

from actions.core.case import Case
from actions.core.diagnosis import diagnose
from actions.dialogue import casework, choices, follow_up, handover, queue, step_answers
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases

_STEP_PHASES = ("doing", "offered", "handoff_offered", "confirming", "asking_subject")


# --- actions ---------------------------------------------------------------------------------------------------------------------------


def greet(context: TurnContext) -> None:
    """Greets."""
    if queue.is_waiting(context):
        # Whoever calls into a queue asks whether anybody is there.
        queue.tell_status(context)
    elif context.case.phase in _STEP_PHASES:
        context.say(phrases.WELCOME_BACK, ())
        casework.prompt(context)
    else:
        casework.offer_menu(context, phrases.GREETING)
        context.introduced = True


def introduce(context: TurnContext) -> None:
    """Says that this is a robot."""
    if context.case.phase in _STEP_PHASES:
        context.say(phrases.ROBOT)
        casework.prompt_after_aside(context)
    else:
        casework.offer_menu(context, phrases.ROBOT)
        context.introduced = True


def acknowledge_thanks(context: TurnContext) -> None:
    """Answers thanks."""
    if context.case.phase == "handoff_offered":
        # "No, thank you" and "yes, please" are thanks only to a classifier.
        likely = dict(context.turn.ranking)
        agrees = likely.get("affirm", 0.0) > likely.get("deny", 0.0)
        (step_answers.agree if agrees else step_answers.decline)(context)
    elif context.case.phase == "confirming":
        # Nobody gives thanks for an option that is still missing.
        step_answers.agree(context)
    elif context.case.phase == "doing":
        # The step stands above: nobody says thanks to be told it once more.
        context.say(phrases.THANKS, choices.of_phase(context))
    else:
        context.say(phrases.THANKS)
        follow_up.offer_choices(context)


def say_goodbye(context: TurnContext) -> None:
    """Says goodbye; a step stays where it is."""
    if context.case.phase == "doing":
        step_answers.decline(context)
    else:
        unfinished = context.case.phase in (*_STEP_PHASES, "waiting")
        context.say(phrases.GOODBYE_UNFINISHED if unfinished else phrases.GOODBYE)


def start_over(context: TurnContext) -> None:
    """Forgets the case."""
    context.keep(Case())
    casework.offer_menu(context, phrases.START_OVER)


def calm(context: TurnContext) -> None:
    """Takes anger seriously; a second outburst goes to a person."""
    if queue.is_waiting(context):
        context.say(phrases.CALM_QUEUED, choices.of_phase(context))
        return
    if context.case.upsets:
        handover.hand_over(context, "complaint")
        return
    context.remember(upsets=1)
    thread = context.thread
    if thread is not None:
        # Angry at what was answered, or at what led to the question: neither is an order that cannot be split.
        context.say(phrases.THREAD_CALM, (*context.buttons.topics(thread.follow_up), context.buttons.person()))
        return
    context.say(phrases.CALM)
    if casework.prompt_after_aside(context):
        return
    if context.case.phase == "idle":
        # Anger has a reason: what is found, else whatever the customer chooses.
        if diagnose(context.facts(), context.knowledge.causes.values()).blocks:
            casework.open_case(context, context.knowledge.assumed_complaint)
        else:
            context.speaker.offer(context.buttons.intents(context.knowledge.menu))
    elif context.case.phase in ("waiting", "explained", "resolved"):
        context.speaker.offer(choices.of_phase(context))
