"""How early warning is set, read from ``knowledge/watch.yml``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, StrictStr, ValidationError, validator

from actions.core.fields import Day, Strict
from actions.core.platform import Component
from actions.knowledge.loading import DEFAULT_ROOT
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Problem, Source, SourceError
from ops.watch.names import known_streams

FILE = "watch.yml"
_LEAST_RATIO = 1.2
"""Below it, ordinary unevenness would be called trouble."""


class Promotion(Strict):
    """Days on which more people come than on others; what is said about all traffic is not said then.

    Attributes:
        name: for people.
        first: day.
        last: day, inclusive.
    """

    name: StrictStr
    first: Day
    last: Day

    @validator("last")
    def _in_order(cls, last: date, values: dict[str, Any]) -> date:
        if "first" in values and last < values["first"]:
            raise ValueError("is before first")
        return last


class CensusSettings(Strict):
    """Who is in the census, and when what it finds is an alarm.

    Attributes:
        size: of the panel of orders and bills; products are all in it.
        seed: by which the panel is drawn; another one draws another panel.
        share: part of a population that one cause newly blocks.
        minutes: within which.
        fall: part of a shop's products that can be paid in installments no longer, within the same time.
        least_items: fewest such products.
    """

    size: int = Field(2000, ge=1, le=20_000)
    seed: StrictStr = "panel"
    share: float = Field(0.01, gt=0, le=1)
    minutes: int = Field(30, ge=5, le=24 * 60)
    fall: float = Field(0.5, gt=0, le=1)
    least_items: int = Field(2, ge=1)


class WatchSettings(Strict):
    """When an alarm is one.

    Attributes:
        false_alarms_a_week: budget over all streams together.
        ratio: least times the expected count.
        least_customers: fewest customers.
        least_customers_learning: fewest customers of a stream that is younger than a week.
        off: streams that are not watched.
        promotions: days with more traffic.
        census: of the census.
        explained_by: causes that are an incident or a maintenance window: whoever is told one of them need not be warned of.
        components: what is probably broken, by stream; a draft of an incident names it.
        notices: what a draft proposes that customers are told, by component.
    """

    false_alarms_a_week: float = Field(1.0, gt=0)
    ratio: float = Field(2.0, ge=_LEAST_RATIO)
    least_customers: int = Field(5, ge=1)
    least_customers_learning: int = Field(10, ge=1)
    off: tuple[StrictStr, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    census: CensusSettings = CensusSettings.parse_obj({})
    explained_by: tuple[StrictStr, ...] = ()
    components: dict[StrictStr, Component] = {}
    notices: dict[Component, StrictStr] = {}


def read_watch_settings(root: Path = DEFAULT_ROOT) -> WatchSettings:
    """The settings of a knowledge folder; those of a folder without the file are the usual ones.

    Args:
        root: the folder; its causes are the streams that can be named.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    path = root / FILE
    if not path.exists():
        return WatchSettings.parse_obj({})
    source = Source.read(path, shown_as=f"{root.name}/{FILE}")
    try:
        settings = WatchSettings.parse_obj(source.data if source.data is not None else {})
    except ValidationError as error:
        raise SourceError(list(model_problems(source, error))) from None
    if problems := list(_problems(source, settings, known_streams(root))):
        raise SourceError(problems)
    return settings


def _problems(source: Source, settings: WatchSettings, known: frozenset[str]) -> Iterator[Problem]:
    for name, streams in (("off", settings.off), ("explained_by", settings.explained_by)):
        for place, stream in enumerate(streams):
            if stream not in known:
                yield source.problem((name, place), _no_stream(stream))
    for stream in settings.components:
        if stream not in known:
            yield source.problem(("components", stream), _no_stream(stream))
    ordered = sorted(enumerate(settings.promotions), key=lambda each: each[1].first)
    for (_, before), (place, after) in zip(ordered, ordered[1:]):
        if after.first <= before.last:
            yield source.problem(("promotions", place), f"{after.name} overlaps {before.name}")


def _no_stream(name: str) -> str:
    return f"{name} is no stream: neither a cause, none, unclear, rated_low nor turn_failed, nor handoff:REASON, check:CAUSE or intent:INTENT of this folder"
