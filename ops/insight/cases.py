"""Real cases of a place in a report: whose conversations they are, for those who may read conversations and say why."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state import episodes
from actions.state.columns import real_now
from ops.insight.counting import Cell, cells_of
from ops.insight.drilling import CELLS
from ops.insight.episodes import Episode
from ops.insight.periods import Period
from ops.insight.reading import episodes_between, not_understood, plain

MOST_CASES = 5


class UnknownPlace(LookupError):
    """Reports name no such place."""


def cases_of(session: Session, knowledge: Knowledge, period: Period, place: str) -> list[str]:
    """Some customers who were lost at a place in a period, or who stand behind a row of a table.

    Args:
        place: as reports call it, such as ``step/overdue/2`` or ``found/overdue``.

    Raises:
        UnknownPlace: they call none so.
    """
    kind, *parts = place.split("/")
    if kind == "unclear" and len(parts) == 2:
        said = (each for each in not_understood(session, period) if parts[1] in plain(each.text))
        users = (episodes.user_of(session, ref) for ref in dict.fromkeys(each.customer for each in said))
        return [user for user in users if user is not None][:MOST_CASES]
    cell, many = CELLS.get(kind, ("", -1))
    if len(parts) != many:
        raise UnknownPlace(place)
    found: list[str] = []
    for ref in _refs(session, knowledge, period, (cell, *parts)):
        user = episodes.user_of(session, ref)
        if user is not None:
            found.append(user)
        if len(found) == MOST_CASES:
            break
    return found


def _refs(session: Session, knowledge: Knowledge, period: Period, wanted: Cell) -> list[str]:
    proving = {name: meaning.causes for name, meaning in knowledge.intents.items()}
    now = milliseconds(real_now())
    return [
        customer[0].ref
        for customer in episodes_between(session, period.begins_at, period.ends_at)
        if any(_within(episode, period) and wanted in set(cells_of(episode, (), now, proving)) for episode in customer)
    ]


def _within(episode: Episode, period: Period) -> bool:
    return episode.begun < period.ends_at and (period.region is None or episode.dims.get("region") == period.region)
