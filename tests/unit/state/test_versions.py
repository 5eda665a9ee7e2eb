"""Which knowledge and which model answer is observed once an episode, and stays when observations are made anew."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from actions.bootstrap import bootstrap
from actions.core.observations import PROOF
from actions.knowledge.store import KnowledgeStore, version_of
from actions.settings import Settings
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database
from actions.state.observations import OBSERVATIONS
from bot.bootstrap import served_versions
from ops.observing.rebuild import rebuild


def observed(database: Database, kind: str) -> list[tuple[str, dict[str, str]]]:
    with database.session() as session:
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.kind == kind).order_by(OBSERVATIONS.c.id)
        return [(row.value, row.dims) for row in session.execute(wanted)]


def complain(database: Database, *more: str) -> None:
    said = MessageDraft("user", "没有分期", intent="installment_missing", action="action_diagnose")
    told = [{"type": "diagnosis", "causes": []}, *({"type": each} for each in more)]
    with database.session() as session:
        append(session, "u-1", [said, *(MessageDraft("bot", "x", data=each) for each in told)])


def test_an_episode_carries_the_versions_that_answered_it_once(database: Database) -> None:
    complain(database)
    assert observed(database, "version") == []
    database.served = lambda: ("knowledge/1f3a", "model/m-1")
    complain(database)
    assert observed(database, "version") == []
    complain(database, "resolved")
    complain(database)
    assert [value for value, _ in observed(database, "version")] == ["knowledge/1f3a", "model/m-1"]
    here = bootstrap(Settings.read(database_url=str(database.engine.url)), database=database)
    rebuild(here.database, here.facts)
    assert [value for value, _ in observed(database, "version")] == ["knowledge/1f3a", "model/m-1"]


def test_an_end_says_whether_the_state_or_the_customer_says_so(database: Database) -> None:
    complain(database, "resolved")
    assert observed(database, "end") == [("resolved", {"by": PROOF})]


def test_the_version_of_the_knowledge_changes_with_its_files(tmp_path: Path) -> None:
    store = KnowledgeStore()
    assert store.version == "" and store.current and len(store.version) == 12
    assert f"knowledge/{store.version}" in served_versions(store)()
    (tmp_path / "a.yml").write_text("a: 1")
    first = version_of(tmp_path)
    (tmp_path / "a.yml").write_text("a: 2")
    assert version_of(tmp_path) != first
