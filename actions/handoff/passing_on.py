"""Passing a case on: to one of the agents, to another queue, or back into its own, with what the customer is told of it.

Every function is one step of the caller's transaction. Of all who try the same step at once, exactly one succeeds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from actions.core.handoff import NotPossible, after
from actions.dialogue.buttons import Buttons
from actions.handoff.ownership import find, own, say
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.state import handoffs, passing


class UnknownReceiver(ValueError):
    """There is no such agent, or no such queue, to give a case to."""


class AlreadyThere(ValueError):
    """The case is that agent's, or in that queue, already."""


def assign(session: Session, handoff_id: str, agent: str, receiver: str, agents: Collection[str]) -> None:
    """Says which agent a waiting case is meant for; it keeps its place, and the assistant answers until that agent takes it.

    Args:
        agent: who says so.
        receiver: for whom; may be the same.
        agents: who there is.

    Raises:
        UnknownHandoff: there is no such handoff.
        UnknownReceiver: nobody of that name has signed in lately.
        AlreadyThere: it is meant for them already.
        NotPossible: it does not wait, or somebody else was faster.
    """
    row = find(session, handoff_id)
    after(row.stage, "assign")
    _known(receiver, agents)
    if row.assigned_to == receiver:
        raise AlreadyThere(receiver)
    if not passing.assign(session, handoff_id, receiver):
        raise NotPossible("person", "assign")
    handoffs.append(session, handoff_id, "assign", agent, {"to": receiver})


def transfer(session: Session, knowledge: Knowledge, handoff_id: str, agent: str, receiver: str, agents: Mapping[str, str | None]) -> None:
    """One person gives the case to another; the customer is told, and sees the other's name from now on.

    Args:
        agents: who there is, each with the name by which customers know them.

    Raises:
        UnknownHandoff, UnknownReceiver, AlreadyThere: see ``assign``.
        NotPossible: the case is not this person's.
    """
    row = own(session, handoff_id, agent, "transfer")
    _known(receiver, agents)
    if receiver == agent:
        raise AlreadyThere(receiver)
    if not passing.transfer(session, handoff_id, agent, receiver, agents[receiver]):
        raise NotPossible("person", "transfer")
    handoffs.append(session, handoff_id, "transfer", agent, {"to": receiver})
    say(session, row, knowledge, phrases.DESK_TRANSFERRED, role="system")


def move(session: Session, knowledge: Knowledge, handoff_id: str, agent: str, queue: str) -> None:
    """Moves a case to another queue. If a person had it, the customer waits again, at the old place, and is told.

    Raises:
        UnknownHandoff: there is no such handoff.
        UnknownReceiver: there is no such queue.
        AlreadyThere: it is in that queue.
        NotPossible: it is closed, or another person's.
    """
    row = find(session, handoff_id)
    after(row.stage, "move")
    if queue not in knowledge.briefing.queues:
        raise UnknownReceiver(queue)
    if row.queue == queue:
        raise AlreadyThere(queue)
    if row.status == "queued":
        if not passing.move(session, handoff_id, queue):
            raise NotPossible("person", "move")
    else:
        own(session, handoff_id, agent, "move")
        _put_back(session, row, agent, queue)
        say(session, row, knowledge, phrases.DESK_MOVED, Buttons(knowledge).handed_over())
    handoffs.append(session, handoff_id, "move", agent, {"from": row.queue, "to": queue})


def release(session: Session, knowledge: Knowledge, handoff_id: str, agent: str) -> None:
    """Puts a case back into its queue without an outcome: with its priority, at its old place. The customer is told; the assistant answers again.

    Raises:
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this person's.
    """
    row = own(session, handoff_id, agent, "release")
    _put_back(session, row, agent, row.queue)
    handoffs.append(session, handoff_id, "release", agent)
    say(session, row, knowledge, phrases.DESK_RELEASED, Buttons(knowledge).handed_over())


def _put_back(session: Session, row: handoffs.Handoff, agent: str, queue: str) -> None:
    if not passing.release(session, row.id, agent, queue):
        raise NotPossible("person", "release")


def _known(receiver: str, agents: Collection[str]) -> None:
    if receiver not in agents:
        raise UnknownReceiver(receiver)
