"""Says what the reply planner plans: answers, diagnoses, sub-questions, and the choices of the case once more."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Optional, Tuple

from actions.core import planner
from actions.core.diagnosis import diagnose
from actions.core.messages import AnswerData, EvidenceData, MessageData, OutOfScopeData
from actions.core.planner import Asked, WishKind
from actions.core.topics import Topic
from actions.core.turn import Button
from actions.core.views import View
from actions.dialogue import casework, follow_up, handover, quotes
from actions.dialogue.clarification import ask_back
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import Wish
from actions.knowledge import phrases
from actions.knowledge.rendering import Values

OUT_OF_SCOPE, ABOUT_CASE = "out_of_scope", "about_case"
MOST_GUESSES = 3
"""Other readings that are offered as buttons beside an answer; a question back offers one more."""


# --- actions: what is answered where no matter was understood ---------------------------------------------------------------------------


def complain(context: TurnContext) -> None:
    """Answers a complaint; without a matter it is diagnosed."""
    _reply(context)


def answer_question(context: TurnContext) -> None:
    """Answers a question; a button of the menu names no matter, and means the first one of what it asks."""
    _reply(context, usual=context.intent)


def quote(context: TurnContext) -> None:
    """Says what an amount would cost, unless something else about quotes was asked."""
    _reply(context, usual=quotes.QUOTE)


def follow_up_on(context: TurnContext) -> None:
    """Answers what only makes sense within the case; without a matter, what to do next."""
    _reply(context, usual=ABOUT_CASE)


def redirect(context: TurnContext) -> None:
    """Says where another matter belongs, or that it is none of the assistant's."""
    _reply(context, usual=OUT_OF_SCOPE)


def clarify(context: TurnContext) -> None:
    """Answers the likeliest reading that does no harm, or asks back."""
    _reply(context)


# --- parts -----------------------------------------------------------------------------------------------------------------------------


def _reply(context: TurnContext, usual: Optional[str] = None) -> None:
    """Plans a reply to what was asked, and says it part by part; ``usual`` is the intent whose first topic is meant if none was understood."""
    asked = asked_in(context, usual)
    found = diagnose(context.facts(), context.knowledge.causes.values()).cause_ids
    for part in planner.plan(asked, context.case.phase, found):
        _say(context, part)


def repeat(context: TurnContext) -> None:
    """Once more, in other words: the answer that was given last, if no case has begun since."""
    case = context.case
    topic = context.knowledge.answers.topics.get(case.answered or "")
    if topic is not None and case.phase == "idle" and case.subject is None:
        answer(context, topic)
    else:
        casework.repeat(context)


def asked_in(context: TurnContext, usual: Optional[str] = None) -> Asked:
    """What the message of a turn asks for; ``usual`` as for ``_reply``."""
    turn, topics = context.turn, context.knowledge.answers.topics
    ranked = [(topics[name], confidence) for name, confidence in context.named_topics if name in topics]
    meaning = context.knowledge.intents[context.intent]
    kind = meaning.kind
    if not ranked and usual is not None:
        ranked = [(topic, 1.0) for topic in context.knowledge.answers.by_intent.get(usual, ())[:1]]
    best, confidence = ranked[0] if ranked else (None, 0.0)
    # Questions about the case are readings only where there is one.
    elsewhere = ("dialogue", "emergency", *(("case",) if context.case.phase == "idle" else ()))
    guesses = tuple(topic for topic, _ in ranked if topic.kind not in elsewhere)
    return Asked(
        kind=_WISHES.get(kind, "other"),
        topic=best,
        confidence=confidence,
        # What was taken out of the knowledge since the servers began may still be heard.
        aspects=tuple(name for name in turn.aspects if name in context.knowledge.aspects),
        claims=tuple(name for name in turn.claims if name in context.knowledge.claims),
        second=topics.get(turn.second_topic or ""),
        guesses=guesses,
        blamed=meaning.causes if meaning.keeps_from_splitting and best is not None and _home(context, best) == context.intent else (),
    )


