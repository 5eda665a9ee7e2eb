"""Tells customers who look at their chat, without being asked, that the cause of the step they are at is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from actions.core.diagnosis import diagnose
from actions.core.handoff import is_silent
from actions.core.subject import ACCOUNT
from actions.core.turn import Reply, Response, Turn
from actions.dialogue.assistant import LOOKED, Answering
from actions.dialogue.unasked import cause_of_step
from actions.handoff.effects import Overtaken, carry_out
from actions.knowledge.store import KnowledgeStore
from actions.recovery.watcher import claim_over, was_noticed
from actions.state.columns import real_now
from actions.state.conversations import MessageDraft, append, last_seq, load_tracker, load_trackers, save_tracker
from actions.state.database import Database
from actions.state.handoffs import open_handoff
from actions.state.subscriptions import waiting_for
from actions.state.world.changes import latest_change
from actions.state.world.facts import FactsFactory, SqlFacts, one_by_one
from actions.threads import reading, writing
from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.engine.tracker_store import case_in, said_since_customer, with_said

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""Between two looks whether the world has changed, which cost one statement as long as it has not."""
MOST_AT_ONCE = 50
"""Conversations that are read again in one look; the others are read in the next."""
LOOKS = 2
"""How often a conversation is read after a change: a turn that was under way in the first look may have been decided before the change."""


class WorldMark(NamedTuple):
    """What stays the same as long as no conversation need be read again.

    Attributes:
        change: the latest load of the world.
        minute: of the clock of the facts; time ends causes too, and where the state comes from elsewhere nobody tells of changes.
    """

    change: int
    minute: int


class UnaskedChecks:
    """Reads the state of those again who have a stream open and a step to do.

    Args:
        database: where conversations are.
        knowledge: the causes.
        facts: makes the source of the customers' state.
        assistant: makes an assistant on a session, which it only reads.
        clock: the clock of the facts.
        locks: one turn at a time per conversation, and this is like one.
        feed: knows whose streams are open, and tells them.
    """

    def __init__(
        self,
        database: Database,
        knowledge: KnowledgeStore,
        facts: FactsFactory,
        assistant: Callable[[Session], Answering],
        clock: Callable[[Session], datetime],
        locks: Locks,
        feed: Feed,
    ) -> None:
        self._database, self._knowledge, self._facts = database, knowledge, facts
        self._assistant, self._clock = assistant, clock
        self._locks, self._feed = locks, feed
        self._looked: dict[str, tuple[WorldMark, int]] = {}

    async def run(self, seconds: float = LOOK_SECONDS) -> None:
        """Looks again and again until cancelled; what goes wrong is logged and tried again."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.look()
            except Exception as error:
                logger.warning("cannot look whether steps are done: %s", type(error).__name__)

    async def look(self) -> int:
        """Looks once; returns how many customers were told something."""
        open_now = self._feed.conversations
        self._looked = {each: self._looked[each] for each in open_now if each in self._looked}
        if not open_now:
            return 0
        mark = await reading(self._mark)
        due = [each for each in open_now if self._looks(each, mark) < LOOKS][:MOST_AT_ONCE]
        if not due:
            return 0
        told, failed = 0, set()
        for conversation in await reading(self._over, due):
            try:
                told += await self._tell(conversation)
            except Exception as error:
                # One that cannot be told is tried again, and keeps nobody else waiting.
                logger.warning("cannot say that a step is done: %s", type(error).__name__)
                failed.add(conversation)
        for conversation in (each for each in due if each not in failed):
            self._looked[conversation] = mark, self._looks(conversation, mark) + 1
        return told

    def _looks(self, conversation: str, mark: WorldMark) -> int:
        """How often a conversation was read since the last change."""
        at, times = self._looked.get(conversation, (mark, 0))
        return times if at == mark else 0

    def _mark(self) -> WorldMark:
        with self._database.session() as session:
            return WorldMark(latest_change(session), int(self._clock(session).timestamp() // 60))

    def _over(self, conversations: Collection[str]) -> list[str]:
        """Those in which the cause of the step in hand is gone, by a first look outside of their locks."""
        causes = self._knowledge.current.causes
        with self._database.session() as session:
            cases = {each: case_in(text) for each, text in load_trackers(session, conversations).items()}
            held = {each: causes[cause] for each, case in cases.items() if (cause := cause_of_step(case)) and cause in causes}
            source, wanted = self._facts(session), [(each, cases[each].subject or ACCOUNT) for each in held]
            states = source.snapshots(wanted) if isinstance(source, SqlFacts) else one_by_one(source, wanted)
        return [user for (user, _), facts in states.items() if not diagnose(facts, [held[user]]).found]

    async def _tell(self, conversation: str) -> bool:
        async with self._locks.hold(conversation):
            told = await writing(self._write, conversation)
        if told:
            self._feed.wake(conversation)
        return told

    def _write(self, conversation: str) -> bool:
        """Says it, and stores it with the case as after a turn; False if there is nothing to be said any more."""
        with self._database.session() as session:
            tracker, before = load_tracker(session, conversation), last_seq(session, conversation)
            handoff = open_handoff(session, conversation)
            if tracker is None or (handoff is not None and is_silent(handoff.stage)):
                return False
            cause = cause_of_step(case_in(tracker))
            if cause is None or was_noticed(session, conversation, cause):
                return False
            response = self._response(session, conversation, tracker)
            if response is None:
                return False
            # Whoever asked for a notice of this has it with what is said here; claimed before anything is written, as the watcher does.
            claim_over(session, self._facts(session), self._knowledge.current, waiting_for(session, conversation, cause))
            stored = append(session, conversation, [_draft(reply) for reply in response.replies])
            if stored[0].seq != before + 1:
                raise Overtaken("somebody else spoke in the conversation meanwhile")
            carry_out(session, conversation, response.effects)
            save_tracker(session, conversation, with_said(tracker, (reply.text for reply in response.replies), response.case))
            return True

    def _response(self, session: Session, conversation: str, tracker: str) -> Response | None:
        case = case_in(tracker)
        turn = Turn(conversation, "step_done", case=case, token_order=case.token_order, said=said_since_customer(tracker), at=real_now())
        return self._assistant(session).look(turn)


def _draft(reply: Reply) -> MessageDraft:
    data = reply.data.to_data() if reply.data is not None else None
    return MessageDraft(role="bot", text=reply.text, buttons=[each.to_json() for each in reply.buttons], data=data, action=LOOKED)
