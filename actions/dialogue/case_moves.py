"""What a question or a few words about the case do where no sentence alone can answer: next step, another look, a correction, an end, done or not found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.core.asked import DOUBTLESS
from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Diagnosis, Found
from actions.core.messages import AnswerData
from actions.core.subject import Subject
from actions.core.topics import WHERE, CaseMove, Topic
from actions.core.walkthrough import Walkthrough
from actions.dialogue import casework, choices, follow_up, queue, step_answers, subjects, threads, unasked
from actions.dialogue.context import TurnContext
from actions.dialogue.told import PARTLY
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase

_HOW_FIX, _DONE_YET, _ORDER, _MEANWHILE = "how_fix", "page_says_done", "order_of_steps", "meanwhile"
"""Aspects that moves fall back on."""


def move(context: TurnContext, topic: Topic, name: CaseMove) -> None:
    """Does what a question about the case asks for, where no sentence alone can answer it."""
    MOVES[name](context, topic)


def _next_step(context: TurnContext, topic: Topic) -> None:
    match context.case.phase:
        case "doing":
            diagnosis = context.diagnose()
            held, above = diagnosis.get(context.case.cause), casework.step_stands_above(context)
            if held is not None and context.case.paused:
                summary = context.wording.summary(held, diagnosis.facts)
                data = AnswerData(topic=topic.id, facts=context.wording.proofs(held, diagnosis.facts.now))
                context.speaker.say(context.speaker.phrase(phrases.RESUMED, summary=summary), (), data)
            elif above and (said := _what_now(context, diagnosis, held)):
                # Told once more the step would be no answer.
                text, *variants = said
                context.speaker.say(text, (), AnswerData(topic=topic.id, facts=context.wording.proofs(held, diagnosis.facts.now)), variants)
            answered = bool(context.speaker.replies)
            casework.advance(context, Walkthrough.resume, diagnosis, reworded=above and not answered, brief=above and answered)
        case "offered":
            step_answers.start_meanwhile(context)
        case "handoff_offered":
            # How to pay for now; whether a person is wanted is asked behind it.
            follow_up.answer_about(context, topic, (_MEANWHILE,))
            casework.prompt(context)
        case "confirming":
            casework.prompt(context)
        case _:
            follow_up.answer_about(context, topic, (_HOW_FIX,))


def _what_now(context: TurnContext, diagnosis: Diagnosis, held: Found | None) -> tuple[str, ...]:
    """The variants of what to do about the cause in hand: who says that it is done, though it does not show, is not told to do it."""
    case = context.case
    done = any(each.cause == case.cause and each.result in ("done", "failed") for each in case.tried)
    checked = held is not None and done and bool(held.cause.aspects.get(_DONE_YET))
    return follow_up.filled(context, _DONE_YET if checked else _HOW_FIX, diagnosis, held)


def _other_causes(context: TurnContext, topic: Topic) -> None:
    diagnosis = context.diagnose()
    held = follow_up.on_the_table(context, diagnosis)
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
        step_answers.start_meanwhile(context)
    else:
        follow_up.answer_about(context, topic, (_ORDER,))


def _look_again(context: TurnContext, topic: Topic) -> None:
    if context.turn.case.told is None or not unasked.say_once_more(context):
        casework.advance(context, Walkthrough.look)


def _appeared(context: TurnContext, topic: Topic) -> None:
    """Takes the customer's word for it where the state blocks nothing, and looks again where it does."""
    if context.case.cause == NO_CAUSE_FOUND and not context.diagnose().blocks:
        casework.confirm(context)
    else:
        casework.advance(context, Walkthrough.look)


def _partly_done(context: TurnContext, topic: Topic) -> None:
    """Looks again without counting it as a failed check: nobody said that all of it is done."""
    diagnosis, cause = context.diagnose(), context.case.cause
    if cause == NO_CAUSE_FOUND and context.case.phase == "doing":
        # Whoever has tried all that can be tried is not sent through it once more.
        casework.advance(context, Walkthrough.tried_all, diagnosis)
    elif context.case.phase == "resolved":
        casework.advance(context, Walkthrough.check, diagnosis)
    elif diagnosis.get(cause) is None:
        step_answers.step_done(context)
    else:
        follow_up.answer_about(context, topic, (PARTLY,))


def _will_do(context: TurnContext, topic: Topic) -> None:
    if context.case.phase == "offered":
        step_answers.start_meanwhile(context)
        return
    said: Phrase | None = None
    values: dict[str, str] = {}
    match context.case.phase:
        case "resolved":
            said = phrases.WILL_DO_RESOLVED
        case "waiting" if choices.waits_for(context, context.case.cause):
            said = phrases.WILL_WAIT_SUBSCRIBED
        case "waiting":
            said, values = (
                phrases.WILL_WAIT,
                {"button": context.buttons.notice_title(context.knowledge.causes.get(context.case.cause or ""))},
            )
        case "explained" | "handed_over":
            said = phrases.ANYTHING_ELSE
        case "idle":
            said = phrases.WILL_DO_ALONE
    if context.case.phase == "handoff_offered" and context.case.cause is not None:
        # Whoever goes on by themselves is at the step again.
        context.keep(context.walkthrough.resume(context.case, context.diagnose()).case)
    text = (
        context.speaker.phrase(said, **values) if said is not None else casework.say_of_step(context, phrases.WILL_DO_AT, phrases.WILL_DO)
    )
    context.speaker.say(text, choices.of_phase(context), AnswerData(topic=topic.id, facts=[]))


