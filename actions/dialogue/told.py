"""What a message tells beside what it asks: that the option is there, that the step is put off, that it was tried already, and a day it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actions.core.asked import CERTAIN, Clause
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Found
from actions.core.facts import Facts
from actions.core.fixers import end_of_wait
from actions.core.moments import day_of, today
from actions.core.named_days import days_on_record
from actions.core.topics import CaseMove, Topic
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases

TRIED_SEVERAL = "tried_several"
"""The aspect that says that more than one thing was tried, or one many times."""
PARTLY = "partly_done"
"""The aspect whose answer is for those who say that they have done it."""
REQUEST_HUMAN = "request_human"
_REFUSE = "refuse"
"""The aspect whose answer is for those who do not want to do the step."""
_COURTESIES = frozenset({"thanks", "affirm", "greet"})
"""Intents of clauses that nothing is asked with."""
_PUTTING_OFF: frozenset[CaseMove] = frozenset({"will_do", "first_things_first", "give_up"})
"""Moves by which the customer leaves a step for now."""
_ASKING_WHEN = frozenset({"how_long", "which_day", "in_time", "by_itself"})
"""The aspects that ask when it is over."""
_OTHERS_END = ("time", "platform", "shop")
"""The natures of causes that end when somebody else, or time, ends them."""
_LATER = "cue_later"
"""The cue that something is put off."""
_LIKELY, _MOSTLY = 0.25, 0.5
"""The share of a clause's confidence from which on it says that the option is there, which the phase makes likely, and that a step is put off."""


def found_it(context: TurnContext) -> bool:
    """Whether a clause says that the option is there, where nothing was found that could keep it away."""
    waits = context.case.cause in (None, NO_CAUSE_FOUND) and not context.diagnose().blocks
    return waits and _tells(context, lambda topic: topic.move == "appeared", _LIKELY)


def puts_off(context: TurnContext) -> bool:
    """Whether the step in hand is put off, beside what is asked."""
    return context.case.phase == "doing" and (context.turn.has(_LATER) or _tells(context, lambda topic: _declines(context, topic), _MOSTLY))


def has_tried(context: TurnContext) -> bool:
    """Whether the customer has tried by themselves what they would be sent to try, more than once or in several ways."""
    return TRIED_SEVERAL in context.turn.aspects or _tells(context, lambda topic: topic.move == "partly_done", CERTAIN)


def beside_the_end(context: TurnContext, found: Found | None, facts: Facts) -> list[str]:
    """How a day to come that the message names lies to the end of what is waited for, where that is on record."""
    until, day = end_of_wait(found, facts) if found is not None else None, context.day_said(facts)
    if until is None or day is None or day < today(facts.now):
        return []
    end = day_of(until)
    if day != end and day in days_on_record(facts):
        # That day is of something else, such as a bill.
        return []
    how = "before" if day < end else "on" if day == end else "behind"
    moment = context.knowledge.locale.moment
    return [context.speaker.phrase(phrases.DAY_NAMED[how], day=moment(day, facts.now), until=moment(until, facts.now))]


def of_the_day(context: TurnContext, found: Found | None, facts: Facts, aspects: Sequence[str]) -> list[str]:
    """What there is to say of a day to come that the message names: how it lies to the end, or that no end is on record where that is asked."""
    known = beside_the_end(context, found, facts)
    if known or found is None or found.cause.nature not in _OTHERS_END or end_of_wait(found, facts) or not _ASKING_WHEN & set(aspects):
        return known
    day = context.day_said(facts)
    if day is None or day <= today(facts.now) or day in days_on_record(facts):
        # Of today whatever is said about how long it takes says as much.
        return []
    return [context.speaker.phrase(phrases.DAY_UNKNOWN, day=context.knowledge.locale.moment(day, facts.now))]


def is_aside(context: TurnContext, clause: Clause) -> bool:
    """Whether a clause names nothing that an answer would be about: it gives thanks, agrees, or leaves a step for now."""
    topic = context.knowledge.answers.topics.get(next((name for name, _ in clause.topics), ""))
    if clause.intent == REQUEST_HUMAN or topic is None:
        return False
    courteous = clause.intent in _COURTESIES or topic.kind == "dialogue" or topic.move in _PUTTING_OFF
    return courteous or _share(context, clause, lambda each: _declines(context, each)) >= _MOSTLY


def _declines(context: TurnContext, topic: Topic) -> bool:
    """Whether a matter is that the customer does not want to go on, for now or at all."""
    home = context.knowledge.answers.intent_of(topic.id)
    says_no = home is not None and context.knowledge.intents[home].action == "action_decline"
    return says_no or topic.move == "give_up" or topic.aspect == _REFUSE


def _share(context: TurnContext, clause: Clause, is_meant: Callable[[Topic], bool]) -> float:
    """The share of a clause's confidence that falls on some matters."""
    topics = context.knowledge.answers.topics
    return sum(share for name, share in clause.topics if name in topics and is_meant(topics[name]))


def _tells(context: TurnContext, is_meant: Callable[[Topic], bool], least: float) -> bool:
    """Whether a clause that asks nothing is about some matters, one among others of the same message."""
    asks = context.knowledge.locale.asks
    told = (clause for clause in context.turn.clauses if not asks.search(clause.text))
    return any(_share(context, clause, is_meant) >= least for clause in told)
