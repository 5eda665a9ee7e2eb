"""How long every table is kept stands in one list: it names each of them, and what it leaves to the worker the worker deletes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from actions.bootstrap import bootstrap
from actions.settings import Settings
from actions.state.columns import real_now
from actions.state.customers_tables import customers_tables
from actions.state.database import Database
from actions.state.migrations.tables import metadata
from actions.state.retention import kept_days, retentions
from actions.state.world.tables import TABLES
from ops.observing.retention import forget_old
from ops.worker import Surroundings

ROWS = {
    "observations": {"ref": "r", "episode": 1, "seq": 1, "kind": "found", "value": "none", "dims": {}, "rolled": True},
    "exposures": {"experiment": "x", "version": 1, "ref": "r", "arm": "b", "seq": 1},
    "tallies": {"kind": "found", "value": "none", "dim": "", "dim_value": "", "refs": 1},
    "alert_members": {"alert_id": "a-1", "ref": "r", "stream": "none"},
    "alert_minutes": {"alert_id": "a-1", "observed": 1, "expected": 1.0, "low": 0, "high": 3},
    "access_alerts": {"agent": "agent-1", "kind": "opened", "since": 1, "until": 2, "cases": 20, "median": 1.0, "found_by": "hour"},
}
"""A row of each table that is the worker's, without its time."""
WORKERS = [name for name, kept in retentions().items() if kept.by == "worker"]


def test_every_table_stands_there_once_and_no_other() -> None:
    world = {table.name for table in TABLES.values()} | {"order_lines"}
    assert set(retentions()) == {table.name for table in metadata.sorted_tables} - world


def test_each_says_how_long_or_why_for_good() -> None:
    for name, kept in retentions().items():
        timed = kept.by in ("purge", "worker", "use")
        assert timed == ((kept.days is None) != (kept.setting is None)), name
        assert (kept.by == "never") == (kept.why is not None), name
        assert kept.since is None or kept.since in metadata.tables[name].c, name
        assert timed is False or (kept.days_under(Settings.read_without_secrets()) or 0) > 0, name


def test_what_purging_deletes_is_what_holds_customers_data() -> None:
    theirs = {table.name for table, _ in customers_tables(["x"], ["x"], ["x"])}
    # Looks are kept for seconds, deliveries for days, and whom a rehearsal is about as long as it; all go with their customer besides.
    assert theirs == {name for name, kept in retentions().items() if kept.by == "purge"} | {"desk_looks", "outbox", "trial_subjects"}


def test_days_that_are_a_setting_are_no_fixed_number() -> None:
    assert kept_days("plots") == 90
    with pytest.raises(LookupError):
        kept_days("handoffs")


@pytest.mark.parametrize("name", WORKERS)
def test_the_worker_deletes_what_is_older_and_nothing_else(database: Database, name: str) -> None:
    here = bootstrap(Settings.read(database_url=str(database.engine.url), observation_days="10", tally_days="20"))
    kept, table = retentions()[name], metadata.tables[name]
    days = kept.days_under(here.settings) or 0
    times = [int((real_now() - timedelta(days=ago)).timestamp() * 1000) for ago in (days - 1, days + 1, days + 2)]
    with database.session() as session:
        for number, at in enumerate(times):
            own = {"seq": number, "since": number, "ref": f"r-{number}"}
            row = {**ROWS[name], **{key: value for key, value in own.items() if key in ROWS[name]}}
            session.execute(insert(table).values({**row, kept.since or "": at}))
    assert forget_old(Surroundings.of(here)) == 2
    with database.session() as session:
        assert session.execute(select(table.c[kept.since or ""])).scalars().all() == times[:1]
    here.database.close()
