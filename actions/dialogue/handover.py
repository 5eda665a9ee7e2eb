"""When a person takes over, why, and what the customer is told about it."""

from __future__ import annotations

from collections.abc import Iterable

from actions.core.asked import CERTAIN, DOUBTLESS, HEARD, SURE, emergency_in, tells_of_none
from actions.core.causes import Cause
from actions.core.derived import View
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.handoff import HandoffRequest
from actions.core.messages import HandoffData
from actions.core.subject import Subject
from actions.core.topics import Topic
from actions.dialogue.buttons import APPEAL_TOPIC
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases
from actions.knowledge.rendering import Values

REQUESTED = "requested"
"""The reason of a handover for which the customer only asked."""
HOW_LONG = "how_long"
"""The aspect that asks how long it takes."""
OBJECTED = "objected"
"""The aspect of what is said to an objection before it is handed over."""


def emergency(context: TurnContext) -> Topic | None:
    """The emergency that the message or the button speaks of, if it is likely enough that it does."""
    named = _named(context)
    return emergency_in((topic, confidence) for topic, confidence in named if not is_out_of_question(context, topic, confidence))


def _named(context: TurnContext) -> list[tuple[Topic, float]]:
    known = context.knowledge.answers.topics
    return [(known[name], confidence) for name, confidence in context.named_topics if name in known]


def is_out_of_question(context: TurnContext, topic: Topic, confidence: float) -> bool:
    """Whether a topic that the message may speak of is an emergency that it cannot mean, or is not sure enough to mean."""
    return topic.kind == "emergency" and (confidence < _needed(context, 0.0) or is_taken_back(context, topic))


def is_doubtful_alarm(context: TurnContext) -> bool:
    """Whether the message was taken for an alarm, but not surely."""
    return context.knowledge.intents[context.turn.intent].kind == "alarm" and context.turn.confidence < _needed(context, SURE)


def _needed(context: TurnContext, usually: float) -> float:
    """The confidence that an alarm needs: whoever tells a personal number hardly ever reports somebody who asked for it."""
    return DOUBTLESS if context.turn.masked else usually


def is_taken_back(context: TurnContext, topic: Topic) -> bool:
    """Whether what the customer says of themselves, and the record with them, speaks against an emergency."""
    claims = [context.knowledge.claims[name] for name in topic.unless_true if name in context.turn.claims]
    return bool(claims) and any(claim.when.holds(View(context.facts())) for claim in claims)


def urgent_reason(context: TurnContext) -> str | None:
    """Why this message hands over at once whatever else it says, if it does; the first of several."""
    turn, reasons, topic = context.turn, context.knowledge.handoffs, emergency(context)
    by_topic = (name for name in reasons if topic is not None and name == topic.reason)
    # An emergency says more exactly what is wrong than the intent it is filed under, and than any if it is the likeliest of all matters.
    likeliest = next((name for name, _ in context.named_topics), None)
    told = topic is not None and (topic.id == likeliest or context.knowledge.answers.intent_of(topic.id) == turn.intent)
    surely = turn.confidence >= _needed(context, SURE)
    by_intent = (
        name
        for name, each in reasons.items()
        if surely and not told and each.intent == turn.intent and not (each.unless and turn.has(each.unless))
    )
    taken_back = {each.reason for each in context.knowledge.answers.topics.values() if each.unless_true and is_taken_back(context, each)}
    by_cue = (name for name, each in reasons.items() if each.cue is not None and turn.has(each.cue) and name not in taken_back)
    heard = {*by_intent, *by_cue}
    if tells_of_none(_named(context), CERTAIN):
        heard = {name for name in heard if not reasons[name].overruled}
    given = {*heard, *by_topic}
    return next((name for name in reasons if name in given), None)


def alarm_reason(context: TurnContext) -> str | None:
    """The reason for which this message hands over at once, unless the handoff that is open covers it already."""
    reason = urgent_reason(context)
    if reason is not None and context.knowledge.handoffs[reason].when_open == "leave" and is_handed_over(context):
        return None
    return reason


def note_alarm(context: TurnContext) -> None:
    """Remembers an alarm that changes nothing because a handoff is open: that one must not end with the case now."""
    reason = urgent_reason(context)
    if reason is not None:
        context.desk.note_reason(context.turn.user_id, reason)


def is_handed_over(context: TurnContext) -> bool:
    """Whether the customer's case is already with a person or in a queue."""
    return context.desk.open_handoff(context.turn.user_id) is not None


