"""What an operator does at a terminal: look, export, send again, purge, erase."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner, Result

from actions.core.moments import SHANGHAI
from actions.core.subject import ACCOUNT
from actions.handoff.rendering import RENDERERS
from actions.state import audit, handoffs, outbox, ratings, references
from actions.state.columns import real_now
from actions.state.conversations import CONVERSATIONS
from actions.state.handoffs import HANDOFFS
from bot.cli import app
from bot.commands import Refusal
from tests.unit.handoff.conftest import House

pytestmark = pytest.mark.slow

USER = "u-1013"


@pytest.fixture(autouse=True)
def here(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(house.database.engine.url))


def run(*arguments: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(app, ["handoff", *arguments])


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1 and isinstance(result.exception, Refusal)
    return str(result.exception)


def left(house: House, word: str) -> list[str]:
    """The tables in which a word still stands."""
    found = []
    with house.database.session() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for name in names:
            rows = session.execute(text(f'SELECT * FROM "{name}"')).all()
            if any(word in str(value) for row in rows for value in row):
                found.append(name)
    return found


def test_a_case_is_shown_in_every_format(house: House) -> None:
    row = house.handed_over()
    assert run("show", row.id).stdout.startswith("# 客户要求人工")
    assert run("show", row.id, "--format", "html").stdout.startswith("<!doctype html>")
    shown = json.loads(run("show", row.id, "--format", "json").stdout)
    assert shown["schema"] == "handoff/1" and shown["state"]["stage"] == "queued"
    assert json.loads(run("show", row.id, "--format", "zendesk").stdout)["ticket"]["external_id"] == row.id
    assert json.loads(run("show", row.id, "--format", "chatwoot").stdout)["status"] == {"status": "open"}
    assert json.loads(run("show", row.id, "--format", "handoff").stdout)["handoff"]["id"] == row.id
    assert refusal("show", "h-none") == "no handoff h-none"
    assert refusal("show", row.id, "--format", "fax") == f"--format must be one of md, html, json, {', '.join(RENDERERS)}, not fax"
    with house.database.session() as session:
        assert {entry.action for entry in audit.entries(session, row.id)} == {"show"}
    assert row.id in run("list").stdout and run("list", "--status", "closed").stdout == ""


def test_an_export_has_a_line_per_handoff_and_says_how_far_it_is(house: House) -> None:
    first = house.handed_over()
    house.turn("u-1014", "request_human", "转人工")
    today = real_now().astimezone(SHANGHAI).date()
    result = run("export", "--since", today.isoformat())
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines][0] == first.id and len(lines) == 2
    assert lines[0]["events"][0]["kind"] == "hand_over" and lines[0]["transcript"]
    assert result.stderr == "2 of 2\n"
    assert run("export", "--since", (today + timedelta(days=1)).isoformat()).stdout == ""
    assert refusal("export", "--since", "yesterday") == "--since must be a day such as 2026-11-22, not yesterday"


def test_dead_letters_are_seen_and_sent_again(house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        (delivery,) = outbox.of(session, row.id)
        outbox.failed(session, delivery.id, "HTTP 500", None)
    assert f"{delivery.id}  {row.id}  handoff.created" in run("dead-letters").stdout
    assert "will be sent again" in run("resend", str(delivery.id)).stdout
    assert run("dead-letters").stdout == ""
    assert "is no dead letter" in refusal("resend", str(delivery.id))


def age(house: House, days: int) -> None:
    then = real_now() - timedelta(days=days)
    with house.database.session() as session:
        session.execute(update(HANDOFFS).where(HANDOFFS.c.status == "closed").values(closed_at=then))
        session.execute(update(CONVERSATIONS).values(updated_at=then))


def test_what_is_old_is_purged_and_what_is_open_stays(house: House) -> None:
    old, open_ = house.handed_over(), "u-1014"
    house.turn(open_, "request_human", "转人工")
    with house.database.session() as session:
        handoffs.close(session, old.id)
    age(house, 181)
    planned = run("purge", "--dry-run").stdout
    assert "would delete" in planned and "1 handoffs" in planned
    with house.database.session() as session:
        assert handoffs.get_handoff(session, old.id) is not None
    assert "deleted" in run("purge").stdout
    assert left(house, old.id) == [] and house.history() == ()
    assert house.open(open_).status == "queued" and house.history(open_)
    assert "nothing to delete" in run("purge").stdout
    assert refusal("purge", "--older-than", "0") == "--older-than must be a positive number of days"


def test_what_is_younger_than_the_retention_period_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        handoffs.close(session, row.id)
    age(house, 20)
    assert "nothing to delete" in run("purge").stdout
    monkeypatch.setenv("BAITIAO_RETENTION_DAYS", "10")
    assert "1 handoffs" in run("purge").stdout


def test_erasing_a_customer_leaves_nothing_but_a_reference_in_the_audit(house: House) -> None:
    from actions.state.subscriptions import subscribe

    row = house.handed_over()
    house.turn("u-1014", "request_human", "转人工")
    with house.database.session() as session:
        subscribe(session, USER, USER, ACCOUNT, "incident_outage")
        audit.record(session, "agent-1", "desk.case", row.id)
        reference = references.find(session, USER)
        session.execute(ratings.RATINGS.insert().values(conversation_id=USER, seq=1, score=5, at=real_now()))
    assert "would delete" in run("erase", USER, "--dry-run").stdout and house.history()
    said = run("erase", USER).stdout
    for name in ("conversations", "messages", "handoffs", "handoff_events", "outbox", "subscriptions", "customer_references", "ratings"):
        assert name in said
    # The world is the shop's, not the assistant's.
    assert set(left(house, USER)) <= {"users", "orders", "order_lines", "bills", "world_changes"}
    assert left(house, str(reference)) == ["audit"] and left(house, row.id) == ["audit"]
    assert house.open("u-1014") and run("erase", USER).stdout == f"{USER}: nothing to delete\n"


def test_every_table_that_names_a_customer_is_covered(house: House) -> None:
    from actions.state.columns import metadata
    from actions.state.customers_tables import customers_tables
    from actions.state.world.tables import TABLES

    covered = {table.name for table, _ in customers_tables(["c"], ["h"], ["u"])}
    world: Any = {table.name for table in TABLES.values()}
    personal = {"conversation_id", "handoff_id", "user", "user_id", "customer", "reference", "tracker"}
    naming = {table.name for table in metadata.sorted_tables if personal & set(table.c.keys())}
    assert naming - world - covered == {"audit"}
