"""Answers topics from the state: the verdict first, then what they say to sub-questions, then what else stands in the way."""

from __future__ import annotations

from actions.core.announced import announcements
from actions.core.causes import Cause
from actions.core.comparisons import Match
from actions.core.derived import View
from actions.core.message_parts import EvidenceData
from actions.core.messages import AnswerData, MessageData, OutOfScopeData, PlansData
from actions.core.money import Fen, yuan_text
from actions.core.moves import GiveAnswer
from actions.core.names import value_of
from actions.core.planner import OPEN_PHASES, UPSET
from actions.core.topics import Topic, TopicAnswer
from actions.core.turn import Button
from actions.dialogue import advice, choices, quotes
from actions.dialogue.buttons import NOTICE_TOPIC
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import YES_OR_NO, verdict_on_guess
from actions.dialogue.speaker import names_nothing_new, put_together, sympathy, unsaid
from actions.knowledge import phrases
from actions.knowledge.aspects import ANSWERED
from actions.knowledge.rendering import Values

OUT_OF_SCOPE = "out_of_scope"
MOST_GUESSES = 3
"""Other readings that are offered as buttons beside an answer; a question back offers one more."""


def answer(context: TurnContext, part: GiveAnswer) -> None:
    """Answers a topic from the state: the verdict first, then what it says to sub-questions, then what else stands in the way."""
    topic, aspects, view, place = part.topic, part.aspects, View(context.facts()), len(context.speaker.replies)
    if topic.quote is not None and topic.id != quotes.COMPARE and _are_quoted(context):
        # It is told from the plans, which stand in this reply.
        return
    found = topic.answer_in(view)
    quoted = topic.id == quotes.QUOTE and quotes.quote(context)
    if quoted:
        # The amount is not kept: only what is answered without one can be said again.
        context.remember(answered=None)
    elif not topic.vague:
        # Of what the assistant knows nothing of there is nothing to ask further.
        context.remember(answered=None if topic.id == OUT_OF_SCOPE else topic.id)
    if quoted or quotes.quote_instead(context, topic):
        # Figures are no answer to a question about them.
        for line in _own_lines(context, topic, aspects, view, found[1] if found else ()):
            context.speaker.lead_in(line, place)
        return
    if found is None:
        if not part.beside:
            choices.ask_back(context, part.guesses)
        return
    given, matches = found
    values = Values(view.facts, matches, context.said(view.facts)).of_first_rows
    wording, speaker = context.wording, context.speaker
    before = _claims(context, part, given, view)
    told = [reply.text for reply in speaker.replies] if part.beside else []
    own = [left for each in _own_lines(context, topic, aspects, view, matches) if (left := unsaid(each, told))]
    behind = [] if topic.aspects_first else own
    if topic.aspects_first:
        before = [*before, *own]
    if not own and (weighed := wording.one_of(topic.weighs, values)):
        before = [weighed, *before]
    before = [*_agreed(context, given, view), *before]
    blocking = context.knowledge.causes.get(part.also) if part.also else _left_over(context, topic, given)
    if blocking is not None and blocking.kind == "block" and not given.tells(blocking):
        behind.append(speaker.phrase(phrases.ALSO_BLOCKED, title=blocking.title))
    behind += _on_its_way(context, given, view)
    behind += _announced(context, topic, view)
    if given.path and given.path != context.place:
        behind.insert(0, speaker.phrase(phrases.STEP_PATH, path=given.path))
        context.place = given.path
    # Behind a narrow answer the short of it is enough, unless the matter itself was asked as well.
    more = part.several and len(own) < 2 and context.knowledge.answers.intent_of(topic.id) != OUT_OF_SCOPE
    whole = sorted(given.text, key=len) if topic.aspects_first and own and not more else given.text
    if part.beside:
        # A second matter gets its verdict: two whole answers in a row are read as neither.
        told_already = not set(topic.causes).isdisjoint(context.case.causes)
        whole = [""] if told_already else sorted({text.split("\n")[0] for text in given.text}, key=len)
    filled = [wording.filled(each, values) for each in whole]
    if topic.aspects_first and topic.kind in ("state", "rule") and own:
        filled = ["" if names_nothing_new(each, own) else each for each in filled]
    sorry = _sorry(context, part, [*before, *filled])
    texts = [put_together([*sorry, *before, each, *behind]) for each in filled]
    texts = [left for each in texts if (left := unsaid(each, told))]
    if part.beside:
        # A place alone, of what was told already, is no answer; nor is what names nothing but numbers that were told.
        texts = [each for each in texts if each not in behind and not names_nothing_new(each, told)]
    if not texts:
        return
    if part.beside:
        speaker.put_away_choices()
    speaker.say(texts[0], _buttons(context, topic, part), _data(context, topic, wording.evidence(given.evidence, view, matches)), texts[1:])
    if topic.quote not in (None, "tenor") and not _are_quoted(context):
        quotes.quote_behind(context, topic, narrow=topic.aspects_first and bool(own))


def _are_quoted(context: TurnContext) -> bool:
    """Whether plans stand in this reply already."""
    return any(isinstance(reply.data, PlansData) for reply in context.speaker.replies)


