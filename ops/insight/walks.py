"""Where walkthroughs break: what came of each step, and how many go on from one to the next."""

from __future__ import annotations

from actions.knowledge.model import Knowledge
from ops.insight.counting import Counts
from ops.insight.figures import Figure, number, part, rate, shares
from ops.insight.talks import Row
from ops.insight.titles import Titles

OUTCOMES = ("done", "not_found", "cannot", "failed", "silent")
"""What can come of a step, the good one first; of several in one episode the last counts."""


def steps(now: Counts, before: Counts, knowledge: Knowledge, titles: Titles) -> list[Row]:
    """Every step that was shown, with what came of it; the most frequent cause first, its steps in order."""
    rows = []
    for _, cause, step in _in_order(now):
        shown = ("shown", cause, step)
        if number(now, shown) is None:
            continue
        outcomes = shares(now, [("step", cause, step, each) for each in OUTCOMES], shown)
        known = knowledge.causes.get(cause)
        row: Row = {"cause": cause, "title": titles.cause(cause), "step": int(step), "text": titles.of("step", cause, step)}
        row |= {"gone": known is None or int(step) > len(known.steps), "shown": number(now, shown)}
        row |= dict(zip(OUTCOMES, outcomes))
        row |= {"stopped": part(now, ("stopped", cause, step), shown), "before": part(before, ("stopped", cause, step), shown)}
        rows.append({**row, "hint": rate(now, ("hint", cause, step), shown), "hint_helped": _helped(now, cause, step)})
    return rows


def survival(now: Counts, titles: Titles) -> list[Row]:
    """Of the episodes that began a walkthrough, how many reached each of its steps, and how many its end."""
    rows = []
    for _, cause in now.of("begun"):
        begun = ("begun", cause)
        if number(now, begun) is None:
            continue
        numbers = sorted(int(cell[2]) for cell in now.of("reached") if cell[1] == cause)
        title = titles.cause(cause)
        for each in numbers:
            reached = part(now, ("reached", cause, str(each)), begun)
            rows.append({"cause": cause, "title": title, "step": each, "text": titles.of("step", cause, str(each)), "rate": reached})
        walked = part(now, ("walked", cause), begun)
        rows.append({"cause": cause, "title": title, "step": None, "text": titles.of("word", "walked"), "rate": walked})
    return rows


def _helped(now: Counts, cause: str, step: str) -> Figure:
    return rate(now, ("hint_helped", cause, step), ("hint", cause, step))


def _in_order(now: Counts) -> list[tuple[str, ...]]:
    place = {cell[1]: rank for rank, cell in enumerate(now.of("begun"))}
    return sorted(now.of("shown"), key=lambda cell: (place.get(cell[1], len(place)), cell[1], int(cell[2])))
