"""Joins the replies to several questions of one message into one: each is answered once, in the order in which they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.core.moves import AnswerAbout, GiveAnswer, GiveDiagnosis, GoOnAbout, MoveCase, OfferChoices, Part
from actions.core.topics import CaseMove

MOST_TOGETHER = 3
"""Sub-questions that one reply answers to several questions."""
_LAST: tuple[CaseMove, ...] = ("next_step", "first_things_first", "partly_done")
"""Moves that stand behind an answer; every other one is done by itself."""


def joined(plans: Sequence[tuple[Part, ...]], told: bool = False) -> tuple[Part, ...]:
    """One reply to all that was asked; empty if no more than one thing can be answered so.

    Args:
        plans: the reply to each of the questions.
        told: whether a diagnosis would be nothing new, because it was told, or nothing was found.
    """
    parts = [part for plan in plans for part in plan if not isinstance(part, OfferChoices)]
    if told:
        parts = _without_diagnosis(parts)
    parts = _in_their_answers(parts)
    if any(not isinstance(part, (AnswerAbout, GiveAnswer, GiveDiagnosis, GoOnAbout, MoveCase)) for part in parts):
        return ()
    last = [part for part in parts if isinstance(part, MoveCase)]
    if len(last) > 1 or any(part.move not in _LAST for part in last):
        return ()
    answers = _answers(parts)
    diagnosis = _diagnosis(parts, answers)
    if diagnosis is not None:
        return (diagnosis,) if len(diagnosis.aspects) + (diagnosis.second is not None) + (diagnosis.lead is not None) > 1 else ()
    abouts = _about(parts)
    said = [*abouts, *answers]
    first = next((part for part in parts if isinstance(part, (AnswerAbout, GoOnAbout, GiveAnswer))), None)
    if isinstance(first, GiveAnswer):
        said = [*answers, *abouts]
    if sum(len(part.aspects) for part in abouts) + len(answers) + len(last) < 2:
        return ()
    behind = tuple(replace(part, beside=True) if isinstance(part, GiveAnswer) else part for part in said[1:])
    offers = any(isinstance(part, OfferChoices) for plan in plans for part in plan)
    return (*said[:1], *behind, *last, *([OfferChoices()] if offers and not last else []))


def _in_their_answers(parts: Sequence[Part]) -> list[Part]:
    """The parts with what is asked further of a matter in the answer to that matter, if it says it itself."""
    answered = {part.topic.id: part for part in parts if isinstance(part, GiveAnswer)}
    kept: list[Part] = []
    for part in parts:
        answer = answered.get(part.topic.id) if isinstance(part, GoOnAbout) else None
        if isinstance(part, GoOnAbout) and answer is not None and all(aspect in answer.topic.aspects for aspect in part.aspects):
            part = replace(answer, aspects=part.aspects)
        kept.append(part)
    return kept


def _without_diagnosis(parts: Sequence[Part]) -> list[Part]:
    """The parts without a diagnosis: what it was to answer is answered about the cause on the table, where another question is."""
    about = next((part for part in parts if isinstance(part, AnswerAbout)), None)
    kept: list[Part] = []
    for part in parts:
        if not isinstance(part, GiveDiagnosis):
            kept.append(part)
        elif about is not None and part.aspects:
            kept.append(replace(about, aspects=part.aspects))
    return kept


def _answers(parts: Sequence[Part]) -> list[GiveAnswer]:
    """The answer of each matter once, with all that is asked of it; without those that another one settles."""
    found: dict[str, GiveAnswer] = {}
    for part in parts:
        if isinstance(part, GiveAnswer):
            before = found.get(part.topic.id)
            aspects = part.aspects if before is None else tuple(dict.fromkeys((*before.aspects, *part.aspects)))
            also = part.also if before is None else before.also
            # Of several matters the guesses at each would be too many.
            found[part.topic.id] = replace(part, aspects=aspects, also=also, guesses=())
    covered = {other for part in found.values() for other in part.topic.covers}
    return [part for name, part in found.items() if name not in covered]


def _about(parts: Sequence[Part]) -> list[AnswerAbout | GoOnAbout]:
    """What is asked of the cause on the table, and of the matter answered last, each in one part."""
    found: dict[tuple[type, str], AnswerAbout | GoOnAbout] = {}
    for part in parts:
        if isinstance(part, (AnswerAbout, GoOnAbout)):
            key = (type(part), part.topic.id if isinstance(part, GoOnAbout) else "")
            before = found.get(key)
            aspects = part.aspects if before is None else tuple(dict.fromkeys((*before.aspects, *part.aspects)))
            found[key] = replace(before or part, aspects=aspects[:MOST_TOGETHER])
    return list(found.values())


def _diagnosis(parts: Sequence[Part], answers: Sequence[GiveAnswer]) -> GiveDiagnosis | None:
    """The diagnosis that answers all that is asked about what was found, with the other matter before its step."""
    diagnoses = [part for part in parts if isinstance(part, GiveDiagnosis)]
    if not diagnoses:
        return None
    asked = [aspect for part in parts if isinstance(part, (GiveDiagnosis, AnswerAbout, GoOnAbout)) for aspect in part.aspects]
    claims = [claim for part in diagnoses for claim in part.claims]
    second = next((part.second for part in diagnoses if part.second is not None), None)
    if answers:
        second = answers[0].topic
    lead = next((part.lead for part in diagnoses if part.lead is not None), None)
    first = tuple(dict.fromkeys(aspect for part in diagnoses for aspect in part.first))
    return GiveDiagnosis(lead, tuple(dict.fromkeys(asked))[:MOST_TOGETHER], tuple(dict.fromkeys(claims)), second, first=first)