def hand_over(
    context: TurnContext, reason: str, diagnosis: Diagnosis | None = None, queue: str | None = None, advice: str | None = None
) -> None:
    """Hands the case over, or names the handoff that is already open, and says so.

    Args:
        reason: a key of ``knowledge/handoffs.yml``.
        diagnosis: the one of this turn; without it one is made if the subject is known.
        queue: whose it is, instead of the reason's.
        advice: what the customer is told in place of the reason's own words, the number apart.
    """
    if diagnosis is None and context.case.subject is not None:
        diagnosis = context.diagnose()
    known = context.knowledge.handoffs[reason]
    handoff = context.desk.hand_over(
        HandoffRequest(
            turn=context.turn,
            action=context.action,
            reason=reason,
            queue=queue or known.queue,
            priority=known.priority,
            case=context.case,
            diagnosis=diagnosis,
            said=tuple(context.speaker.replies),
        )
    )
    data = HandoffData(handoff_id=handoff.id, reason=handoff.reason, queue=handoff.queue)
    if advice is not None:
        # What to do meanwhile helps whether or not a person has been called already.
        number = context.speaker.phrase(phrases.HANDOFF_NUMBER, number=handoff.id)
        context.speaker.say(f"{advice}\n{number}", data=data)
    elif handoff.fresh and reason == REQUESTED and diagnosis is None and context.case.answered is None:
        context.say(phrases.HANDOFF_UNASKED, (), data, number=handoff.id)
    elif handoff.fresh or known.when_open == "say":
        context.speaker.say(context.speaker.fresh(known.texts(handoff.id, context.knowledge.locale)), data=data)
    else:
        place = str(context.desk.place(context.turn.user_id))
        context.say(phrases.HANDOFF_ALREADY, context.buttons.handed_over(), data, number=handoff.id, place=place)
    context.remember(phase="handed_over", paused=False, misses=0, upsets=0)


def solved(context: TurnContext, subject: Subject, cause: str | None) -> None:
    """Takes back the call for a person whom the case does not need any more, and says so."""
    if context.desk.solve(context.turn.user_id, subject, cause):
        context.remember(leaving_message=False)
        context.say(phrases.DESK_SOLVED, ())


def hand_over_for(context: TurnContext, topic: Topic) -> None:
    """Hands over an emergency, with what its topic tells the customer to do meanwhile."""
    assert topic.reason is not None
    view = View(context.facts())
    given = topic.answer_in(view)
    advice = None
    if given is not None:
        values = Values(view.facts, given[1]).of_first_rows
        asked = [topic.aspects[name] for name in context.turn.aspects if name in topic.aspects][:1]
        advice = "\n".join(context.wording.one_of(texts, values) for texts in (*asked, given[0].text))
    hand_over(context, topic.reason, advice=advice)


def objectionable(context: TurnContext, cause_ids: Iterable[str]) -> list[Cause]:
    """Those of the causes a customer can object to."""
    known = [context.knowledge.causes[cause_id] for cause_id in cause_ids if cause_id in context.knowledge.causes]
    return [cause for cause in known if cause.handoff.on_objection]


def object_to(context: TurnContext, diagnosis: Diagnosis | None = None) -> None:
    """Hands over the objection to a decision of the platform; unless the decision was just explained, what its cause says to one comes first."""
    cause_ids = diagnosis.cause_ids if diagnosis is not None else context.case.causes
    cause, before = objectionable(context, cause_ids)[0], len(context.speaker.replies)
    hand_over(context, "objection", diagnosis, cause.handoff.queue)
    if cause.aspects.get(OBJECTED) and not before:
        context.speaker.lead_in(context.wording.one_of(cause.aspects[OBJECTED], Values(context.facts())))


# --- actions ---------------------------------------------------------------------------------------------------------------------------


def alarm(context: TurnContext) -> None:
    """Hands over at once: for what the message sets off, or for what its intent says."""
    topic, reason = emergency(context), alarm_reason(context)
    if topic is not None and reason in (topic.reason, None):
        hand_over_for(context, topic)
        return
    by_intent = (name for name, each in context.knowledge.handoffs.items() if each.intent == context.intent)
    given = reason if reason is not None else next(by_intent, REQUESTED)
    # What is known by a word alone has the advice of its matter all the same.
    matters = [each for each in context.knowledge.answers.topics.values() if each.reason == given]
    likely = [topic for topic, confidence in _named(context) if topic in matters and confidence >= HEARD]
    if likely or len(matters) == 1:
        hand_over_for(context, (likely or matters)[0])
    else:
        hand_over(context, given)


def request_person(context: TurnContext) -> None:
    """Hands over because the customer says so."""
    if context.turn.entity("topic") == APPEAL_TOPIC:
        # An answer may have told what is objected to without opening a case.
        diagnosis = context.diagnose() if context.case.causes else diagnose(context.facts(), context.knowledge.causes.values())
        if objectionable(context, diagnosis.cause_ids):
            object_to(context, diagnosis)
            return
    hand_over(context, REQUESTED)
    known = context.knowledge.aspects
    asked = [name for name in context.turn.aspects if name in known and known[name].answers.get("queued")]
    if asked[:1] == [HOW_LONG] and is_handed_over(context):
        place = str(context.desk.place(context.turn.user_id))
        context.speaker.extend(context.speaker.phrase(phrases.QUEUE_PLACE, place=place), at=-1)
    elif asked:
        context.speaker.extend(context.wording.one_of(known[asked[0]].answers["queued"], Values(context.facts())), at=-1)
