"""The reply planner: what was asked, the phase of the case and what was found, to the ordered parts of a reply. It says nothing itself.

The order is that of a good human agent: first what was asked, then the proven cause, then the sub-questions, then one next step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actions.core.asked import CERTAIN, DOUBTLESS, LIKELY, MOSTLY, STANDS, SURE, Asked
from actions.core.case import Phase
from actions.core.moves import (
    AnswerAbout,
    AskBack,
    AskInCase,
    GiveAnswer,
    GiveDiagnosis,
    GoOnAbout,
    HandOverFor,
    MoveCase,
    OfferChoices,
    Part,
)
from actions.core.topics import CaseMove, Topic

MOST_ASPECTS = 2
"""Sub-questions that one reply answers."""
UPSET = "upset"
"""The aspect that asks for a word of understanding."""
WHY = "why"
"""The aspect that asks for the reason."""
_TELLING = ("undo", "own_guess", "safe", "where", "future", "meanwhile")
"""Aspects whose words say more than the topic a follow-up was taken for."""
_OF_TIME = ("how_long",)
"""Aspects whose words are asked of little else, so that they say more than a doubtful matter."""
_GENERAL = ("sure", "meanwhile")
"""Aspects for which much is taken that asks for something more exact."""
OPEN_PHASES: tuple[Phase, ...] = ("doing", "offered", "confirming", "handoff_offered", "waiting", "explained", "resolved", "handed_over")
"""The phases in which there is a case to ask about."""

SETTLED = ("state", "rule", "action")
"""Kinds of topics that an answer settles."""
_MEANT_WITHOUT_A_CASE: tuple[CaseMove | None, ...] = ("queue_status", "cancel_person", "start_over", "give_up")
"""Moves that mean the same though nothing is on the table."""
_ASPECTS_OF_MOVES: Mapping[CaseMove, str] = {
    "next_step": "how_fix",
    "first_things_first": "order_of_steps",
    "look_again": "meaning",
    "appeared": "meaning",
    "partly_done": "partly_done",
}
"""What a move asks where there is an answer and no case to move."""


@dataclass(frozen=True)
class _Turn:
    """A message with what it falls into; see ``plan``."""

    asked: Asked
    phase: Phase
    found: tuple[str, ...]
    thread: Topic | None

    @property
    def topic(self) -> Topic | None:
        return self.asked.topic

    @property
    def complains(self) -> bool:
        return self.asked.kind == "complaint"

    @property
    def open(self) -> bool:
        """Whether there is a case to ask about."""
        return self.phase in OPEN_PHASES


def plan(asked: Asked, phase: Phase, found: tuple[str, ...] = (), thread: Topic | None = None) -> tuple[Part, ...]:
    """The parts of a reply, in order: those of the first rule that has any.

    Args:
        asked: what the message asks for.
        phase: of the case.
        found: ids of the causes that hold for what the customer is looking at.
        thread: what was answered last, where that and no cause is what a follow-up is about.
    """
    turn = _Turn(asked, phase, found, thread)
    return next(parts for rule in _RULES if (parts := rule(turn)) is not None)


def _an_emergency(turn: _Turn) -> tuple[Part, ...] | None:
    topic = turn.topic
    return (HandOverFor(topic),) if topic is not None and topic.kind == "emergency" and turn.asked.sure else None


def _in_a_thread(turn: _Turn) -> tuple[Part, ...] | None:
    """What is said about the answer that was given last."""
    topic, thread = turn.topic, turn.thread
    if thread is None:
        return None
    if topic is not None and topic.move == "will_do" and turn.asked.confidence >= LIKELY:
        return (MoveCase(topic, "will_do"),)
    further = _asked_further(turn.asked, thread)
    return (GoOnAbout(thread, further), *_answer_of_second(turn.asked)) if further is not None else None


def _of_the_case(turn: _Turn) -> tuple[Part, ...] | None:
    """What is said about the case."""
    topic = turn.topic
    if topic is None or topic.kind != "case" or not (turn.asked.sure or turn.open) or (turn.complains and turn.asked.untold):
        return None
    return _about_case(topic, turn.asked, turn.phase)


def _while_endangered(turn: _Turn) -> tuple[Part, ...] | None:
    """An account in somebody else's hands comes before whatever is complained of."""
    if not (turn.complains and turn.asked.endangered and not turn.open and turn.topic is not None and turn.topic.kind in SETTLED):
        return None
    return (GiveDiagnosis(None, turn.asked.aspects[:MOST_ASPECTS], turn.asked.claims, _second(turn.asked)),)


def _too_little(turn: _Turn) -> tuple[Part, ...] | None:
    """What says too little is about the case where there is one."""
    vague = turn.topic is not None and turn.topic.vague and turn.phase != "idle"
    return (AskInCase(),) if vague and (turn.asked.sure or not turn.complains) else None


