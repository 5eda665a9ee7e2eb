"""What customers are to be told before it comes, what they were told, and what became of it; and the switches that stop all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from sqlalchemy import JSON, Index, UniqueConstraint, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.columns import RowNumber, rows_as, table_of
from actions.state.consents import set_lead
from actions.state.database import insert_new
from actions.state.episodes import EPISODES

AdviceStatus = Literal["planned", "sent", "held_out", "withheld", "not_coming"]
"""``held_out``: it would have been sent, and the customer is one of those who are never written to; ``withheld``: something spoke against it."""
AdviceResult = Literal["blocked", "avoided", "unknown"]
"""What was there on the day: the cause, or not; or there is nobody or nothing left to look at."""
ALL_TOPICS = "*"
SKIPPED, WITHDRAWN = "skipped", "withdrawn"
"""Reasons that the customer has given."""


@dataclass(frozen=True)
class Advice:
    """Something that comes to one customer, and what is said about it.

    Attributes:
        order, bill: what it is about; empty for the account.
        event_on: the first day that begins with the cause, on the facts' clock; ``due_on``: the day on which it is to be told. ISO texts.
        reason: why it was not sent, so far or for good.
        answer: what the customer pressed: ``skip``, ``off`` or ``moved``.
        again: the customer has asked to be told of it once more on this day.
        retry_at: not looked at again before then. This and the times below are real time, epoch milliseconds.
        sent_at: when it was told, or would have been; ``opened_at``: when the customer came and had it before them, or answered it.
        other_block: whether something else blocked on the day; None while nobody has looked.
        trying: the arm of an experiment, with its name and version, in which it is told on another day than in some other arm.
        own_on: that arm's day, until it has come to the first day on which any arm tells it, which ``due_on`` is meanwhile; ``usual_on`` is the
            control's day, ``last_on`` the last arm's.
        exposed: whether it would have been told at a time when one arm told it and another did not yet; from then on it is counted.
    """

    id: RowNumber
    user: str
    topic: str
    cause: str
    order: str
    bill: str
    event_on: str
    due_on: str
    status: AdviceStatus
    holdout: bool
    planned_at: int
    again: bool = False
    reason: str | None = None
    answer: str | None = None
    retry_at: int | None = None
    sent_at: int | None = None
    opened_at: int | None = None
    result: AdviceResult | None = None
    other_block: bool | None = None
    complained: bool | None = None
    known_at: int | None = None
    trying: str | None = None
    own_on: str | None = None
    usual_on: str | None = None
    last_on: str | None = None
    exposed: bool = False

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject.of(self.order or None, self.bill or None)


@dataclass(frozen=True)
class AdviceSwitch:
    """That advice on a topic, or all of it, was stopped or let go on.

    Attributes:
        topic: ``*`` for all.
        at: real time, epoch milliseconds.
        by: who did it; the program itself where a topic has no effect.
    """

    id: RowNumber
    topic: str
    off: bool
    at: int
    by: str
    why: str


@dataclass(frozen=True)
class AdviceEffect:
    """What is known of the effect on a topic, as the worker has computed it last; ``at`` is real time, epoch milliseconds."""

    topic: str
    body: Annotated[dict[str, Any], JSON(none_as_null=True)]
    at: int


ADVICE = table_of(
    "advice",
    Advice,
    UniqueConstraint("user", "cause", "order", "bill", "event_on", "due_on"),
    Index("ix_advice_status_due_on", "status", "due_on"),
    Index("ix_advice_status_result", "status", "result", "event_on"),
)
Index("ix_advice_trying", ADVICE.c.trying, sqlite_where=ADVICE.c.trying.is_not(None), postgresql_where=ADVICE.c.trying.is_not(None))
ADVICE_SWITCHES = table_of("advice_switches", AdviceSwitch, Index(None, "topic", "id"))
ADVICE_EFFECTS = table_of("advice_effects", AdviceEffect, key=("topic",))
_TOLD = ("sent", "held_out")
"""Both count alike in everything but that the customer reads nothing: otherwise the two could not be compared."""


def plan_advice(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Notes what is to be told, all with the same fields; how much of it was new."""
    usual: dict[str, Any] = {"again": False, "exposed": False, **dict.fromkeys(("trying", "own_on", "usual_on", "last_on"))}
    return insert_new(session, ADVICE, [{**usual, **row, "status": "planned"} for row in rows])


def of_customers(session: Session, users: Collection[str], status: AdviceStatus | None = None) -> tuple[Advice, ...]:
    """What customers were and are to be told, the oldest first."""
    conditions = [ADVICE.c.user.in_(list(users)), *([] if status is None else [ADVICE.c.status == status])]
    return rows_as(Advice, session.execute(select(ADVICE).where(*conditions).order_by(ADVICE.c.id)))


