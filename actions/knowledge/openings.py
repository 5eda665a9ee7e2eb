"""Reads ``opening.yml``: what the first screen and the list of a case say where a cause file says nothing of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from pydantic import StrictStr, ValidationError, validator
from pydantic.fields import ModelField

from actions.core.causes import Cause, Nature
from actions.core.fields import Strict
from actions.core.likely import LikelyQuestion, likeliest
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import model_problems
from actions.knowledge.texts import bad_braces, literal_numbers, too_long
from actions.yaml_source import Problem, Source

NEEDS_LIMIT = 8
"""The most characters of what a cause takes: it stands on one line with the count of causes."""
LIKELY_LIMIT = 20
"""The most characters of a likely question: it is a button."""
UNKNOWN = "unknown"
"""The situation in which it is not known what the customer looks at."""


class Openings(Strict):
    """The usual words.

    Attributes:
        needs: what a cause takes, by its nature.
        likely: likely questions by the nature of the first cause; ``none`` where nothing was found, ``unknown`` without a subject.
    """

    needs: Mapping[StrictStr, StrictStr] = {}
    likely: Mapping[StrictStr, tuple[LikelyQuestion, ...]] = {}

    @validator("needs", "likely")
    def _of_each(cls, value: Mapping[str, object], field: ModelField) -> Mapping[str, object]:
        expected = (*get_args(Nature), *([UNKNOWN] if field.name == "likely" else []))
        if set(value) != set(expected):
            raise ValueError(f"must be given for {', '.join(expected)}, for each and for nothing else")
        return value

    def needs_of(self, cause: Cause) -> str:
        """What a cause takes, in a few words."""
        return cause.needs or self.needs.get(cause.nature) or cause.title

    def likely_of(self, cause: Cause | None, situation: str) -> tuple[LikelyQuestion, ...]:
        """The likeliest questions of a customer.

        Args:
            cause: the first that was found, if any was.
            situation: its nature, or what stands for it.
        """
        return likeliest(cause.likely if cause is not None else (), self.likely.get(situation, ()))


def read_openings(sources: Sequence[Source], topics: Collection[str], forbidden: Forbidden, problems: list[Problem]) -> Openings:
    """Reads the file; what is wrong is added to ``problems``. A folder without it has causes that speak for themselves."""
    for source in sources:
        try:
            openings = Openings.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
            continue
        texts: list[tuple[tuple[str | int, ...], str, int]] = [
            (("needs", nature), text, NEEDS_LIMIT) for nature, text in openings.needs.items()
        ]
        for situation, questions in openings.likely.items():
            for at, question in enumerate(questions):
                texts.append((("likely", situation, at, "ask"), question.ask, LIKELY_LIMIT))
                if question.topic not in topics:
                    problems.append(source.problem(("likely", situation, at, "topic"), f"unknown topic {question.topic}"))
        for path, text, limit in texts:
            reasons = [*bad_braces(text), *literal_numbers(text), *forbidden.found_in(text), *filter(None, [too_long(text, limit)])]
            problems.extend(source.problem(path, reason) for reason in reasons)
        return openings
    return Openings()
