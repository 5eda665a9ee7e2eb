"""Shops and regions side by side, their rates shrunken, so that one with three complaints does not lead the table."""

from __future__ import annotations

from collections.abc import Mapping

from ops.insight.counting import Counts
from ops.insight.figures import compared, part
from ops.insight.hiding import is_hidden
from ops.insight.talks import Row
from ops.stats.shrinkage import shrunken


def places(now: Counts, before: Counts, kind: str, names: Mapping[str, str]) -> list[Row]:
    """The places of a kind by the lower limit of their rate of lost episodes, the worst first.

    Args:
        kind: ``shop`` or ``region``.
        names: of places, by id.
    """
    rows: list[Row] = []
    for cell in now.of(kind):
        if is_hidden(now.customers[cell]):
            continue
        lost = (f"{kind}_lost", cell[1])
        rows.append(
            {kind: cell[1], "title": names.get(cell[1], cell[1]), "rate": part(now, lost, cell), "before": part(before, lost, cell)}
        )
    # What all have in common is learned from all of them: those that may be told are not like the others.
    counts = [(now.episodes[f"{kind}_lost", row[kind]], now.episodes[kind, row[kind]]) for row in rows]
    for row, each in zip(rows, shrunken(counts)):
        drawn = {"rate": round(each.rate, 4), "low": round(each.low, 4), "high": round(each.high, 4)}
        row["shrunken"] = None if row["rate"]["rate"] is None else drawn
    compared(rows)
    return sorted(rows, key=lambda row: (row["shrunken"] is None, -(row["shrunken"] or {"low": 0})["low"]))
