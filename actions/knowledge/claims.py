"""Claims: what customers say about their own state, how they say it, and what the record says to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Extra, StrictBool, StrictStr, ValidationError, validator

from actions.core.conditions import parse_condition
from actions.core.fields import Expression
from actions.knowledge.condition_checks import check_condition
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import model_problems
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

CLAIM_LIMIT = 90
"""The most characters of a sentence about a claim."""


class Claim(BaseModel):
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
    """

    said: tuple[Expression, ...]
    unless: tuple[Expression, ...] = ()
    when: Any
    unknown: Any | None = None
    agreed: tuple[StrictStr, ...] = ()
    contradicted: tuple[StrictStr, ...] = ()
    unseen: tuple[StrictStr, ...] = ()
    disowns: StrictBool = False

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @validator("when", "unknown", pre=True)
    def _parse(cls, value: Any) -> Any:
        return None if value is None else parse_condition(value)


def read_claims(sources: Sequence[Source], facts: FactRegistry, forbidden: Forbidden, problems: list[Problem]) -> dict[str, Claim]:
    """Reads the claims; what is wrong is added to ``problems``."""
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
            # A sentence may speak of rows only where the condition that led to it has matched some: when it agrees.
            for key, opened in (("agreed", scopes[0] if scopes else set()), ("contradicted", set()), ("unseen", set())):
                for at, text in enumerate(getattr(claim, key)):
                    for reason in text_problems(text, opened, facts, forbidden, CLAIM_LIMIT):
                        problems.append(source.problem((name, key, at), f"{key}: {reason}"))
    return claims