def _a_complaint(turn: _Turn) -> tuple[Part, ...] | None:
    """What no answer settles is diagnosed, or asked back if it may be something else."""
    asked, topic = turn.asked, turn.topic
    if topic is not None and topic.kind in SETTLED and not (turn.complains and not asked.sure) and not _is_rather_blocked(turn):
        return None
    if not turn.complains and not asked.sure:
        if turn.found and not turn.open and asked.of_block >= MOSTLY:
            # Whatever exactly was meant, what stands in the way is the better part of the answer.
            return (_diagnosed(asked, None),)
        return (AskBack(asked.guesses), *_back_to_case(turn.phase))
    lead = topic if topic is not None and topic.kind == "failure" and asked.sure else None
    return (_diagnosed(asked, lead),)


def _is_rather_blocked(turn: _Turn) -> bool:
    """Whether the likeliest matter of a message that was not taken for a complaint is hardly one, and it is mostly about what was found."""
    return not turn.complains and turn.asked.confidence < LIKELY and bool(turn.found) and not turn.open and turn.asked.of_block >= MOSTLY


def _diagnosed(asked: Asked, lead: Topic | None) -> GiveDiagnosis:
    """A diagnosis with the sub-questions that it takes up; what is asked of the very cause is answered first."""
    telling = _most_telling(asked)
    return GiveDiagnosis(lead, telling, asked.claims, _second(asked), first=tuple(each for each in telling if each in asked.of_cause))


def _most_telling(asked: Asked) -> tuple[str, ...]:
    """The sub-questions that a diagnosis takes up: a word of understanding, then what was asked most exactly; why it is so it tells itself."""
    heard = dict.fromkeys((*asked.aspects, *asked.of_cause))
    order = {aspect: (aspect != UPSET, aspect == WHY, aspect not in asked.narrow) for aspect in heard if aspect not in asked.told_beside}
    telling = sorted(order, key=lambda aspect: order[aspect])
    of_each = ([aspect for aspect in question if aspect in telling and aspect not in (UPSET, WHY)] for question in asked.questions)
    asked_by_words = tuple(dict.fromkeys(aspects[0] for aspects in of_each if aspects))
    if not asked_by_words:
        return tuple(telling)[:MOST_ASPECTS]
    return (*(aspect for aspect in telling if aspect == UPSET), *asked_by_words[:MOST_ASPECTS])


def _a_question(turn: _Turn) -> tuple[Part, ...] | None:
    """What an answer settles, and what stands in its way."""
    asked, topic = turn.asked, turn.topic
    if topic is None:
        return None
    if turn.open and asked.guessed:
        # A guess at another matter would be a change of subject that nobody asked for.
        return (AskInCase(),)
    aspects = own_aspects(topic, asked.aspects)
    in_the_way = tuple(cause for cause in topic.causes if cause in turn.found)
    if _is_about_what_was_found(turn, topic, bool(in_the_way)):
        return (_diagnosed(asked, None),)
    if turn.complains and (in_the_way or _blames_wrongly(asked, topic, turn.found)):
        return (GiveAnswer(topic, aspects, asked.claims, several=asked.several), GiveDiagnosis(second=_second(asked), answered=topic))
    if _is_rather_about_the_block(turn) and turn.found and not (in_the_way or turn.open):
        # An answer that looks at its own matter only would say that all is well where something else stands in the way.
        return (_diagnosed(asked, None),)
    also = in_the_way[0] if in_the_way and not turn.open else None
    guesses = () if asked.sure else asked.guesses
    return (GiveAnswer(topic, aspects, asked.claims, also, guesses, asked.several), *_answer_of_second(asked), *_back_to_case(turn.phase))


def _is_about_what_was_found(turn: _Turn, topic: Topic, in_the_way: bool) -> bool:
    """Whether a matter that is not certain is of other causes than the one found, or says nothing to what is asked of that in words it has."""
    asked = turn.asked
    answered = any(topic.answers_to(aspect) for aspect in asked.of_cause) and asked.confidence >= STANDS
    of_others = turn.complains and asked.blocked and bool(topic.causes) and not in_the_way and topic.kind != "action"
    pointed = asked.guesses_it or (of_others and asked.nameless and bool(asked.of_cause))
    return not turn.open and (pointed or (asked.confidence < CERTAIN and (of_others or (bool(asked.of_cause) and not answered))))


def _is_rather_about_the_block(turn: _Turn) -> bool:
    """Whether a question is about a matter of complaints, or a complaint's question is less likely than what stands in the way."""
    asked = turn.asked
    return not asked.complained and asked.of_block > asked.confidence if turn.complains else asked.complained


_RULES: tuple[Callable[[_Turn], tuple[Part, ...] | None], ...] = (
    _an_emergency,
    _in_a_thread,
    _of_the_case,
    _while_endangered,
    _too_little,
    _a_complaint,
    _a_question,
)
"""The first that applies plans the reply; every message without a settled topic is taken by ``_a_complaint``."""


