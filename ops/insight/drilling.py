"""From numbers to cases: under which name the episodes, the votes or the cases of people behind a row of a report's tables can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]

CELLS: Mapping[str, tuple[str, int]] = {
    # Of the work list: where an episode was lost.
    "step": ("stopped", 2),
    "cause": ("lost_untold", 1),
    "claim": ("off_lost", 1),
    # Of the tables: what an episode counts for there.
    "diagnosed": ("diagnosed", 0),
    "proven": ("proven", 0),
    "alone": ("alone", 0),
    "end": ("end", 1),
    "rated_badly": ("rated_badly", 1),
    "found": ("cause", 1),
    "shown": ("shown", 2),
    "said": ("claim", 2),
    "handoff": ("handoff", 1),
    "waited": ("waited", 1),
    "shop": ("shop", 1),
    "region": ("region", 1),
    "together": ("pair", 2),
    "reached": ("reached", 2),
    "walked": ("walked", 1),
    "asked": ("asked_after", 2),
}
"""By the first part of a place's name: what episodes count for there, and how many parts the name has after it."""

_OF_ROWS: Mapping[str, Callable[[Row], str | None]] = {
    "results": lambda row: row["measure"] if row["measure"].partition("/")[0] in CELLS else None,
    "ratings": lambda row: f"rated_badly/{row['end']}" if row["badly"]["hits"] else None,
    "causes": lambda row: f"found/{row['cause']}",
    "steps": lambda row: f"shown/{row['cause']}/{row['step']}",
    "claims": lambda row: f"said/{row['intent']}/{row['cause']}",
    "reasons": lambda row: f"handoff/{row['reason']}",
    "waits": lambda row: f"waited/{row['cause']}",
    "shops": lambda row: f"shop/{row['shop']}",
    "regions": lambda row: f"region/{row['region']}",
    "votes": lambda row: f"disliked/{row['kind']}/{row['id']}" if row["rate"]["hits"] else None,
    "owners": lambda row: f"owned/{row['kind']}/{row['name']}",
    "pairs": lambda row: f"together/{row['cause']}/{row['other']}",
    "survival": lambda row: _reached(row) if row["rate"]["hits"] else None,
    "roots": lambda row: f"root/{row['cause']}/{row['root']}",
    "alternatives": lambda row: f"asked/{row['end']}/{row['topic']}" if row["rate"]["hits"] else None,
}


def with_places(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The tables with the name of the place of each row; None where nobody can be asked for, because too few stand behind it."""
    found = {name: list(rows) for name, rows in tables.items()}
    for name, place in _OF_ROWS.items():
        found[name] = [{**row, "place": place(row) if _is_told(row) else None} for row in found[name]]
    return found


def places_in(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> set[str]:
    """The places of all rows; reports of before may have none."""
    return {str(row["place"]) for rows in tables.values() for row in rows if row.get("place")}


def _reached(row: Row) -> str:
    return f"walked/{row['cause']}" if row["step"] is None else f"reached/{row['cause']}/{row['step']}"


def _is_told(row: Row) -> bool:
    # Of a pair there is a row only if it is told.
    rate = row.get("rate") or row.get("done") or {"hits": row.get("episodes")}
    return bool(rate.get("hits") or rate.get("of")) and not rate.get("hidden")
