"""The forms by which agents work together on a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from actions.handoff.passing_on import AlreadyThere, UnknownReceiver
from bot.desk.case_steps import CaseForm, Change
from bot.desk.forms import DeskRefused
from bot.desk.team import TeamWork
from bot.staff.sessions import Agent

LONGEST_NOTE = 1000
"""Characters of an internal note."""
RENEWED_SECONDS = 4.0
"""How often an open page says that its agent still looks at the case."""
_AGENT, _QUEUE = "agent:", "queue:"


class TeamForms:
    """The steps.

    Args:
        team: the database.
        change: carries one out.
    """

    def __init__(self, team: TeamWork, change: Change) -> None:
        self._team = team
        self._change = change

    @property
    def steps(self) -> dict[str, CaseForm]:
        """Each with the last part of its address."""
        return {"pass-on": self._pass_on, "release": self._release, "note": self._note}

    async def _pass_on(self, _request: Request, agent: Agent, form: Mapping[str, str], handoff_id: str) -> HTTPResponse:
        to = form.get("to", "")
        receiver = to[len(_AGENT) :] if to.startswith(_AGENT) else None
        queue = to[len(_QUEUE) :] if to.startswith(_QUEUE) else None
        if receiver is None and queue is None:
            raise DeskRefused("receiver", 422)
        return await self._refusing(handoff_id, self._team.pass_on, agent, receiver, queue)

    async def _release(self, _request: Request, agent: Agent, _form: Mapping[str, str], handoff_id: str) -> HTTPResponse:
        return await self._change(handoff_id, self._team.release, agent)

    async def _note(self, _request: Request, agent: Agent, form: Mapping[str, str], handoff_id: str) -> HTTPResponse:
        text = form.get("note", "").strip()
        if not text or len(text) > LONGEST_NOTE:
            raise DeskRefused("note", 422)
        return await self._change(handoff_id, self._team.note, agent, text)

    async def _refusing(self, *step: Any) -> HTTPResponse:
        try:
            return await self._change(*step)
        except UnknownReceiver:
            raise DeskRefused("receiver", 422) from None
        except AlreadyThere:
            raise DeskRefused("already_there", 409) from None
