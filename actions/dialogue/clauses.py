"""A message of several questions: each of its clauses is read and planned by itself, and the replies are joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from actions.core import moves, planner
from actions.core.asked import ABOUT_CASE, CERTAIN, CLEAR, DOUBTLESS, LIKELY, SURE, Clause
from actions.core.diagnosis import diagnose
from actions.core.joining import joined
from actions.dialogue import follow_up, quotes, threads, told
from actions.dialogue.answers import OUT_OF_SCOPE
from actions.dialogue.context import TurnContext
from actions.dialogue.subjects import MEANS_ANOTHER

NEARLY = 0.5
"""The share of the likeliest matter's confidence from which on a matter of a clause is nearly as likely."""

Plan = Callable[[TurnContext], tuple[moves.Part, ...]]
"""Plans the reply to a message."""


def planned(context: TurnContext, plan: Plan) -> tuple[moves.Part, ...]:
    """The reply to a message of several questions; empty if it asks but one thing, or is understood better as a whole.

    Args:
        plan: how each is planned.
    """
    locale, answered = context.knowledge.locale, None
    message = context.turn.written or context.turn.text
    asking = [clause for clause in context.turn.clauses if locale.is_asked(clause.text, message)]
    if len(asking) == 1 and context.case.phase == "idle" and quotes.asks_of_a_tenor(context.of_clause(asking[0], None)):
        return _quoted_first(context, plan(context))
    complains = context.knowledge.intents[context.intent].complaint and not _is_in_case(context)
    if complains:
        # What is asked beside a complaint is a sub-question of what will be found, and read best with it.
        return ()
    if len(asking) < 2:
        return _beside_asides(context, asking, plan)
    plans: list[tuple[moves.Part, ...]] = []
    for clause in asking:
        # What names no matter asks further of the one before, unless there is no doubt which it means.
        ours = bool(locale.names.search(clause.text))
        named = ours or any(confidence >= DOUBTLESS for _, confidence in clause.topics)
        part = context.of_clause(_ranked_anew(context, clause), None if named else answered)
        found = _plan_of(context, part, plan)
        if (
            plans
            and plans[-1]
            and (not named and _is_a_guess(part, found) or not ours and _is_of_another_product(context, answered, found))
        ):
            # What names nothing speaks of what was asked before, and must not lead away from it.
            found = ()
        plans.append(() if _is_asked_again(found, plans) else found)
        # Whatever is asked next may be about the matter that was just asked about.
        answered = next((each.topic.id for each in found if isinstance(each, moves.GiveAnswer)), answered)
    in_case = _is_in_case(context)
    nothing = not in_case and not diagnose(context.facts(), context.knowledge.causes.values()).found
    return joined(plans, told=in_case or nothing)


def _is_a_guess(part: TurnContext, found: Sequence[moves.Part]) -> bool:
    """Whether the reply to a clause is the answer to a matter that none of its words asks and that is not sure."""
    answers = [each for each in found if isinstance(each, moves.GiveAnswer)]
    return bool(answers) and not part.turn.aspects and next((share for _, share in part.named_topics), 0.0) < CERTAIN


def _is_of_another_product(context: TurnContext, answered: str | None, found: Sequence[moves.Part]) -> bool:
    """Whether a clause asks further of a product that is not ours, which the clause before was about, and would be answered from our own."""
    answers = context.knowledge.answers
    if answered is None or answers.intent_of(answered) != OUT_OF_SCOPE or not context.turn.has("product"):
        return False
    return all(isinstance(each, moves.GiveAnswer) and answers.intent_of(each.topic.id) != OUT_OF_SCOPE for each in found)


def _quoted_first(context: TurnContext, whole: Sequence[moves.Part]) -> tuple[moves.Part, ...]:
    """What a tenor costs, which is asked whatever is remarked or complained of beside it; then the answer to the rest of the message."""
    quote = moves.GiveAnswer(context.knowledge.answers.topic(quotes.QUOTE))
    others = [replace(part, aspects=()) for part in whole if isinstance(part, moves.GiveAnswer) and part.topic != quote.topic]
    return joined([(quote,), tuple(others)]) or (quote,)


def _is_asked_again(found: Sequence[moves.Part], plans: Sequence[Sequence[moves.Part]]) -> bool:
    """Whether a clause only asks once more of the case what one before it asked in other words."""
    before = {
        aspect for plan in plans for part in plan if isinstance(part, (moves.AnswerAbout, moves.GiveAnswer)) for aspect in part.aspects
    }
    abouts = [part for part in found if isinstance(part, moves.AnswerAbout)]
    return bool(abouts) and len(abouts) == len(found) and all(part.aspects and before.issuperset(part.aspects) for part in abouts)


