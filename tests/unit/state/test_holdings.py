"""What is held about a customer is shown whole, and nothing of anybody else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actions.state import audit
from actions.state.database import Database
from actions.state.holdings import held
from actions.state.world.loading import load_world_data
from bot.cli import app
from conversations.healthy_world import healthy

from .test_erasure_of_every_table import live, rows


def test_every_row_of_every_table_is_there_and_nothing_of_others(database: Database) -> None:
    live(database, "u-1")
    # What agents saved to find somebody again is theirs.
    mine = {name: count for name, count in rows(database).items() if name != "desk_views"}
    live(database, "u-2")
    with database.session() as session:
        found = held(session, "u-1", "operator")
    assert found is not None
    assert {name: len(each) for name, each in found["kept"].items() if name != "observations"} == mine
    assert found["kept"]["observations"]
    text = json.dumps(found, ensure_ascii=False)
    assert "u-2" not in text and "h-of-u-1" in text and '"y"' in text


def test_the_state_of_the_account_is_there_with_what_hangs_on_its_orders(database: Database) -> None:
    load_world_data(database, healthy())
    load_world_data(
        database,
        {
            "users": [{"id": "u-2"}],
            "orders": [{"id": "o-2", "user": "u-2", "lines": [{"sku": "1"}]}],
            "refunds": [
                {
                    "id": "r-1",
                    "order": "o",
                    "status": "requested",
                    "amount": "1.00",
                    "requested_at": "2026-11-20T10:00:00+08:00",
                    "to": "card",
                    "posted": False,
                }
            ],
        },
    )
    with database.session() as session:
        found = held(session, "u", "operator")
    assert found is not None
    assert {"users", "orders", "bills", "refunds"} <= set(found["state"])
    assert "o-2" not in json.dumps(found) and found["state"]["refunds"][0]["id"] == "r-1"


def test_that_it_was_asked_for_is_noted_without_a_name_and_nobody_is_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(database, "u-1")
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(database.engine.url))
    file = tmp_path / "mine.json"
    assert CliRunner().invoke(app, ["privacy", "export", "u-1", "--output", str(file)]).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["user"] == "u-1" and file.stat().st_mode & 0o077 == 0
    with database.session() as session:
        noted = audit.entries(session)[-1]
    assert noted.action == "privacy_export" and "u-1" not in json.dumps(noted.detail).replace("c-of-u-1", "")
    assert "nothing is held" in str(CliRunner().invoke(app, ["privacy", "export", "nobody"]).exception)