def _give_up(context: TurnContext, topic: Topic) -> None:
    case, subscribed = context.case, context.case.phase == "waiting" and choices.waits_for(context, context.case.cause)
    if subscribed and dict(context.named_topics).get(topic.id, 1.0) < DOUBTLESS:
        # Surely not wanted is the notice; whether the whole case is given up with it is not said.
        step_answers.decline(context)
        return
    if subscribed:
        context.notices.unsubscribe(context.turn.user_id)
    context.keep(case.on_cause(None).but(phase="idle"))
    buttons = choices.given_up(context) if case.subject is not None else (context.buttons.person(),)
    text = context.speaker.phrase(phrases.GIVEN_UP_NOTICE if subscribed else phrases.GIVEN_UP)
    context.speaker.say(text, buttons, AnswerData(topic=topic.id, facts=[]))


def _cancel_person(context: TurnContext, topic: Topic) -> None:
    if queue.is_waiting(context):
        queue.withdraw(context)
    elif context.case.phase == "handoff_offered":
        step_answers.decline(context)
    else:
        diagnosis, asked = context.diagnose(), context.heard.of_case
        # What was asked of the person is answered here.
        answers = follow_up.filled(context, asked, diagnosis, follow_up.on_the_table(context, diagnosis)) if asked else ()
        text = "\n".join([context.speaker.phrase(phrases.NO_PERSON_CALLED), *answers[:1]])
        context.speaker.say(text, choices.of_phase(context), AnswerData(topic=topic.id, facts=[]))
        if context.case.phase == "doing":
            casework.prompt_after_aside(context)


def _correct_subject(context: TurnContext, topic: Topic) -> None:
    if context.case.phase != "asking_subject":
        # Said in words that no pattern knows, it is a correction all the same.
        entities = {**context.turn.entities, subjects.MEANS_ANOTHER: (context.turn.text,)}
        looked_at, orders = context.turn.token_order, context.source.orders(context.turn.user_id)
        pressed = context.turn.entity("topic") is not None and looked_at == context.case.token_order
        if looked_at is not None and context.case.subject not in (None, Subject.of(looked_at)) and not pressed:
            # The customer has gone on to the page of another order: that is the one they mean.
            entities["order"] = (looked_at,)
        elif subjects.is_singled_out(context.turn, orders):
            entities["order"] = (orders[0][0].id,)
        context.turn = replace(context.turn, entities=entities)
    casework.reopen(context)


def _start_over(context: TurnContext, topic: Topic) -> None:
    context.keep(Case())
    casework.offer_menu(context, phrases.START_OVER)


MOVES: Mapping[CaseMove, Callable[[TurnContext, Topic], None]] = {
    "next_step": _next_step,
    "other_causes": _other_causes,
    "first_things_first": _first_things_first,
    "look_again": _look_again,
    "appeared": _appeared,
    "partly_done": _partly_done,
    "will_do": _will_do,
    "give_up": _give_up,
    "cancel_person": _cancel_person,
    "queue_status": lambda context, _: queue.tell_status(context),
    "correct_subject": _correct_subject,
    "start_over": _start_over,
}


def repeat(context: TurnContext) -> None:
    """Once more, in other words: the answer that was given last, if no case has begun since."""
    if context.thread is not None:
        threads.go_on(context, context.thread, (threads.MEANING,))
    else:
        step_answers.repeat(context)


def step_done(context: TurnContext) -> None:
    """Something was done: the step, or what the last answer spoke of."""
    _of_step(context, step_answers.step_done, PARTLY)


def step_not_found(context: TurnContext) -> None:
    """Something is not found: what the step speaks of, or what the last answer does."""
    _of_step(context, step_answers.step_not_found, WHERE)


def step_not_possible(context: TurnContext) -> None:
    """Something does not work: the step, or what the last answer advised."""
    _of_step(context, step_answers.step_not_possible, step_answers.TRIED)


def _of_step(context: TurnContext, in_case: Callable[[TurnContext], None], aspect: str) -> None:
    # A button is pressed for the step it was offered with; and what was diagnosed is looked at again, or goes to a person.
    typed = bool(context.turn.text) and context.turn.entity("topic") is None
    advised = context.case.phase == "explained" and context.case.cause is None
    diagnosed = context.case.phase != "idle" and not advised and aspect != WHERE
    thread = context.thread if typed and not diagnosed else None
    if thread is None:
        in_case(context)
    elif aspect == WHERE and thread.said_to(step_answers.NOT_THERE):
        # The place was named with the answer.
        threads.go_on(context, thread, (step_answers.NOT_THERE,))
    else:
        threads.go_on(context, thread, (aspect,))