def _home(context: TurnContext, topic: Topic) -> Optional[str]:
    return context.knowledge.answers.intent_of(topic.id)


_WISHES: dict[str, WishKind] = {"complaint": "complaint", "question": "question"}


def _say(context: TurnContext, part: planner.Part) -> None:
    match part:
        case planner.HandOverFor(topic):
            handover.hand_over_for(context, topic)
        case planner.GiveAnswer(topic, aspects, claims, also, guesses):
            answer(context, topic, aspects, claims, also, guesses)
        case planner.GiveDiagnosis(lead, aspects, claims, second, answered):
            wish = Wish(lead, aspects, claims, answered)
            if second is not None:
                wish = replace(wish, second=partial(answer, context, second))
            casework.open_case(context, _complaint(context), wish)
        case planner.AnswerAbout(topic, aspects, claims):
            follow_up.answer_about(context, topic, aspects, claims)
        case planner.MoveCase(topic, move):
            follow_up.move(context, topic, move)
        case planner.OfferChoices():
            follow_up.offer_choices(context)
        case planner.AskBack(guesses):
            ask_back(context, guesses)


def _complaint(context: TurnContext) -> str:
    """The complaint under which a case is opened: the one that was made, else the one under way, else the assumed one."""
    intents = context.knowledge.intents
    if intents[context.intent].complaint:
        return context.intent
    homes = (context.knowledge.answers.intent_of(name) for name, _ in context.named_topics[:1])
    home = next((name for name in homes if name is not None and intents[name].complaint), None)
    return home or context.case.intent or context.knowledge.assumed_complaint


def answer(
    context: TurnContext,
    topic: Topic,
    aspects: Tuple[str, ...] = (),
    claims: Tuple[str, ...] = (),
    also: Optional[str] = None,
    guesses: Tuple[Topic, ...] = (),
) -> None:
    """Answers a topic from the state: the verdict first, then what it says to sub-questions, then what else stands in the way."""
    if topic.id == quotes.QUOTE and quotes.quote(context):
        # The amount is not kept: only what is answered without one can be said again.
        context.remember(answered=None)
        return
    context.remember(answered=topic.id)
    view = View(context.facts())
    found = topic.answer_in(view)
    if found is None:
        ask_back(context, guesses)
        return
    given, matches = found
    values = Values(view.facts, matches).of_first_rows
    wording, speaker = context.wording, context.speaker
    before = wording.claims(context.knowledge.claims, claims, view.facts, contradicted_only=True) if topic.kind != "state" else []
    behind = [wording.one_of(topic.aspects[aspect], values) for aspect in aspects if aspect in topic.aspects]
    blocking = context.knowledge.causes.get(also) if also else None
    if blocking is not None:
        behind.append(speaker.phrase(phrases.ALSO_BLOCKED, title=blocking.title))
    if given.path:
        behind.insert(0, speaker.phrase(phrases.STEP_PATH, path=given.path))
    text, *variants = ["\n".join(filter(None, [*before, wording.filled(each, values), *behind])) for each in given.text]
    speaker.say(text, _buttons(context, topic, guesses), _data(context, topic, wording.evidence(given.evidence, view, matches)), variants)
    if topic.quote:
        quotes.quote_behind(context, topic)


def _data(context: TurnContext, topic: Topic, evidence: list[EvidenceData]) -> MessageData:
    if context.knowledge.answers.intent_of(topic.id) == "out_of_scope":
        return OutOfScopeData()
    return AnswerData(topic=topic.id, facts=evidence)


def _buttons(context: TurnContext, topic: Topic, guesses: Tuple[Topic, ...]) -> Tuple[Button, ...]:
    others = [guess.id for guess in guesses if guess.id != topic.id][:MOST_GUESSES]
    return (*context.buttons.topics(others or topic.follow_up), context.buttons.person())
