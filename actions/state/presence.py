"""Who is at the desk: who looks at which case just now, over all processes, and which agents there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from actions.state.columns import real_now, table_of
from actions.state.database import insert_if_new
from actions.state.retention import kept_days

LASTS = timedelta(seconds=20)
"""How long a look is remembered that nobody renews: a browser that went away says nothing."""
REMEMBERED = timedelta(days=kept_days("desk_agents"))
"""How long an agent who does not sign in again is offered to the others."""


@dataclass(frozen=True)
class Look:
    """An agent with a case on the screen."""

    handoff_id: str
    agent: str
    at: datetime


@dataclass(frozen=True)
class AgentSeen:
    """An agent who has signed in.

    Attributes:
        shown_as: the name by which customers know them; None: none.
    """

    agent: str
    at: datetime
    shown_as: str | None = None


LOOKS = table_of("desk_looks", Look, key=("handoff_id", "agent"))
AGENTS = table_of("desk_agents", AgentSeen, key=("agent",))


def look(session: Session, handoff_id: str, agent: str) -> None:
    """Remembers that an agent looks at a case, and forgets everybody who has gone."""
    now = real_now()
    session.execute(delete(LOOKS).where(LOOKS.c.at < now - LASTS))
    row = {"handoff_id": handoff_id, "agent": agent, "at": now}
    if not insert_if_new(session, LOOKS, row):
        session.execute(update(LOOKS).where(LOOKS.c.handoff_id == handoff_id, LOOKS.c.agent == agent).values(at=now))


def leave(session: Session, handoff_id: str, agent: str) -> None:
    """Remembers that an agent does not look at a case any more."""
    session.execute(delete(LOOKS).where(LOOKS.c.handoff_id == handoff_id, LOOKS.c.agent == agent))


def looking(session: Session, handoff_id: str) -> tuple[str, ...]:
    """The agents who look at a case now, by name."""
    recent = select(LOOKS.c.agent).where(LOOKS.c.handoff_id == handoff_id, LOOKS.c.at >= real_now() - LASTS)
    return tuple(session.execute(recent.order_by(LOOKS.c.agent)).scalars())


def note_agent(session: Session, agent: str, shown_as: str | None = None) -> None:
    """Remembers that an agent has signed in, and forgets those who have not for long.

    Args:
        shown_as: the name by which customers know them; who passes a case on to them has no other way to know it.
    """
    now = real_now()
    session.execute(delete(AGENTS).where(AGENTS.c.at < now - REMEMBERED))
    if not insert_if_new(session, AGENTS, {"agent": agent, "at": now, "shown_as": shown_as}):
        session.execute(update(AGENTS).where(AGENTS.c.agent == agent).values(at=now, shown_as=shown_as))


def agents(session: Session) -> dict[str, str | None]:
    """The agents who have signed in lately, by name, each with the name by which customers know them."""
    recent = select(AGENTS.c.agent, AGENTS.c.shown_as).where(AGENTS.c.at >= real_now() - REMEMBERED)
    return {row.agent: row.shown_as for row in session.execute(recent.order_by(AGENTS.c.agent))}
