"""What an experiment wants to know, read from its ``experiment.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, StrictInt, StrictStr, ValidationError, validator

from actions.core.assignment import BUCKETS
from actions.core.fields import Strict
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Source, SourceError

Direction = Literal["up", "down"]
_DIRECTIONS = {"up": "up", "higher": "up", "increase": "up", "down": "down", "lower": "down", "decrease": "down"}


DEFAULT_GUARDRAILS = ("handoff", "complaint", "rating_low", "unclear", "return_7d")
"""What no variant may bring more of, unless the file names others, or none by an empty list."""


_ROUNDED = 0.015
"""So far three times 0.33 is from 1."""


class Arm(Strict):
    """One of the ways that are compared.

    Attributes:
        id: as it stands in the data.
        weight: part of the customers that get it, relative to the other arms; of 1, if all are smaller than it.
    """

    id: StrictStr
    weight: float = Field(gt=0)


class Participants(Strict):
    """Who takes part: customers with one of these causes, or who say one of these intents."""

    causes: tuple[StrictStr, ...] = ()
    intents: tuple[StrictStr, ...] = ()


class ExperimentSpecification(Strict):
    """An experiment.

    Attributes:
        id: its name.
        version: raised by every change.
        hypothesis: in words.
        owner: who decides.
        unit: what is assigned to an arm.
        who: who takes part.
        arms: the first is the control.
        metric: what is measured, 0 or 1 per unit.
        direction: which way is better.
        smallest_effect: smallest difference of the metric that is worth having.
        alpha: probability of a false verdict.
        planned_n: units of all arms together.
        longest_weeks: after which it ends undecided.
        guardrails: bad events of which the variant must not bring more.
        layer: experiments of one layer share customers out by ``buckets``; default: a layer of its own.
        buckets: from, and up to but without, of 10,000.
    """

    id: StrictStr
    version: StrictInt
    hypothesis: StrictStr
    owner: StrictStr
    unit: Literal["customer"] = "customer"
    who: Participants = Participants()
    arms: tuple[Arm, ...]
    metric: StrictStr
    direction: Direction
    smallest_effect: float = Field(gt=0, lt=1)
    alpha: float = Field(0.05, gt=0, lt=0.5)
    planned_n: StrictInt
    longest_weeks: float = Field(gt=0)
    guardrails: tuple[StrictStr, ...] = DEFAULT_GUARDRAILS
    layer: StrictStr | None = None
    buckets: tuple[StrictInt, StrictInt] = (0, BUCKETS)

    @validator("direction", pre=True)
    def _same_word(cls, given: Any) -> Any:
        return _DIRECTIONS.get(given, given) if isinstance(given, str) else given

    @validator("arms")
    def _can_be_compared(cls, arms: tuple[Arm, ...]) -> tuple[Arm, ...]:
        if len(arms) < 2:
            raise ValueError("needs at least two: the first is the control")
        if len({arm.id for arm in arms}) < len(arms):
            raise ValueError("an id is given twice")
        whole = sum(arm.weight for arm in arms)
        if all(arm.weight < 1 for arm in arms) and abs(whole - 1) > _ROUNDED:
            raise ValueError(f"weights that are parts of 1 must sum to it, not to {whole:g}")
        return arms

    @validator("buckets")
    def _some_buckets(cls, buckets: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= buckets[0] < buckets[1] <= BUCKETS:
            raise ValueError(f"goes from a bucket to a later one, of {BUCKETS}")
        return buckets

    @validator("planned_n")
    def _enough(cls, planned: int) -> int:
        if planned < 1:
            raise ValueError("must be at least 1")
        return planned


def read_specification(path: Path) -> ExperimentSpecification:
    """The experiment of a file.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    return specification_in(Source.read(path))


def specification_in(source: Source) -> ExperimentSpecification:
    """The experiment of a file that was read.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    try:
        return ExperimentSpecification.parse_obj(source.data)
    except ValidationError as error:
        raise SourceError(list(model_problems(source, error))) from None