def _beside_asides(context: TurnContext, asking: Sequence[Clause], plan: Plan) -> tuple[moves.Part, ...]:
    """The reply to the one question of a message in a case whose other clauses only give thanks, agree or put the step off; empty if they say more,
    or if it asks about the case."""
    asides = [clause for clause in context.turn.clauses if clause not in asking]
    if not (asking and asides and _is_in_case(context)):
        return ()
    if not all(told.is_aside(context, clause) for clause in asides):
        return _of_premise(context, asking[0], plan) or _beside_remarks(context, asking[0], plan)
    part = context.of_clause(_ranked_anew(context, asking[0]), None)
    name, confidence = next(iter(part.named_topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    worded = topic is not None and not topic.aspects.keys().isdisjoint(part.turn.aspects)
    sure = confidence >= (LIKELY if worded else CLEAR)
    if topic is None or topic.kind not in planner.SETTLED:
        return _beside_remarks(context, asking[0], plan)
    return plan(part) if sure else ()


def _of_premise(context: TurnContext, clause: Clause, plan: Plan) -> tuple[moves.Part, ...]:
    """The reply to the one question of a message whose other clauses name an amount for it (I pay that much: is it enough?); empty if it asks nothing
    of the case by itself that is surer than what the whole was taken for."""
    if context.said(context.diagnose().facts).get("said.amount") is None:
        return ()
    part = context.of_clause(clause, None)
    name, confidence = next(iter(part.named_topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    _, of_whole = next(iter(context.named_topics), ("", 0.0))
    of_case = topic is not None and topic.aspect is not None and confidence >= SURE and confidence > of_whole
    return plan(part) if of_case else ()


def _beside_remarks(context: TurnContext, clause: Clause, plan: Plan) -> tuple[moves.Part, ...]:
    """The reply to the one question of a message that remarks on something else as well: the question first, then what is said to the remark if
    its words call for just that; empty if the whole is about the question, or the question is not clear by itself."""
    if context.turn.has(MEANS_ANOTHER):
        # Another order or bill is what is asked about.
        return ()
    remarked, others = follow_up.asked_exactly(context), [each for each in context.turn.clauses if each is not clause]
    part = context.of_clause(clause, None)
    remarks = {*(name for each in others for name in each.aspects), planner.UPSET}
    read = dict(context.turn.readings.get(ABOUT_CASE, ()))
    if (
        not _is_understood(part)
        or not set(remarked) <= remarks - {*part.turn.aspects}
        or (any(read.get(each, 0.0) >= CERTAIN for each in remarked) and not _asks_of_the_case(part))
    ):
        # What the whole was surely read to ask is no mere remark, unless the question is as sure.
        return ()
    name, confidence = next(iter(part.named_topics), ("", 0.0))
    of_whole, whole = next(iter(context.named_topics), ("", 0.0))
    if not remarked and (name == of_whole or confidence < max(CERTAIN, whole)):
        return ()
    parts = plan(part)
    if not all(isinstance(each, (moves.AnswerAbout, moves.GiveAnswer, moves.OfferChoices)) for each in parts):
        return ()
    if not remarked:
        return parts
    first = parts[0]
    if not isinstance(first, moves.AnswerAbout):
        return joined([parts, (follow_up.about_exactly(context, remarked),)], told=True)
    # Why it is so is told by what is said to whatever is held against it.
    why = set(first.aspects) == {planner.WHY}
    return () if why else (replace(first, aspects=(*first.aspects, *remarked), remarked=remarked), *parts[1:])


def _asks_of_the_case(part: TurnContext) -> bool:
    """Whether a clause surely asks something of the case, in words of what it asks."""
    name, confidence = next(iter(part.named_topics), ("", 0.0))
    topic = part.knowledge.answers.topics.get(name)
    return topic is not None and topic.aspect in part.turn.aspects and confidence >= CERTAIN


def _ranked_anew(context: TurnContext, clause: Clause) -> Clause:
    """A clause with the matter in front that the rest of what is known tells, if that is nearly as likely as the likeliest: the matter of the whole
    message, else one that has words for a sub-question that stands in the clause."""
    topics, likeliest = context.knowledge.answers.topics, next(iter(clause.topics), ("", 0.0))
    near = [(name, share) for name, share in clause.topics if name in topics and share >= NEARLY * likeliest[1]]
    whole = next((name for name, share in context.named_topics if share >= SURE), "")
    heard = [each for each in near if each[0] == whole] or [
        each for each in near if not topics[each[0]].aspects.keys().isdisjoint(clause.aspects)
    ]
    return replace(clause, topics=tuple(dict.fromkeys((*heard, *clause.topics))))


def _plan_of(context: TurnContext, part: TurnContext, plan: Plan) -> tuple[moves.Part, ...]:
    """The reply to one clause; empty if it is not clear enough to be answered by itself."""
    if quotes.asks_of_a_tenor(part):
        return (moves.GiveAnswer(context.knowledge.answers.topic(quotes.QUOTE)),)
    parts = plan(part) if _is_understood(part) else ()
    return tuple(each for each in parts if not isinstance(each, moves.GoOnAbout) or any(map(each.topic.said_to, each.aspects)))


def _is_understood(context: TurnContext) -> bool:
    """Whether a clause is clear enough to be answered by itself."""
    if follow_up.asked_exactly(context) or follow_up.asked_of_its_matter(context) or threads.asked_exactly(context):
        return True
    thread = context.thread
    if thread is not None and any(thread.answers_to(aspect) for aspect in context.turn.aspects if aspect in context.heard.read):
        return True
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    doubtful = confidence < CERTAIN and context.turn.confidence < CLEAR
    return topic is not None and not topic.vague and confidence >= CLEAR and not doubtful


def _is_in_case(context: TurnContext) -> bool:
    """Whether something is on the table to ask about."""
    return context.case.phase in planner.OPEN_PHASES and context.thread is None
