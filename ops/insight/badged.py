"""Whether badges answer beforehand: complaints that a product or a shop is not supported, for 1000 pages on which a badge was shown."""

from __future__ import annotations

from ops.insight.counting import RESTRICTED, Tellings
from ops.insight.figures import Figure, number
from ops.insight.talks import Row
from ops.insight.titles import Titles
from ops.stats.intervals import rate_ratio, ratio_of_counts

_PAGES = 1000
_DIGITS = 2


def badged(told: Tellings, pages: int, pages_before: int, titles: Titles) -> list[Row]:
    """The row of a period beside the days before it; none without pages.

    Args:
        pages, pages_before: with a badge, in the period and in the days before it.
    """
    if not pages:
        return []
    now, before = number(told.now, RESTRICTED), number(told.before, RESTRICTED)
    row: Row = {"measure": "restricted", "title": titles.of("measure", "restricted"), "pages": pages, "complaints": now}
    row |= {"per_thousand": _per_thousand(now, pages), "pages_before": pages_before, "complaints_before": before}
    row |= {"per_thousand_before": _per_thousand(before, pages_before), "ratio": _ratio(now, pages, before, pages_before)}
    return [row]


def _per_thousand(complaints: int | None, pages: int) -> Figure | None:
    if complaints is None or not pages:
        return None
    low, high = rate_ratio(complaints, pages / _PAGES)
    return {"value": round(complaints * _PAGES / pages, _DIGITS), "low": round(low, _DIGITS), "high": round(high, _DIGITS)}


def _ratio(now: int | None, pages: int, before: int | None, pages_before: int) -> Figure | None:
    """How many times the rate of before; None where either is not told or nothing was complained of before."""
    if now is None or not before or not pages_before:
        return None
    low, high = ratio_of_counts(now, pages, before, pages_before)
    return {"value": round(now / pages * pages_before / before, _DIGITS), "low": round(low, _DIGITS), "high": round(high, _DIGITS)}