def own_aspects(topic: Topic, aspects: tuple[str, ...]) -> tuple[str, ...]:
    """The sub-questions of a message that an answer takes up: what the topic says nothing to must not push out what it does."""
    return tuple(aspect for aspect in aspects if aspect in topic.aspects)[: 1 if topic.aspects_first else MOST_ASPECTS]


def _asked_further(asked: Asked, thread: Topic) -> tuple[str, ...] | None:
    """What a message asks about the matter that was answered last; None if it is about something else."""
    topic = asked.topic
    named = topic is not None and asked.sure and topic.kind not in ("case", "dialogue") and not topic.vague
    if asked.alone and (not named or any(thread.answers_to(aspect) for aspect in asked.alone)):
        return asked.alone[:MOST_ASPECTS]
    of_each = tuple(dict.fromkeys(each for asks in asked.questions if (each := next(filter(thread.said_to, asks), None)) is not None))
    if len(of_each) > 1 and (topic == thread or not named):
        return of_each[:MOST_ASPECTS]
    said = tuple(filter(thread.said_to, asked.aspects))
    narrow = tuple(aspect for aspect in said if aspect in asked.narrow)
    if named and topic == thread and thread.quote is not None and said:
        # Other figures may be what is new.
        return None
    if said and named and topic == thread:
        return narrow[:1] or said[:MOST_ASPECTS]
    of_case = topic is not None and topic.kind == "case"
    if narrow and asked.confidence < (LIKELY if of_case else DOUBTLESS):
        # What was answered last has words for just this; that another matter was meant is not certain.
        return narrow[:1]
    if said and not asked.sure and (topic is None or topic.kind not in ("case", "dialogue")):
        return said[:1]
    if topic is not None and topic.vague and asked.confidence >= LIKELY:
        return (said or asked.aspects)[:MOST_ASPECTS]
    if topic is None or topic.kind != "case" or asked.confidence < LIKELY or topic.move in _MEANT_WITHOUT_A_CASE:
        return None
    usual = topic.aspect or _ASPECTS_OF_MOVES.get(topic.move or "next_step")
    return _aspects_about_case(usual, asked) if usual is not None else ()


def _about_case(topic: Topic, asked: Asked, phase: Phase) -> tuple[Part, ...]:
    remembered = asked.told and topic.aspect is not None
    if phase not in OPEN_PHASES and not remembered and topic.move not in (*_MEANT_WITHOUT_A_CASE, "correct_subject"):
        # Nothing is on the table yet: whoever asks what to do about it wants to know what it is.
        own = (topic.aspect,) if topic.aspect is not None else ()
        return (GiveDiagnosis(None, (asked.aspects or own)[:MOST_ASPECTS], asked.claims),)
    if topic.move is not None:
        return (*_answer_of_second(asked), MoveCase(topic, topic.move))
    assert topic.aspect is not None
    second = _answer_of_second(asked)
    about = AnswerAbout(topic, _aspects_about_case(topic.aspect, asked), asked.claims)
    return (about, *second, *((OfferChoices(),) if second else ()))


def _aspects_about_case(usual: str, asked: Asked) -> tuple[str, ...]:
    """What a follow-up asks: a word of understanding first, then what its topic stands for, unless more telling words were heard."""
    upset = tuple(aspect for aspect in asked.aspects if aspect == UPSET)
    if asked.of_case and (asked.plain or asked.confidence < STANDS):
        return tuple(dict.fromkeys((*upset, asked.of_case)))
    # What a doubtful matter stands for is less than what the words ask.
    likely = _OF_TIME if asked.confidence < SURE else ()
    telling = tuple(aspect for aspect in asked.aspects if aspect in (*_TELLING, *likely) and aspect != usual)
    if usual in asked.aspects:
        meant = (usual, *telling)
    elif telling and (asked.confidence < CERTAIN or usual in _GENERAL):
        meant = telling
    else:
        meant = (usual,)
    return (*upset, *meant)[:MOST_ASPECTS]


def _blames_wrongly(asked: Asked, topic: Topic, found: tuple[str, ...]) -> bool:
    """Whether the answer says that it is not what the customer blames, although something is: then that must be named."""
    return topic.kind in ("state", "action") and bool(asked.blamed) and bool(found) and not set(asked.blamed) & set(found)


def _second(asked: Asked) -> Topic | None:
    """The second matter, if it is one that an answer settles."""
    second = asked.second
    if second is None or second == asked.topic or second.kind in ("failure", "emergency", "case", "dialogue"):
        return None
    return None if asked.topic is not None and second.id in asked.topic.covers else second


def _answer_of_second(asked: Asked) -> tuple[Part, ...]:
    second = _second(asked)
    return (GiveAnswer(second, asked.of_second, beside=True),) if second is not None else ()


def _back_to_case(phase: Phase) -> tuple[Part, ...]:
    return (OfferChoices(),) if phase != "idle" else ()
