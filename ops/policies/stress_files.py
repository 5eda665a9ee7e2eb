"""Files of stress tests: what is thought to happen, and how much of it must not be exceeded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, StrictStr, ValidationError, root_validator

from actions.core.fields import Day, Strict
from actions.core.platform import Component, Policy
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Problem, Source, SourceError

_ONE_OF = ("policy", "outage", "pause_shops", "overdue", "all_of")
_DATES = {"effective_from": "2000-01-01"}


class MoreOverdue(Strict):
    """More customers who are overdue, drawn at random.

    Attributes:
        more: as a part of those who are.
        seed: of the draw.
    """

    more: float = Field(gt=0)
    seed: int = 0


class Scenario(Strict):
    """Something that is thought to happen: exactly one of these.

    Attributes:
        policy: kind and values of a policy that takes the place of those of its kind.
        outage: the component that fails.
        pause_shops: how many shops pause, those with most orders.
        overdue: more customers are overdue.
        all_of: ids of scenarios that happen together.
    """

    id: StrictStr
    title: StrictStr = ""
    policy: dict[StrictStr, Any] | None = None
    outage: Component | None = None
    pause_shops: int | None = Field(None, ge=1)
    overdue: MoreOverdue | None = None
    all_of: tuple[StrictStr, ...] = ()

    @root_validator
    def _is_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(values.get(name)) for name in _ONE_OF) != 1:
            raise ValueError(f"a scenario is exactly one of {', '.join(_ONE_OF)}")
        if values.get("policy"):
            Policy(**{"id": str(values.get("id")), **_DATES, **values["policy"]})
        return values

    @property
    def as_policy(self) -> Policy | None:
        """The policy."""
        return None if self.policy is None else Policy(**{"id": f"stress:{self.id}", **_DATES, **self.policy})


class StressLimits(Strict):
    """What must not be exceeded.

    Attributes:
        without_option: share of orders and bills; ``regions`` the same by region.
        without_alternative: share of orders and bills of which nothing else is offered either.
        handoffs: in the time in which complaints come; ``peak_per_hour`` in its busiest hour.
    """

    without_option: float | None = Field(None, ge=0, le=1)
    without_alternative: float | None = Field(None, ge=0, le=1)
    handoffs: float | None = Field(None, ge=0)
    peak_per_hour: float | None = Field(None, ge=0)
    regions: dict[StrictStr, float] = {}


class Assumptions(Strict):
    """What is taken for granted where it was not observed.

    Attributes:
        complain: part of newly blocked customers who complain.
        hand_over: part of complaints that go to a person.
        days: over which they come.
        peak: part of a day's that come in its busiest hour.
    """

    complain: float = Field(0.2, ge=0, le=1)
    hand_over: float = Field(0.2, ge=0, le=1)
    days: float = Field(1.0, gt=0)
    peak: float = Field(0.12, gt=0, le=1)


class StressFile(Strict):
    """A file.

    Attributes:
        on: the day that is looked at; default: today.
        limits: by scenario.
    """

    on: Day | None = None
    scenarios: tuple[Scenario, ...]
    limits: dict[StrictStr, StressLimits] = {}
    assume: Assumptions = Assumptions.parse_obj({})

    @property
    def by_id(self) -> Mapping[str, Scenario]:
        """The scenarios."""
        return {each.id: each for each in self.scenarios}

    def parts_of(self, scenario: Scenario) -> Iterator[Scenario]:
        """What happens in a scenario."""
        if not scenario.all_of:
            yield scenario
        for name in scenario.all_of:
            yield from self.parts_of(self.by_id[name])


def read_stress_file(source: Source) -> StressFile:
    """Reads a file.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    try:
        found = StressFile.parse_obj(source.data if source.data is not None else {})
    except ValidationError as error:
        raise SourceError(list(model_problems(source, error))) from None
    if problems := list(_problems(source, found)):
        raise SourceError(problems)
    return found


def _problems(source: Source, found: StressFile) -> Iterator[Problem]:
    seen: set[str] = set()
    if not found.scenarios:
        yield source.problem(("scenarios",), "there is no scenario")
    for place, each in enumerate(found.scenarios):
        if each.id in seen:
            yield source.problem(("scenarios", place), f"{each.id} is given twice")
        # Only what stands before can be meant, so that none is a part of itself.
        for name in each.all_of:
            if name not in seen:
                yield source.problem(("scenarios", place, "all_of"), f"there is no scenario {name} before {each.id}")
        seen.add(each.id)
    for name in found.limits:
        if name not in seen:
            yield source.problem(("limits", name), f"there is no scenario {name}; there are: {', '.join(sorted(seen))}")