def due_advice(session: Session, day: str, now: int, limit: int) -> tuple[Advice, ...]:
    """What is to be told by a day, what begins first before the rest; at most so much."""
    waiting = (ADVICE.c.status == "planned", ADVICE.c.due_on <= day, or_(ADVICE.c.retry_at.is_(None), ADVICE.c.retry_at <= now))
    return rows_as(Advice, session.execute(select(ADVICE).where(*waiting).order_by(ADVICE.c.event_on, ADVICE.c.id).limit(limit)))


def claim_advice(session: Session, advice: int, status: AdviceStatus, **values: Any) -> bool:
    """Ends what was planned; true for exactly one of all who try, who writes the message in the same transaction."""
    mine = (ADVICE.c.id == advice, ADVICE.c.status == "planned")
    return bool(session.execute(update(ADVICE).where(*mine).values(status=status, **values)).rowcount)


def put_off(session: Session, advice: int, reason: str, until: int) -> None:
    """Notes why something is not told yet."""
    mine = (ADVICE.c.id == advice, ADVICE.c.status == "planned")
    session.execute(update(ADVICE).where(*mine).values(reason=reason, retry_at=until))


def told_since(session: Session, user: str, since: int) -> int:
    """How much a customer was told unasked, or would have been, since an instant."""
    told = (ADVICE.c.status.in_(_TOLD), ADVICE.c.again.is_(False), ADVICE.c.sent_at > since)
    wanted = select(func.count()).where(ADVICE.c.user == user, *told)
    return int(session.execute(wanted).scalar_one())


def tried_in(session: Session, arms: Collection[str], limit: int) -> tuple[Advice, ...]:
    """What is to be told on the day of an arm that is none of these, because its experiment is over or the arm was stopped; at most so much."""
    tried = (ADVICE.c.trying.is_not(None), ADVICE.c.trying.not_in(list(arms)))
    planned = (ADVICE.c.status == "planned", ADVICE.c.usual_on.is_not(None), *tried)
    return rows_as(Advice, session.execute(select(ADVICE).where(*planned).order_by(ADVICE.c.id).limit(limit)))


def decided_in(session: Session, arms: Collection[str]) -> Iterator[tuple[str, Advice]]:
    """What was decided in some arms, the first first, each with what observations call the customer."""
    mine = (ADVICE.c.trying.in_(list(arms)), ADVICE.c.exposed.is_(True), EPISODES.c.user == ADVICE.c.user)
    for ref, *row in session.execute(select(EPISODES.c.ref, *ADVICE.c).where(*mine).order_by(ADVICE.c.id)):
        yield ref, Advice(*row)


def was_told(session: Session, user: str, topic: str, event_on: str, besides: Iterable[int] = ()) -> bool:
    """Whether a customer was told, or would have been, of something of a topic that begins on a day."""
    mine = (ADVICE.c.user == user, ADVICE.c.topic == topic, ADVICE.c.event_on == event_on, ADVICE.c.status.in_(_TOLD))
    return session.execute(select(ADVICE.c.id).where(*mine, ADVICE.c.id.not_in(list(besides))).limit(1)).first() is not None


def latest_told(session: Session, user: str, cause: str) -> Advice | None:
    """The latest that a customer was told of a cause."""
    mine = (ADVICE.c.user == user, ADVICE.c.cause == cause, ADVICE.c.status == "sent")
    return next(iter(rows_as(Advice, session.execute(select(ADVICE).where(*mine).order_by(ADVICE.c.id.desc()).limit(1)))), None)


def note_answer(session: Session, user: str, cause: str, answer: str, days: int | None, at: int) -> None:
    """Notes what a customer answers to the latest advice about a cause.

    Args:
        days: how many days before it begins they want to be told once more, and of the topic from now on; None: not at all.
    """
    row = latest_told(session, user, cause)
    if row is None:
        return
    set_advice(session, row.id, answer=answer, opened_at=row.opened_at or at)
    if days is None:
        mine = (ADVICE.c.user == user, ADVICE.c.cause == cause, ADVICE.c.event_on == row.event_on, ADVICE.c.status == "planned")
        session.execute(update(ADVICE).where(*mine).values(status="withheld", reason=SKIPPED))
        return
    again = {name: getattr(row, name) for name in ("user", "topic", "cause", "order", "bill", "event_on", "holdout")}
    due = date.fromisoformat(row.event_on) - timedelta(days=days)
    plan_advice(session, [{**again, "due_on": due.isoformat(), "planned_at": at, "again": True}])
    set_lead(session, user, row.topic, days)


