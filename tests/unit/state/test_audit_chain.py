"""The audit is a chain: whatever is changed, removed, moved or cut off afterwards shows, and erasing a customer does not break it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from actions.state import audit, references
from actions.state.audit import AUDIT
from actions.state.audit_chain import ERASED, FIRST, hash_of, seal_of
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.erasure import erase
from tests.times_of_0008 import go_to
from tools.pages import ROOT

CHANGES = {"actor": "somebody else", "action": "desk.looked", "handoff_id": "h-9", "at": real_now(), "detail": {"step": 99}}


@pytest.fixture
def chained(database: Database) -> Database:
    """An audit of five entries, the numbers of which are 1 to 5."""
    for step in range(5):
        with database.session() as session:
            audit.record(session, f"agent-{step}", "desk.take", f"h-{step}", {"step": step, "of": [1, 2.5, None, "中文"]})
    return database


def found(database: Database, noted: str | None = None) -> int | None | str:
    """The first entry that is not as it was written, None if something is missing after all of them, or that the chain holds."""
    with database.session() as session:
        broken = audit.verify(session, noted).broken
    return "holds" if broken is None else broken.entry


def head(database: Database) -> str:
    with database.session() as session:
        return audit.head(session)


def test_an_untouched_audit_holds(chained: Database) -> None:
    assert found(chained) == found(chained, head(chained)) == "holds"
    with chained.session() as session:
        assert audit.verify(session).count == 5


def test_an_empty_audit_holds(database: Database) -> None:
    assert found(database) == found(database, FIRST) == "holds"


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("row", [1, 2, 3, 4, 5])
def test_a_changed_entry_is_named(chained: Database, row: int, name: str) -> None:
    with chained.session() as session:
        session.execute(update(AUDIT).where(AUDIT.c.id == row).values({name: CHANGES[name]}))
    assert found(chained) == row


@pytest.mark.parametrize("name", ["seal", "salt", "prev", "hash"])
def test_a_changed_link_is_named(chained: Database, name: str) -> None:
    with chained.session() as session:
        session.execute(update(AUDIT).where(AUDIT.c.id == 3).values({name: "f" * 64}))
    assert found(chained) == 3


@pytest.mark.parametrize(("removed", "named"), [(1, 2), (2, 3), (3, 4), (4, 5)])
def test_the_entry_after_a_removed_one_is_named(chained: Database, removed: int, named: int) -> None:
    with chained.session() as session:
        session.execute(delete(AUDIT).where(AUDIT.c.id == removed))
    assert found(chained) == named


@pytest.mark.parametrize(("one", "other"), list(combinations(range(1, 6), 2)))
def test_the_first_of_two_swapped_entries_is_named(chained: Database, one: int, other: int) -> None:
    with chained.session() as session:
        for old, new in ((one, 99), (other, one), (99, other)):
            session.execute(update(AUDIT).where(AUDIT.c.id == old).values(id=new))
    assert found(chained) == one


def test_an_entry_that_was_put_in_is_named(chained: Database) -> None:
    with chained.session() as session:
        row = dict(session.execute(select(AUDIT).where(AUDIT.c.id == 5)).mappings().one())
        session.execute(insert(AUDIT).values({**row, "id": 6, "actor": "agent-9"}))
    assert found(chained) == 6


def test_a_cut_tail_shows_against_a_head_that_was_noted(chained: Database) -> None:
    noted = head(chained)
    with chained.session() as session:
        session.execute(delete(AUDIT).where(AUDIT.c.id >= 4))
    assert found(chained) == "holds" and found(chained, noted) is None
    with chained.session() as session:
        audit.record(session, "agent-1", "desk.take")
    assert found(chained) == "holds" and found(chained, noted) is None, "and whatever is appended afterwards"


def test_a_chain_made_anew_shows_against_a_head_that_was_noted(chained: Database) -> None:
    noted = head(chained)
    with chained.session() as session:
        entries, prev = audit.entries(session), FIRST
        for entry in entries:
            actor = "somebody else" if entry.id == 2 else entry.actor
            made = hash_of(prev, entry.at, actor, entry.action, entry.handoff_id, entry.seal)
            session.execute(update(AUDIT).where(AUDIT.c.id == entry.id).values(actor=actor, prev=prev, hash=made))
            prev = made
    assert found(chained) == "holds" and found(chained, noted) is None


def test_a_head_of_earlier_holds_while_the_audit_goes_on(chained: Database) -> None:
    noted = head(chained)
    with chained.session() as session:
        audit.record(session, "agent-1", "desk.take")
    assert head(chained) != noted and found(chained, noted) == "holds"


def test_many_who_write_at_once_make_one_chain(database: Database) -> None:
    def write(number: int) -> None:
        with database.session() as session:
            audit.head(session)
            audit.record(session, f"agent-{number}", "desk.take")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(80)))
    assert found(database) == "holds"
    with database.session() as session:
        assert audit.verify(session).count == 80


def test_what_is_rolled_back_leaves_no_gap(chained: Database) -> None:
    with pytest.raises(ValueError, match="stop"), chained.session() as session:
        audit.record(session, "agent-1", "desk.take")
        raise ValueError("stop")
    with chained.session() as session:
        audit.record(session, "agent-1", "desk.close")
    assert found(chained) == "holds"


def read_about(session: Session, user: str) -> None:
    """Somebody reads a customer's conversation, and says why."""
    references.keep(session, user, f"c-of-{user}")
    audit.record(session, "lead-1", "console.conversation", detail={"reference": f"c-of-{user}", "words": f"{user} 的投诉"})


