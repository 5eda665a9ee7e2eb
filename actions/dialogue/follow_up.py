"""Questions and remarks that only make sense within the running case: answered from the cause on the table, with the choices of the case behind."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core import planner
from actions.core.asked import ABOUT_CASE, CERTAIN, DENIED_OF_CASE, DOUBTLESS, FAINT, HEARD, LIKELY, PLAIN, SURE
from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.core.diagnosis import Diagnosis, Found
from actions.core.fixers import must_wait
from actions.core.messages import AnswerData
from actions.core.moves import AnswerAbout
from actions.core.topics import CaseMove, Topic
from actions.dialogue import casework, choices, diagnoses, queue, quotes, told
from actions.dialogue.context import TurnContext
from actions.dialogue.handover import HOW_LONG
from actions.dialogue.speaker import opens_alike, put_together, shares_a_number, sympathy
from actions.knowledge import phrases
from actions.knowledge.aspects import ANSWERED, NOTICED
from actions.knowledge.rendering import Values

HOW_MUCH, LONG_ALREADY = "how_much", "long_already"
"""Aspects: how much is missing, and that it has taken long already."""
DOUBT, RELATED = "sure", "related"
"""Aspects: that asks whether it is true, and that asks what it has to do with the matter."""
MOVED = ("last_repayment", "last_refund")
"""What was paid and paid back: where an answer tells of it, nobody is told that it may not be on record."""
_LOOKING: tuple[CaseMove, ...] = ("look_again", "appeared", "correct_subject")
"""Moves that look at the state anew."""
_LEAVING: tuple[CaseMove, ...] = ("give_up", "cancel_person")
"""Moves that take back what was wished for; left undone, the customer would be told and called all the same."""
_OF_ALL = ("meaning", "what_if_done", "who", "which_first", "order_of_steps")
"""Aspects whose answer is not whole without everything that was found."""
_OF_THE_PLACE = ("whose_fault", "my_fault", "account_fine")
"""Aspects that ask where the reason lies, to which one cause cannot answer where others lie elsewhere."""


def answer_about(
    context: TurnContext, topic: Topic, aspects: Sequence[str], claims: Sequence[str] = (), remarked: Sequence[str] = ()
) -> None:
    """Answers sub-questions about the cause on the table, by the state as it is now; what the customer says of it is put right first.

    Args:
        remarked: those of them that are no questions: what is said to one is left out if it names a number that was named already.
    """
    diagnosis = context.diagnose()
    found = on_the_table(context, diagnosis)
    # What a cause says to doubts holds what the record says; whoever is right is told so all the same.
    doubted = found is not None and DOUBT in aspects and bool(found.cause.aspects.get(DOUBT))
    # What was asked so plainly is answered before anything else.
    doubted = doubted or (context.heard.plain and context.heard.of_case in aspects)
    doubted = doubted or (found is not None and any(found.cause.tells_of(MOVED, aspect) for aspect in aspects))
    worth = diagnoses.worth_a_word(context, diagnosis, found, claims, aspects)
    before = context.wording.claims(context.knowledge.claims, worth, diagnosis.facts, agreed_only=doubted)
    before += told.of_the_day(context, found, diagnosis.facts, aspects)
    of_tenor = quotes.of_named_tenor(context, aspects)
    answers = {aspect: texts for aspect in aspects if (texts := filled(context, aspect, diagnosis, found))}
    asked = [texts[0] for aspect, texts in answers.items() if aspect not in remarked]
    answers = {aspect: texts for aspect, texts in answers.items() if aspect not in remarked or not shares_a_number(texts[0], asked)}
    upset = answers.pop(planner.UPSET, ())
    if upset and answers:
        others, sorry = [texts[0] for texts in answers.values()], context.knowledge.locale.sorry
        upset = tuple(filter(None, (sympathy(each, others, sorry) for each in upset)))
    said: list[tuple[str, ...]] = [(of_tenor,)] if of_tenor else [*filter(None, [upset]), *answers.values()]
    # Each of the texts has variants; the reply varies by the first of them.
    places = context.wording.places(diagnosis) if set(_OF_THE_PLACE) & {*aspects, topic.aspect} else ()
    if places:
        said = [places]
    first, behind = (
        (said[0], [each[0] for each in said[1:] if not opens_alike(each[0], said[0][0])])
        if said
        else ([context.speaker.phrase(phrases.NOT_ON_RECORD)], [])
    )
    if {planner.WHY, RELATED} & {*aspects, topic.aspect} and found is not None and (solved := _solved_before(context, found)) is not None:
        before.append(context.speaker.phrase(phrases.ONE_SOLVED, title=solved.title, left=context.wording.summary(found, diagnosis.facts)))
    untold = diagnoses.untold_beside(diagnosis, found, [first[0], *behind])
    not_enough = diagnoses.not_enough(context, found, untold, {*aspects, topic.aspect})
    if set(_OF_ALL) & {*aspects, topic.aspect} and not not_enough:
        behind += context.wording.others(untold, diagnosis.facts, context.turn.case.causes)
    text, *variants = [put_together([*not_enough, *before, each, *behind]) for each in first]
    evidence = context.wording.proofs(found, diagnosis.facts.now)
    context.speaker.say(text, choices.of_phase(context), AnswerData(topic=topic.id, facts=evidence), variants)
    if not of_tenor:
        quotes.show_plans(context, aspects)


def asked_exactly(context: TurnContext) -> tuple[str, ...]:
    """What the words of a message ask so plainly that they are answered whatever the message was taken for; empty without a case."""
    if not _can_ask(context):
        return ()
    heard = context.exactly_heard
    if not heard or _asks_to_look(context):
        return ()
    shares = dict(context.turn.readings.get(ABOUT_CASE, ()))
    diagnosis = context.diagnose()
    found = on_the_table(context, diagnosis)
    if len(diagnosis.found) == 1:
        heard = tuple(name for name in heard if not context.knowledge.aspects[name].of_several)
    speaking = {name: _that_speaks(context, name, diagnosis, found) for name in heard}
    beside = context.sure_beside if context.case.phase != "handed_over" else 0.0
    if beside >= PLAIN or (beside >= CERTAIN and shares.get("", 0.0) >= PLAIN):
        # Its words sound like a question of the case, of which it surely asks nothing.
        return ()
    if beside >= DOUBTLESS:
        # What always holds says less about it than the matter; what the cause says itself says more.
        heard = tuple(name for name in heard if (each := speaking[name]) is not None and each.cause.aspects.get(name))

    def after(name: str) -> tuple[int, bool]:
        """What was heard both ways comes first, then what words ask of which the readings know nothing, then what was read plainly; then what the
        cause says itself, which says more than what always holds."""
        each, known = speaking[name], name in shares
        unsure = known + (known and name != context.plainly_read)
        return -1 if name == context.both_ways_heard else unsure, each is None or not each.cause.aspects.get(name)

    by_own = sorted(heard, key=after)
    exact = [name for name in by_own if _texts(context, name, speaking[name])][:1]
    if exact == [planner.UPSET]:
        # Whoever is upset and asks something wants that answered, too.
        exact += _asked_by_clauses(context, found)[:1]
    upset = [name for name in context.turn.aspects if exact and name == planner.UPSET and context.case.phase != "handed_over"]
    return tuple(dict.fromkeys((*upset, *exact)))


def _asked_by_clauses(context: TurnContext, found: Found | None) -> list[str]:
    """The sub-questions of the clauses that ask for which the cause on the table has words of its own."""
    asks, own = context.knowledge.locale.asks, found.cause.aspects if found is not None else {}
    asking = (clause for clause in context.turn.clauses if asks.search(clause.text))
    return [name for clause in asking for name in clause.aspects if name != planner.UPSET and own.get(name)]


def read_of_the_case(context: TurnContext) -> tuple[str, ...]:
    """What a message asks of the case if it is surely about that and no matter is sure: the best that was read and can be answered; how long it
    takes, if it names a day to come while the end is on record, unless it certainly asks of another matter.

    An answer to a guess at some other matter would leave the case that is being talked about.
    """
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    if context.intent != ABOUT_CASE or confidence >= CERTAIN or not _can_ask(context):
        return ()
    diagnosis = context.diagnose()
    found = on_the_table(context, diagnosis)
    if told.beside_the_end(context, found, diagnosis.facts):
        return (HOW_LONG,)
    if confidence >= SURE:
        return ()
    read = [(aspect, share) for aspect, share in context.turn.readings.get(ABOUT_CASE, ()) if aspect in context.knowledge.aspects]
    topic = context.knowledge.answers.topics.get(name)
    if confidence < HEARD and not any(_texts(context, each, found) for each in context.turn.aspects if each in context.knowledge.aspects):
        # Nothing else is any reading of it: the likeliest is taken if it is well ahead of the others.
        least = max(FAINT, 2 * max((share for _, share in read[1:2]), default=0.0))
    elif context.turn.confidence >= CERTAIN and topic is not None and topic.kind in planner.SETTLED:
        least = LIKELY
    else:
        return ()
    likely = (aspect for aspect, share in read if share >= least)
    return tuple(aspect for aspect in likely if _texts(context, aspect, _that_speaks(context, aspect, diagnosis, found)))[:1]


def _can_ask(context: TurnContext) -> bool:
    """Whether a message was typed while something is on the table to ask about."""
    has_subject = context.case.subject is not None or context.case.phase == "handed_over"
    return context.case.phase in planner.OPEN_PHASES and has_subject and context.thread is None and _is_typed(context)


def asked_of_its_matter(context: TurnContext) -> tuple[str, ...]:
    """What a message asks of the very matter that the cause in hand is about, if the cause says it itself: where, how long, at what price.

    An answer to the whole matter would be less than that, and more than was asked.
    """
    found = context.diagnose().get(context.case.cause) if context.case.phase in planner.OPEN_PHASES and _is_typed(context) else None
    name = next((name for name, _ in context.named_topics), "")
    topic = context.knowledge.answers.topics.get(name)
    if found is None or topic is None or topic.kind not in planner.SETTLED or found.cause.id not in topic.causes:
        return ()
    shares = dict(context.turn.readings.get(ABOUT_CASE, ()))
    # Of a matter that is sure, words are asked unless they are read to ask nothing of the case.
    heard = (name for name in context.heard.worded if context.sure_beside < SURE or shares.get(name, 1.0) >= DENIED_OF_CASE)
    asked = [name for name in heard if found.cause.aspects.get(name) and name not in topic.aspects]
    return tuple(asked[:1])


def of_the_cause(context: TurnContext) -> tuple[str, ...]:
    """What the words of a message ask so plainly that the cause in hand has words of its own for it."""
    found = context.diagnose().get(context.case.cause) if _is_typed(context) else None
    heard = (name for name in context.exactly_heard if name != context.plainly_read)
    return tuple(name for name in heard if found is not None and found.cause.aspects.get(name))[:1]


def _asks_to_look(context: TurnContext) -> bool:
    """Whether a message asks so plainly for a look at the state, for another subject, for an end or for a person, that no words stand in for it; who
    surely complains once more when all was said to be done, or while a person is awaited, asks for a look."""
    if context.case.phase in ("resolved", "handed_over") and context.intent == context.knowledge.assumed_complaint:
        return context.turn.confidence >= DOUBTLESS
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    if topic is None:
        return False
    if context.knowledge.answers.intent_of(name) == told.REQUEST_HUMAN and topic.kind == "dialogue":
        return confidence >= CERTAIN
    return (topic.move in _LOOKING and confidence >= CERTAIN) or (topic.move in _LEAVING and confidence >= SURE)


def about_exactly(context: TurnContext, aspects: Sequence[str]) -> AnswerAbout:
    """The part of a reply that answers sub-questions of the case which ``asked_exactly`` and its neighbours found."""
    topics = {topic.id: topic for topic in context.knowledge.answers.by_intent[ABOUT_CASE]}
    topic = next((topics[name] for name, _ in context.named_topics if name in topics), next(iter(topics.values())))
    return AnswerAbout(topic, tuple(aspects), tuple(name for name in context.turn.claims if name in context.knowledge.claims))


def answer_exactly(context: TurnContext, aspects: Sequence[str]) -> None:
    """Answers what ``asked_exactly`` found."""
    part = about_exactly(context, aspects)
    answer_about(context, part.topic, part.aspects, part.claims)


def _is_typed(context: TurnContext) -> bool:
    return bool(context.turn.text) and context.turn.entity("topic") is None


def filled(context: TurnContext, aspect: str, diagnosis: Diagnosis, found: Found | None) -> tuple[str, ...]:
    """The variants of what is said about an aspect; a line may speak of what this state lacks, and what is left of a text be nothing."""
    speaking = _that_speaks(context, aspect, diagnosis, found)
    values = Values(diagnosis.facts, speaking.matches if speaking is not None else (), context.said(diagnosis.facts))
    if aspect in (HOW_LONG, LONG_ALREADY) and queue.is_waiting(context):
        lasts = context.wording.variants(_texts(context, aspect, speaking), values)[:1]
        if aspect == HOW_LONG and queue.is_called_by(context, speaking):
            return queue.status_behind(context, lasts)
        return queue.status_before(context, lasts if _is_known_how_long(context, speaking, diagnosis) else ())
    said = context.wording.variants(_texts(context, aspect, speaking), values)
    if said or speaking is None or not speaking.cause.aspects.get(aspect):
        return said
    # The state lacks all that the cause speaks of: then what always holds is left.
    return context.wording.variants(context.knowledge.aspects[aspect].answer(speaking.cause.nature), values)


def _is_known_how_long(context: TurnContext, found: Found | None, diagnosis: Diagnosis) -> bool:
    """Whether the customer has been told of a cause whose end is on record."""
    return found is not None and found.cause.id in context.case.causes and must_wait(found, diagnosis.facts)


def _that_speaks(context: TurnContext, aspect: str, diagnosis: Diagnosis, found: Found | None) -> Found | None:
    """The cause that answers a sub-question: the one on the table, unless only another one has to do with what is asked."""
    known = context.knowledge.aspects[aspect]
    if found is None or found.cause.aspects.get(aspect) or not (known.exact or aspect == HOW_MUCH):
        return found
    return next((other for other in diagnosis.found if other.cause.aspects.get(aspect)), found)


def on_the_table(context: TurnContext, diagnosis: Diagnosis) -> Found | None:
    """The cause that is spoken of: the one of which the customer says something, else one that they call by name where the one in hand is not,
    else the one in hand if it still holds, else the first that blocks, else the first that limits."""
    meant = (found for found in diagnosis.blocks if context.claims_something_of(found.cause))
    held = diagnosis.get(context.case.cause)
    called = [found for found in diagnosis.found if found.cause.is_called_in(context.turn.text)]
    named = called[0] if called and held not in called else None
    return next(meant, None) or named or held or diagnosis.first


def _solved_before(context: TurnContext, found: Found) -> Cause | None:
    """The cause that was solved in this case just before the one on the table came up."""
    tried = context.case.tried[-1:]
    solved = tried[0].cause if tried and tried[0].result == "passed" else found.cause.id
    return context.knowledge.causes.get(solved) if solved != found.cause.id else None


def _texts(context: TurnContext, aspect: str, found: Found | None) -> tuple[str, ...]:
    known, phase = context.knowledge.aspects[aspect], context.case.phase
    own = tuple(found.cause.aspects.get(aspect, ())) if found is not None else ()
    if phase == "waiting" and known.answers.get(NOTICED) and choices.waits_for(context, context.case.cause):
        return known.answer(NOTICED)
    of_person = known.of_person and not queue.is_called_by(context, found)
    if phase == "handed_over" and known.answers.get("queued") and (of_person or not (own and context.case.causes)):
        # Of a cause that nobody has been told there is nothing to ask.
        return known.answer("queued")
    if own:
        return own
    if phase == "resolved" and (found is None or not context.case.causes):
        return known.answer("resolved")
    if found is None and phase == "handed_over" and not context.case.causes:
        # Nothing was looked at: that nothing stands in the way is not known.
        return known.answer(ANSWERED)
    if found is None:
        return tuple(context.knowledge.causes[NO_CAUSE_FOUND].aspects.get(aspect, known.answer("none")))
    if aspect == HOW_LONG and found.cause.wait is not None:
        return (found.cause.wait.text, *known.answer(found.cause.nature))
    return known.answer(found.cause.nature)


# --- the choices of the case -----------------------------------------------------------------------------------------------------------


def offer_choices(context: TurnContext) -> None:
    """Offers the choices of the case once more: a question that was put is put again, else the last reply gets the buttons."""
    case = context.case
    if case.phase == "asking_subject" or (case.phase == "doing" and not case.paused):
        casework.prompt_after_aside(context)
    elif case.phase != "idle":
        context.speaker.offer(choices.of_phase(context))