def _sorry(context: TurnContext, part: GiveAnswer, texts: list[str]) -> list[str]:
    """A word for whoever is upset, in front of an answer that has none of its own."""
    if part.beside or UPSET not in context.turn.aspects or UPSET in part.topic.aspects:
        return []
    consoling = context.speaker.fresh(context.knowledge.aspects[UPSET].answer(ANSWERED))
    return list(filter(None, [sympathy(consoling, texts, context.knowledge.locale.sorry)]))


def _agreed(context: TurnContext, given: TopicAnswer, view: View) -> list[str]:
    """The yes to a guess at the reason, where the answer goes on with the very cause that was guessed."""
    if set(YES_OR_NO).isdisjoint(context.turn.aspects):
        return []
    diagnosis = context.diagnosis_of(view.facts.subject)
    if not any(given.tells(found.cause) for found in diagnosis.found):
        return []
    verdict = verdict_on_guess(context, diagnosis, context.turn.aspects)
    agreed = (*phrases.DIAGNOSIS_GUESSED.values(), *phrases.DIAGNOSIS_GUESSED_ONE.values())
    return [context.speaker.phrase(each) for each in agreed if each is verdict]


def _left_over(context: TurnContext, topic: Topic, given: TopicAnswer) -> Cause | None:
    """What else stands in the way beside the cause that a way to do something mends; None if that is all, or a case is under way."""
    if topic.kind != "action" or given.when is None or context.case.phase in OPEN_PHASES:
        return None
    blocks = [found.cause for found in context.diagnosis_of(context.facts().subject).blocks]
    untold = [cause for cause in blocks if not given.tells(cause)]
    return untold[0] if untold and len(untold) < len(blocks) else None


def _on_its_way(context: TurnContext, given: TopicAnswer, view: View) -> list[str]:
    """What is on its way to a bill of which an answer names what is due, unless the answer speaks of repayments itself."""
    named = {name.partition(".")[0] for name in given.evidence}
    pending = value_of("due.pending", view)
    if not pending or "repayment" in named or not named & {"due", "own_bill"}:
        return []
    return [context.speaker.phrase(phrases.ON_ITS_WAY, pending=pending, missing=value_of("due.missing", view))]


def _announced(context: TurnContext, topic: Topic, view: View) -> list[str]:
    """The changes of the rules that are to come, of the kinds that a topic is about."""
    if not topic.announces:
        return []
    told = []
    for each in announcements(context.approved(), topic.announces, view.facts):
        policy, before = each.policy, each.before.amount if each.before is not None else None
        known = policy.kind in phrases.ANNOUNCED and before is not None and policy.amount is not None
        amounts = {"before": _short(before), "after": _short(policy.amount)}
        words = phrases.ANNOUNCED[policy.kind if known else "other"]
        told.append(context.speaker.phrase(words, begins=policy.effective_from.isoformat(), notice=policy.notice, **amounts))
    return told


def _short(fen: Fen | None) -> str:
    """An amount in yuan, without fen where there are none."""
    return "" if fen is None else yuan_text(fen).removesuffix(".00")


def _claims(context: TurnContext, part: GiveAnswer, given: TopicAnswer, view: View) -> list[str]:
    """What the record says to the customer's claims of which the answer says nothing itself; what merely agrees only where the state was asked."""
    known = context.knowledge.claims
    unsaid_claims = [name for name in part.claims if not given.looks_at(known[name].when) and name not in part.topic.speaks_of]
    of_state = part.topic.kind == "state"
    if of_state and context.knowledge.intents[context.intent].complaint:
        # The state that is complained of is told anyway.
        return []
    return context.wording.claims(known, unsaid_claims, view.facts, contradicted_only=not of_state, agreed_only=of_state)


def _own_lines(context: TurnContext, topic: Topic, aspects: tuple[str, ...], view: View, matches: tuple[Match, ...]) -> list[str]:
    """What a topic says itself to sub-questions, a line each."""
    values = Values(view.facts, matches, context.said(view.facts)).of_first_rows
    lines = (context.wording.one_of(topic.aspects[aspect], values) for aspect in aspects if aspect in topic.aspects)
    return [line for line in lines if line]


def _data(context: TurnContext, topic: Topic, evidence: list[EvidenceData]) -> MessageData:
    complains = context.knowledge.intents[context.intent].complaint
    if context.knowledge.answers.intent_of(topic.id) == OUT_OF_SCOPE and not complains:
        # What the customer complains of is never none of the assistant's business.
        return OutOfScopeData()
    return AnswerData(topic=topic.id, facts=evidence)


def _buttons(context: TurnContext, topic: Topic, part: GiveAnswer) -> tuple[Button, ...]:
    # What is none of the assistant's business is nothing to offer.
    within = [guess.id for guess in part.guesses if guess.id != topic.id and context.knowledge.answers.intent_of(guess.id) != OUT_OF_SCOPE]
    offered = within[:MOST_GUESSES] or topic.follow_up
    # What nobody can be told of is not offered.
    told = choices.notice(context) if NOTICE_TOPIC in offered else ()
    ahead = advice.offer(context) if advice.REMINDED in part.aspects or advice.ASK in topic.follow_up else ()
    topics = context.buttons.topics([each for each in offered if each not in (NOTICE_TOPIC, advice.ASK)])
    return (*topics, *told, *ahead, context.buttons.person())
