"""Aspects and claims: the sub-questions on top of a matter and what customers say of their own state, how each is said, and what is answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args

from pydantic import StrictBool, StrictStr, ValidationError, root_validator, validator

from actions.core.causes import Nature
from actions.core.conditions import parse_condition
from actions.core.fields import Expression, ExpressionText, Strict
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import check_condition, model_problems, read_entries
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

ASPECT_LIMIT = 120
"""The most characters of an answer to a sub-question: a sentence or two."""
ANSWERED = "answered"
"""The situation after an answer, with no case on the table."""
NOTICED = "noticed"
"""The situation of a customer who will be told of the end of what is waited for."""
SITUATIONS: tuple[str, ...] = (*get_args(Nature), "resolved", "queued", NOTICED, ANSWERED, "any")
"""Where an aspect may be answered: with a cause of each nature on the table, after the end of a case, while a person or a notice is awaited,
after an answer, or anywhere."""


class Aspect(Strict):
    """One sub-question.

    Attributes:
        asked: patterns of the words that ask it, matched on normalised text; none if it is only reached through a topic.
        unless: patterns beside which a match does not count.
        alone: patterns of whole messages that ask it and name no matter, so that what they ask about was said before.
        exact: whether the words ask so plainly that within a case they are answered whatever else the message was taken for, if the cause
            on the table or the situation says something to it.
        of_several: whether it only means something where several causes were found.
        of_person: whether it is asked about the person while one is awaited, although the cause has words of its own for it.
        of_plans: whether what it asks stands in the plans of the order: they are shown behind the answer, if the order can be split.
        told: whether it is answered although its words only tell something and another part of the message asks.
        answers: variants by situation, one of ``SITUATIONS``; an empty list where nothing is to be said.
    """

    asked: tuple[ExpressionText, ...] = ()
    unless: tuple[ExpressionText, ...] = ()
    alone: tuple[Expression, ...] = ()
    exact: StrictBool = False
    of_several: StrictBool = False
    of_person: StrictBool = False
    of_plans: StrictBool = False
    told: StrictBool = False
    answers: dict[StrictStr, tuple[StrictStr, ...]]

    @root_validator(skip_on_failure=True)
    def _answers_everywhere(cls, values: dict[str, Any]) -> dict[str, Any]:
        answers = values["answers"]
        unknown = sorted(set(answers) - set(SITUATIONS))
        if unknown:
            raise ValueError(f"answers are by {', '.join(SITUATIONS)}, not {', '.join(unknown)}")
        missing = [nature for nature in get_args(Nature) if nature not in answers]
        if missing and "any" not in answers:
            raise ValueError(f"answers lack {', '.join(missing)}, or any")
        return values

    @property
    def is_narrow(self) -> bool:
        """Whether its words ask for something so particular that little else is meant: exactly, or only of some topics or causes."""
        return self.exact or not any(self.answers.values())

    @property
    def may_be_told(self) -> bool:
        """Whether it is answered although its words only tell something: what may be said of any case, and what is marked so."""
        return self.told or not self.is_narrow

    def is_exact_for(self, nature: Nature) -> bool:
        """Whether it is answered whatever the cause of a nature is: it may be asked in every such case."""
        return self.exact and bool(self.answer(nature))

    def answer(self, situation: str) -> tuple[str, ...]:
        """The variants for a situation; empty if nothing is to be said there."""
        return self.answers.get(situation, self.answers.get("any", ()))


def read_aspects(sources: Sequence[Source], facts: FactRegistry, forbidden: Forbidden, problems: list[Problem]) -> dict[str, Aspect]:
    """Reads the aspects; what is wrong is added to ``problems``."""
    aspects: dict[str, Aspect] = {}
    for source in sources:
        for name, aspect in read_entries(source, Aspect, problems).items():
            aspects[name] = aspect
            for situation, texts in aspect.answers.items():
                for at, text in enumerate(texts):
                    for reason in text_problems(text, (), facts, forbidden, ASPECT_LIMIT):
                        problems.append(source.problem((name, "answers", situation, at), f"{situation}: {reason}"))
    return aspects


def asked_alone(aspects: Mapping[str, Aspect], text: str) -> tuple[str, ...]:
    """The aspects that a text asks without naming any matter."""
    bare = "".join(character for character in text if character.isalnum())
    return tuple(name for name, aspect in aspects.items() if aspect.alone and any(pattern.fullmatch(bare) for pattern in aspect.alone))


CLAIM_LIMIT = 90
"""The most characters of a sentence about a claim."""


class Claim(Strict):
    """Something a customer says of their own state.

    Attributes:
        said: patterns of the words that claim it, matched on normalised text.
        unless: patterns beside which a match does not count.
        when: the state in which it is true.
        unknown: the state in which nobody can tell from the record.
        agreed: what is said if it is true; empty if that goes without saying.
        contradicted: what is said if the record says otherwise.
        unseen: what is said if the record cannot tell.
        disowns: whether the customer denies what the record says they did themselves: then somebody else may have done it, and the steps that
            would undo it are not given before a person has looked.
        speaks_of: sub-questions to which what is said about the claim is the answer.
    """

    said: tuple[ExpressionText, ...]
    unless: tuple[ExpressionText, ...] = ()
    when: Any
    unknown: Any | None = None
    agreed: tuple[StrictStr, ...] = ()
    contradicted: tuple[StrictStr, ...] = ()
    unseen: tuple[StrictStr, ...] = ()
    disowns: StrictBool = False
    speaks_of: tuple[StrictStr, ...] = ()

    @validator("when", "unknown", pre=True)
    def _parse(cls, value: Any) -> Any:
        return None if value is None else parse_condition(value)


def read_claims(
    sources: Sequence[Source], facts: FactRegistry, forbidden: Forbidden, aspects: Collection[str], problems: list[Problem]
) -> dict[str, Claim]:
    """Reads the claims; what is wrong is added to ``problems``.

    Args:
        aspects: the sub-questions that there are; none where nothing is known of them.
    """
    claims: dict[str, Claim] = {}
    for source in sources:
        if not isinstance(source.data, dict):
            problems.append(source.problem((), "must be a map"))
            continue
        for name, data in source.data.items():
            scopes = []
            bad: list[Problem] = []
            for key in ("when", "unknown"):
                if isinstance(data, dict) and data.get(key) is not None:
                    scopes.append(check_condition(source, (name, key), data[key], bad).scopes)
            problems.extend(bad)
            if bad:
                continue
            try:
                claims[name] = claim = Claim.parse_obj(data)
            except ValidationError as error:
                problems.extend(model_problems(source, error, (name,)))
                continue
            problems.extend(
                source.problem((name, "speaks_of", at), f"unknown aspect {aspect}")
                for at, aspect in enumerate(claim.speaks_of)
                if aspects and aspect not in aspects
            )
            # A sentence may speak of rows only where the condition that led to it has matched some: when it agrees.
            for key, opened in (("agreed", scopes[0] if scopes else set()), ("contradicted", set()), ("unseen", set())):
                for at, text in enumerate(getattr(claim, key)):
                    for reason in text_problems(text, opened, facts, forbidden, CLAIM_LIMIT):
                        problems.append(source.problem((name, key, at), f"{key}: {reason}"))
    return claims
