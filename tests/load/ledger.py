"""What the database holds after a run, against what customers asked and were told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from actions.state.conversations import CONVERSATIONS, MESSAGES
from actions.state.database import Database
from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS
from actions.state.outbox import OUTBOX
from actions.state.subscriptions import SUBSCRIPTIONS
from tests.load.patient import Asked


@dataclass(frozen=True)
class Ledger:
    """How many messages came out how; ``faults`` sums what may not be.

    Attributes:
        answered: and nothing wrong with it.
        refused: for good, and not stored.
        unanswered: given up by the customer.
        lost: not stored as the customer was told.
        doubled: stored twice, answered twice, or stored without having been asked or although refused.
        empty: answered with nothing, or with a message that holds nothing.
        unordered: stored in another order than asked, with a gap, or with something between it and its answer.
        wrong_handoffs: cases not made, noted and delivered exactly once each as customers were told.
        handoffs: cases.
        whose: customers with a fault.
    """

    answered: int
    refused: int
    unanswered: int
    lost: int
    doubled: int
    empty: int
    unordered: int
    wrong_handoffs: int
    handoffs: int
    whose: tuple[str, ...]

    @property
    def faults(self) -> int:
        """What may not be."""
        return self.unanswered + self.lost + self.doubled + self.empty + self.unordered + self.wrong_handoffs


def audit(database: Database, asked: Sequence[Asked], apart: Collection[str] = ()) -> Ledger:
    """Reads everything; nobody may write meanwhile.

    Args:
        database: after the run, new before it.
        asked: everything that was asked, each customer's messages in their order.
        apart: customers who asked before.
    """
    faults: Counter[str] = Counter()
    whose: set[str] = set()
    conversations: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        conversations[one.user].append(one)
    with database.session() as session:
        wanted = select(MESSAGES).order_by(MESSAGES.c.conversation_id, MESSAGES.c.seq)
        stored: dict[str, list[Any]] = defaultdict(list)
        for row in session.execute(wanted):
            stored[row.conversation_id].append(row)
        for user in {*conversations, *stored}.difference(apart):
            found = +_conversation(conversations[user], stored[user])
            faults += found
            whose |= {user} if found else set()
        told = {(one.user, one.handoff) for one in asked if one.handoff is not None}
        handoffs, wrong = _handoffs(session, told)
    return Ledger(
        answered=sum(one.answered is not None for one in asked),
        refused=sum(one.refused is not None for one in asked),
        unanswered=faults["unanswered"],
        lost=faults["lost"],
        doubled=faults["doubled"],
        empty=faults["empty"],
        unordered=faults["unordered"],
        wrong_handoffs=len(wrong),
        handoffs=handoffs,
        whose=tuple(sorted(whose | set(wrong.values()))),
    )


def _conversation(asked: Sequence[Asked], rows: Sequence[Any]) -> Counter[str]:
    faults: Counter[str] = Counter()
    answers: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.reply_to is not None and row.role != "user":
            answers[row.reply_to].append(row)
    said = [row for row in rows if row.role == "user"]
    at = {row.id: row.seq for row in said}
    kept = [one for one in asked if one.answered is not None]
    for one in asked:
        replies = answers[one.id]
        if one.refused is not None:
            faults["doubled"] += one.id in at
        elif one.answered is None:
            faults["unanswered"] += 1
        elif one.id not in at:
            faults["lost"] += 1
        elif not one.replies or not replies or one.blank or any(not (row.text or row.data or row.buttons) for row in replies):
            faults["empty"] += 1
        elif [(row.id, row.seq) for row in replies] != one.replies:
            # More than it was told, as if answered anew; or others.
            faults["doubled" if len(replies) > len(one.replies) else "lost"] += 1
        elif [row.seq for row in replies] != list(range(at[one.id] + 1, at[one.id] + 1 + len(replies))):
            faults["unordered"] += 1
    known = {one.id for one in asked}
    faults["doubled"] += sum(row.id not in known for row in said) + sum(many > 1 for many in Counter(row.id for row in said).values())
    faults["doubled"] += sum(message not in known for message, replies in answers.items() if replies)
    faults["unordered"] += [row.seq for row in rows] != list(range(1, len(rows) + 1))
    faults["unordered"] += [one.id for one in kept if one.id in at] != [row.id for row in said if row.id in {each.id for each in kept}]
    return faults


def _handoffs(session: Session, told: set[tuple[str, str]]) -> tuple[int, dict[str, str]]:
    """How many there are, and those that are not as they should be, with their customers."""
    rows = [(row.user, row.id) for row in session.execute(select(HANDOFFS.c.user, HANDOFFS.c.id))]
    notes = session.execute(select(HANDOFF_EVENTS.c.handoff_id, HANDOFF_EVENTS.c.detail).where(HANDOFF_EVENTS.c.kind == "hand_over"))
    # A case that is handed over again for another reason is noted again, and is still the one case.
    noted = Counter((row.handoff_id, row.detail.get("reason")) for row in notes)
    twice = {case for (case, _), many in noted.items() if many > 1}
    once = {case for case, _ in noted} - twice
    sent = Counter(session.execute(select(OUTBOX.c.handoff_id).where(OUTBOX.c.event == "handoff.created")).scalars())
    unlike = (told ^ set(rows)) | {(user, case) for user, case in rows if case not in once or sent[case] != 1}
    return len(rows), {case: user for user, case in unlike}


def sizes(database: Database) -> dict[str, tuple[int, float]]:
    """Rows and kilobytes, indexes included, of each table that grows; SQLite does not tell the kilobytes of one."""
    found = {}
    with database.session() as session:
        for table in (CONVERSATIONS, MESSAGES, HANDOFFS, HANDOFF_EVENTS, OUTBOX, SUBSCRIPTIONS):
            rows = int(session.execute(select(func.count()).select_from(table)).scalar_one())
            octets = session.execute(select(func.pg_total_relation_size(table.name))).scalar_one() if database.is_shared else 0
            found[table.name] = rows, float(octets) / 1024
    return found


def kilobytes(database: Database) -> float:
    """The size of the whole database."""
    with database.session() as session:
        if database.is_shared:
            return float(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()) / 1024
        pages, size = (session.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
        return float(pages * size) / 1024


def work(database: Database) -> tuple[int, float]:
    """Transactions that a PostgreSQL has ended so far, and kilobytes it has written to its log; zeros for SQLite."""
    if not database.is_shared:
        return 0, 0.0
    ended = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
    with database.session() as session:
        written = session.execute(text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")).scalar_one()
        return int(session.execute(text(ended)).scalar_one()), float(written) / 1024
