"""Real cases of a place in a report: whose conversations they are, for those who may read conversations and say why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state import episodes
from actions.state.columns import real_now
from ops.insight.counting import Cell, cells_of
from ops.insight.drilling import CELLS
from ops.insight.episodes import Episode
from ops.insight.handed import handed_cases, rooted
from ops.insight.hiding import is_hidden
from ops.insight.periods import Period
from ops.insight.reading import episodes_between, not_understood, plain
from ops.insight.thumbs import disliked

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
    return list(islice(_standing_behind(session, knowledge, period, place), MOST_CASES))


def _standing_behind(session: Session, knowledge: Knowledge, period: Period, place: str) -> Iterable[str]:
    match place.split("/"):
        case ["unclear", _, word]:
            said = (each for each in not_understood(session, period) if word in plain(each.text))
            return _users(session, dict.fromkeys(each.customer for each in said))
        case ["disliked", kind, name]:
            return disliked(session, period, kind, name)
        case ["root", first, root]:
            return rooted(handed_cases(session, period, knowledge), first, root)
        case ["owned", "level" | "fixed_by" as kind, name]:
            owned = {("first", cause.id) for cause in knowledge.causes.values() if getattr(cause, kind) == name}
            # Only what is told of each cause is added up there, so that no case comes out here of which nothing is told.
            found = _refs(session, knowledge, period, owned).values()
            return _users(session, dict.fromkeys(ref for refs in found if not is_hidden(len(refs)) for ref in refs))
        case [kind, *parts] if kind in CELLS and len(parts) == CELLS[kind][1]:
            wanted = (CELLS[kind][0], *parts)
            return _users(session, _refs(session, knowledge, period, {wanted})[wanted])
    raise UnknownPlace(place)


def _users(session: Session, refs: Iterable[str]) -> Iterator[str]:
    """Who they are, without those who were erased."""
    return (user for user in (episodes.user_of(session, ref) for ref in refs) if user is not None)


def _refs(session: Session, knowledge: Knowledge, period: Period, wanted: Collection[Cell]) -> dict[Cell, list[str]]:
    """What observations call the customers whose episodes count for each of the cells."""
    proving = {name: meaning.causes for name, meaning in knowledge.intents.items()}
    now = milliseconds(real_now())
    found: dict[Cell, list[str]] = {cell: [] for cell in sorted(wanted)}
    for customer in episodes_between(session, period.begins_at, period.ends_at):
        theirs = {cell for episode in customer if _within(episode, period) for cell in cells_of(episode, (), now, proving)}
        for cell in theirs.intersection(found):
            found[cell].append(customer[0].ref)
    return found


def _within(episode: Episode, period: Period) -> bool:
    return episode.begun < period.ends_at and (period.region is None or episode.dims.get("region") == period.region)