def test_erasing_a_customer_takes_the_words_about_them_and_the_chain_holds(database: Database) -> None:
    with database.session() as session:
        read_about(session, "u-1")
        read_about(session, "u-2")
        audit.record(session, "agent-1", "desk.close", "h-1", {"note": "u-1"})
    noted = head(database)
    with database.session() as session:
        erase(session, "u-1", "operator")
        assert [entry.detail.get("words") for entry in audit.entries(session)][:2] == [None, "u-2 的投诉"]
        assert "u-1 的投诉" not in str(session.execute(text("SELECT * FROM audit")).all())
    assert found(database) == found(database, noted) == "holds"


@pytest.mark.parametrize("detail", [dict(ERASED), {"erased": True, "more": 1}, {}])
def test_nobody_takes_words_out_without_saying_so(chained: Database, detail: dict[str, object]) -> None:
    with chained.session() as session:
        session.execute(update(AUDIT).where(AUDIT.c.id == 2).values(detail=detail, salt=None))
    assert found(chained) == 2


def test_what_was_erased_is_not_filled_anew(database: Database) -> None:
    with database.session() as session:
        read_about(session, "u-1")
    with database.session() as session:
        erase(session, "u-1", "operator")
        session.execute(update(AUDIT).where(AUDIT.c.id == 1).values(detail={"words": "什么也没有"}, salt="0" * 32))
    assert found(database) == 1


def test_a_seal_does_not_tell_what_was_sealed_without_its_salt() -> None:
    detail = {"reference": "c-abcdefghijkl", "words": "投诉"}
    assert len({seal_of(salt, detail) for salt in ("a", "b", "")}) == 3


@pytest.mark.broad
@pytest.mark.parametrize("count", [0, 1, 1203])
def test_entries_of_former_versions_are_chained_in_their_order(database: Database, count: int) -> None:
    go_to(database, "0015")
    plain = "INSERT INTO audit (id, at, actor, action, handoff_id, detail) VALUES (:id, :at, 'a', 'b', 'h', :detail)"
    with database.session() as session:
        rows = [{"id": 2 * n + 1, "at": "2026-11-22T04:00:00.000000+00:00", "detail": f'{{"n": {n}, "of": "中"}}'} for n in range(count)]
        for row in rows:
            session.execute(text(plain), row)
    database.migrate()
    assert found(database) == "holds"
    with database.session() as session:
        audit.record(session, "agent-1", "desk.take")
        assert audit.verify(session).count == count + 1
    if count:
        with database.session() as session:
            session.execute(update(AUDIT).where(AUDIT.c.id == 1).values(actor="c"))
        assert found(database) == 1


def test_every_way_to_write_an_entry_chains_it() -> None:
    """Nobody but ``record`` inserts into the audit, so nobody can forget it."""
    sources = [path for part in ("actions", "ops", "bot") for path in (ROOT / part).rglob("*.py")]
    writers = [path.name for path in sources if re.search(r"insert\(AUDIT|AUDIT\.insert", path.read_text("utf-8"))]
    assert writers == ["audit.py"]
