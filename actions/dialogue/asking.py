"""What the message of a turn asks for, put together from what was understood, what is known and what was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from actions.core import planner
from actions.core.asked import ABOUT_CASE, CERTAIN, DOUBTLESS, HEARD, LIKELY, STANDS, SURE, TAKEN, Asked, Clause, WishKind
from actions.core.causes import Nature
from actions.core.diagnosis import Found
from actions.core.subject import Subject
from actions.core.topics import Topic
from actions.dialogue import handover
from actions.dialogue.answers import OUT_OF_SCOPE
from actions.dialogue.context import TurnContext
from actions.knowledge.aspects import asked_alone

_TOLD_ANYWAY = (planner.WHY, planner.UPSET, "meaning", "sure")
"""Sub-questions of a cause that the diagnosis itself answers."""
_GUESSES = ("own_guess", "related")
"""Sub-questions that guess at the reason: the diagnosis says yes or no to them."""
_BEFORE = "worked_before"
"""The sub-question of what has changed, which who tells that it worked before asks without a word."""
_AS_GUESSED = ("whose_fault", "account_fine")
"""What a cause says to where the reason lies, which is less than the yes or no to a guess."""
_WISHES: dict[str, WishKind] = {"complaint": "complaint", "question": "question"}


def asked_in(context: TurnContext, usual: str | None, first: Found | None) -> Asked:
    """What the message of a turn asks for.

    Args:
        usual: the intent whose first topic is meant if none was understood.
        first: the cause that would be told first.
    """
    turn, topics = context.turn, context.knowledge.answers.topics
    named = [(topics[name], confidence) for name, confidence in context.named_topics if name in topics]
    ranked = [(topic, confidence) for topic, confidence in named if not handover.is_out_of_question(context, topic, confidence)]
    meaning = context.knowledge.intents[context.intent]
    kind, in_case = meaning.kind, context.case.phase != "idle"
    if usual == OUT_OF_SCOPE and ranked and ranked[0][1] < HEARD:
        ranked = []
    if not ranked and usual is not None:
        ranked = [(topic, 1.0) for topic in context.knowledge.answers.by_intent.get(usual, ())[:1]]
    doubtful = bool(ranked) and (ranked[0][1] < CERTAIN or len(context.case.causes) > 1)
    if doubtful and ranked[0][0].move == "correct_subject" and not _has_another_subject(context):
        # There is no other order it could be about.
        ranked = ranked[1:]
    told = in_case and context.case.phase != "asking_subject"
    if len(ranked) > 1 and ranked[0][0].vague and ranked[1][0].kind == "case" and ranked[1][1] >= LIKELY and told:
        # What says little by itself says enough about the case.
        ranked = ranked[1:]
    best, confidence = ranked[0] if ranked else (None, 0.0)
    # Questions about the case are readings only where there is one.
    elsewhere = ("dialogue", "emergency", *(() if in_case else ("case",)))
    guesses = tuple(topic for topic, _ in ranked if topic.kind not in elsewhere and not topic.vague)
    several = context.knowledge.locale.questions_in(turn.written or turn.text) > 1
    second = topics.get(turn.second_topic or "") or (_runner_up(context, ranked, first) if several else None)
    questions, of_cause = _questions(context, best, first), _asked_of_cause(context, first)
    return Asked(
        kind=_WISHES.get(kind, "other"),
        topic=best,
        confidence=confidence,
        aspects=tuple(name for name in turn.aspects if _is_answered(context, name, best, first)),
        claims=tuple(name for name in turn.claims if name in context.knowledge.claims),
        second=second,
        of_second=_read_of(context, second) if second is not None else (),
        several=several and second is None,
        guesses=guesses,
        blamed=meaning.causes if meaning.keeps_from_splitting and best is not None and home_of(context, best) == context.intent else (),
        alone=asked_alone(context.knowledge.aspects, turn.text),
        of_case=context.heard.of_case,
        plain=context.heard.plain,
        narrow=tuple(name for name in turn.aspects if name in context.heard.read or _is_narrow(context, name)),
        of_block=_share_of_block(context, named, first),
        untold=in_case and not context.case.causes,
        told=context.case.given_up,
        complained=best is not None and _is_complaint(context, home_of(context, best)),
        guessed=confidence < LIKELY and turn.confidence < CERTAIN,
        told_beside=_told_beside(context, of_cause),
        questions=questions,
        of_cause=of_cause,
        blocked=first is not None and first.cause.kind == "block",
        nameless=not context.knowledge.locale.names.search(turn.text),
        guesses_it=first is not None and best is not None and home_of(context, best) == OUT_OF_SCOPE and _guesses_at(context, first),
    )


def _guesses_at(context: TurnContext, first: Found) -> bool:
    """Whether a message asks whether just the cause that was found is the reason, although it names what is no business of the assistant's."""
    clauses = context.turn.clauses or (context.turn,)
    return any(first.cause.is_guessed_in(each.text) for each in clauses if not {*_GUESSES}.isdisjoint(each.aspects))


