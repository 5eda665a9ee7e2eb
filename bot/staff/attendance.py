"""Who is here: signing in and out as the database knows it, each function one transaction and blocking: call it in a thread. All of it is audited."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.state import audit, sign_outs
from actions.state.database import Database
from bot.staff.entrances import Entrance
from bot.staff.sessions import Agent

NOBODY = "nobody"
"""Who acts, in the audit, where no token says it."""


class Attendance:
    """Who comes and goes by one entrance.

    Args:
        database: where sign-outs and the audit are.
        entrance: which.
        welcome: what else is done in the transaction that lets somebody in.
    """

    def __init__(self, database: Database, entrance: Entrance, welcome: Callable[[Session, Agent], None] | None = None) -> None:
        self._database = database
        self._entrance = entrance
        self._welcome = welcome

    def sign_in(self, agent: Agent) -> bool:
        """Whether the agent may come in: not with a token that was signed out."""
        with self._database.session() as session:
            if sign_outs.is_signed_out(session, agent.session):
                return False
            if self._welcome is not None:
                self._welcome(session, agent)
            audit.record(session, agent.name, f"{self._entrance.name}.sign_in")
            return True

    def sign_out(self, agent: Agent) -> None:
        """Makes the agent's token hold no longer, for every process and until it expires."""
        with self._database.session() as session:
            sign_outs.sign_out(session, agent.session, datetime.fromtimestamp(agent.expires_at, SHANGHAI))
            audit.record(session, agent.name, f"{self._entrance.name}.sign_out")

    def has_signed_out(self, agent: Agent) -> bool:
        """Whether the agent's token was signed out."""
        with self._database.session() as session:
            return sign_outs.is_signed_out(session, agent.session)

    def use_attempt(self, state: str, until: float) -> bool:
        """Whether a sign-in at the provider comes back for the first time; ``until`` it would be believed again."""
        mark = hashlib.sha256(f"attempt:{state}".encode()).hexdigest()
        with self._database.session() as session:
            return sign_outs.sign_out(session, mark, datetime.fromtimestamp(until, SHANGHAI))

    def note_refusal(self, agent: Agent | None, step: str, why: str, handoff_id: str | None = None) -> None:
        """Audits what was tried and refused.

        Args:
            agent: who tried; None: somebody who could not sign in.
            step: what they tried.
            why: why it was refused.
            handoff_id: the case they tried it on, whether there is one or not.
        """
        with self._database.session() as session:
            audit.record(session, agent.name if agent else NOBODY, f"{self._entrance.name}.refused", handoff_id, {"step": step, "why": why})
