"""Diagnoses as they are told: the answer to what was asked around what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from actions.core.conditions import facts_in
from actions.core.derived import View
from actions.core.diagnosis import Diagnosis, Found
from actions.core.planner import MOST_ASPECTS, UPSET, WHY
from actions.core.topics import Topic
from actions.dialogue.context import TurnContext
from actions.dialogue.findings import diagnosis_data
from actions.dialogue.speaker import sympathy
from actions.dialogue.told import PARTLY
from actions.knowledge import phrases
from actions.knowledge.aspects import ANSWERED
from actions.knowledge.phrases import Phrase
from actions.knowledge.rendering import Values

GUESS, RELATED, MEANING, SAFE = "own_guess", "related", "meaning", "safe"
"""The aspects of a guess at the reason, of whether something has to do with it, of the question what is meant, and of whether somebody else has
done it."""
OF_INSTALLMENTS = "cue_installment"
"""The cue that the option itself is spoken of."""
YES_OR_NO = (GUESS, RELATED)
"""Aspects that are answered with a yes or a no before anything else is said."""
_OF_THE_REASON = (*YES_OR_NO, MEANING, UPSET, WHY, "worked_before", "others_can")
"""Aspects that a guess at the reason may go with; whatever else it asks is asked of the thing that it names."""
_OF_THE_END = ("how_long", "which_day")
"""The aspects that ask when it is over."""
_IF_DONE = ("what_if_done", "can_it")
"""The aspects that ask whether it works once the cause in hand is out of the way."""
SURE = 0.8
"""The confidence from which on the assistant speaks of what the customer claims."""


@dataclass(frozen=True)
class Wish:
    """What a complaint asks for beside the diagnosis.

    Attributes:
        lead: the failure the customer speaks of, which leads the diagnosis in.
        aspects: sub-questions.
        claims: what the customer says of their own state.
        answered: the topic that has been answered already, so that each cause is named in a line, if the answer has not named it itself.
        second: says what else was asked, before the customer is asked for something.
        first: those of the sub-questions that are answered before the cause is told.
    """

    lead: Topic | None = None
    aspects: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    answered: Topic | None = None
    second: Callable[[], None] = lambda: None
    first: tuple[str, ...] = ()

    def beside(self, earlier: Wish) -> Wish:
        """This wish, with what was asked before and is still open."""
        return replace(
            self,
            lead=self.lead or earlier.lead,
            aspects=tuple(dict.fromkeys((*self.aspects, *earlier.aspects)))[:MOST_ASPECTS],
            claims=tuple(dict.fromkeys((*self.claims, *earlier.claims))),
        )


NO_WISH = Wish()


def is_disowned(context: TurnContext, diagnosis: Diagnosis, wish: Wish) -> bool:
    """Whether the customer denies what the record says they did themselves."""
    claims = (context.knowledge.claims[name] for name in wish.claims)
    return any(claim.disowns and not claim.when.holds(View(diagnosis.facts)) for claim in claims)


def tell(context: TurnContext, diagnosis: Diagnosis, wish: Wish = NO_WISH) -> None:
    """Tells a diagnosis: what was asked first, then what was found, then what else was asked about it."""
    if diagnosis.blocks and is_disowned(context, diagnosis, wish):
        # A person looks at it first: whether it is safe is all that is said beside it.
        wish = replace(wish, lead=None, aspects=tuple(aspect for aspect in wish.aspects if aspect in (UPSET, SAFE)))
    brief = wish.answered is not None and bool(diagnosis.found)
    before, behind = around(context, diagnosis, wish, whole=not brief)
    lead = wish.lead
    if wish.answered and diagnosis.found:
        told = wish.answered.answer_in(View(diagnosis.facts))
        untold = [found for found in diagnosis.found if told is None or not told[0].tells(found.cause)]
        if untold:
            context.wording.diagnosis_in_brief(diagnosis, phrases.DIAGNOSIS_BESIDE, before, behind, untold)
        else:
            # The answer was the diagnosis: its data say so too.
            context.speaker.put_away_choices()
            context.speaker.mark(diagnosis_data(diagnosis))
            context.wording.answers_told.update(diagnosis.cause_ids)
    else:
        context.wording.diagnosis(diagnosis, before, behind, _instead(context, diagnosis, lead, bool(before)))
    context.remember(causes=diagnosis.cause_ids)


def _instead(context: TurnContext, diagnosis: Diagnosis, lead: Topic | None, answered: bool) -> Sequence[str]:
    """What is said instead of the usual sentence that opens a diagnosis: where nothing was found, what the failure says; where what was found lies
    in the account or the system, and nobody spoke of the option, nothing of the order."""
    if diagnosis.found:
        spoken_of = context.turn.has(OF_INSTALLMENTS) or context.intent == context.knowledge.assumed_complaint
        elsewhere = diagnosis.facts.order is not None and all(found.cause.is_elsewhere for found in diagnosis.found)
        return context.speaker.variants(phrases.DIAGNOSIS_LED) if elsewhere and not spoken_of else ()
    nothing = lead.nothing_found if lead is not None else ()
    # Behind a narrow answer the short of it is enough.
    texts = sorted(nothing, key=len) if lead is not None and lead.aspects_first and answered else nothing
    return [context.wording.filled(each, Values(diagnosis.facts)) for each in texts]


def around(context: TurnContext, diagnosis: Diagnosis, wish: Wish, whole: bool = False) -> tuple[list[str], list[str]]:
    """What stands before and behind the causes of a diagnosis: the answer to what was asked, and to its sub-questions.

    Args:
        whole: whether the first cause is explained, which answers why it is so.
    """
    facts, wording, lead = diagnosis.facts, context.wording, wish.lead
    led = lead.answer_in(View(facts)) if lead is not None and diagnosis.found else None
    # Who cannot do anything about it is told of other ways when it closes.
    steps = diagnosis.first is not None and bool(diagnosis.first.cause.steps)
    afterwards = [wording.one_of(led[0].behind, Values(facts, led[1]))] if led is not None and steps else []
    places = led is not None and led[0].leaves_out([found.cause for found in diagnosis.blocks])
    if led is not None and not (led[0].text or places):
        # Where the reason lies is told by the cause itself.
        led = None
    verdict = verdict_on_guess(context, diagnosis, wish.aspects)
    if verdict is not None or (diagnosis.first is not None and any(map(diagnosis.first.cause.aspects.get, {*YES_OR_NO} & {*wish.aspects}))):
        # Nothing leads in to what is answered with a yes or a no.
        led = None
    # Whoever is upset hears that first.
    upset = [aspect for aspect in wish.aspects if aspect == UPSET]
    settled = {UPSET, MEANING}
    if led is not None or verdict is not None:
        # A guess is settled by what leads in: it speaks of what was blamed; what it means, by the diagnosis itself.
        settled.update(YES_OR_NO)
    if led is not None and lead is not None:
        settled.update(lead.speaks_of)
    if whole and diagnosis.blocks and not upset and context.knowledge.intents[context.intent].complaint:
        # Why it does not work is what was found; only who asks why that is so, or by what right, is told more.
        settled.add(WHY)
    # What the customer claims is answered by what the record says to it.
    settled.update(aspect for name in wish.claims for aspect in context.knowledge.claims[name].speaks_of)
    others = [aspect for aspect in wish.aspects if aspect not in settled]
    narrow = next((aspect for aspect in others if _comes_first(context, diagnosis, wish, aspect)), None)
    if (
        narrow in wish.first
        and lead is not None
        and (lead.aspects_first or any(found.cause.nature == "time" for found in diagnosis.blocks))
    ):
        # That it does not work, and on whose side, stands in the answer and the cause.
        led = None
    # What leads in may speak of what the customer claims itself, and so does the cause when it is asked about just that.
    unsaid = [name for name in wish.claims if led is None or lead is None or name not in lead.speaks_of]
    if narrow is not None and diagnosis.first is not None and diagnosis.first.cause.aspects.get(narrow):
        unsaid = [name for name in unsaid if not diagnosis.first.cause.is_about(facts_in(context.knowledge.claims[name].when))]
    # What is said where nothing was found holds what was looked at.
    nothing = lead is not None and not diagnosis.found
    before = wording.claims(context.knowledge.claims, unsaid, facts, contradicted_only=nothing)
    if led is not None:
        # Behind a narrow answer the short of it is enough.
        short = narrow is not None and lead is not None and lead.aspects_first
        texts = sorted(led[0].text, key=len) if short else led[0].text
        words = wording.one_of(texts, Values(facts, led[1], context.said(facts)).of_first_rows)
        before = [*before, wording.several_places(diagnosis) if places else words]
    elif lead is not None and not before and not wish.aspects:
        # Only what was plainly said is denied.
        before = denials(context, diagnosis)
    judged = [context.speaker.phrase(verdict)] if verdict is not None else []
    told = [*judged, *_about(context, diagnosis, lead, [narrow] if narrow is not None else []), *before]
    behind = _about(context, diagnosis, lead, [each for each in others if each != narrow])
    consoling = (sympathy(each, [*told, *behind], context.knowledge.locale.sorry) for each in _about(context, diagnosis, lead, upset))
    return [*filter(None, consoling), *told], [*behind, *filter(None, afterwards)]


def verdict_on_guess(context: TurnContext, diagnosis: Diagnosis, aspects: Sequence[str]) -> Phrase | None:
    """The yes or no to a guess at the reason, or to whether something has to do with it; None if none is asked, or what is meant is not known.

    What is guessed is said in the words of a cause; where no cause is guessed, naming what one that holds is about means that one.
    """
    asked = [name for name in YES_OR_NO if name in aspects]
    if not (asked and diagnosis.found):
        return None
    locale, clauses = context.knowledge.locale, context.turn.clauses
    guessing = "".join(clause.text for clause in clauses if set(asked) & {*clause.aspects})
    # What points back (has it to do with this?) means what the rest of the message names.
    text = context.turn.text if not guessing or locale.points.search(guessing) else guessing
    of_found = [found for found in diagnosis.found if found.cause.is_guessed_in(text)]
    others = (cause for cause in context.knowledge.causes.values() if diagnosis.get(cause.id) is None)
    if not of_found and any(cause.is_guessed_in(guessing or context.turn.text) for cause in others):
        return phrases.DIAGNOSIS_GUESS_UNSEEN if _is_unseen(diagnosis.first) else phrases.DIAGNOSIS_NOT_GUESSED[asked[0]]
    # What is asked of the very thing that is named (does the agreement raise the fees?) is no guess at the reason.
    beside = {name for clause in clauses if set(asked) & {*clause.aspects} for name in clause.aspects} if clauses else {*aspects}
    further = any(map(diagnosis.found[0].cause.aspects.get, {*aspects} & beside - {*_OF_THE_REASON}))
    called = [] if further else [found for found in diagnosis.found if found.cause.is_called_in(text)]
    meant = next(iter(of_found or called), None)
    if meant is None:
        return None
    return phrases.DIAGNOSIS_GUESSED[asked[0]] if meant is diagnosis.first else phrases.DIAGNOSIS_GUESSED_ONE[asked[0]]


def worth_a_word(
    context: TurnContext, diagnosis: Diagnosis, found: Found | None, claims: Sequence[str], aspects: Collection[str]
) -> tuple[str, ...]:
    """The claims of a message to which something is said about a cause: what is right anyway is no news where it has nothing to do with what the
    customer, or a bill, lacks (a part was paid back, of which nothing was overdue); nor is that it is done, to which the cause answers itself."""
    if found is not None and PARTLY in aspects and found.cause.aspects.get(PARTLY):
        claims = [name for name in claims if not found.cause.is_about(facts_in(context.knowledge.claims[name].when))]
    if found is None or not (found.cause.nature == "self" or "bill" in found.cause.subjects):
        return tuple(claims)
    known, view = context.knowledge.claims, View(diagnosis.facts)
    return tuple(name for name in claims if found.cause.is_about(facts_in(known[name].when)) or not known[name].when.holds(view))


def untold_beside(diagnosis: Diagnosis, found: Found | None, texts: Sequence[str]) -> tuple[Found, ...]:
    """What else was found beside a cause that none of the texts about it names; empty without one."""
    others = () if found is None else (each for each in diagnosis.found if each is not found)
    return tuple(each for each in others if not any(each.cause.is_told_in(text) or each.cause.is_called_in(text) for text in texts))


def not_enough(context: TurnContext, found: Found | None, untold: Sequence[Found], aspects: Collection[str | None]) -> list[str]:
    """That something else stands in the way as well, before what is said to whoever asks whether it works once one cause is out of the way.

    A cause that has words for both says it itself.
    """
    asked, view = set(_IF_DONE) & set(aspects), View(context.facts())
    if found is None or found.cause.kind != "block" or not asked:
        return []
    wordings = (each for each in context.knowledge.causes[found.cause.id].wordings if asked & set(each.aspects))
    spoken_of = frozenset().union(*(facts_in(each.when) for each in wordings if each.when.holds(view)))
    others = tuple(each.cause.title for each in untold if each.cause.kind == "block" and not each.cause.is_about(spoken_of))
    whose = "own" if found.cause.nature in ("self", "time") else "fixed"
    return [context.speaker.phrase(phrases.NOT_ENOUGH[whose], title=found.cause.title, others=others)] if others else []


def _is_unseen(found: Found | None) -> bool:
    """Whether the platform decided about the customer, for reasons that are on no record: then nothing can be ruled out."""
    return found is not None and found.cause.nature == "platform" and found.cause.level != "merchant"


def _comes_first(context: TurnContext, diagnosis: Diagnosis, wish: Wish, aspect: str) -> bool:
    """Whether a sub-question is so exactly what was asked, and so exactly answered, that nothing is said before it."""
    found, lead = diagnosis.first, wish.lead
    own = found is not None and bool(found.cause.aspects.get(aspect))
    at_once = own and (aspect in YES_OR_NO or aspect in wish.first)
    if lead is not None and not at_once:
        return lead.aspects_first and aspect in lead.aspects
    return at_once or (own and context.knowledge.aspects[aspect].is_narrow)


def _about(context: TurnContext, diagnosis: Diagnosis, lead: Topic | None, aspects: Sequence[str]) -> list[str]:
    """A sentence for each sub-question, as the first cause answers it, or one that is called by name where the first is not; else its nature."""
    # Where nothing was found and no round of refresh steps follows, there is no step to speak of.
    without = ANSWERED if lead is not None and not lead.refresh else "none"
    lines: list[str] = []
    for aspect in aspects:
        found = _speaking(context, diagnosis, aspect)
        values = Values(diagnosis.facts, found.matches if found is not None else (), context.said(diagnosis.facts))
        of_lead = lead.aspects.get(aspect) if lead is not None else None
        of_cause = found.cause.aspects.get(aspect) if found is not None else None
        # The cause that was found says more than the complaint, which cannot know it; but of a page that fails it knows nothing.
        own = of_cause or of_lead if lead is None or lead.refresh else of_lead or of_cause
        texts = own or context.knowledge.aspects[aspect].answer(found.cause.nature if found is not None else without)
        said = context.wording.variants(texts, values)[:1]
        if said and aspect in _OF_THE_END and found is not None and texts == of_cause:
            context.wording.ends_told.add(found.cause.id)
        lines.extend(said)
    return lines


def _speaking(context: TurnContext, diagnosis: Diagnosis, aspect: str) -> Found | None:
    first, text = diagnosis.first, context.turn.text
    if first is None or first.cause.is_called_in(text):
        return first
    return next((each for each in diagnosis.found if each.cause.is_called_in(text) and each.cause.aspects.get(aspect)), first)


def denials(context: TurnContext, diagnosis: Diagnosis) -> list[str]:
    """What the customer says is wrong although something else is; what was only guessed at must not be denied."""
    meaning, found = context.knowledge.intents[context.turn.intent], diagnosis.cause_ids
    if any(each.cause.handoff.at_once for each in diagnosis.blocks):
        return []
    if not found or context.turn.confidence < SURE or meaning.claim is None or set(meaning.causes) & set(found):
        return []
    return [context.speaker.phrase(phrases.DIAGNOSIS_CONTRADICTED, claim=meaning.claim)]
