"""Conversations and their messages: the history the customer sees, numbered without gaps whoever writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Table, Text, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.core.turn import REACH, choices, restored
from actions.state import observations, pushes
from actions.state.announcing import announce
from actions.state.columns import Instant, metadata, real_now, rows_as, table_of
from actions.state.database import insert_if_new

Role = Literal["user", "bot", "agent", "system"]

CONVERSATIONS = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("tracker", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)


class DuplicateMessage(ValueError):
    """The conversation already has a message with that id."""


@dataclass(frozen=True)
class MessageDraft:
    """A message that has no number yet.

    Attributes:
        role: ``user``, ``bot``, ``agent`` or ``system``.
        buttons: ``{"title", "payload"}`` each, in order.
        data: what the text says, in machine words.
        id: the client's id of a customer's message; others get one.
        intent, confidence: what a customer's message was understood as.
        action: what produced a bot's message.
        guess: what a customer's message would have been understood as, had that been sure enough.
    """

    role: Role
    text: str = ""
    buttons: Sequence[Mapping[str, str]] = ()
    data: Mapping[str, Any] | None = None
    id: str | None = None
    intent: str | None = None
    confidence: float | None = None
    action: str | None = None
    guess: str | None = None


@dataclass(frozen=True)
class Message:
    """A stored message.

    Attributes:
        seq: counts from 1 without gaps within its conversation.
        at: real time.
        choices_of: the seq of the message whose choices its buttons repeat; ``core.choices`` says which that is.
    """

    conversation_id: str
    seq: int
    id: str
    at: datetime
    role: Role
    text: str
    buttons: tuple[dict[str, str], ...]
    data: dict[str, Any] | None
    reply_to: str | None
    intent: str | None
    confidence: float | None
    action: str | None
    choices_of: int | None = None
    guess: str | None = None

    @property
    def is_unasked(self) -> bool:
        """Whether it is neither the customer's own nor an answer to one of theirs."""
        return self.role != "user" and self.reply_to is None

    def to_json(self) -> dict[str, Any]:
        """The message as clients receive it."""
        return {
            "seq": self.seq,
            "id": self.id,
            "at": local(self.at).isoformat(timespec="milliseconds"),
            "role": self.role,
            "text": self.text,
            "buttons": [{"title": button["title"], "payload": button["payload"]} for button in self.buttons],
            "data": self.data,
            **({} if self.choices_of is None else {"choices_of": self.choices_of}),
        }


MESSAGES = table_of(
    "messages",
    Message,
    ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
    UniqueConstraint("conversation_id", "id"),
    Index("ix_messages_role_at", "role", "at", "conversation_id", "intent"),
    key=("conversation_id", "seq"),
)
PROVEN = MESSAGES.c.data["type"].as_string() == "resolved"
"""Messages which say that a check has proven that nothing blocks the customer any more: few of many, with an index of their own."""
Index("ix_messages_proven", MESSAGES.c.role, MESSAGES.c.at, MESSAGES.c.conversation_id, sqlite_where=PROVEN, postgresql_where=PROVEN)


def append(session: Session, conversation_id: str, drafts: Sequence[MessageDraft], reply_to: str | None = None) -> tuple[Message, ...]:
    """Writes messages at the end of a conversation, which begins with its first message.

    Taking the numbers holds the conversation until the transaction ends, so writers follow one another and readers never see a gap.

    Args:
        reply_to: the id of the customer's message that the drafts answer; drafts of the customer's own do not carry it.

    Raises:
        DuplicateMessage: an id is already taken; the transaction must be rolled back.
    """
    if not drafts:
        return ()
    now = real_now()
    last = _take_numbers(session, conversation_id, len(drafts), now)
    messages = tuple(
        Message(
            conversation_id=conversation_id,
            seq=last - len(drafts) + number,
            id=draft.id or uuid4().hex,
            at=now,
            role=draft.role,
            text=draft.text,
            buttons=tuple(dict(button) for button in draft.buttons),
            data=None if draft.data is None else dict(draft.data),
            reply_to=None if draft.role == "user" else reply_to,
            intent=draft.intent,
            confidence=draft.confidence,
            action=draft.action,
            guess=draft.guess,
        )
        for number, draft in enumerate(drafts, start=1)
    )
    known = select(MESSAGES.c.id).where(
        MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.id.in_([message.id for message in messages])
    )
    taken = session.execute(known).scalars().first()
    if taken is not None:
        raise DuplicateMessage(taken)
    messages = _with_choices(session, messages)
    session.execute(insert(MESSAGES), [vars(message) for message in messages])
    observations.observe(session, conversation_id, messages)
    unasked = next((message for message in messages if message.is_unasked), None)
    if unasked is not None:
        pushes.call(session, conversation_id, unasked.seq, pushes.kind_of(unasked.role, unasked.data))
    announce(session, conversation_id)
    return messages


