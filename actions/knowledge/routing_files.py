"""Reads what each intent means for the dialogue, and to whom each kind of handoff goes."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Type, TypeVar

from pydantic import BaseModel, ValidationError

from actions.knowledge.forbidden import Forbidden
from actions.knowledge.meanings import HandoffMeaning, IntentMeaning
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Problem, Source

TITLE_LIMIT = 12

HANDOFF_REASONS = (
    "requested", "agreed", "cannot_do", "failed_checks", "misunderstood", "no_cause_found", "cause", "objection", "complaint", "hardship", "distress",
    "minor", "money_taken", "fraud",
)  # fmt: skip
"""Why the dialogue hands over; each needs a queue, a priority and a sentence."""


_Model = TypeVar("_Model", bound=BaseModel)


def read_intents(
    sources: Sequence[Source], causes: Mapping[str, Any], forbidden: Forbidden, problems: List[Problem]
) -> Dict[str, IntentMeaning]:
    """Reads the intents; what is wrong is added to ``problems``."""
    intents: Dict[str, IntentMeaning] = {}
    for source in sources:
        for name, meaning in _entries(source, IntentMeaning, problems).items():
            intents[name] = meaning
            if meaning.title is not None and len(meaning.title) > TITLE_LIMIT:
                problems.append(source.problem((name, "title"), f"title is longer than {TITLE_LIMIT} characters"))
            if bool(meaning.causes) != (meaning.claim is not None):
                problems.append(source.problem((name,), "claim and causes belong together"))
            for index, cause in enumerate(meaning.causes):
                if causes and cause not in causes:
                    problems.append(source.problem((name, "causes", index), f"unknown cause {cause}"))
            for text in filter(None, (meaning.title, meaning.claim)):
                problems.extend(source.problem((name,), reason) for reason in forbidden.found_in(text))
    return intents


def read_handoffs(sources: Sequence[Source], phrases: Mapping[str, Any], problems: List[Problem]) -> Dict[str, HandoffMeaning]:
    """Reads the kinds of handoff; what is wrong is added to ``problems``."""
    handoffs: Dict[str, HandoffMeaning] = {}
    for source in sources:
        handoffs.update(_entries(source, HandoffMeaning, problems))
        for reason in HANDOFF_REASONS:
            if reason not in handoffs:
                problems.append(source.problem((), f"{reason} is missing"))
            elif phrases and f"handoff.{reason}" not in phrases:
                problems.append(source.problem((reason,), f"no phrase handoff.{reason} says it to the customer"))
    return handoffs


def _entries(source: Source, model: Type[_Model], problems: List[Problem]) -> Dict[str, _Model]:
    if not isinstance(source.data, dict):
        problems.append(source.problem((), "must be a map"))
        return {}
    found: Dict[str, _Model] = {}
    for name, data in source.data.items():
        try:
            found[name] = model.parse_obj(data)
        except ValidationError as error:
            problems.extend(model_problems(source, error, (name,)))
    return found
