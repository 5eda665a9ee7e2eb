"""The work list: where customers are lost, how many a week, which file to edit, who does, and whether it got better since the last report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.core.causes import NO_CAUSE_FOUND
from actions.core.observations import NOTHING
from actions.state.insight import InsightWork
from ops.insight.clusters import Cluster
from ops.insight.counting import Cell, Counts, Tellings
from ops.insight.figures import Figure, against, figure, hidden, part
from ops.insight.hiding import LEAST_CUSTOMERS, is_hidden
from ops.insight.periods import Period
from ops.insight.showing import words
from ops.insight.talks import Row
from ops.insight.titles import Titles
from ops.stats.intervals import rate_ratio

_MOST = 40
_WEEK = 7


@dataclass(frozen=True)
class LosingPlace:
    """A place where customers are lost.

    Attributes:
        kind: ``step``, ``cause``, ``claim`` or ``unclear``.
        parts: which, after the kind.
        customers: whom it lost.
        rate: of the episodes that came there, those that were lost: the same denominators in every report.
        file, spot: what to edit, and where in it.
        title: what to do.
    """

    kind: str
    parts: tuple[str, ...]
    customers: int
    rate: Figure
    file: str
    spot: str
    title: str

    @property
    def place(self) -> str:
        """Its name, the same in every report."""
        return "/".join((self.kind, *self.parts))


def losing_places(told: Tellings, titles: Titles, found: Sequence[Cluster]) -> list[LosingPlace]:
    """Every place that loses at least as many customers as may be told."""
    now = told.now
    said, spots = words()["work"], words()["spots"]
    places = []
    for cell in now.of("stopped"):
        _, cause, step = cell
        title = said["step"].format(title=titles.cause(cause), step=step, text=titles.of("step", cause, step))
        file, spot = f"knowledge/causes/{cause}.yml", spots["step"].format(step=step)
        rate = part(now, cell, ("shown", cause, step))
        places.append(LosingPlace("step", (cause, step), now.customers[cell], rate, file, spot, title))
    for cell in now.of("lost_untold"):
        cause = cell[1]
        title = said["none"] if cause == NOTHING else said["cause"].format(title=titles.cause(cause))
        file = f"knowledge/causes/{NO_CAUSE_FOUND if cause == NOTHING else cause}.yml"
        places.append(LosingPlace("cause", (cause,), now.customers[cell], part(now, cell, ("first", cause)), file, spots["cause"], title))
    for cell in now.of("off_lost"):
        intent = cell[1]
        title = said["claim"].format(title=titles.of("intent", intent))
        rate = part(now, cell, ("claimed", intent))
        places.append(
            LosingPlace("claim", (intent,), now.customers[cell], rate, "knowledge/intents.yml", f"{intent} · {spots['claim']}", title)
        )
    places += _unclear(told, titles, found)
    return [each for each in places if each.customers >= LEAST_CUSTOMERS]


def _unclear(told: Tellings, titles: Titles, found: Sequence[Cluster]) -> list[LosingPlace]:
    """What was not understood loses those who got nothing of what they came for in the period."""
    places = []
    for cluster in found:
        lost = len(cluster.who - told.helped)
        intent = cluster.intent or NOTHING
        used = "、".join(cluster.words[:3])
        title = words()["work"]["unclear"].format(title=titles.of("intent", intent), words=used or "…")
        file = f"data/nlu/{intent}.yml" if intent != NOTHING else "data/nlu/"
        rate = hidden(cluster.customers) if is_hidden(cluster.customers - lost) else figure(lost, cluster.customers)
        spot = words()["spots"]["unclear"]
        places.append(LosingPlace("unclear", (intent, (cluster.words or ("",))[0]), lost, rate, file, spot, title))
    return places


def work_list(
    places: Sequence[LosingPlace], period: Period, taken: Mapping[str, InsightWork], previous: Mapping[str, Any] | None
) -> list[Row]:
    """The places by the least number of customers that each loses a week, the worst first.

    Args:
        taken: who takes care of what.
        previous: the report before, for what has become of its rates.
    """
    weeks = period.days / _WEEK
    rows = []
    for place in places:
        low, high = rate_ratio(place.customers, weeks)
        cared = taken.get(place.place)
        row: Row = {
            "place": place.place,
            "kind": place.kind,
            "parts": list(place.parts),
            "title": place.title,
            "file": place.file,
            "spot": place.spot,
            "customers": place.customers,
            "per_week": round(place.customers / weeks, 1),
            "low": round(low, 1),
            "high": round(high, 1),
            "rate": place.rate,
            "state": cared.state if cared else "open",
            "owner": cared.owner if cared else "",
        }
        rows.append({**row, **_since(place.place, place.rate, previous)})
    rows.sort(key=lambda row: (-row["low"], -row["customers"], row["place"]))
    return [{"rank": rank, **row} for rank, row in enumerate(rows[:_MOST], 1)]


def followed(places: Sequence[LosingPlace], now: Counts, previous: Mapping[str, Any] | None) -> list[Row]:
    """What has become of what the report before listed, whether or not it is still listed, with the same denominators."""
    if previous is None:
        return []
    listed = {place.place: place.rate for place in places}
    rows = []
    for item in previous.get("work", ()):
        rate = listed.get(item["place"]) or _rate_of(item["kind"], item["parts"], now)
        row = {"place": item["place"], "title": item["title"], "rank": item["rank"]}
        rows.append({**row, "state": item["state"], "before": item["rate"], "rate": rate, "verdict": against(item["rate"], rate)})
    return rows


def _since(place: str, rate: Figure, previous: Mapping[str, Any] | None) -> dict[str, Any]:
    before = (previous or {}).get("places", {}).get(place)
    return {"before": before, "verdict": None if before is None else against(before, rate)}


def _rate_of(kind: str, parts: Sequence[str], now: Counts) -> Figure:
    """The rate of a place that lost too few customers to be listed now."""
    whole: dict[str, tuple[Cell, Cell]] = {
        "step": (("stopped", *parts), ("shown", *parts)),
        "cause": (("lost_untold", *parts), ("first", *parts)),
        "claim": (("off_lost", *parts), ("claimed", *parts)),
        "unclear": (("nobody",), ("all",)),
    }
    return part(now, *whole[kind])
