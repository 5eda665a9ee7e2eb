"""Handoffs for people at a terminal: looking at them, exporting, sending again, deleting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from actions.bootstrap import Application
from actions.core.moments import SHANGHAI, local
from actions.handoff.ownership import find
from actions.handoff.payload import Payload, read_payload
from actions.handoff.rendering import RENDERERS, NoteShown, as_html, as_markdown
from actions.handoff.standing import as_it_stands
from actions.knowledge.model import Knowledge
from actions.state import audit, erasure, handoffs, notes, outbox
from actions.state.columns import real_now
from actions.state.retention import retentions
from bot.commands import OPERATOR


class ShownCase(NamedTuple):
    """A handoff on its way to somebody at a terminal.

    Attributes:
        stored: the payload; not through its model, because a handoff of an older form can be shown as well.
        standing: reads the payload as it stands.
        state: of now.
        knowledge: the words for it.
        notes: internal ones.
    """

    stored: Mapping[str, Any]
    standing: Callable[[], Payload]
    state: dict[str, str]
    knowledge: Knowledge
    notes: list[NoteShown]


def _page(render: Callable[[Payload, dict[str, str], Knowledge, Sequence[NoteShown]], str]) -> Callable[[ShownCase], str]:
    return lambda case: render(case.standing(), case.state, case.knowledge, case.notes)


def _ticket(render: Callable[[Payload, dict[str, str], Knowledge], Any], standing: bool) -> Callable[[ShownCase], str]:
    # As it is delivered: without internal notes.
    return lambda case: _json(render(case.standing() if standing else read_payload(case.stored), case.state, case.knowledge))


def _stored(case: ShownCase) -> str:
    return _json({**case.stored, "state": case.state, **_internal(case.notes)})


def _internal(notes: Sequence[NoteShown]) -> dict[str, Any]:
    """Internal notes as an export marks them; nothing where there are none."""
    return {"internal_notes": [{"internal": True, **note._asdict()} for note in notes]} if notes else {}


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[ShownCase], str]] = {
    "md": _page(as_markdown),
    "html": _page(as_html),
    "json": _stored,
    **{name: _ticket(render, name != "handoff") for name, render in RENDERERS.items()},
}
"""How one handoff is shown: for people, as it is stored, and in every format in which it can be delivered."""


def lines(here: Application, status: str | None = None) -> Iterator[str]:
    """A line per handoff: id, status, priority, queue, reason, customer, since when."""
    with here.database.session() as session:
        for row in handoffs.list_handoffs(session, status):
            since = _minute(row.created_at)
            yield f"{row.id}  {row.status:6}  {row.priority:6}  {row.queue:9}  {row.reason:14}  {row.user:10}  {since}"


def show(here: Application, handoff_id: str, shape: str = "md") -> str:
    """One handoff.

    Args:
        shape: one of ``FORMATS``.

    Raises:
        LookupError: there is no such handoff.
        ValueError: an unknown format, or a handoff that was stored before ``handoff/1``.
    """
    if shape not in FORMATS:
        raise ValueError(f"--format must be one of {', '.join(FORMATS)}, not {shape}")
    with here.database.session() as session:
        row = find(session, handoff_id)
        audit.record(session, OPERATOR, "show", row.id, {"format": shape})
        knowledge = here.knowledge.current

        def standing() -> Payload:
            return as_it_stands(session, row, read_payload(row.payload), knowledge)

        return FORMATS[shape](ShownCase(row.payload, standing, _now(row), knowledge, _notes(session, row.id)))


def export(here: Application, since: str, progress: Callable[[int, int], None]) -> Iterator[str]:
    """Handoffs created since a day as JSON lines: the payload, what happened to it, and the outcome.

    Args:
        since: such as 2026-11-22.
        progress: told how many of how many are done.

    Raises:
        ValueError: not a day.
    """
    try:
        begin = datetime.combine(date.fromisoformat(since), time(), SHANGHAI)
    except ValueError:
        raise ValueError(f"--since must be a day such as 2026-11-22, not {since}") from None
    with here.database.session() as session:
        wanted = sorted(handoffs.list_handoffs(session, since=begin), key=lambda row: (row.created_at, row.id))
        audit.record(session, OPERATOR, "export", detail={"since": since, "handoffs": len(wanted)})
    for done, row in enumerate(wanted, start=1):
        with here.database.session() as session:
            events = [
                {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "detail": event.detail}
                for event in handoffs.of(session, row.id)
            ]
            internal = _internal(_notes(session, row.id))
        yield json.dumps({**row.payload, "state": _now(row), "events": events, **internal}, ensure_ascii=False)
        progress(done, len(wanted))


def dead_letters(here: Application) -> Iterator[str]:
    """A line per delivery that was given up: id, handoff, event, attempts, why, since when."""
    with here.database.session() as session:
        for dead in outbox.dead_letters(session):
            since, about = _minute(dead.created_at), dead.handoff_id or "a customer"
            yield f"{dead.id}  {about}  {dead.event:16}  {dead.attempts:>3} attempts  {dead.error}  {since}"


def resend(here: Application, delivery: int) -> str:
    """Makes a dead letter due again.

    Raises:
        LookupError: there is no such dead letter.
    """
    with here.database.session() as session:
        if not outbox.resend(session, delivery):
            raise LookupError(f"{delivery} is no dead letter; `baitiao handoff dead-letters` lists them")
        audit.record(session, OPERATOR, "resend", detail={"delivery": delivery})
    return f"{delivery} will be sent again, with the same idempotency key"


def purge(here: Application, older_than: int | None, dry_run: bool) -> str:
    """Deletes what is older than the retention period; see ``erasure.purge``.

    Args:
        older_than: days; default ``BAITIAO_RETENTION_DAYS``.
        dry_run: only says what would go.

    Raises:
        ValueError: not a positive number of days.
    """
    days = (retentions()[handoffs.HANDOFFS.name].days_under(here.settings) or 0) if older_than is None else older_than
    if days <= 0:
        raise ValueError("--older-than must be a positive number of days")
    before = real_now() - timedelta(days=days)
    with here.database.session() as session:
        deleted = erasure.purge(session, before, OPERATOR)
        if dry_run:
            session.rollback()
    return f"closed or silent since before {before:%Y-%m-%d}: {_said(deleted, dry_run)}{_scrubbed(here, dry_run)}"


def erase(here: Application, user: str, dry_run: bool) -> str:
    """Deletes everything about a customer; see ``erasure.erase``."""
    with here.database.session() as session:
        deleted = erasure.erase(session, user, OPERATOR)
        if dry_run:
            session.rollback()
    return f"{user}: {_said(deleted, dry_run)}{_scrubbed(here, dry_run)}"


def _scrubbed(here: Application, dry_run: bool) -> str:
    """Empties the database's log; what to say if others kept that from being done."""
    if dry_run or here.database.scrub():
        return ""
    return "; the database's log still holds it, because somebody was reading: run the command again"


def _said(deleted: erasure.Deleted, dry_run: bool) -> str:
    if not deleted:
        return "nothing to delete"
    return ("would delete " if dry_run else "deleted ") + ", ".join(f"{count} {name}" for name, count in deleted.items())


def _notes(session: Session, handoff_id: str) -> list[NoteShown]:
    return [
        NoteShown(local(each.at).isoformat(timespec="seconds"), each.agent, each.text) for each in notes.of_handoff(session, handoff_id)
    ]


def _now(row: handoffs.Handoff) -> dict[str, str]:
    known = {
        "status": row.status,
        "stage": row.stage,
        "priority": row.priority,
        "queue": row.queue,
        "taken_by": row.taken_by,
        "assigned_to": row.assigned_to,
        "ending": row.ending,
        "resolved_by": row.resolved_by,
        "root_cause": row.root_cause,
        "note": row.note,
    }
    return {name: value for name, value in known.items() if value is not None}


def _minute(at: datetime) -> str:
    # A terminal is for operators, whose columns sort: ISO, not the way people are written to.
    return f"{local(at):%Y-%m-%d %H:%M}"