def _questions(context: TurnContext, topic: Topic | None, first: Found | None) -> tuple[tuple[str, ...], ...]:
    """The sub-questions of each clause that asks, and those whose words stand in no clause alone; none where the message is one clause.

    What the cause that was found has words of its own for comes first in each, then what the matter has.
    """
    clauses, asks, heard = context.turn.clauses, context.knowledge.locale.asks, context.heard
    if not clauses:
        return ()
    read = {*heard.read, *(name for clause in clauses for name in _read_in(clause))}
    answering = [
        each for each in (first.cause.aspects if first is not None else None, topic.aspects if topic is not None else None) if each
    ]

    nature: Nature = first.cause.nature if first is not None else "none"

    def place(name: str) -> int:
        usual = context.knowledge.aspects[name].answer(nature)
        return next((place for place, own in enumerate(answering) if own.get(name)), len(answering) + (not usual))

    def told_best(names: Collection[str], of_cause: str = "") -> tuple[str, ...]:
        known = [name for name in context.turn.aspects if name in names and _is_answered(context, name, topic, first)]
        by_place = sorted(known, key=lambda name: (place(name), name not in read, not _is_narrow(context, name)))
        return tuple(dict.fromkeys((*filter(None, [of_cause]), *by_place)))

    of_cause = [(clause, _asked_of(context, clause, first)) for clause in clauses]
    by_clause = [told_best({*clause.aspects, *_read_in(clause)}, asked) for clause, asked in of_cause if asked or asks.search(clause.text)]
    alone = {name for clause in clauses for name in (*clause.aspects, *_read_in(clause))}
    # What the whole was read to ask stands behind what a clause asks by itself, if there is an answer to that.
    whole = told_best({*heard.worded} - alone)
    if not any(place(name) < len(answering) for each in by_clause for name in each):
        return (told_best({*heard.read} - alone), *by_clause, whole)
    return (*by_clause, whole)


