"""Taking out of what was handed over what must not stay in the customer's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from actions.state import handoff_cards
from actions.state.handoffs import HANDOFFS, list_handoffs


def mend_payload(session: Session, conversation_id: str, seq: int, before: str, after: str) -> None:
    """Takes out of a conversation's payloads what must not stay in a message of the customer's.

    Deliveries are made from the payload when they are sent, so that those which still wait carry it as it is then.

    Args:
        seq: the message's number.
        before, after: its text.
    """
    for row in list_handoffs(session, conversation_id=conversation_id):
        mended = _mended(row.payload, seq, before, after)
        if mended != row.payload:
            session.execute(update(HANDOFFS).where(HANDOFFS.c.id == row.id).values(payload=mended))
            handoff_cards.keep(session, row.id, mended)


def _mended(payload: Mapping[str, Any], seq: int, before: str, after: str) -> dict[str, Any]:
    lines = [{**line, "text": after} if line["number"] == seq else line for line in payload.get("transcript") or ()]
    # Outside of the transcript a message stands as a whole value, or within a sentence in quotation marks.
    quoted = {name: _requoted(payload[name], before, after) for name in ("reason", "summary", "claims") if lines and name in payload}
    return {**payload, **quoted, **({"transcript": lines} if lines else {})}


def _requoted(part: Any, before: str, after: str) -> Any:
    if isinstance(part, Mapping):
        return {name: _requoted(value, before, after) for name, value in part.items()}
    if isinstance(part, list):
        return [_requoted(value, before, after) for value in part]
    if not isinstance(part, str):
        return part
    return after if part == before else part.replace(f"“{before}”", f"“{after}”")
