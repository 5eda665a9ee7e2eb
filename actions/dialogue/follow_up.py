"""Questions and remarks that only make sense within the running case: answered from the cause on the table, with the choices of the case behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Mapping, Optional, Sequence, Tuple

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Diagnosis, Found
from actions.core.messages import AnswerData
from actions.core.money import Fen, fen_named
from actions.core.topics import CaseMove, Topic
from actions.core.walkthrough import Walkthrough
from actions.core.what_if import what_if_paid
from actions.dialogue import casework, choices, queue
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases
from actions.knowledge.rendering import Values

HOW_FIX, HOW_LONG, PARTLY, ORDER = "how_fix", "how_long", "partly_done", "order_of_steps"
"""Aspects that moves fall back on."""


def answer_about(context: TurnContext, topic: Topic, aspects: Sequence[str], claims: Sequence[str] = ()) -> None:
    """Answers sub-questions about the cause on the table, by the state as it is now; what the customer says of it is put right first."""
    diagnosis = context.diagnose()
    found = on_the_table(context, diagnosis)
    before = context.wording.claims(context.knowledge.claims, claims, diagnosis.facts)
    said = [filled for aspect in aspects if (filled := _filled(context, aspect, diagnosis, found))]
    # Each of the texts has variants; the reply varies by the first of them.
    first, behind = (said[0], [each[0] for each in said[1:]]) if said else ([context.speaker.phrase(phrases.NOT_ON_RECORD)], [])
    text, *variants = ["\n".join([*before, each, *behind]) for each in first]
    evidence = context.wording.proofs(found, diagnosis.facts.now)
    context.speaker.say(text, choices.of_phase(context), AnswerData(topic=topic.id, facts=evidence), variants)


def _filled(context: TurnContext, aspect: str, diagnosis: Diagnosis, found: Optional[Found]) -> list[str]:
    """The variants of what is said about an aspect; a line may speak of what this state lacks, and what is left of a text be nothing."""
    amount = fen_named(context.turn.entity("amount") or context.turn.entity("down_payment"))
    paid = what_if_paid(diagnosis.facts, None if amount is None else Fen(amount))
    values = Values(diagnosis.facts, found.matches if found is not None else (), paid)
    return [each for each in (context.wording.filled(text, values) for text in _texts(context, aspect, found)) if each]


def on_the_table(context: TurnContext, diagnosis: Diagnosis) -> Optional[Found]:
    """The cause that is spoken of: the one in hand if it still holds, else the first that blocks, else the first that limits."""
    held = diagnosis.get(context.case.cause)
    return held or next(iter(diagnosis.blocks), None) or next(iter(diagnosis.found), None)


def _texts(context: TurnContext, aspect: str, found: Optional[Found]) -> Tuple[str, ...]:
    known, phase = context.knowledge.aspects[aspect], context.case.phase
    own = tuple(found.cause.aspects.get(aspect, ())) if found is not None else ()
    if phase == "handed_over" and known.answers.get("queued") and (not own or aspect == HOW_LONG):
        return known.answer("queued")
    if own:
        return own
    if found is None or not context.case.causes:
        if phase == "resolved":
            return known.answer("resolved")
        return tuple(context.knowledge.causes[NO_CAUSE_FOUND].aspects.get(aspect, known.answer("none")))
    if aspect == HOW_LONG and found.cause.wait is not None:
        return (found.cause.wait.text, *known.answer(found.cause.nature))
    return known.answer(found.cause.nature)


# --- the choices of the case -----------------------------------------------------------------------------------------------------------


def offer_choices(context: TurnContext) -> None:
    """Offers the choices of the case once more: a question that was put is put again, else the last reply gets the buttons."""
    case = context.case
    if case.phase == "asking_subject" or (case.phase == "doing" and not case.paused):
        casework.prompt(context)
    elif case.phase != "idle":
        context.speaker.offer(choices.of_phase(context))


# --- moves -----------------------------------------------------------------------------------------------------------------------------


def move(context: TurnContext, topic: Topic, name: CaseMove) -> None:
    """Does what a question about the case asks for."""
    _MOVES[name](context, topic)


def _next_step(context: TurnContext, topic: Topic) -> None:
    match context.case.phase:
        case "doing":
            diagnosis = context.diagnose()
            held = diagnosis.get(context.case.cause)
            if held is not None and held.cause.aspects.get(HOW_FIX):
                text, *variants = _filled(context, HOW_FIX, diagnosis, held)
                context.speaker.say(text, (), AnswerData(topic=topic.id, facts=context.wording.proofs(held, diagnosis.facts.now)), variants)
            casework.advance(context, Walkthrough.resume, diagnosis, reworded=True)
        case "offered":
            casework.start_meanwhile(context)
        case "confirming" | "handoff_offered":
            casework.prompt(context)
        case _:
            answer_about(context, topic, (HOW_FIX,))


def _other_causes(context: TurnContext, topic: Topic) -> None:
    diagnosis = context.diagnose()
    held = on_the_table(context, diagnosis)
    others = [found for found in diagnosis.found if found is not held]
    if held is None:
        context.speaker.say(
            context.speaker.phrase(phrases.NOTHING_FOUND_STILL), choices.of_phase(context), AnswerData(topic=topic.id, facts=[])
        )
    else:
        lines = [
            context.speaker.phrase(phrases.DIAGNOSIS_OTHER, summary=context.wording.summary(found, diagnosis.facts)) for found in others
        ]
        opening = phrases.OTHER_CAUSES if others else phrases.ONLY_CAUSE
        text = "\n".join([context.speaker.phrase(opening, title=held.cause.title), *lines])
        evidence = context.wording.proofs(held, diagnosis.facts.now)
        context.speaker.say(text, choices.of_phase(context), AnswerData(topic=topic.id, facts=evidence))


def _first_things_first(context: TurnContext, topic: Topic) -> None:
    if context.case.phase == "offered":
        casework.start_meanwhile(context)
    else:
        answer_about(context, topic, (ORDER,))


def _look_again(context: TurnContext, topic: Topic) -> None:
    case = context.case
    if case.phase == "confirming" or (case.phase == "doing" and case.cause == NO_CAUSE_FOUND and not context.diagnose().blocks):
        casework.confirm(context)
    else:
        casework.advance(context, Walkthrough.look)


def _partly_done(context: TurnContext, topic: Topic) -> None:
    """Looks again without counting it as a failed check: nobody said that all of it is done."""
    diagnosis, cause = context.diagnose(), context.case.cause
    if diagnosis.get(cause) is None:
        casework.step_done(context)
    else:
        answer_about(context, topic, (PARTLY,))


def _will_do(context: TurnContext, topic: Topic) -> None:
    if context.case.phase == "offered":
        casework.start_meanwhile(context)
    else:
        context.speaker.say(context.speaker.phrase(phrases.WILL_DO), choices.of_phase(context), AnswerData(topic=topic.id, facts=[]))


def _give_up(context: TurnContext, topic: Topic) -> None:
    case = context.case
    if case.phase == "waiting" and case.subject is not None and choices.waits_for(context, case.cause):
        context.notices.unsubscribe(context.turn.user_id)
        text = phrases.GIVEN_UP_NOTICE
    else:
        text = phrases.GIVEN_UP
    context.keep(case.on_cause(None).but(phase="idle"))
    buttons = context.buttons.given_up() if case.subject is not None else (context.buttons.person(),)
    context.speaker.say(context.speaker.phrase(text), buttons, AnswerData(topic=topic.id, facts=[]))


def _cancel_person(context: TurnContext, topic: Topic) -> None:
    if queue.is_waiting(context):
        queue.withdraw(context)
    elif context.case.phase == "handoff_offered":
        casework.decline(context)
    else:
        context.speaker.say(
            context.speaker.phrase(phrases.NO_PERSON_CALLED), choices.of_phase(context), AnswerData(topic=topic.id, facts=[])
        )


def _queue_status(context: TurnContext, topic: Topic) -> None:
    handoff = context.desk.open_handoff(context.turn.user_id)
    if handoff is None:
        text = context.speaker.phrase(phrases.NOT_QUEUED)
    else:
        text = context.speaker.phrase(phrases.QUEUE_STATUS, number=handoff.id)
    context.speaker.say(text, choices.of_phase(context), AnswerData(topic=topic.id, facts=[]))


def _correct_subject(context: TurnContext, topic: Topic) -> None:
    # Said in words that no pattern knows, it is a correction all the same.
    context.turn = replace(context.turn, entities={**context.turn.entities, "cue_not_this_order": (context.turn.text,)})
    casework.reopen(context)


def _start_over(context: TurnContext, topic: Topic) -> None:
    context.keep(Case())
    casework.offer_menu(context, phrases.START_OVER)


_MOVES: Mapping[CaseMove, Callable[[TurnContext, Topic], None]] = {
    "next_step": _next_step,
    "other_causes": _other_causes,
    "first_things_first": _first_things_first,
    "look_again": _look_again,
    "partly_done": _partly_done,
    "will_do": _will_do,
    "give_up": _give_up,
    "cancel_person": _cancel_person,
    "queue_status": _queue_status,
    "correct_subject": _correct_subject,
    "start_over": _start_over,
}
