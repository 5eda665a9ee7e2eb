"""The dry-run of a knowledge folder: the world diagnosed and told by both, as it is and as it was when customers were told something."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from actions.core.diagnosis import diagnose
from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.knowledge.model import Knowledge
from actions.state import conversations
from actions.state.conversations import MessageDraft
from actions.state.database import Database
from actions.state.world.facts import SqlFacts, every_subject
from actions.state.world.loading import write_world_data
from bot.cli import app
from bot.demo.remedies import DEMO_FILES
from conversations.application import project_knowledge
from tests.databases import migrated

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    made = migrated(f"sqlite:///{tmp_path_factory.mktemp('world')}/world.db", DEMO_FILES / "world.yml")
    return made


@pytest.fixture(scope="module")
def read() -> Callable[[Path], Knowledge]:
    """Reads a folder, but not a second one that holds the same."""
    known: dict[str, Knowledge] = {}

    def read_folder(folder: Path) -> Knowledge:
        held = {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
        key = hashlib.sha256(repr(held).encode()).hexdigest()
        if key not in known:
            known[key] = load(folder)
        return known[key]

    return read_folder


@pytest.fixture(autouse=True)
def read_once_by_the_command(read: Callable[[Path], Knowledge], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.knowledge_changes.load", read)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_ROOT, tmp_path / "knowledge"))


def edit(folder: Path, cause: str, old: str, new: str) -> None:
    file = folder / "causes" / f"{cause}.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(database.engine.url))
    return CliRunner().invoke(app, ["knowledge", "dry-run", str(folder), *options])


def test_the_same_knowledge_changes_nothing(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(database, folder, monkeypatch, "--json")
    found = json.loads(result.output)
    assert result.exit_code == 0 and found["subjects"] > 80
    assert found["changed"] == found["unexpected"] == found["sentences"] == []
    assert found["stored"] == {"diagnoses": 0, "unknown": 0, "changed": [], "unexpected": []}


def test_another_sentence_is_shown_as_customers_read_it_and_needs_no_consent(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "bill_past_due", "已经过了，账单分期随之关闭。", "过了以后账单就不能再分期了。")
    result = run(database, folder, monkeypatch, "--json")
    found = json.loads(result.output)
    assert result.exit_code == 0 and found["changed"] == []
    assert found["sentences"] and all((each["cause"], each["part"]) == ("bill_past_due", "explanation") for each in found["sentences"])
    assert "月" in found["sentences"][0]["after"] and "{" not in found["sentences"][0]["after"]
    assert "过了以后" in found["sentences"][0]["after"] and "过了以后" not in found["sentences"][0]["before"]


def test_another_condition_changes_exactly_those_whom_it_concerns(
    database: Database, folder: Path, read: Callable[[Path], Knowledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "id_document_expired", "is_over: true}", "is_over: false}")
    result = run(database, folder, monkeypatch, "--json")
    found = json.loads(result.output)
    with database.session() as session:
        source, changed = SqlFacts(session), read(folder)
        expected = set()
        for user, subject in every_subject(session):
            facts = source.snapshot(user, subject)
            before, after = (diagnose(facts, each.causes.values()).cause_ids for each in (project_knowledge(), changed))
            if before != after:
                expected.add((user, subject.id, before, after))
    assert expected
    rows = {
        (each["user"], each.get("order") or each.get("bill"), *(tuple(each[f"causes_{at}"]) for at in ("before", "after")))
        for each in found["changed"]
    }
    assert rows == expected
    assert result.exit_code == 1 and found["unexpected"] == found["changed"]
    meant = run(database, folder, monkeypatch, "--expect", "id_document_expired")
    assert meant.exit_code == 0 and "0 of them unexpectedly" in meant.output


def told(database: Database, user: str) -> tuple[str, ...]:
    """Tells a customer the diagnosis of their account, and keeps it as turns do."""
    with database.session() as session:
        found = diagnose(SqlFacts(session).snapshot(user), project_knowledge().causes.values()).cause_ids
        keep_told(session, user, found)
    return found


def keep_told(session: Session, user: str, causes: tuple[str, ...]) -> None:
    data = {"type": "diagnosis", "order": None, "bill": None, "causes": [{"id": each} for each in causes]}
    conversations.append(session, user, [MessageDraft("bot", "…", data=data)])


@pytest.fixture
def told_before(tmp_path: Path) -> Iterator[Database]:
    """Three customers were told something: the document of one was renewed since, that of another is over since the clock was set, one is gone."""
    made = migrated(f"sqlite:///{tmp_path}/told.db", DEMO_FILES / "world.yml")
    with made.session() as session:
        keep_told(session, "u-gone", ("overdue",))
        documents = {"u-renewed": "2026-11-01", "u-over-since": "2026-12-10"}
        write_world_data(session, {"users": [{"id": user, "id_document": {"expires_on": day}} for user, day in documents.items()]})
    assert told(made, "u-renewed") == ("id_document_expired",) and told(made, "u-over-since") == ()
    with made.session() as session:
        renewed = {"id": "u-renewed", "id_document": {"expires_on": "2036-11-01"}}
        write_world_data(session, {"now": "2027-01-01T10:00:00+08:00", "users": [renewed]})
    yield made
    made.close()


def test_what_customers_were_told_last_is_diagnosed_anew_in_the_world_of_then(
    told_before: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "id_document_expired", "is_over: true}", "is_over: false}")
    result = run(told_before, folder, monkeypatch, "--json", "--expect", "overdue")
    found = json.loads(result.output)["stored"]
    assert (found["diagnoses"], found["unknown"]) == (2, 1)
    rows = {each["user"]: (each["causes_told"], each["causes_before"], each["causes_after"]) for each in found["changed"]}
    expired = ["id_document_expired"]
    assert rows == {"u-renewed": (expired, expired, []), "u-over-since": ([], [], expired)}
    assert found["unexpected"] == found["changed"] and result.exit_code == 1
    last = json.loads(run(told_before, folder, monkeypatch, "--json", "--stored", "1").output)["stored"]
    assert [each["user"] for each in last["changed"]] == ["u-over-since"] and last["diagnoses"] == 1
    assert json.loads(run(told_before, folder, monkeypatch, "--json", "--stored", "0").output)["stored"]["changed"] == []


def test_a_folder_that_cannot_be_used_and_an_unknown_cause_are_refused(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no such cause" in str(run(database, folder, monkeypatch, "--expect", "overdu").exception)
    edit(folder, "overdue", "kind: block", "kind: wall")
    assert "overdue.yml" in str(run(database, folder, monkeypatch).exception)
