"""The ledger of `make soak` sees each fault it is there to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from actions.state import handoffs, outbox
from actions.state.columns import real_now
from actions.state.conversations import MESSAGES, MessageDraft, append
from actions.state.database import Database
from tests.databases import migrated
from tests.load.ledger import audit
from tests.load.patient import Asked

pytestmark = pytest.mark.broad

Change = Callable[[Session, list[Asked]], object]
OF_ONE = MESSAGES.c.conversation_id == "u-1"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = migrated(f"sqlite:///{tmp_path}/ledger.db")
    yield made
    made.close()


def played(session: Session) -> list[Asked]:
    """Two customers with three messages each, the last of them for a person."""
    asked = []
    for user in ("u-1", "u-2"):
        for number in range(3):
            said = MessageDraft(role="user", text="你好", id=f"{user}/{number}")
            replies = [MessageDraft(role="bot", text="您好"), MessageDraft(role="bot", text="请讲")]
            stored = append(session, user, [said, *replies], reply_to=said.id)
            one = Asked(user, f"{user}/{number}", [0.0], 1.0, [(each.id, each.seq) for each in stored[1:]])
            asked.append(one)
        one.handoff = f"h-{user}"
        handoffs.create(session, user, user, "requested", "general", {}, handoff_id=one.handoff)
        note(session, one.handoff)
        outbox.put(session, one.handoff, "handoff.created")
    return asked


def note(session: Session, case: str) -> None:
    handoffs.append(session, case, "hand_over", "assistant")


def answered_again(session: Session, asked: list[Asked]) -> None:
    append(session, "u-1", [MessageDraft(role="bot", text="您好")], reply_to="u-1/1")


def moved(session: Session, asked: list[Asked]) -> None:
    """A notice between a message and its answer."""
    for seq in (9, 8):
        session.execute(update(MESSAGES).where(MESSAGES.c.conversation_id == "u-1", MESSAGES.c.seq == seq).values(seq=seq + 1))
    notice = {"conversation_id": "u-1", "seq": 8, "id": "notice", "at": real_now(), "role": "bot", "text": "好了", "buttons": []}
    session.execute(insert(MESSAGES).values(notice))
    asked[2].replies = [(name, seq + 1) for name, seq in asked[2].replies]


FAULTS: dict[str, tuple[str, Change]] = {
    "answered, but not stored": ("lost", lambda session, asked: session.execute(delete(MESSAGES).where(MESSAGES.c.seq > 6, OF_ONE))),
    "never answered": ("unanswered", lambda _, asked: setattr(asked[0], "answered", None)),
    "answered with another answer than is stored": ("lost", lambda _, asked: asked[0].replies.reverse()),
    "answered twice": ("doubled", answered_again),
    "stored although nobody asked": ("doubled", lambda session, _: append(session, "u-1", [MessageDraft(role="user", text="你好")])),
    "stored although it was refused": ("doubled", lambda _, asked: vars(asked[0]).update(answered=None, refused=409)),
    "answered with nothing": ("empty", lambda _, asked: asked[0].replies.clear()),
    "answered with a blank": (
        "empty",
        lambda session, _: session.execute(update(MESSAGES).where(MESSAGES.c.seq == 2, OF_ONE).values(text="")),
    ),
    "told a blank": ("empty", lambda _, asked: setattr(asked[0], "blank", True)),
    "stored in another order than asked": ("unordered", lambda _, asked: asked.insert(0, asked.pop(1))),
    "something between a message and its answer": ("unordered", moved),
    "a gap": ("unordered", lambda session, _: session.execute(update(MESSAGES).where(MESSAGES.c.seq == 9, OF_ONE).values(seq=10))),
    "a case that nobody was told of": ("wrong_handoffs", lambda _, asked: setattr(asked[2], "handoff", None)),
    "a case that is not there": ("wrong_handoffs", lambda _, asked: setattr(asked[2], "handoff", "h-other")),
    "a case noted twice": ("wrong_handoffs", lambda session, _: note(session, "h-u-1")),
    "a case delivered twice": ("wrong_handoffs", lambda session, _: outbox.put(session, "h-u-1", "handoff.created")),
}


def test_nothing_is_found_where_nothing_is_wrong(database: Database) -> None:
    with database.session() as session:
        asked = played(session)
        append(session, "u-1", [MessageDraft(role="bot", text="白条恢复了")])
        append(session, "u-0", [MessageDraft(role="user", text="在吗")])
    found = audit(database, asked, apart=("u-0",))
    assert (found.faults, found.answered, found.handoffs) == (0, 6, 2)


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_and_named(database: Database, name: str) -> None:
    what, change = FAULTS[name]
    with database.session() as session:
        asked = played(session)
        session.flush()
        change(session, asked)
    assert getattr(audit(database, asked), what) > 0