def note_opened(session: Session, user: str, at: int) -> None:
    """Notes that a customer has come and has before them what they were told until then."""
    mine = (ADVICE.c.user == user, ADVICE.c.status == "sent", ADVICE.c.opened_at.is_(None), ADVICE.c.sent_at <= at)
    session.execute(update(ADVICE).where(*mine).values(opened_at=at))


def note_opt_out(session: Session, user: str, topic: str | None, at: int) -> None:
    """Notes that a customer wants no advice on a topic, or any, any more: what was planned is not told, what was told last has led to it."""
    mine = [ADVICE.c.user == user, *([] if topic is None else [ADVICE.c.topic == topic])]
    session.execute(update(ADVICE).where(*mine, ADVICE.c.status == "planned").values(status="withheld", reason=WITHDRAWN))
    last = select(func.max(ADVICE.c.id)).where(*mine, ADVICE.c.status == "sent").scalar_subquery()
    session.execute(update(ADVICE).where(ADVICE.c.id == last).values(answer="off", opened_at=func.coalesce(ADVICE.c.opened_at, at)))


def set_advice(session: Session, advice: int, **values: Any) -> None:
    """Notes what has become of something that was told."""
    session.execute(update(ADVICE).where(ADVICE.c.id == advice).values(**values))


def begun_by(session: Session, day: str, limit: int) -> tuple[Advice, ...]:
    """What was told, or would have been, of what has begun by a day or was to, and nobody has looked whether it did; at most so much."""
    # What was decided in an experiment is looked at whatever became of it then: in a later arm it may have been kept off before it was told.
    open_ = (or_(ADVICE.c.status.in_(_TOLD), ADVICE.c.exposed.is_(True)), ADVICE.c.result.is_(None), ADVICE.c.event_on <= day)
    return rows_as(Advice, session.execute(select(ADVICE).where(*open_).order_by(ADVICE.c.event_on, ADVICE.c.id).limit(limit)))


def outcomes(session: Session) -> tuple[Advice, ...]:
    """Everything of which it is known what became of it, in the order in which that became known."""
    known = select(ADVICE).where(ADVICE.c.status.in_(_TOLD), ADVICE.c.result.in_(("blocked", "avoided")))
    return rows_as(Advice, session.execute(known.order_by(ADVICE.c.known_at, ADVICE.c.id)))


def counted(session: Session, *conditions: Any) -> list[tuple[str, str, str, int]]:
    """How much there is by topic, status and reason."""
    reason = func.coalesce(ADVICE.c.reason, "")
    wanted = select(ADVICE.c.topic, ADVICE.c.status, reason, func.count()).where(*conditions)
    found = session.execute(wanted.group_by(ADVICE.c.topic, ADVICE.c.status, reason))
    return [(topic, status, why, int(count)) for topic, status, why, count in found]


def store_effect(session: Session, topic: str, body: Mapping[str, Any], at: int) -> None:
    """Stores what is known of the effect on a topic, in the place of what was."""
    session.execute(delete(ADVICE_EFFECTS).where(ADVICE_EFFECTS.c.topic == topic))
    session.execute(insert(ADVICE_EFFECTS).values(topic=topic, body=dict(body), at=at))


def effects(session: Session) -> dict[str, AdviceEffect]:
    """What is known of every effect, by topic."""
    return {row.topic: row for row in rows_as(AdviceEffect, session.execute(select(ADVICE_EFFECTS)))}


def switch(session: Session, topic: str, off: bool, at: int, by: str, why: str) -> None:
    """Stops advice on a topic or all of it, or lets it go on."""
    session.execute(insert(ADVICE_SWITCHES).values(topic=topic, off=off, at=at, by=by, why=why))


def switched_off(session: Session) -> dict[str, AdviceSwitch]:
    """What is stopped, by topic."""
    last = select(func.max(ADVICE_SWITCHES.c.id)).group_by(ADVICE_SWITCHES.c.topic)
    rows = rows_as(AdviceSwitch, session.execute(select(ADVICE_SWITCHES).where(ADVICE_SWITCHES.c.id.in_(last))))
    return {row.topic: row for row in rows if row.off}


def let_go_on(session: Session, stopped_by: str) -> dict[str, int]:
    """When a topic that somebody had stopped was let go on last, by topic; real time, epoch milliseconds."""
    found: dict[str, int] = {}
    before: dict[str, AdviceSwitch] = {}
    for row in rows_as(AdviceSwitch, session.execute(select(ADVICE_SWITCHES).order_by(ADVICE_SWITCHES.c.id))):
        last = before.get(row.topic)
        if not row.off and last is not None and last.off and last.by == stopped_by:
            found[row.topic] = row.at
        before[row.topic] = row
    return found
