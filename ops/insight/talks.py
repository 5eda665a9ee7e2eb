"""What conversations come to: how they end, what they are about, and what customers claim against what is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.core.observations import NOTHING
from actions.knowledge.model import Knowledge
from ops.insight.counting import ALL, DIAGNOSED, Counts
from ops.insight.figures import compared, figure, number, part, rate, shares
from ops.insight.hiding import is_hidden
from ops.insight.titles import Titles

Row = dict[str, Any]

_ENDS = ("resolved", "explained", "waiting", "handoff", "abandoned", "open")
_MOST_PAIRS = 15
_LEAST_TOGETHER = 5


def results(now: Counts, before: Counts, titles: Titles) -> list[Row]:
    """Reach and result, each beside the days before."""
    measures = [("diagnosed", DIAGNOSED, ALL)]
    measures += [("proven", ("proven",), ALL), ("lasted", ("lasted",), ("watched",)), ("alone", ("alone",), ALL)]
    rows = [
        {"measure": name, "title": titles.of("measure", name), "rate": rate(now, hit, of), "before": rate(before, hit, of)}
        for name, hit, of in measures
    ]
    ends = [("end", end) for end in _ENDS]
    for end, one, other in zip(_ENDS, shares(now, ends, ALL), shares(before, ends, ALL)):
        rows.append({"measure": f"end/{end}", "title": titles.of("end", end), "rate": one, "before": other})
    compared(rows)
    return rows


def ratings(now: Counts, titles: Titles) -> list[Row]:
    """How ends are rated, of the episodes that were."""
    rows = []
    for end in _ENDS:
        if now.episodes["rated", end]:
            well, badly = (rate(now, (which, end), ("rated", end)) for which in ("rated_well", "rated_badly"))
            rows.append({"end": end, "title": titles.of("end", end), "rate": well, "badly": badly})
    return rows


def causes(now: Counts, before: Counts, knowledge: Knowledge, titles: Titles, census: Mapping[str, tuple[int, int]]) -> list[Row]:
    """What is found, the most frequent first, beside the share of the census's panel that has it.

    Args:
        census: of how many members of the panel each cause blocks how many.
    """
    rows = []
    for _, name in now.of("cause"):
        cause = knowledge.causes.get(name)
        hits, of = census.get(name, (0, 0))
        row: Row = {
            "cause": name,
            "title": titles.cause(name),
            "level": cause.level if cause else None,
            "fixed_by": cause.fixed_by if cause else None,
            "gone": cause is None and name != NOTHING,
            "rate": rate(now, ("cause", name), DIAGNOSED),
            "first": rate(now, ("first", name), DIAGNOSED),
            "before": rate(before, ("cause", name), DIAGNOSED),
            "census": figure(hits, of) if of and not is_hidden(hits) else None,
        }
        rows.append(row)
    compared(rows)
    return rows


def owners(now: Counts, rows: list[Row], titles: Titles) -> list[Row]:
    """The first causes by where they lie and who can mend them."""
    found = []
    for kind in ("level", "fixed_by"):
        sums: dict[str, list[int]] = {}
        for row in rows:
            if row[kind] is not None and row["first"]["hits"]:
                sums.setdefault(row[kind], []).append(row["first"]["hits"])
        diagnosed = now.episodes[DIAGNOSED]
        for name, hits in sorted(sums.items(), key=lambda item: -sum(item[1])):
            # Only what is told of each cause is added up, so that nothing hidden comes out here.
            found.append({"kind": kind, "name": name, "title": titles.of(kind, name), "rate": figure(sum(hits), diagnosed)})
    return found


def pairs(now: Counts, titles: Titles) -> list[Row]:
    """Causes that come together more often than by chance, the most frequent first."""
    rows = []
    diagnosed = now.episodes[DIAGNOSED]
    for cell in now.of("pair"):
        _, one, other = cell
        together = number(now, cell)
        if together is None or together < _LEAST_TOGETHER:
            continue
        by_chance = now.episodes["cause", one] * now.episodes["cause", other] / diagnosed
        row = {"cause": one, "title": titles.cause(one), "other": other, "other_title": titles.cause(other), "episodes": together}
        rows.append({**row, "times": round(together / by_chance, 1)})
    return rows[:_MOST_PAIRS]


def claims(now: Counts, knowledge: Knowledge, titles: Titles) -> list[Row]:
    """What customers say is wrong against what is found first; nothing is said of claims that name no cause."""
    rows: list[Row] = []
    for _, intent in now.of("claimed"):
        found = [cell for cell in now.of("claim") if cell[1] == intent]
        meaning = knowledge.intents.get(intent)
        proving: tuple[str, ...] = meaning.causes if meaning else ()
        for cell, share in zip(found, shares(now, found, ("claimed", intent))):
            cause = cell[2]
            agrees = None if not proving else cause in proving
            row = {"intent": intent, "title": titles.of("intent", intent), "cause": cause, "cause_title": titles.cause(cause)}
            rows.append({**row, "agrees": agrees, "rate": share})
    return [row for row in rows if row["rate"]["rate"] is not None]


def alternatives(now: Counts, knowledge: Knowledge, titles: Titles) -> list[Row]:
    """Other ways that were asked for after something that the customer cannot mend."""
    known = {topic for cause in knowledge.causes.values() for topic in cause.alternatives}
    rows: list[Row] = []
    for _, end, topic in now.of("asked_after"):
        if topic in known:
            row: Row = {"end": end, "end_title": titles.of("end", end), "topic": topic, "title": titles.of("topic", topic)}
            rows.append({**row, "rate": rate(now, ("asked_after", end, topic), ("end", end))})
    return [row for row in rows if row["rate"]["rate"] is not None]


def waits(now: Counts, titles: Titles) -> list[Row]:
    """Of episodes in which customers wait, those in which a look showed later that it was over."""
    rows = []
    for _, cause in now.of("waited"):
        rows.append({"cause": cause, "title": titles.cause(cause), "rate": part(now, ("waited_gone", cause), ("waited", cause))})
    return rows


def arms(now: Counts) -> list[Row]:
    """Arms of experiments that customers met."""
    return [{"arm": cell[1], "episodes": number(now, cell)} for cell in now.of("arm")]
