"""What a customer answers to what a case asks: done, not found, not possible, yes, no, once more."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core.asked import SURE
from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.core.diagnosis import Diagnosis, Found
from actions.core.subject import ACCOUNT
from actions.core.topics import WHERE
from actions.core.walkthrough import Walkthrough
from actions.dialogue import advice, choices, diagnoses, follow_up, handover, unasked
from actions.dialogue.buttons import NOTICE_TOPIC, SEEN_TOPIC
from actions.dialogue.casework import advance, ask_for_another, confirm, offer_menu, prompt, prompt_or_menu, reopen, say_of_step
from actions.dialogue.context import TurnContext
from actions.dialogue.told import PARTLY, TRIED_SEVERAL
from actions.knowledge import phrases
from actions.knowledge.rendering import Values

ALL_DONE = "cue_all_done"
"""The cue that more than one thing is done."""
TRIED, SEARCHED = "tried", "searched"
"""The aspects whose answers are for those who have tried what the step says, and for those who have searched for what it speaks of."""
NOT_THERE = "not_there"
"""The aspect that says no more than that something is not to be seen."""
HOW_FIX = "how_fix"
"""The aspect that asks what to do."""
_PASSING = ("platform", "time")
"""Natures of what may be there at one moment and not at the next."""
TELL_ME = "tell_me_when"
"""The aspect that asks to be told when something is over."""
LATER = "cue_later"
"""The cue that something is put off."""


def step_done(context: TurnContext) -> None:
    """The customer says the step is done, or asks to look again."""
    if context.turn.case.told is not None and unasked.say_once_more(context):
        return
    if context.case.phase == "asking_subject" or context.case.subject is None:
        prompt_or_menu(context)
    elif context.case.phase == "resolved" and not context.diagnose().blocks:
        confirm(context)
    elif context.turn.case.phase == "idle":
        # What was given up is taken up again from what is found now.
        reopen(context)
    elif _speaks_of_another(context):
        follow_up.answer_exactly(context, (PARTLY,))
    else:
        advance(context, Walkthrough.finished if _claims_the_end(context) else Walkthrough.check)
        if context.turn.has(ALL_DONE) and context.case.phase == "doing":
            _name_the_others(context)


def step_not_found(context: TurnContext) -> None:
    """The customer does not find what the step speaks of."""
    phase = context.case.phase
    if phase in ("offered", "waiting", "explained", "resolved") or (phase == "handed_over" and context.case.cause is not None):
        follow_up.answer_exactly(context, (WHERE,))
        return
    if phase == "handoff_offered" and context.case.cause is not None:
        # Where it is helps more than the diagnosis once more; the offer stays.
        prompt(context)
        _remind(context, context.diagnose())
        return
    if phase != "doing":
        reopen(context)
        return
    exact, diagnosis = follow_up.of_the_cause(context), context.diagnose()
    if not advance(context, Walkthrough.lost, diagnosis).moves:
        if exact:
            # What is missing is something that the cause itself speaks of.
            follow_up.answer_exactly(context, exact)
        else:
            context.wording.steps.hint(_cause_in_hand(context, diagnosis), context.case.step, diagnosis)
    elif context.case.phase == "handoff_offered" and not _lead_in(context, diagnosis, (*exact, SEARCHED)):
        _remind(context, diagnosis)


def step_not_possible(context: TurnContext) -> None:
    """The customer cannot do the step, or still sees no option."""
    case = context.case
    if case.subject is None or case.phase in ("idle", "handed_over", "asking_subject"):
        # No step is with the customer: what does not work is the installment itself.
        reopen(context)
    elif case.phase == "resolved":
        advance(context, Walkthrough.refresh)
        if context.case.phase == "doing":
            context.speaker.lead_in(context.speaker.phrase(phrases.REFRESH_FIRST))
    elif case.phase == "doing" and context.turn.text and _claims_the_end(context) and context.diagnose().get(case.cause) is not None:
        # What was done and does not show is not what cannot be done.
        follow_up.answer_exactly(context, (PARTLY,))
    elif case.phase == "doing" and case.lost and context.turn.text and set(context.turn.aspects) <= {NOT_THERE, SEARCHED}:
        # Where it is was just said: what is still not there is the place.
        step_not_found(context)
    elif case.phase == "doing" and case.cause == NO_CAUSE_FOUND and TRIED_SEVERAL in context.turn.aspects:
        # Whoever has been through several things is not sent through the rest one by one.
        advance(context, Walkthrough.tried_all)
    elif case.phase == "handoff_offered" and (exact := follow_up.of_the_cause(context)):
        # What the page says against it has an answer yet.
        follow_up.answer_exactly(context, exact)
    elif case.phase == "handoff_offered" and case.cause != NO_CAUSE_FOUND:
        handover.hand_over(context, "cannot_do")
    else:
        diagnosis = context.diagnose()
        advance(context, Walkthrough.stuck, diagnosis)
        if context.turn.text and context.case.phase == "handoff_offered":
            # Who says in words what does not work has tried it.
            _say_how_else(context, diagnosis)


def agree(context: TurnContext) -> None:
    """Yes, to whatever was asked."""
    if advice.heard(context):
        return
    case = context.case
    unknown = case.phase == "waiting" and not choices.waits_for(context, case.cause)
    if context.turn.entity("topic") == NOTICE_TOPIC or unknown or wants_notice(context):
        subscribe_or_refuse(context)
    elif case.phase == "offered":
        start_meanwhile(context)
    elif case.phase == "handoff_offered":
        handover.hand_over(context, "agreed")
    elif case.phase == "confirming" or context.turn.entity("topic") == SEEN_TOPIC:
        confirm(context)
    elif case.phase == "doing" and not case.paused:
        # The step stands above; whoever nods at it is about to do it.
        context.speaker.say(say_of_step(context, phrases.WILL_DO_AT, phrases.WILL_DO), choices.of_phase(context))
    elif case.phase == "handed_over":
        context.say(phrases.ANYTHING_ELSE, choices.of_phase(context))
    elif case.phase == "resolved" and not case.seen_option:
        # A nod is no look at the page yet: whether the option is there stays to be said.
        diagnosis = context.diagnose()
        shaky = next((found for found in diagnosis.limits if found.cause.nature in _PASSING), None)
        said = follow_up.filled(context, HOW_FIX, diagnosis, shaky) if shaky is not None else ()
        context.speaker.say(context.speaker.fresh(said or context.speaker.variants(phrases.WILL_DO_RESOLVED)), choices.of_phase(context))
    elif case.phase in ("waiting", "explained", "resolved") or context.thread is not None:
        context.say(phrases.ANYTHING_ELSE, choices.of_phase(context))
    elif case.phase == "idle" and case.subject is not None:
        # After a case was given up, "yes" may mean that it stays so or that it goes on after all.
        context.say(phrases.ANYTHING_ELSE, choices.given_up(context))
    else:
        prompt_or_menu(context)


def wants_notice(context: TurnContext) -> bool:
    """Whether the customer asks in words to be told when what they cannot remove themselves is over, and is not on the list yet."""
    case = context.case
    stuck = case.phase in ("waiting", "offered", "explained") and case.cause in context.knowledge.causes
    return stuck and TELL_ME in context.exactly_heard and not choices.waits_for(context, case.cause)


def decline(context: TurnContext) -> None:
    """No, or later."""
    if advice.heard(context):
        return
    case = context.case
    if case.phase == "confirming" and context.turn.has(LATER):
        # Nobody has looked yet: the question stays.
        context.say(phrases.WILL_DO, choices.of_phase(context))
    elif case.phase == "confirming":
        step_not_possible(context)
    elif case.phase == "asking_subject":
        ask_for_another(context)
    elif case.phase == "doing":
        context.remember(paused=True)
        context.speaker.say(say_of_step(context, phrases.PAUSED_AT, phrases.PAUSED), context.buttons.step())
    elif case.phase == "handoff_offered" and case.cause is not None:
        advance(context, Walkthrough.resume)
        context.speaker.lead_in(context.speaker.phrase(phrases.NO_PERSON_THEN))
    elif case.phase == "handed_over":
        # Whether the person is what is not wanted is for the customer to say: the button stands below.
        context.say(phrases.DECLINED_IN_QUEUE, choices.of_phase(context))
    elif case.phase == "waiting" and choices.waits_for(context, case.cause):
        context.notices.unsubscribe(context.turn.user_id)
        context.say(phrases.GIVEN_UP_NOTICE, choices.of_phase(context))
    else:
        if case.phase == "offered":
            # What was declined is not offered again unasked.
            context.remember(phase="explained")
        # After an end, "no" may also mean that the option is gone again.
        context.say(phrases.DECLINED, choices.of_phase(context) if case.phase == "resolved" else None)


def repeat(context: TurnContext) -> None:
    """Once more, in other words."""
    case = context.case
    if case.phase == "handed_over" and not case.paused and handover.is_handed_over(context):
        # What was said last is the number under which the case is waiting.
        handover.hand_over(context, handover.REQUESTED)
    elif prompt(context, reworded=True):
        return
    elif case.subject is not None:
        diagnosis = context.diagnose()
        diagnoses.tell(context, diagnosis)
        advance(context, Walkthrough.begin, diagnosis)
    else:
        offer_menu(context, phrases.MENU)


def take_up(context: TurnContext) -> None:
    """Makes what the customer looks at the subject of the case, where it has none: what is wished for is about that."""
    if context.case.subject is None:
        context.remember(subject=context.facts().subject, token_order=context.turn.token_order)


def subscribe(context: TurnContext, found: Found) -> None:
    """Notes that the customer is told of the end of a cause, for which the case waits from now on."""
    context.notices.subscribe(context.turn.user_id, context.case.subject or ACCOUNT, found.cause.id)
    startable = context.walkthrough.can_start(context.diagnose())
    context.keep(context.case.on_cause(found.cause.id).but(phase="offered" if startable else "waiting"))


def start_meanwhile(context: TurnContext) -> None:
    """Begins with what the customer can fix, and says what goes on all the same."""
    blocking = context.knowledge.causes.get(context.case.cause or "")
    advance(context, Walkthrough.start)
    if blocking is not None and context.case.cause != blocking.id:
        context.speaker.lead_in(context.speaker.phrase(phrases.FIRST_THIS, title=blocking.title))


def subscribe_or_refuse(context: TurnContext) -> None:
    """Notes the wish to be told of the end, or says that there is nothing of which anybody could be told."""
    take_up(context)
    diagnosis = context.diagnose()
    found, held = choices.awaited(context), diagnosis.get(context.case.cause)
    if found is None and (held is not None or diagnosis.blocks):
        # Silence would be a promise that nobody keeps.
        context.say(phrases.NOTICE_NONE, choices.of_phase(context), title=(held or diagnosis.blocks[0]).cause.title)
        return
    if found is None:
        advance(context, Walkthrough.check if context.case.phase != "idle" else Walkthrough.begin, diagnosis)
        return
    subscribe(context, found)
    startable = context.walkthrough.can_start(diagnosis)
    context.wording.wait(found, diagnosis.facts, subscribed=True, startable=startable, known=True)


# --- parts -----------------------------------------------------------------------------------------------------------------------------


def _claims_the_end(context: TurnContext) -> bool:
    """Whether the customer says that all is done, or of their state that the cause in hand holds no more, or wants it looked at: then more is
    done than the step that was put."""
    cause, topics = context.knowledge.causes.get(context.case.cause or ""), context.knowledge.answers.topics
    looks = any(topics[name].move == "look_again" for name, share in context.named_topics if name in topics and share >= SURE)
    return looks or context.turn.has(ALL_DONE) or (cause is not None and context.claims_something_of(cause))


def _speaks_of_another(context: TurnContext) -> bool:
    """Whether the customer says of their state that another cause than the one in hand holds no more, though it does."""
    held = context.knowledge.causes.get(context.case.cause or "")
    if not context.turn.claims or context.turn.has(ALL_DONE) or held is None or context.claims_something_of(held):
        return False
    return any(context.claims_something_of(found.cause) for found in context.diagnose().blocks)


def _name_the_others(context: TurnContext) -> None:
    """Says behind a check what else is not done yet: whoever thinks that all is done must not be told of one thing after the other."""
    diagnosis = context.diagnose()
    lines = context.wording.others([found for found in diagnosis.blocks if found.cause.id != context.case.cause], diagnosis.facts)
    if lines:
        context.speaker.extend("\n".join(lines))


def _cause_in_hand(context: TurnContext, diagnosis: Diagnosis) -> Cause:
    """With the steps that this state has, if it holds."""
    found = diagnosis.get(context.case.cause)
    return found.cause if found is not None else context.knowledge.causes[context.case.cause or NO_CAUSE_FOUND]


def _say_how_else(context: TurnContext, diagnosis: Diagnosis) -> None:
    """Puts what the cause says to just this, or to whoever has tried its step, in front of the offer of a person, else how to do the step."""
    if not _lead_in(context, diagnosis, (*context.exactly_heard, TRIED)):
        _remind(context, diagnosis)


def _lead_in(context: TurnContext, diagnosis: Diagnosis, aspects: Sequence[str]) -> bool:
    """Puts the words that the cause in hand has for the first of some sub-questions in front of the reply; False if it has none."""
    found, cause = diagnosis.get(context.case.cause), _cause_in_hand(context, diagnosis)
    own = next((texts for name in aspects if (texts := cause.aspects.get(name, ()))), ())
    if own:
        context.speaker.lead_in(context.wording.one_of(own, Values(diagnosis.facts, found.matches if found is not None else ())))
    return bool(own)


def _remind(context: TurnContext, diagnosis: Diagnosis) -> None:
    """Puts how to do the step in front of the offer of a person: the offer alone would leave the customer where they are."""
    cause = _cause_in_hand(context, diagnosis)
    if cause.steps:
        hint = context.wording.steps.hint_text(cause, context.case.step, diagnosis)
        context.speaker.lead_in(context.speaker.phrase(phrases.MENUS_DIFFER, hint=hint))
