"""Numbers as reports tell them: a rate with its n and its interval, a count, and what is hidden because too few customers stand behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ops.insight.counting import Cell, Counts
from ops.insight.hiding import LEAST_CUSTOMERS, is_hidden
from ops.stats.changes import differ, discoveries
from ops.stats.rates import wilson

LEAST_EPISODES = 30
"""Episodes below which there is nothing to say."""

_SURE = 0.05

Figure = dict[str, Any]


def figure(hits: int, of: int) -> Figure:
    """A rate that may be told."""
    low, high = wilson(hits, of)
    return {"hits": hits, "of": of, "rate": round(hits / of, 4), "low": round(low, 4), "high": round(high, 4)}


def hidden(of: int | None = None) -> Figure:
    """A rate that may not."""
    return {"hits": None, "of": of, "rate": None, "low": None, "high": None, "hidden": True}


def rate(counts: Counts, hit: Cell, of: Cell) -> Figure:
    """The part of the episodes of one cell that are of another, too."""
    if not counts.episodes[of]:
        return {"hits": 0, "of": 0, "rate": None, "low": None, "high": None}
    if is_hidden(counts.customers[of]):
        return hidden()
    if is_hidden(counts.customers[hit]):
        return hidden(counts.episodes[of])
    return figure(counts.episodes[hit], counts.episodes[of])


def part(counts: Counts, hit: Cell, of: Cell) -> Figure:
    """The same for one place among many, where those that are not among the hits must not be too few, either."""
    found = rate(counts, hit, of)
    rest = counts.episodes[of] - counts.episodes[hit]
    return hidden(counts.episodes[of] if found["of"] is not None else None) if found["rate"] is not None and is_hidden(rest) else found


def number(counts: Counts, cell: Cell) -> int | None:
    """How many episodes; None: hidden."""
    return None if is_hidden(counts.customers[cell]) else counts.episodes[cell]


def shares(counts: Counts, hits: Sequence[Cell], of: Cell) -> list[Figure]:
    """The parts of a whole, of which no hidden one can be found by taking the others away."""
    found = [rate(counts, hit, of) for hit in hits]
    told = [place for place, each in enumerate(found) if each["rate"] is not None and each["hits"]]
    if sum(1 for each in found if each.get("hidden")) == 1 and told:
        least = min(told, key=lambda place: int(found[place]["hits"]))
        found[least] = hidden(found[least]["of"])
    return found


def compared(rows: Sequence[dict[str, Any]], now: str = "rate", before: str = "before") -> None:
    """Says of each row whether its rate has changed, those by chance held down over all rows together."""
    probabilities = []
    for row in rows:
        one, other = row[now], row[before]
        told = one["rate"] is not None and other["rate"] is not None
        probabilities.append(differ(one["hits"], one["of"], other["hits"], other["of"]) if told else 1.0)
    for row, p, named in zip(rows, probabilities, discoveries(probabilities)):
        one, other = row[now]["rate"], row[before]["rate"]
        row["change"] = None if one is None or other is None else round(one - other, 4)
        row["p"], row["changed"] = float(f"{p:.3g}"), named


def against(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Whether what should fall has fallen from one report's rate to the next one's: ``better``, ``worse``, ``same``, or ``unknown``."""
    # What is hidden for being small is known to be that small, which may be enough to say.
    few = after.get("hidden") and (after.get("of") or 0) >= LEAST_CUSTOMERS
    now = figure(LEAST_CUSTOMERS - 1, after["of"]) if few else after
    if before.get("rate") is None or now.get("rate") is None:
        return "unknown"
    if differ(before["hits"], before["of"], now["hits"], now["of"]) > _SURE:
        return "unknown" if few else "same"
    if now["rate"] < before["rate"]:
        return "better"
    return "unknown" if few else "worse"
