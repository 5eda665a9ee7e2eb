"""Follow-ups after an answer, with no case on the table: answered from the matter that was answered last, never with a diagnosis nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core.asked import DOUBTLESS, LIKELY, SURE
from actions.core.derived import View
from actions.core.diagnosis import Found
from actions.core.facts import Facts
from actions.core.messages import AnswerData, MessageData, OutOfScopeData
from actions.core.moments import today
from actions.core.planner import SETTLED, WHY
from actions.core.topics import WHERE, Topic
from actions.dialogue import quotes
from actions.dialogue.context import TurnContext
from actions.dialogue.handover import HOW_LONG
from actions.knowledge import phrases
from actions.knowledge.aspects import ANSWERED
from actions.knowledge.rendering import Values

MEANING = "meaning"
OUT_OF_SCOPE = "out_of_scope"


def go_on(context: TurnContext, topic: Topic, aspects: Sequence[str]) -> None:
    """Answers sub-questions about the matter that was answered last.

    Args:
        topic: the matter.
        aspects: in the order in which they are answered; none asks what is meant.
    """
    view = View(context.facts())
    found = topic.answer_in(view)
    given, matches = found if found is not None else (None, ())
    values = Values(view.facts, matches, context.said(view.facts)).of_first_rows
    texts = topic.nothing_found if topic.kind == "failure" else given.text if given is not None else ()
    whole = context.wording.variants(texts, values)
    path = given.path if given is not None else None
    said = [each for aspect in aspects if (each := _said(context, topic, aspect, path, view.facts, values))]
    buttons = (*context.buttons.topics(topic.follow_up), context.buttons.person())
    if not aspects or not (said or whole):
        context.say(phrases.THREAD_UNCLEAR, buttons, _data(context, topic), title=topic.title)
        return
    if said:
        first, behind = said[0], [context.speaker.fresh(each) for each in said[1:]]
        text, *variants = ["\n".join([each, *behind]) for each in first]
        told = context.speaker.replies[-1].data if context.speaker.replies else None
        if isinstance(told, AnswerData) and told.topic == topic.id:
            # The answer was given in this very reply: what is asked further of it stands in it, the reason behind it and all else first.
            put = context.speaker.extend if tuple(aspects) == (WHY,) else context.speaker.lead_in
            put(text, at=-1)
            quotes.show_plans(context, aspects)
            return
    else:
        # In the words that have not been used yet, if there are any.
        lead = context.speaker.phrase(phrases.THREAD_REWORDED)
        text, *variants = [f"{lead}\n{each}" for each in (*context.speaker.unsaid(whole), *whole)]
    context.speaker.say(text, buttons, _data(context, topic), variants)
    quotes.show_plans(context, aspects)


def _said(context: TurnContext, topic: Topic, aspect: str, path: str | None, facts: Facts, values: Values) -> tuple[str, ...]:
    """What is said about a sub-question: the topic's own words, else the place its answer names, else what holds of the cause that the
    customer speaks of, else what always holds."""
    told = _told_by(topic, facts, context)
    if told is not None and (of_cause := told.cause.aspects.get(aspect)):
        # What the cause says holds what stands on record.
        return context.wording.variants(of_cause, Values(facts, told.matches, context.said(facts)))
    own = topic.said_to(aspect)
    if own:
        return context.wording.variants(own, values)
    if aspect == WHERE and path:
        return context.speaker.variants(phrases.THREAD_PLACE, path=path)
    known = context.knowledge.aspects.get(aspect)
    if known is None:
        return ()
    usual = context.wording.variants(known.answer(ANSWERED), values)
    found = _spoken_of(context, topic, facts) or (_that_says(context, aspect, facts) if not usual else None)
    if found is None:
        return usual
    # The usual words about a step of the customer's own speak of one that nobody has put yet.
    by_nature = known.answer(found.cause.nature) if usual and found.cause.nature != "self" else ()
    spoken = Values(facts, found.matches, context.said(facts))
    return context.wording.variants(found.cause.aspects.get(aspect, ()) or by_nature, spoken) or usual


def asked_exactly(context: TurnContext) -> tuple[str, ...]:
    """What the words of a message ask so plainly that the cause which the last answer spoke of answers it, whatever they were taken for."""
    topic = context.thread
    if topic is None or context.sure_beside >= DOUBTLESS:
        return ()
    facts = context.facts()
    found = _spoken_of(context, topic, facts)
    if found is None:
        doubtful = context.sure_beside < LIKELY and not any(map(topic.said_to, context.turn.aspects))
        return tuple(name for name in context.exactly_heard if doubtful and _that_says(context, name, facts))[:1]
    exact = tuple(name for name in context.exactly_heard if found.cause.aspects.get(name))[:1]
    if exact or context.sure_beside >= SURE:
        return exact
    # Whoever names a day to come asks whether it will be over then.
    day = context.day_said(facts)
    return (HOW_LONG,) if day is not None and day > today(facts.now) and found.cause.aspects.get(HOW_LONG) else ()


def asked_aside(context: TurnContext) -> tuple[str, ...]:
    """What a message asks further about the matter beside the case that was answered just before; empty if it is about something else."""
    aside = context.aside
    complains = context.knowledge.intents[context.intent].complaint
    if aside is None or complains or not context.turn.text or context.turn.entity("topic") is not None or context.turn.claims:
        return ()
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    moves = topic is not None and topic.move is not None and confidence >= LIKELY
    elsewhere = topic is not None and topic != aside and topic.kind in SETTLED and confidence >= SURE
    # What is asked of the case beyond doubt, and the matter has no words for, is no part of it.
    of_case = topic is not None and topic.aspect is not None and not aside.said_to(topic.aspect) and confidence >= DOUBTLESS
    held = context.knowledge.causes.get(context.case.cause or "")
    called = held is not None and held.is_called_in(context.turn.text) and not held.is_called_in(aside.title)
    return () if moves or elsewhere or of_case or called else tuple(filter(aside.said_to, context.turn.aspects))[:1]


def _spoken_of(context: TurnContext, topic: Topic, facts: Facts) -> Found | None:
    """The cause that holds and is what the answer rests on, or what a complaint of the topic's kind is about."""
    told = _told_by(topic, facts, context)
    if told is not None:
        return told
    all_found = context.diagnosis_of(facts.subject).found
    home = context.knowledge.answers.intent_of(topic.id)
    meaning = context.knowledge.intents.get(home or "")
    if meaning is None or not meaning.complaint:
        return None
    # A complaint that names no cause may be about any.
    return next((found for found in all_found if not meaning.causes or found.cause.id in meaning.causes), None)


def _told_by(topic: Topic, facts: Facts, context: TurnContext) -> Found | None:
    """The cause that the answer to a matter rests on, if it holds."""
    given = topic.answer_in(View(facts))
    all_found = context.diagnosis_of(facts.subject).found
    return next((found for found in all_found if given is not None and given[0].tells(found.cause)), None)


def _that_says(context: TurnContext, aspect: str, facts: Facts) -> Found | None:
    """The cause that holds and has words of its own for a sub-question, though the answer did not speak of it."""
    known = context.knowledge.aspects.get(aspect)
    all_found = context.diagnosis_of(facts.subject).found
    return next((found for found in all_found if known is not None and known.exact and found.cause.aspects.get(aspect)), None)


def _data(context: TurnContext, topic: Topic) -> MessageData:
    if context.knowledge.answers.intent_of(topic.id) == OUT_OF_SCOPE:
        return OutOfScopeData()
    return AnswerData(topic=topic.id, facts=[])
