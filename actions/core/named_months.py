"""Months that a customer names: whether a bill of theirs is on record, still to come, or is not to be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from actions.core.facts import Facts
from actions.core.moments import MONTH, today

SAID_OF_MONTHS = ("said.month_seen", "said.month_to_come", "said.month_unseen")
"""Placeholders of texts about a month that the customer names."""

_AHEAD = 3
"""Months up to which one that is named without a year is one to come: nobody speaks in November of the October in eleven months."""
_FROM_NOW = {"next": 1, "previous": -1, "before_previous": -2}


def what_of_month(facts: Facts, months: Sequence[str]) -> Mapping[str, str]:
    """The month that is named, as files write it, by what is known of its bill; nothing if several months are named, or it is the present one and has none.

    Args:
        months: as the entity writes them: ``2026-12``, ``12``, ``next`` …
    """
    meant = _month(months[0], today(facts.now)) if len(set(months)) == 1 else None
    if meant is None:
        return {}
    if any(bill.month == meant for bill in facts.bills):
        return {"said.month_seen": meant}
    present = _shifted(today(facts.now), 0)
    if meant == present:
        # Without a row nobody knows whether its bill is still to come, or whether there is none.
        return {}
    return {"said.month_to_come" if meant > present else "said.month_unseen": meant}


def _month(named: str, now: date) -> str | None:
    if named in _FROM_NOW:
        return _shifted(now, _FROM_NOW[named])
    if not named.isdecimal():
        return named if MONTH.fullmatch(named) else None
    ahead = (int(named) - now.month) % 12
    return _shifted(now, ahead if ahead <= _AHEAD else ahead - 12)


def _shifted(now: date, by: int) -> str:
    years, month = divmod(now.month - 1 + by, 12)
    return f"{now.year + years}-{month + 1:02}"
