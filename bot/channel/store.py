"""What the channel reads and writes, each function one transaction and blocking: call it in a thread."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from actions.core.effects import ArmMet
from actions.core.facts import FactsSource
from actions.core.handoff import is_silent
from actions.core.observations import Kind, milliseconds
from actions.dialogue.outside_turns import ArmedTexts
from actions.experiments.running import RunningExperiments
from actions.handoff.effects import Overtaken, carry_out
from actions.knowledge.store import KnowledgeStore
from actions.state import references
from actions.state.advice import note_opened
from actions.state.columns import real_now
from actions.state.conversations import (
    CONVERSATIONS,
    Message,
    MessageDraft,
    append,
    history,
    latest_of_customer,
    latest_of_people,
    load_tracker,
    offered_buttons,
    read_through,
    replace_text,
    replies_to,
    said_at,
    save_tracker,
)
from actions.state.database import Database
from actions.state.experiments import note_met
from actions.state.feedback import NotAnAnswer, feedback, vote
from actions.state.handoff_mending import mend_payload
from actions.state.handoffs import open_handoff
from actions.state.pushes import is_called
from actions.state.ratings import NotAnEnd, rate, ratings
from actions.state.tallies import count_nobodys
from actions.state.world.facts import FactsFactory
from bot.channel.badge_store import BadgeStore
from bot.channel.deadline import Deadline
from bot.channel.notice_store import NoticeStore
from bot.channel.picture_store import PictureStore
from bot.channel.plain_text import Mended
from bot.channel.requests import Opinion, VoteCast
from bot.channel.standing import Standing, standing_of
from bot.channel.tokens import Claims
from bot.engine.turn_state import Turn
from bot.web.responses import ProblemError

MOST_EARLIER = 10
"""Messages of the customer read again with the next: four that hold parts of a number, and presses of buttons and words between."""


@dataclass(frozen=True)
class Start:
    """What a turn has to know before it begins.

    Attributes:
        replies: the stored replies, if the message was taken before; else None.
        offered: the buttons the customer may press now, in order.
        taken: whether a person has taken the case, so that the assistant is silent.
        tracker: Rasa's working state.
        earlier: the customer's latest messages, oldest first.
        last: the seq of the latest message of a person, customer or agent; whoever finishes must find the same.
    """

    replies: tuple[Message, ...] | None
    offered: Sequence[Mapping[str, str]]
    taken: bool
    tracker: str | None
    earlier: tuple[Message, ...] = ()
    last: int = 0


class ChannelStore:
    """The channel's view of the database.

    Args:
        database: where conversations are kept.
        facts: makes the source that knows customers and orders.
    """

    def __init__(self, database: Database, facts: FactsFactory) -> None:
        self._database = database
        self._facts = facts
        self._to_scrub = False

    def knows(self, claims: Claims) -> bool:
        """Whether the token's customer exists and its order, if it names one, is that customer's."""
        with self._database.session() as session:
            facts = self._facts(session)
            if not facts.customer_exists(claims.user):
                return False
            return claims.order is None or facts.owns_order(claims.user, claims.order)

    @contextmanager
    def look(self, conversation: str, experiments: RunningExperiments) -> Iterator[tuple[ArmedTexts, FactsSource, str | None]]:
        """What is said outside of turns, the source of the customers' state and Rasa's working state of a conversation, all of one moment."""
        with self._database.session() as session:
            yield experiments.texts(session), self._facts(session), load_tracker(session, conversation)

    def note_met(self, conversation: str, met: Collection[ArmMet]) -> None:
        """Notes the arms of experiments that a customer meets by what they are shown beside their conversation."""
        with self._database.session() as session:
            note_met(session, conversation, met, seq=0)

    def experiments(self, knowledge: KnowledgeStore) -> RunningExperiments:
        """The experiments of the same database, of which none runs until somebody looks."""
        return RunningExperiments(self._database, knowledge)

    def start(self, conversation: str, message_id: str) -> Start:
        """Reads what a turn begins with."""
        with self._database.session() as session:
            replies = replies_to(session, conversation, message_id)
            if replies is not None:
                return Start(replies, (), False, None)
            handoff = open_handoff(session, conversation)
            return Start(
                replies=None,
                offered=offered_buttons(session, conversation),
                taken=handoff is not None and is_silent(handoff.stage),
                tracker=load_tracker(session, conversation),
                earlier=latest_of_customer(session, conversation, MOST_EARLIER),
                last=latest_of_people(session, conversation),
            )

    def finish(
        self,
        turn: Turn,
        said: MessageDraft,
        replies: Sequence[MessageDraft],
        start: Start,
        deadline: Deadline,
        mended: Sequence[Mended] = (),
    ) -> tuple[Message, ...]:
        """Writes a turn: the customer's message, the replies to it, Rasa's state and what the actions want changed, all or nothing.

        Args:
            start: what the turn began with.
            deadline: by when it must be written.
            mended: what the customer's messages before become because a number began in them.

        Returns:
            The replies as stored.

        Raises:
            DuplicateMessage: another process took the same message meanwhile.
            Overtaken: somebody else spoke or changed meanwhile what the turn rests on.
            TooLate: the turn was given up meanwhile.
        """
        with self._database.session() as session:
            for each in mended:
                replace_text(session, turn.conversation, each.message.seq, each.text)
                mend_payload(session, turn.conversation, each.message.seq, each.message.text, each.text)
            stored = append(session, turn.conversation, [said, *replies], reply_to=said.id)
            # Locks can be lost while a turn is under way; what is in the database cannot.
            if latest_of_people(session, turn.conversation, before=stored[0].seq) != start.last:
                raise Overtaken("somebody else spoke in the conversation meanwhile")
            carry_out(session, turn.conversation, turn.effects)
            if turn.tracker_changed and turn.tracker is not None:
                save_tracker(session, turn.conversation, turn.tracker)
            deadline.commit()
        if mended or self._to_scrub:
            self._to_scrub = not self._database.scrub()
        return stored[1:]

    def replies(self, conversation: str, message_id: str) -> tuple[Message, ...] | None:
        """The stored replies to a message, None if it was not taken."""
        with self._database.session() as session:
            return replies_to(session, conversation, message_id)

    def too_many(self, conversation: str, amount: int, seconds: float) -> int | None:
        """How long a customer must wait who has said so many things in the last seconds, in whole seconds; None: not at all.

        Args:
            amount: what they may say in that time.
            seconds: from now back; what was noted while a clock was ahead does not count.
        """
        with self._database.session() as session:
            first = said_at(session, conversation, amount)
        left = seconds - (real_now() - first).total_seconds() if first is not None else 0.0
        return max(1, math.ceil(left)) if 0 < left <= seconds else None

    def pictures(self, knowledge: KnowledgeStore) -> PictureStore:
        """The same for customers' pictures."""
        return PictureStore(self._database, knowledge)

    def badges(self, knowledge: KnowledgeStore, frozen: datetime | None = None) -> BadgeStore:
        """What stands at products, of the same database.

        Args:
            frozen: the instant at which the clock of the facts stands, if the settings say so.
        """
        return BadgeStore(self._database, self._facts, knowledge, frozen)

    def notices(self, experiments: RunningExperiments) -> NoticeStore:
        """The same for incidents and maintenance."""
        return NoticeStore(self._database, self._facts, experiments)

    def history(self, conversation: str, after: int, limit: int | None = None) -> tuple[Message, ...]:
        """Messages after a seq, of all roles."""
        with self._database.session() as session:
            return history(session, conversation, after, limit)

    def standing(self, conversation: str) -> Standing:
        """Where the customer stands with the people behind the assistant."""
        with self._database.session() as session:
            return standing_of(session, conversation)

    def read_through(self, conversation: str, seq: int) -> None:
        """Notes that the customer has every message up to a seq."""
        with self._database.session() as session:
            if is_called(session, conversation):
                note_opened(session, conversation, milliseconds(real_now()))
            read_through(session, conversation, seq)

    def reference(self, conversation: str) -> str:
        """What the customer is called outside their own conversation."""
        with self._database.session() as session:
            references.keep(session, conversation, references.new_reference())
            return references.find(session, conversation) or ""

    def rate(self, conversation: str, given: Opinion, word: str | None) -> None:
        """Stores a rating with its masked word.

        Raises:
            ProblemError: 404, nothing ends at that message.
        """
        try:
            with self._database.session() as session:
                rate(session, conversation, given.seq, given.score, word)
        except NotAnEnd:
            raise ProblemError("no_such_end") from None

    def vote(self, conversation: str, cast: VoteCast, word: str | None) -> None:
        """Stores a vote with its masked word, or takes it back.

        Raises:
            ProblemError: 404, the assistant said nothing there.
        """
        try:
            with self._database.session() as session:
                vote(session, conversation, cast.seq, cast.vote, cast.reason, word)
        except NotAnAnswer:
            raise ProblemError("no_such_answer") from None

    def given(self, conversation: str, after: int) -> dict[str, dict[str, Any]]:
        """What the customer said of messages after a seq: the scores of ends, and the votes on answers, each by its seq."""
        with self._database.session() as session:
            scores = {str(each.seq): each.score for each in ratings(session, conversation, after)}
            votes = {str(each.seq): each.vote for each in feedback(session, conversation, after)}
        return {name: found for name, found in (("ratings", scores), ("feedback", votes)) if found}

    def count_nobodys(self, counts: Mapping[tuple[Kind, str], int]) -> None:
        """Adds to this minute's counts of what is nobody's in particular."""
        with self._database.session() as session:
            count_nobodys(session, milliseconds(real_now()), counts)

    def latest(self, conversations: Collection[str]) -> dict[str, int]:
        """The last seq of each conversation that exists."""
        wanted = select(CONVERSATIONS.c.id, CONVERSATIONS.c.last_seq).where(CONVERSATIONS.c.id.in_(list(conversations)))
        with self._database.session() as session:
            return {row.id: int(row.last_seq) for row in session.execute(wanted)}
