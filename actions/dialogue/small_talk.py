"""Everything that is not about the case, after which the case is offered again where it stood."""

from __future__ import annotations

from actions.core.case import Case
from actions.dialogue import casework, handover
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases

_STEP_PHASES = ("doing", "offered", "handoff_offered", "confirming", "asking_subject")


# --- actions ---------------------------------------------------------------------------------------------------------------------------


def greet(context: TurnContext) -> None:
    """Greets."""
    if context.case.phase in _STEP_PHASES:
        context.say(phrases.WELCOME_BACK, ())
        casework.prompt(context)
    else:
        casework.offer_menu(context, phrases.GREETING)
        context.introduced = True


def introduce(context: TurnContext) -> None:
    """Says that this is a robot."""
    if context.case.phase in _STEP_PHASES:
        context.say(phrases.ROBOT)
        casework.prompt(context)
    else:
        casework.offer_menu(context, phrases.ROBOT)
        context.introduced = True


def acknowledge_thanks(context: TurnContext) -> None:
    """Answers thanks."""
    if context.case.phase == "handoff_offered":
        # "No, thank you" and "yes, please" are thanks only to a classifier.
        likely = dict(context.turn.ranking)
        agrees = likely.get("affirm", 0.0) > likely.get("deny", 0.0)
        (casework.agree if agrees else casework.decline)(context)
    elif context.case.phase == "confirming":
        # Nobody gives thanks for an option that is still missing.
        casework.agree(context)
    else:
        context.say(phrases.THANKS)
        casework.prompt(context)


def say_goodbye(context: TurnContext) -> None:
    """Says goodbye; a step stays where it is."""
    if context.case.phase == "doing":
        casework.decline(context)
    else:
        unfinished = context.case.phase in (*_STEP_PHASES, "waiting")
        context.say(phrases.GOODBYE_UNFINISHED if unfinished else phrases.GOODBYE)


def start_over(context: TurnContext) -> None:
    """Forgets the case."""
    context.keep(Case())
    casework.offer_menu(context, phrases.START_OVER)


def calm(context: TurnContext) -> None:
    """Takes anger seriously; a second outburst goes to a person."""
    if context.case.upsets:
        handover.hand_over(context, "complaint")
        return
    context.remember(upsets=1)
    context.say(phrases.CALM)
    if not casework.prompt(context) and context.case.phase == "idle":
        # Anger has a reason, and here there is but one it can have.
        casework.open_case(context, context.knowledge.assumed_complaint)
