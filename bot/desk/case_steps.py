"""The forms by which an agent works on a case: taking it, talking, and ending it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.gate import Objection, objections
from actions.handoff.ownership import Outcome
from actions.threads import reading, writing
from bot.channel.feed import Feed
from bot.desk.forms import DeskRefused, root_cause_of
from bot.desk.unanswered import StillUnanswered
from bot.desk.work import DeskWork
from bot.staff.forms import is_id
from bot.staff.sessions import Agent
from bot.web.responses import NOT_KEPT

LONGEST_REPLY = 1000
"""Characters of what is said to the customer, and of an outcome's note."""

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
Form = Mapping[str, str]
Change = Callable[..., Awaitable[HTTPResponse]]
"""Carries out a step on a case, in the middle of no turn, and leads back to its page."""
CaseForm = Callable[[Request, Agent, Form, str], Awaitable[HTTPResponse]]


class CaseSteps:
    """The steps.

    Args:
        work: the database.
        feed: tells open chats that the agent writes.
        change: carries one out.
        render: makes a page of a template, who asks, and what stands in it.
    """

    def __init__(self, work: DeskWork, feed: Feed, change: Change, render: Callable[..., HTTPResponse]) -> None:
        self._work = work
        self._feed = feed
        self._change = change
        self._render = render

    @property
    def steps(self) -> dict[str, CaseForm]:
        """Each with the last part of its address."""
        return {"take": self._take, "reply": self._reply, "typing": self._typing, "give-back": self._give_back, "close": self._close}

    async def _take(self, _request: Request, agent: Agent, _form: Form, handoff_id: str) -> HTTPResponse:
        return await self._change(handoff_id, self._work.take, agent)

    async def _reply(self, _request: Request, agent: Agent, form: Form, handoff_id: str) -> HTTPResponse:
        text = form.get("text", "").strip()
        if not text or len(text) > LONGEST_REPLY:
            raise DeskRefused("reply", 422)
        message_id = form.get("id", "")
        doubts = await reading(self._doubts, text)
        reason = form.get("confirmed", "")
        if doubts and reason not in self._work.briefing.confirmations:
            await writing(self._work.attendance.note_refusal, agent, "reply", "doubtful", handoff_id)
            return self._render(
                "confirm.html", agent, status=422, id=handoff_id, text=text, reply_id=message_id, doubts=doubts, longest=LONGEST_REPLY
            )
        if doubts:
            await writing(self._work.team.confirm, agent, handoff_id, reason, doubts)
        return await self._change(handoff_id, self._work.reply, agent, text, message_id if is_id(message_id) else None)

    def _doubts(self, text: str) -> tuple[Objection, ...]:
        return objections(text, self._work.knowledge, longest=LONGEST_REPLY, by_a_person=True)

    async def _typing(self, _request: Request, agent: Agent, _form: Form, handoff_id: str) -> HTTPResponse:
        conversation = await writing(self._work.typing, agent, handoff_id)
        if conversation is not None:
            self._feed.types(conversation)
        return raw(b"", status=204, headers=NOT_KEPT)

    async def _give_back(self, _request: Request, agent: Agent, form: Form, handoff_id: str) -> HTTPResponse:
        return await self._end("give-back", self._work.give_back, agent, form, handoff_id)

    async def _close(self, _request: Request, agent: Agent, form: Form, handoff_id: str) -> HTTPResponse:
        return await self._end("close", self._work.close, agent, form, handoff_id)

    async def _end(self, word: str, step: Callable[..., None], agent: Agent, form: Form, handoff_id: str) -> HTTPResponse:
        seen = form.get("unanswered", "")
        try:
            return await self._change(handoff_id, step, agent, self._outcome(form), int(seen) if _NUMBER.fullmatch(seen) else None)
        except StillUnanswered as left:
            await writing(self._work.attendance.note_refusal, agent, word, "unanswered", handoff_id)
            return self._render("unanswered.html", agent, status=422, id=handoff_id, step=word, given=form, said=left.said)

    def _outcome(self, form: Form) -> Outcome:
        resolved_by, typed = form.get("resolved_by", ""), form.get("root_cause", "")
        if resolved_by not in self._work.briefing.outcomes or not typed:
            raise DeskRefused("outcome", 422)
        root_cause = root_cause_of(typed, self._work.knowledge)
        if root_cause is None:
            raise DeskRefused("root_cause", 422)
        return Outcome(resolved_by, root_cause, form.get("note", "").strip()[:LONGEST_REPLY])
