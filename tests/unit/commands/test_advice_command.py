"""``baitiao advice due``, ``pause`` and ``resume``: nothing is sent by looking, and whoever stops it stands in the audit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actions.state import advice, audit, consents
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from bot.cli import app
from bot.commands import Refusal
from conversations.healthy_world import healthy
from tests.databases import migrated


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/world.db"
    made = migrated(url)
    load_world_data(made, healthy())
    with made.session() as session:
        for user in ("u", "u-2", "u-3"):
            consents.give_consent(session, user, "bills", "1", 0)
        rows = [
            {
                "user": user,
                "topic": topic,
                "cause": "bill_past_due",
                "order": "",
                "bill": user,
                "event_on": "2026-12-01",
                "due_on": "2026-11-24",
            }
            for user, topic in (("u", "bills"), ("u-2", "bills"), ("u-3", "papers"))
        ]
        advice.plan_advice(session, [{**row, "holdout": row["user"] == "u-2", "planned_at": 0} for row in rows])
        consents.note_planned(session, ["u"], "2026-11-22", 0)
    monkeypatch.setenv("BAITIAO_DATABASE_URL", url)
    yield made
    made.close()


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["advice", *words])
    if result.exception is not None:
        raise result.exception
    return result.output


def test_what_would_go_out_on_a_day_is_counted_and_nothing_is_sent(database: Database) -> None:
    told = json.loads(run("due", "--date", "2026-11-24", "--json"))
    assert (told["total"], told["held_out"], told["topics"]["bills"], told["topics"]["papers"]) == (3, 1, 2, 1)
    assert (told["never_looked_up"], told["stopped"]) == (2, [])
    assert "2026-11-24: 3, of which 1 are held out" in run("due", "--date", "2026-11-24")
    assert json.loads(run("due", "--date", "2026-11-25", "--json"))["total"] == 0
    with database.session() as session:
        assert {row.status for row in advice.of_customers(session, ["u", "u-2", "u-3"])} == {"planned"}


@pytest.mark.parametrize(("more", "topic"), [((), "*"), (("--topic", "bills"), "bills")])
def test_it_is_stopped_and_let_go_on_with_a_reason_in_the_audit(database: Database, more: tuple[str, ...], topic: str) -> None:
    assert run("pause", "--reason", "账单文案要改", *more) == "stopped\n"
    assert json.loads(run("due", "--date", "2026-11-24", "--json"))["stopped"] == [topic]
    with database.session() as session:
        assert set(advice.switched_off(session)) == {topic}
        last = audit.entries(session)[-1]
    assert (last.action, last.detail) == ("advice.pause", {"topic": topic, "reason": "账单文案要改"})
    assert run("resume", "--reason", "文案改好了", *more) == "goes on\n"
    with database.session() as session:
        assert advice.switched_off(session) == {}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("due", "--date", "tomorrow"), "such as 2026-12-01"),
        (("pause", "--reason", "账单文案要改", "--topic", "weather"), "there is no topic weather"),
        (("pause", "--reason", "短"), "5 to 200 characters"),
        (("resume", "--reason", "没有停过的"), "is not stopped already"),
    ],
)
def test_what_it_refuses(database: Database, words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        run(*words)
    assert reason in str(refused.value)
