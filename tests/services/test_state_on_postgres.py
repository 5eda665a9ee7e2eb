"""The state layer on PostgreSQL: what its locks, types and errors could make different from SQLite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from actions.core.records import SECTIONS
from actions.core.subject import Subject
from actions.state import audit, handoffs
from actions.state import database as module
from actions.state.conversations import (
    CONVERSATIONS,
    DuplicateMessage,
    MessageDraft,
    append,
    history,
    offered_buttons,
    replies_to,
    save_tracker,
)
from actions.state.database import Database, head_revision
from actions.state.migrations.tables import metadata
from actions.state.subscriptions import cancel_all, claim, is_subscribed, open_subscriptions, subscribe
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import dump_world, load_world_data
from actions.yaml_source import SourceError
from tests import rows_of_0010, times_of_0008
from tests.threads import in_threads

ROOT = Path(module.__file__).parents[2]
LIMIT_CHANGE = {"at": "2026-11-01T09:00:00+08:00", "from": "0.01", "to": "92233720368547758.07", "reason": "review"}
WORLD: dict[str, Any] = {
    "now": "2026-11-22T10:00:00+08:00",
    "users": [
        {
            "id": "u-1",
            "app_version": "13.2",
            "baitiao": {"used": "0.01", "monthly_spent": {"phones": "3.50"}, "limit_changes": [LIMIT_CHANGE]},
        },
        {"id": "u-2"},
    ],
    "merchants": [{"id": "m-1", "paused_until": "2026-11-22"}],
    "categories": [{"id": "phones"}],
    "items": [{"sku": "a", "category": "phones", "merchant": "m-1", "price": "92233720368547758.07", "min_down_payment": "0.30"}],
    "orders": [{"id": "o-1", "user": "u-1", "lines": [{"sku": "a"}, {"sku": "a", "quantity": 2}]}],
    "bills": [{"id": "b-1", "user": "u-1", "month": "2026-11", "amount": "1200.00", "status": "issued"}],
    "plans": [{"tenor": 3}, {"tenor": 12}],
    "contracts": [
        {"id": "k-1", "user": "u-1", "order": "o-1", "amount": "2999.00", "tenor": 12, "fee_rate_per_period": "0.005", "paid_periods": 3}
        | {"next_due_on": "2026-11-29", "next_amount": "264.91", "status": "active"}
    ],
    "repayments": [
        {"id": "rp-1", "user": "u-1", "contract": "k-1", "amount": "0.01", "at": "2026-11-20", "method": "auto", "status": "failed"}
        | {"failure": "balance"}
    ],
    "refunds": [
        {
            "id": "rf-1",
            "order": "o-1",
            "amount": "299.00",
            "status": "approved",
            "requested_at": "2026-11-15",
            "to": "both",
            "posted": False,
        }
    ],
    "policies": [
        {"id": "p-1", "kind": "region", "regions": [], "effective_from": "2026-01-01"},
        {"id": "p-2", "kind": "bill_max_ratio", "ratio": "0.9", "effective_from": "2026-01-01T00:00:00+08:00"},
        {"id": "p-3", "kind": "age", "min": 18, "max": None, "effective_from": "2026-01-01"},
    ],
    "incidents": [
        {"id": "i-1", "component": "credit", "severity": "outage", "started_at": "2026-11-22T09:30:00+08:00"}
        | {"affects": {"regions": ["广东"], "channels": ["app"], "app_below": "13.0"}}
    ],
    "maintenance": [{"id": "w-1", "starts_at": "2026-11-22", "ends_at": "2026-11-23"}],
}


def test_migrating_gives_exactly_the_tables_of_the_code(postgres: Database) -> None:
    with postgres.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    postgres.migrate()
    config = Config(str(Path(module.__file__).parent / "migrations" / "alembic.ini"))
    with postgres.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert postgres.revision() is None


def test_rows_from_before_contracts_are_healthy_after_migrating(postgres: Database) -> None:
    load_world_data(postgres, {"users": [{"id": "u-1"}], "orders": [{"id": "o-1", "user": "u-1", "lines": []}]})
    with postgres.session() as session:
        before = dump_world(session)
    config = Config(str(Path(module.__file__).parent / "migrations" / "alembic.ini"))
    with postgres.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
    postgres.migrate()
    with postgres.session() as session:
        assert dump_world(session) == before


def test_several_processes_may_migrate_at_once(postgres_url: str) -> None:
    code = "import sys; from actions.state.database import Database; Database(sys.argv[1]).migrate()"
    started = [subprocess.Popen([sys.executable, "-c", code, postgres_url], cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[1] for process in started] == [""] * 4
    assert [process.returncode for process in started] == [0] * 4
    database = Database(postgres_url)
    assert database.revision() == head_revision()
    database.close()


def test_a_world_survives_the_round_trip(postgres: Database) -> None:
    load_world_data(postgres, WORLD)
    with postgres.session() as session:
        first = dump_world(session)
    assert {section: len(first[section]) for section in SECTIONS} == {section: len(WORLD[section]) for section in SECTIONS}
    load_world_data(postgres, first)
    load_world_data(postgres, first, replace=True)
    with postgres.session() as session:
        assert dump_world(session) == first
        snapshot = SqlFacts(session).snapshot("u-1", Subject("order", "o-1"))
    assert snapshot.user.app_version == "13.2"
    assert [line.item.price for line in snapshot.lines] == [2**63 - 1] * 2


def test_a_refused_load_changes_nothing(postgres: Database) -> None:
    load_world_data(postgres, WORLD)
    with pytest.raises(SourceError) as refused:
        load_world_data(postgres, {"users": [{"id": "a\0"}], "orders": [{"id": "o-2", "user": "u-9", "lines": []}]}, replace=True)
    assert len(refused.value.problems) == 2
    with postgres.session() as session:
        assert [user["id"] for user in dump_world(session)["users"]] == ["u-1", "u-2"]
        assert not SqlFacts(session).customer_exists("u-1\0")


def test_loads_at_once_all_count(postgres: Database) -> None:
    load_world_data(postgres, WORLD)

    def work(number: int) -> None:
        load_world_data(
            postgres, {"users": [{"id": "u-1", "baitiao": {"monthly_spent": {"x": "1.00"}}, "name": str(number)}, {"id": f"n-{number}"}]}
        )

    assert in_threads(work) == [None] * 8
    with postgres.session() as session:
        assert len(dump_world(session)["users"]) == 10


def test_references_and_choices_are_enforced(postgres: Database) -> None:
    load_world_data(postgres, WORLD)
    for statement in (
        "DELETE FROM items",
        "UPDATE users SET bank_card = 'lost'",
        "UPDATE items SET price = -1",
        "UPDATE orders SET discount = -1",
        "UPDATE refunds SET \"to\" = 'me'",
        "DELETE FROM contracts",
    ):
        with pytest.raises(IntegrityError), postgres.session() as session:
            session.execute(text(statement))


def test_numbers_stay_dense_whoever_writes(postgres: Database) -> None:
    def write(name: int) -> None:
        for number in range(5):
            with postgres.session() as session:
                append(session, "u-1", [MessageDraft("bot", f"{name}.{number}.{part}") for part in range(3)])

    assert in_threads(write) == [None] * 8
    with postgres.session() as session:
        assert [message.seq for message in history(session, "u-1")] == list(range(1, 121))


def test_a_conversation_reads_back_as_written(postgres: Database) -> None:
    with postgres.session() as session:
        written = append(session, "u-1", [MessageDraft("user", "a", id="c-1", confidence=0.25)])
        written += append(session, "u-1", [MessageDraft("bot", "b", [{"title": "t", "payload": "/p"}], {"type": "x"})], "c-1")
        save_tracker(session, "u-1", "state")
    with pytest.raises(DuplicateMessage), postgres.session() as session:
        append(session, "u-1", [MessageDraft("user", "again", id="c-1")])
    with postgres.session() as session:
        assert history(session, "u-1") == written
        assert replies_to(session, "u-1", "c-1") == written[1:]
        assert offered_buttons(session, "u-1") == ({"title": "t", "payload": "/p"},)


def test_whoever_has_read_can_still_write_after_another_has_written(postgres: Database) -> None:
    with postgres.session() as session:
        save_tracker(session, "u-1", "first")
    with postgres.session() as slow:
        assert slow.execute(select(CONVERSATIONS.c.tracker)).scalars().all() == ["first"]
        with postgres.session() as quick:
            save_tracker(quick, "u-1", "second")
        slow.execute(update(CONVERSATIONS).values(last_seq=7))
    with postgres.session() as session:
        assert session.execute(select(CONVERSATIONS.c.tracker, CONVERSATIONS.c.last_seq)).all() == [("second", 7)]


def test_subscriptions_and_handoffs_happen_once(postgres: Database) -> None:
    def join(_: int) -> Any:
        with postgres.session() as session:
            handed = handoffs.create(session, "c-1", "u-1", "asked", "general", {})
            return subscribe(session, "c-1", "u-1", Subject("bill", "b-1"), "a").id, handed.id

    joined = in_threads(join)
    assert len(set(joined)) == 1
    subscription, handoff = joined[0]

    def take(_: int) -> Any:
        with postgres.session() as session:
            return claim(session, subscription), handoffs.take(session, handoff, "agent-1")

    results = in_threads(take)
    assert [sum(each) for each in zip(*results)] == [1, 1]
    with postgres.session() as session:
        assert open_subscriptions(session) == ()
        assert handoffs.close(session, handoff)
        assert handoffs.create(session, "c-1", "u-1", "asked", "general", {}).id != handoff
        assert subscribe(session, "c-1", "u-1", Subject("bill", "b-1"), "a").id != subscription
        assert is_subscribed(session, "c-1", Subject("bill", "b-1"), "a")
        assert cancel_all(session, "c-1") == 1
        audit.record(session, "agent-1", "took", handoff)
        assert [entry.action for entry in audit.entries(session)] == ["took"]


def test_times_from_before_they_were_moments_are_the_same_afterwards(postgres: Database) -> None:
    times_of_0008.check(postgres)


def test_rows_from_before_pictures_notes_and_votes_live_on_with_them(postgres: Database) -> None:
    rows_of_0010.check(postgres)