def _asked_of(context: TurnContext, clause: Clause, first: Found | None) -> str:
    """What a clause asks by itself of the cause that was found, if that has words of its own for it; empty if it asks nothing of it.

    Before anything is on the table, what the whole message was taken for says little of what is asked beside it.
    """
    if first is None or first.cause.kind != "block" or context.case.phase != "idle":
        return ""
    own = {name for name, texts in first.cause.aspects.items() if texts} - {*_TOLD_ANYWAY, *_GUESSES}
    if not {*_GUESSES}.isdisjoint(context.turn.aspects):
        own -= {*_AS_GUESSED}
    read = dict(clause.readings.get(ABOUT_CASE, ()))
    name, confidence = next(iter(clause.topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    if not context.knowledge.locale.asks.search(clause.text):
        # What only tells something asks nothing, unless its words, or its matter, and what was read of it agree.
        if topic is not None and topic.aspect == _BEFORE and _BEFORE in own and read.get(_BEFORE, 0.0) >= CERTAIN:
            return _BEFORE
        if topic is not None and topic.kind == "failure":
            return ""
        return next((each for each in clause.aspects if each in own and _is_narrow(context, each) and read.get(each, 0.0) >= TAKEN), "")
    best = max(own, key=lambda each: read.get(each, 0.0), default="")
    share = read.get(best, 0.0)
    if not {*_GUESSES}.isdisjoint(clause.aspects):
        # Whether it is so may be asked of more than the reason.
        return best if share >= DOUBTLESS and best in clause.aspects else ""
    if share >= STANDS:
        return best
    of_topic = topic.aspect if topic is not None and confidence >= SURE else None
    worded = (each for each in clause.aspects if each in own and _is_narrow(context, each) and read.get(each, 0.0) >= LIKELY)
    return of_topic if of_topic is not None and of_topic in own else next(worded, "")


def _asked_of_cause(context: TurnContext, first: Found | None) -> tuple[str, ...]:
    """What the clauses ask of the cause that was found, each by itself."""
    return tuple(dict.fromkeys(name for clause in context.turn.clauses if (name := _asked_of(context, clause, first))))


def _read_in(clause: Clause) -> tuple[str, ...]:
    """The sub-questions that were read in a clause by itself."""
    return tuple(reading[0][0] for reading in clause.readings.values() if reading and reading[0][0] and reading[0][1] >= TAKEN)


def _told_beside(context: TurnContext, of_cause: Collection[str]) -> tuple[str, ...]:
    """The sub-questions whose words stand only in clauses that tell something while another asks or complains, and those that only the whole
    seems to ask; what a clause asks of the cause that was found is none."""
    known, clauses = context.knowledge, context.turn.clauses

    def asks(clause: Clause) -> bool:
        return known.intents[clause.intent].complaint or known.locale.questions_in(clause.text) > 0

    asking = [clause for clause in clauses if asks(clause)]
    told = {name for clause in clauses if clause not in asking for name in clause.aspects}
    asked = {name for clause in asking for name in clause.aspects}
    aside = [name for name in context.heard.worded if asking and name in told - asked and name not in (*context.heard.read, *of_cause)]
    mixed = [name for name in context.heard.read if clauses and name not in context.heard.worded and not _is_read(context, name)]
    return tuple(name for name in (*aside, *mixed) if name not in known.aspects or not known.aspects[name].may_be_told)


def _is_read(context: TurnContext, name: str) -> bool:
    """Whether a sub-question is what a clause asks by itself, or what the whole asks rather than not."""
    readings = [reading for clause in context.turn.clauses for reading in clause.readings.values() if reading]
    of_whole = (dict(reading).get(name, 0.0) for reading in context.turn.readings.values())
    return any(reading[0][0] == name for reading in readings) or max(of_whole, default=0.0) >= STANDS


def _runner_up(context: TurnContext, ranked: Sequence[tuple[Topic, float]], found: Found | None) -> Topic | None:
    """The second of two things that are asked: the matter that comes next, if an answer settles it as it does the first.

    Where what was found is told as well, that is enough for one reply, unless the second is likely.
    """
    asked = [topic for topic, confidence in ranked[:2] if confidence >= HEARD and topic.kind in planner.SETTLED and not topic.vague]
    if context.turn.clauses and len(asked) == 2 and not _speaks_for_itself(context, asked[1]):
        return None
    homes = [home_of(context, topic) for topic in asked]
    if len(asked) < 2 or None in homes or OUT_OF_SCOPE in homes:
        return None
    told = context.knowledge.intents[context.intent].complaint and found is not None and found.cause.id in asked[0].causes
    return None if told and ranked[1][1] < LIKELY else asked[1]


def _speaks_for_itself(context: TurnContext, topic: Topic) -> bool:
    """Whether a clause may be about a matter by itself."""
    return any(name == topic.id and share >= LIKELY for clause in context.turn.clauses for name, share in clause.topics)


def _read_of(context: TurnContext, topic: Topic) -> tuple[str, ...]:
    """The sub-question of a matter that was read, if the matter answers it."""
    name, share = next(iter(context.turn.readings.get(topic.id, ())), ("", 0.0))
    return (name,) if share >= TAKEN and name in topic.aspects else ()


def _share_of_block(context: TurnContext, ranked: Sequence[tuple[Topic, float]], first: Found | None) -> float:
    """The share of the confidence that falls on complaints, on follow-ups of a case, and on what the cause that was found stands in the way of."""
    intents, cause = context.knowledge.intents, first.cause.id if first is not None else ""

    def concerns(topic: Topic) -> bool:
        home = home_of(context, topic)
        return topic.kind in ("case", "failure") or cause in topic.causes or (home is not None and intents[home].complaint)

    whole = sum(confidence for _, confidence in ranked)
    return sum(confidence for topic, confidence in ranked if concerns(topic)) / whole if whole else 0.0


def _has_another_subject(context: TurnContext) -> bool:
    """Whether the customer has an order or a bill beside the one at hand."""
    source, user = context.source, context.turn.user_id
    own = [*(Subject("order", order.id) for order, _ in source.orders(user)), *(Subject("bill", bill.id) for bill in source.bills(user))]
    return any(subject != context.case.subject for subject in own)


def _is_narrow(context: TurnContext, aspect: str) -> bool:
    known = context.knowledge.aspects.get(aspect)
    return known is not None and known.is_narrow


def _is_answered(context: TurnContext, aspect: str, topic: Topic | None, first: Found | None) -> bool:
    """Whether anything can be said to a sub-question; what was taken out of the knowledge since the servers began may still be heard."""
    known = context.knowledge.aspects.get(aspect)
    if known is None:
        return False
    by_topic = topic is not None and topic.answers_to(aspect)
    by_cause = first is not None and bool(first.cause.aspects.get(aspect))
    return by_topic or by_cause or any(known.answers.values())


def home_of(context: TurnContext, topic: Topic) -> str | None:
    """The intent whose matter a topic is; None if no intent has it."""
    return context.knowledge.answers.intent_of(topic.id)


def _is_complaint(context: TurnContext, intent: str | None) -> bool:
    return intent is not None and context.knowledge.intents[intent].complaint
