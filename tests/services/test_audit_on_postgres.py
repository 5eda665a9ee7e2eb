"""The audit's chain on PostgreSQL: many write at once, entries of former versions are chained, and an erasure does not break it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text, update

from actions.state import audit, references
from actions.state.audit import AUDIT
from actions.state.database import Database
from actions.state.erasure import erase
from tests.times_of_0008 import go_to


def test_many_who_write_at_once_make_one_chain(postgres: Database) -> None:
    def write(number: int) -> None:
        with postgres.session() as session:
            audit.head(session)
            audit.record(session, f"agent-{number}", "desk.take", detail={"n": number, "half": 0.5})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(80)))
    with postgres.session() as session:
        found = audit.verify(session)
        assert (found.count, found.broken) == (80, None)
        session.execute(update(AUDIT).where(AUDIT.c.actor == "agent-7").values(action="desk.looked"))
        broken = audit.verify(session).broken
        changed = next(entry.id for entry in audit.entries(session) if entry.action == "desk.looked")
        assert broken is not None and broken.entry == changed


def test_entries_of_former_versions_are_chained_and_words_are_erased_from_them(postgres: Database) -> None:
    go_to(postgres, "0015")
    with postgres.session() as session:
        references.keep(session, "u-1", "c-one")
        for detail in ('{"words": "u-1", "reference": "c-one"}', '{"b": [1.50, "中"], "a": null}'):
            session.execute(text("INSERT INTO audit (at, actor, action, detail) VALUES (now(), 'a', 'b', :detail)"), {"detail": detail})
    postgres.migrate()
    with postgres.session() as session:
        assert audit.verify(session).broken is None
        erase(session, "u-1", "operator")
    with postgres.session() as session:
        assert audit.verify(session).broken is None
        assert [entry.detail for entry in audit.entries(session)][0] == {"erased": True}
