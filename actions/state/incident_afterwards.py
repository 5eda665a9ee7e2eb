"""What people write after an incident: its cause, and what shall be done so that it does not come again, by whom and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, delete, func, insert, select, update
from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.state.columns import RowNumber, rows_as, table_of
from actions.state.incidents import Milliseconds, now_ms


@dataclass(frozen=True)
class WrittenCause:
    """Why an incident came about, as people see it; ``at`` is real time."""

    incident: str
    text: str
    by: str
    at: Milliseconds


INCIDENT_CAUSES = table_of("incident_causes", WrittenCause, key=("incident",))


@dataclass(frozen=True)
class DueAction:
    """Something that shall be done.

    Attributes:
        owner: who does it.
        due: the end of the day until which, in real time.
        done_by, done_at: None while it is open.
    """

    id: RowNumber
    incident: str
    what: str
    owner: str
    due: Milliseconds
    made_by: str
    made_at: Milliseconds
    done_by: str | None
    done_at: Milliseconds | None

    @property
    def until(self) -> str:
        """The last day for it."""
        return datetime.fromtimestamp((self.due - 1) / 1000, SHANGHAI).date().isoformat()


ACTIONS_DUE = table_of("actions_due", DueAction, Index(None, "incident"))
_A = ACTIONS_DUE.c


def keep_cause(session: Session, incident: str, text: str, by: str) -> None:
    """Stores the cause in the place of the one before."""
    session.execute(delete(INCIDENT_CAUSES).where(INCIDENT_CAUSES.c.incident == incident))
    session.execute(insert(INCIDENT_CAUSES).values(incident=incident, text=text, by=by, at=now_ms()))


def cause_of(session: Session, incident: str) -> WrittenCause | None:
    """The cause of an incident; None while nobody has written it."""
    wanted = select(INCIDENT_CAUSES).where(INCIDENT_CAUSES.c.incident == incident)
    return next(iter(rows_as(WrittenCause, session.execute(wanted))), None)


def keep_action(session: Session, incident: str, what: str, owner: str, due: Milliseconds, by: str) -> int:
    """Stores something that shall be done; its number."""
    row = {"incident": incident, "what": what, "owner": owner, "due": due, "made_by": by, "made_at": now_ms()}
    return int(session.execute(insert(ACTIONS_DUE).values(row)).inserted_primary_key[0])


def find_action(session: Session, action: int) -> DueAction | None:
    """One of them by its number."""
    return next(iter(rows_as(DueAction, session.execute(select(ACTIONS_DUE).where(_A.id == action)))), None)


def actions_of(session: Session, incident: str) -> tuple[DueAction, ...]:
    """Those of an incident, the soonest first."""
    return rows_as(DueAction, session.execute(select(ACTIONS_DUE).where(_A.incident == incident).order_by(_A.due, _A.id)))


def open_actions(session: Session, before: Milliseconds) -> tuple[DueAction, ...]:
    """Those of every incident that are not done and due before an instant, the soonest first."""
    wanted = select(ACTIONS_DUE).where(_A.done_at.is_(None), _A.due < before).order_by(_A.due, _A.id)
    return rows_as(DueAction, session.execute(wanted))


def end_action(session: Session, action: int, by: str) -> bool:
    """Notes that it is done; true for exactly one of all who try."""
    mine = (_A.id == action, _A.done_at.is_(None))
    return bool(session.execute(update(ACTIONS_DUE).where(*mine).values(done_by=by, done_at=now_ms())).rowcount)


def written_at(session: Session) -> dict[str, Milliseconds]:
    """When people last wrote something of each incident."""
    causes = session.execute(select(INCIDENT_CAUSES.c.incident, INCIDENT_CAUSES.c.at)).all()
    latest = func.max(func.coalesce(_A.done_at, _A.made_at))
    actions = session.execute(select(_A.incident, latest).group_by(_A.incident)).all()
    found: dict[str, Milliseconds] = {}
    for incident, at in (*causes, *actions):
        found[incident] = max(int(at), found.get(incident, 0))
    return found