def read_through(session: Session, conversation_id: str, seq: int) -> None:
    """Notes that the customer has what came unasked up to a number: nobody need call them for it any more."""
    if not pushes.is_called(session, conversation_id):
        return
    # Held as by whoever writes, so that a message which comes just now calls again.
    session.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id).values(last_seq=CONVERSATIONS.c.last_seq))
    pushes.uncall(session, conversation_id)
    later = next((message for message in history(session, conversation_id, seq) if message.is_unasked), None)
    if later is not None:
        pushes.call(session, conversation_id, later.seq, pushes.kind_of(later.role, later.data))


def _with_choices(session: Session, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages, those of the bot with the number of the one whose choices they repeat."""
    if not any(choices(message) for message in messages):
        return messages
    bots = (MESSAGES.c.conversation_id == messages[0].conversation_id, MESSAGES.c.role == "bot")
    latest = select(MESSAGES).where(*bots).order_by(MESSAGES.c.seq.desc()).limit(REACH)
    earlier = [*rows_as(Message, session.execute(latest))]
    for message in messages:
        if message.role == "bot":
            earlier.insert(0, replace(message, choices_of=restored(message, earlier)))
    numbered = {message.seq: message for message in earlier}
    return tuple(numbered.get(message.seq, message) for message in messages)


def begin(session: Session, conversation_id: str) -> None:
    """Makes a conversation without messages, unless it is there."""
    _ensure(session, conversation_id, real_now())


def _take_numbers(session: Session, conversation_id: str, count: int, now: datetime) -> int:
    _ensure(session, conversation_id, now)
    mine = CONVERSATIONS.c.id == conversation_id
    session.execute(update(CONVERSATIONS).where(mine).values(last_seq=CONVERSATIONS.c.last_seq + count, updated_at=now))
    return int(session.execute(select(CONVERSATIONS.c.last_seq).where(mine)).scalar_one())


def _ensure(session: Session, conversation_id: str, now: datetime) -> None:
    insert_if_new(session, CONVERSATIONS, {"id": conversation_id, "last_seq": 0, "created_at": now, "updated_at": now})


def history(session: Session, conversation_id: str, after: int = 0, limit: int | None = None) -> tuple[Message, ...]:
    """The messages with a number above ``after`` in order, at most the first ``limit``."""
    wanted = select(MESSAGES).where(MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.seq > after).order_by(MESSAGES.c.seq)
    return rows_as(Message, session.execute(wanted if limit is None else wanted.limit(limit)))


def latest(session: Session, conversation_id: str, limit: int, before: int | None = None) -> tuple[Message, ...]:
    """The last messages in order, at most ``limit``; with ``before`` the last of those with a smaller number."""
    mine = [MESSAGES.c.conversation_id == conversation_id, *([] if before is None else [MESSAGES.c.seq < before])]
    return rows_as(Message, session.execute(select(MESSAGES).where(*mine).order_by(MESSAGES.c.seq.desc()).limit(limit)))[::-1]


def by_id(session: Session, conversation_id: str, message_id: str) -> Message | None:
    """The message of that id, if the conversation has one."""
    wanted = select(MESSAGES).where(MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.id == message_id)
    return next(iter(rows_as(Message, session.execute(wanted))), None)


def replies_to(session: Session, conversation_id: str, client_id: str) -> tuple[Message, ...] | None:
    """The stored answers to a customer's message, None if the conversation has no such message of the customer."""
    mine = MESSAGES.c.conversation_id == conversation_id
    known = select(MESSAGES.c.seq).where(mine, MESSAGES.c.id == client_id, MESSAGES.c.role == "user")
    if session.execute(known).first() is None:
        return None
    replies = select(MESSAGES).where(mine, MESSAGES.c.reply_to == client_id).order_by(MESSAGES.c.seq)
    return rows_as(Message, session.execute(replies))


def last_seq(session: Session, conversation_id: str) -> int:
    """The number of a conversation's last message, 0 without any."""
    return int(session.execute(select(CONVERSATIONS.c.last_seq).where(CONVERSATIONS.c.id == conversation_id)).scalar() or 0)


def latest_of_customer(session: Session, conversation_id: str, limit: int) -> tuple[Message, ...]:
    """The customer's own latest messages, oldest first."""
    mine = (MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.role == "user")
    latest = select(MESSAGES).where(*mine).order_by(MESSAGES.c.seq.desc()).limit(limit)
    return rows_as(Message, session.execute(latest))[::-1]


def latest_of_people(session: Session, conversation_id: str, before: int | None = None) -> int:
    """The number of the latest message that a person brought about, customer or agent; 0 without any.

    Args:
        before: look at messages with smaller numbers only.
    """
    theirs = [MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.role != "bot"]
    if before is not None:
        theirs.append(MESSAGES.c.seq < before)
    return int(session.execute(select(MESSAGES.c.seq).where(*theirs).order_by(MESSAGES.c.seq.desc()).limit(1)).scalar() or 0)


def said_at(session: Session, conversation_id: str, ago: int) -> datetime | None:
    """When the customer said what they said so many messages ago, 1 being the latest; None if they have not said so much."""
    mine = (MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.role == "user")
    wanted = select(MESSAGES.c.at).where(*mine).order_by(MESSAGES.c.seq.desc()).offset(ago - 1).limit(1)
    at: datetime | None = session.execute(wanted).scalar()
    return at


def replace_text(session: Session, conversation_id: str, seq: int, text: str) -> None:
    """Takes out of a stored message what must not stay there; nothing else ever changes one."""
    one = (MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.seq == seq)
    session.execute(update(MESSAGES).where(*one).values(text=text))


def offered_buttons(session: Session, conversation_id: str) -> tuple[dict[str, str], ...]:
    """What the customer may press now: every button sent since the customer's latest message, in order."""
    mine = MESSAGES.c.conversation_id == conversation_id
    latest = select(func.coalesce(func.max(MESSAGES.c.seq), 0)).where(mine, MESSAGES.c.role == "user").scalar_subquery()
    buttons = select(MESSAGES.c.buttons).where(mine, MESSAGES.c.seq > latest).order_by(MESSAGES.c.seq)
    return tuple(button for row in session.execute(buttons).scalars().all() for button in row)


def load_tracker(session: Session, conversation_id: str) -> str | None:
    """The dialogue engine's working state as it was saved, None for a conversation without any."""
    return load_trackers(session, [conversation_id]).get(conversation_id)


def load_trackers(session: Session, conversations: Collection[str]) -> dict[str, str]:
    """The same of several conversations, of those that have one."""
    wanted = select(CONVERSATIONS.c.id, CONVERSATIONS.c.tracker).where(CONVERSATIONS.c.id.in_(list(conversations)))
    return {row.id: row.tracker for row in session.execute(wanted) if row.tracker is not None}


def save_tracker(session: Session, conversation_id: str, text: str) -> None:
    """Stores the dialogue engine's working state, which means nothing to anybody else."""
    now = real_now()
    _ensure(session, conversation_id, now)
    session.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id).values(tracker=text, updated_at=now))
