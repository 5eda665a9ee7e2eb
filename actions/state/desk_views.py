"""Filters of the desk's queue that an agent has given a name; they are the agent's own, whichever browser they sign in with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as, table_of

MOST_VIEWS = 20
"""Of one agent; more would be a list to search in itself."""


@dataclass(frozen=True)
class DeskView:
    """One saved view.

    Attributes:
        agent: whose it is.
        name: what the agent calls it.
        query: the part of the queue's address that makes the filter.
    """

    agent: str
    name: str
    query: str


DESK_VIEWS = table_of("desk_views", DeskView, key=("agent", "name"))


def views_of(session: Session, agent: str) -> tuple[DeskView, ...]:
    """An agent's views by name."""
    return rows_as(DeskView, session.execute(select(DESK_VIEWS).where(DESK_VIEWS.c.agent == agent).order_by(DESK_VIEWS.c.name)))


def save(session: Session, view: DeskView) -> bool:
    """Saves a view in the place of one of the same name; false if the agent has as many as anybody may have."""
    drop(session, view.agent, view.name)
    count = session.execute(select(func.count()).select_from(DESK_VIEWS).where(DESK_VIEWS.c.agent == view.agent)).scalar_one()
    if count >= MOST_VIEWS:
        return False
    session.execute(insert(DESK_VIEWS).values(vars(view)))
    return True


def drop(session: Session, agent: str, name: str) -> None:
    """Deletes a view, if there is one of that name."""
    session.execute(delete(DESK_VIEWS).where(DESK_VIEWS.c.agent == agent, DESK_VIEWS.c.name == name))


def forget(session: Session, names: Iterable[str]) -> int:
    """Deletes the views of any agent that look for one of these customers or cases, named by letters, digits and hyphens; how many there were."""
    looked_for = [DESK_VIEWS.c.query.contains(name, autoescape=True) for name in names]
    return int(session.execute(delete(DESK_VIEWS).where(or_(*looked_for))).rowcount) if looked_for else 0
