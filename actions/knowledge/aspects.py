"""Aspects: the sub-questions on top of a matter (how long, why me, does it cost), how they are asked, and the usual answers by nature of cause."""

from __future__ import annotations

from typing import Any, Dict, List, Pattern, Sequence, Tuple, get_args

from pydantic import BaseModel, Extra, StrictStr, root_validator

from actions.core.causes import Nature
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import read_entries
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

ASPECT_LIMIT = 120
"""The most characters of an answer to a sub-question: a sentence or two."""
SITUATIONS: Tuple[str, ...] = (*get_args(Nature), "resolved", "queued", "any")
"""Where an aspect may be answered: with a cause of each nature on the table, after the end of a case, while a person is awaited, or anywhere."""


class Aspect(BaseModel):
    """One sub-question.

    Attributes:
        asked: patterns of the words that ask it, matched on normalised text; none if it is only reached through a topic.
        unless: patterns beside which a match does not count.
        answers: variants by situation, one of ``SITUATIONS``; an empty list where nothing is to be said.
    """

    asked: Tuple[Pattern, ...] = ()
    unless: Tuple[Pattern, ...] = ()
    answers: Dict[StrictStr, Tuple[StrictStr, ...]]

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @root_validator(skip_on_failure=True)
    def _answers_everywhere(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        answers = values["answers"]
        unknown = sorted(set(answers) - set(SITUATIONS))
        if unknown:
            raise ValueError(f"answers are by {', '.join(SITUATIONS)}, not {', '.join(unknown)}")
        missing = [nature for nature in get_args(Nature) if nature not in answers]
        if missing and "any" not in answers:
            raise ValueError(f"answers lack {', '.join(missing)}, or any")
        return values

    def answer(self, situation: str) -> Tuple[str, ...]:
        """The variants for a situation; empty if nothing is to be said there."""
        return self.answers.get(situation, self.answers.get("any", ()))


def read_aspects(sources: Sequence[Source], facts: FactRegistry, forbidden: Forbidden, problems: List[Problem]) -> Dict[str, Aspect]:
    """Reads the aspects; what is wrong is added to ``problems``."""
    aspects: Dict[str, Aspect] = {}
    for source in sources:
        for name, aspect in read_entries(source, Aspect, problems).items():
            aspects[name] = aspect
            for situation, texts in aspect.answers.items():
                for at, text in enumerate(texts):
                    for reason in text_problems(text, (), facts, forbidden, ASPECT_LIMIT):
                        problems.append(source.problem((name, "answers", situation, at), f"{situation}: {reason}"))
    return aspects
