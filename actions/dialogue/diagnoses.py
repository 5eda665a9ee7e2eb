"""Diagnoses as they are told: the answer to what was asked around what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence, Tuple

from actions.core.diagnosis import Diagnosis
from actions.core.planner import UPSET
from actions.core.topics import Topic
from actions.core.views import View
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases
from actions.knowledge.rendering import Values

SURE = 0.8
"""The confidence from which on the assistant speaks of what the customer claims."""


@dataclass(frozen=True)
class Wish:
    """What a complaint asks for beside the diagnosis.

    Attributes:
        lead: the failure the customer speaks of, which leads the diagnosis in.
        aspects: sub-questions.
        claims: what the customer says of their own state.
        answered: what was asked has been answered already, so that each cause is named in a line.
        second: says what else was asked, before the customer is asked for something.
    """

    lead: Optional[Topic] = None
    aspects: Tuple[str, ...] = ()
    claims: Tuple[str, ...] = ()
    answered: bool = False
    second: Callable[[], None] = lambda: None


NO_WISH = Wish()


def tell(context: TurnContext, diagnosis: Diagnosis, wish: Wish = NO_WISH) -> None:
    """Tells a diagnosis: what was asked first, then what was found, then what else was asked about it."""
    before, behind = around(context, diagnosis, wish)
    lead = wish.lead
    if wish.answered and diagnosis.found:
        context.wording.diagnosis_in_brief(diagnosis, phrases.DIAGNOSIS_BESIDE, before, behind)
    else:
        context.wording.diagnosis(diagnosis, before, behind, lead.nothing_found if lead is not None else ())
    context.remember(causes=diagnosis.cause_ids)


def around(context: TurnContext, diagnosis: Diagnosis, wish: Wish) -> Tuple[List[str], List[str]]:
    """What stands before and behind the causes of a diagnosis: the answer to what was asked, and to its sub-questions."""
    facts, wording, lead = diagnosis.facts, context.wording, wish.lead
    led = lead.answer_in(View(facts)) if lead is not None and diagnosis.found else None
    # What leads in speaks of the state itself; only what the record contradicts must still be put right.
    before = wording.claims(context.knowledge.claims, wish.claims, facts, contradicted_only=led is not None)
    if led is not None:
        before = [*before, wording.one_of(led[0].text, Values(facts, led[1]).of_first_rows)]
    elif not before and not wish.answered:
        before = denials(context, diagnosis)
    # Whoever is upset hears that first.
    upset = [aspect for aspect in wish.aspects if aspect == UPSET]
    others = [aspect for aspect in wish.aspects if aspect != UPSET]
    return [*_about(context, diagnosis, lead, upset), *before], _about(context, diagnosis, lead, others)


def _about(context: TurnContext, diagnosis: Diagnosis, lead: Optional[Topic], aspects: Sequence[str]) -> List[str]:
    """A sentence for each sub-question, as the first cause or its nature answers it."""
    found = next(iter(diagnosis.blocks), None) or next(iter(diagnosis.found), None)
    values = Values(diagnosis.facts, found.matches if found is not None else ())
    lines: List[str] = []
    for aspect in aspects:
        own = found.cause.aspects.get(aspect) if found is not None else (lead.aspects.get(aspect) if lead is not None else None)
        texts = own or context.knowledge.aspects[aspect].answer(found.cause.nature if found is not None else "none")
        filled = [each for each in (context.wording.filled(text, values) for text in texts) if each]
        lines.extend(filled[:1])
    return lines


def denials(context: TurnContext, diagnosis: Diagnosis) -> List[str]:
    """What the customer says is wrong although something else is; what was only guessed at must not be denied."""
    meaning, found = context.knowledge.intents[context.turn.intent], diagnosis.cause_ids
    if not found or context.turn.confidence < SURE or meaning.claim is None or set(meaning.causes) & set(found):
        return []
    return [context.speaker.phrase(phrases.DIAGNOSIS_CONTRADICTED, claim=meaning.claim)]
