"""Handoffs for people at a terminal."""

from __future__ import annotations

import json
from typing import Iterator, List, Optional

from actions.core.moments import SHANGHAI
from actions.state import handoffs
from actions.state.database import Database


def lines(status: Optional[str] = None) -> Iterator[str]:
    """A line per handoff: id, status, priority, queue, reason, customer, since when."""
    database = Database()
    database.migrate()
    with database.session() as session:
        for row in handoffs.list_handoffs(session, status):
            since = row.created_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            yield f"{row.id}  {row.status:6}  {row.priority:6}  {row.queue:9}  {row.reason:14}  {row.user:10}  {since}"


def show(handoff_id: str, as_json: bool = False) -> str:
    """One handoff as text, or its payload as JSON.

    Raises:
        LookupError: there is no such handoff.
    """
    database = Database()
    database.migrate()
    with database.session() as session:
        row = handoffs.get_handoff(session, handoff_id)
    if row is None:
        raise LookupError(f"no handoff {handoff_id}")
    if as_json:
        return json.dumps({"id": row.id, "status": row.status, **row.payload}, ensure_ascii=False, indent=2)
    return "\n".join(_text(row))


def _text(row: handoffs.Handoff) -> List[str]:
    payload = row.payload
    since = row.created_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    text = [
        f"{row.id}  {row.status}  priority {row.priority}  queue {row.queue}",
        f"customer {row.user}  order {row.order or '-'}  bill {row.bill or '-'}  since {since}",
        f"reason   {row.reason}",
        f"words    {payload['words']}",
        "",
        "diagnosis",
    ]
    for cause in payload["diagnosis"]["causes"]:
        text.append(f"  {cause['kind']:5}  {cause['id']}  {cause['title']}")
        text.extend(f"         {each['fact']} = {each['value']}  ({each['source']}, {each['read_at']})" for each in cause["evidence"])
    if not payload["diagnosis"]["causes"]:
        text.append("  nothing found")
    text += ["", f"ruled out ({len(payload['ruled_out'])})", f"  {'、'.join(payload['ruled_out']) or '-'}", "", "steps tried"]
    text.extend(f"  {each['at']}  {each['cause']} step {each['step']}: {each['result']}" for each in payload["steps_tried"])
    if not payload["steps_tried"]:
        text.append("  none")
    text += ["", "transcript (masked)"]
    for message in payload["transcript"]:
        first, *rest = message["text"].split("\n")
        text.append(f"  {message['seq']:>3}  {message['role']:5}  {first}")
        text.extend(f"              {line}" for line in rest)
    return text
