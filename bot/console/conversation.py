"""One conversation, read from the console: masked, by who may, and never without a reason that the audit keeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.signs import cleaned
from actions.handoff.payload import LONGEST_TRANSCRIPT
from actions.handoff.payload_builder import line_of
from actions.masking import mask
from actions.state import audit, conversations, handoffs, references
from actions.state.database import Database
from bot.channel.tokens import ROLE_ANALYST, ROLE_APPROVER, ROLE_AUDITOR, ROLE_OPERATOR
from bot.console.places import ConsoleRefused, Place, Shown, Visit

SHORTEST_REASON, LONGEST_REASON = 5, 300
"""Characters of a reason: one word is none."""
READERS = frozenset({ROLE_OPERATOR, ROLE_APPROVER, ROLE_AUDITOR})
_TEMPLATE = "conversation.html"


class ConversationLook:
    """The place of a conversation, called by a handoff's id or the customer's reference.

    Args:
        database: where conversations are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def places(self) -> tuple[Place, ...]:
        """The one place."""
        # What it holds is audited with the reason; that somebody saw the question is nothing.
        return (Place("conversation", "/conversations/<id:str>", self._ask, self._read, READERS, READERS, audited=False),)

    def _ask(self, visit: Visit) -> Shown:
        not_for_analysts(visit)
        with self._database.session() as session:
            _conversation(session, visit.parts["id"])
        return Shown({"id": visit.parts["id"], "needs": ["reason"]}, _TEMPLATE, _words(visit))

    def _read(self, visit: Visit) -> Shown:
        not_for_analysts(visit)
        said, before = reason_of(visit), visit.given.get("before", "")
        if before and not (str(before).isascii() and str(before).isdigit() and len(str(before)) < 16):
            raise ConsoleRefused("malformed")
        with self._database.session() as session:
            conversation, handoff = _conversation(session, visit.parts["id"])
            shown = conversations.latest(session, conversation, LONGEST_TRANSCRIPT, int(before) if before else None)
            detail = {audit.REFERENCE: references.find(session, conversation), audit.WORDS: said}
            audit.record(session, visit.who.name, "console.conversation", handoff, detail)
        lines = [line_of(message) for message in shown]
        data = {
            "id": visit.parts["id"],
            "reason": said,
            "messages": [
                {"seq": line.number, "at": line.at, "role": line.role, "text": line.text, "buttons": line.buttons} for line in lines
            ],
            "earlier": lines[0].number if lines and lines[0].number > 1 else None,
        }
        return Shown(data, _TEMPLATE, _words(visit))


def _words(visit: Visit) -> dict[str, Any]:
    return {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON, "id": visit.parts["id"]}


def reason_of(visit: Visit) -> str:
    """Why somebody wants to read what customers said, masked, as the audit keeps it.

    Raises:
        ConsoleRefused: there is none that says anything.
    """
    given = visit.given.get("reason")
    reason = cleaned(given).strip() if isinstance(given, str) else ""
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ConsoleRefused("reason")
    return mask(reason).text


def not_for_analysts(visit: Visit) -> None:
    """Makes sure that nobody who has the analysts' role reads what single customers said.

    Raises:
        ConsoleRefused: they have.
    """
    if ROLE_ANALYST in visit.who.roles:
        # Whoever works with many customers' numbers must not be able to look one of them up, whatever else they may.
        raise ConsoleRefused("forbidden")


def _conversation(session: Session, name: str) -> tuple[str, str | None]:
    """The conversation, and the handoff by which it was called."""
    row = handoffs.get_handoff(session, name)
    if row is not None:
        return row.conversation_id, row.id
    wanted = select(references.CUSTOMER_REFERENCES.c.user).where(references.CUSTOMER_REFERENCES.c.reference == name)
    user = session.execute(wanted).scalar()
    if user is None:
        raise ConsoleRefused("not_found")
    return str(user), None
