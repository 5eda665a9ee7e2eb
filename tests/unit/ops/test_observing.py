"""What the worker does with observations: counted by minute with what is known of customers, ended after silence, forgotten, made anew."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, false, func, insert, select, text, update

from actions.bootstrap import Application, bootstrap
from actions.core.observations import SILENCE_MS, milliseconds
from actions.settings import Settings
from actions.state import ratings
from actions.state.columns import real_now
from actions.state.conversations import MESSAGES, MessageDraft, append
from actions.state.database import Database
from actions.state.episodes import EPISODES
from actions.state.erasure import erase
from actions.state.observations import OBSERVATIONS, note
from actions.state.tallies import BUCKET_MS, TALLIES, count_nobodys, totals
from actions.state.world.loading import load_world_data
from ops.observing.dims import dims_of
from ops.observing.rebuild import rebuild
from ops.observing.retention import forget_old
from ops.observing.rollup import roll_up
from ops.observing.silence import end_abandoned
from ops.worker import Surroundings
from tests.load.observing import MOST_MS, measured

pytestmark = pytest.mark.broad

WORLD: dict[str, Any] = {
    "now": "2026-11-22T10:00:00+08:00",
    "users": [{"id": f"u-{number}", "region": region, "name": "王小明"} for number, region in enumerate(("广东", "广东", "浙江"), start=1)],
    "merchants": [{"id": "m-1"}, {"id": "m-2"}],
    "categories": [{"id": "phones"}, {"id": "books"}],
    "items": [
        {"sku": "a", "category": "phones", "merchant": "m-1", "price": "5299.00"},
        {"sku": "b", "category": "books", "merchant": "m-2", "price": "30.00"},
    ],
    "orders": [
        {"id": "o-1", "user": "u-1", "lines": [{"sku": "a"}, {"sku": "b"}], "channel": "wechat"},
        {"id": "o-2", "user": "u-2", "lines": [{"sku": "b"}]},
    ],
    "plans": [{"tenor": 3}],
}
OF_O_1 = {
    "region": "广东",
    "app_version": "13.2.0",
    "channel": "wechat",
    "merchants": ["m-1", "m-2"],
    "categories": ["books", "phones"],
    "amount": "2000-10000",
    "card": "ok",
    "component": "checkout",
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Application]:
    settings = Settings.read(database_url=f"sqlite:///{tmp_path / 'x.db'}", observation_days=180, tally_days=400)
    made = bootstrap(settings)
    made.migrate()
    load_world_data(made.database, WORLD)
    yield made
    made.database.close()


def complain(database: Database, user: str, order: str | None, *causes: str, end: str | None = None) -> None:
    told = [{"type": "diagnosis", "order": order, "bill": None, "causes": [{"id": cause} for cause in causes]}]
    told += [{"type": end}] if end else []
    said = MessageDraft("user", "没有分期", intent="installment_missing", action="action_diagnose")
    with database.session() as session:
        append(session, user, [said, *(MessageDraft("bot", "x", data=data) for data in told)])


def tallies(database: Database) -> dict[tuple[str, str, str, str], int]:
    with database.session() as session:
        counted: Counter[tuple[str, str, str, str]] = Counter()
        for row in session.execute(select(TALLIES)):
            counted[row.kind, row.value, row.dim, row.dim_value] += row.refs
        return dict(counted)


def everything(database: Database) -> tuple[list[Any], list[Any], list[Any]]:
    """Observations without the numbers of their rows, episodes and tallies."""
    with database.session() as session:
        columns = [column for column in OBSERVATIONS.columns if column.name != "id"]
        observed = [tuple(row) for row in session.execute(select(*columns))]
        where = [tuple(row) for row in session.execute(select(EPISODES).order_by(EPISODES.c.user))]
        counted = [tuple(row) for row in session.execute(select(TALLIES))]
    return sorted(observed, key=str), where, sorted(counted)


def test_what_is_rolled_up_has_dimensions_and_nobodys_name(here: Application) -> None:
    complain(here.database, "u-1", "o-1", "overdue")
    assert roll_up(Surroundings.of(here)) == 3
    with here.database.session() as session:
        dims = session.execute(select(OBSERVATIONS.c.dims).where(OBSERVATIONS.c.kind == "found")).scalar_one()
    assert dims == OF_O_1
    assert "王小明" not in str(everything(here.database)[0]) and "u-1" not in json.dumps(dims) and "o-1" not in json.dumps(dims)


def test_a_customer_without_an_order_has_a_region_and_a_version(here: Application) -> None:
    with here.database.session() as session:
        known = {"region": "浙江", "app_version": "13.2.0", "card": "ok", "component": "account"}
        assert dims_of(here.facts(session).snapshot("u-3")) == known


def test_customers_are_counted_once_a_minute_and_by_every_dimension(here: Application) -> None:
    for user, order in (("u-1", "o-1"), ("u-1", "o-1"), ("u-2", "o-2"), ("u-3", None)):
        complain(here.database, user, order, "overdue")
    with here.database.session() as session:
        session.execute(update(OBSERVATIONS).values(at=milliseconds(real_now()) // 60_000 * 60_000))
    roll_up(Surroundings.of(here))
    counted = tallies(here.database)
    assert counted["found", "overdue", "", ""] == 3
    assert counted["found", "overdue", "region", "广东"] == 2
    assert counted["found", "overdue", "merchants", "m-2"] == 2
    assert counted["found", "overdue", "amount", "0-100"] == 1
    complain(here.database, "u-3", None, "overdue")
    with here.database.session() as session:
        session.execute(update(OBSERVATIONS).values(at=select(func.min(OBSERVATIONS.c.at)).scalar_subquery()))
    roll_up(Surroundings.of(here))
    assert tallies(here.database)["found", "overdue", "", ""] == 3, "the same customer in the same minute"
    with here.database.session() as session:
        assert totals(session, ["found"]) == {("found", "overdue"): 5}
    assert roll_up(Surroundings.of(here)) == 0


def test_what_was_observed_of_somebody_erased_is_counted_without_dimensions(here: Application) -> None:
    complain(here.database, "u-1", "o-1", "overdue")
    with here.database.session() as session:
        erase(session, "u-1", "operator")
    roll_up(Surroundings.of(here))
    assert {key for key in tallies(here.database) if key[0] == "found"} == {("found", "overdue", "", "")}


def test_finding_what_is_new_needs_no_look_at_the_rest(here: Application) -> None:
    wanted = select(OBSERVATIONS.c.id).where(OBSERVATIONS.c.rolled == false()).order_by(OBSERVATIONS.c.id)
    with here.database.session() as session:
        sql = str(wanted.compile(here.database.engine, compile_kwargs={"literal_binds": True}))
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all())
    assert "ix_observations_to_roll" in plan


def test_who_is_silent_for_a_day_has_left(here: Application) -> None:
    complain(here.database, "u-1", "o-1", "overdue")
    complain(here.database, "u-2", "o-2", "overdue", end="resolved")
    assert end_abandoned(Surroundings.of(here)) == 0
    with here.database.session() as session:
        session.execute(update(EPISODES).values(said_at=EPISODES.c.said_at - SILENCE_MS))
        said = session.execute(select(EPISODES.c.said_at).where(EPISODES.c.user == "u-1")).scalar_one()
    assert end_abandoned(Surroundings.of(here)) == 1
    assert end_abandoned(Surroundings.of(here)) == 0
    with here.database.session() as session:
        (row,) = session.execute(select(OBSERVATIONS).where(OBSERVATIONS.c.value == "abandoned")).all()
    assert (row.kind, row.at, row.seq, row.episode) == ("end", said + SILENCE_MS, 1, 1)


def test_whoever_comes_back_before_the_worker_looked_has_left_once(here: Application) -> None:
    complain(here.database, "u-1", "o-1", "overdue")
    with here.database.session() as session:
        session.execute(update(EPISODES).values(said_at=EPISODES.c.said_at - SILENCE_MS))
    complain(here.database, "u-1", "o-1", "overdue")
    assert end_abandoned(Surroundings.of(here)) == 0
    with here.database.session() as session:
        ends = session.execute(select(OBSERVATIONS.c.episode).where(OBSERVATIONS.c.kind == "end")).scalars().all()
        assert ends == [1]
        assert session.execute(select(EPISODES.c.episode)).scalar_one() == 3


def test_what_is_too_old_is_forgotten_and_counts_are_kept_longer(here: Application) -> None:
    now = milliseconds(real_now())
    row = {"ref": "r", "episode": None, "seq": 1, "kind": "opened", "value": "", "dims": {}, "rolled": True}
    days = 24 * 3600 * 1000
    with here.database.session() as session:
        session.execute(insert(OBSERVATIONS), [{**row, "at": now - 181 * days, "seq": number} for number in range(1200)])
        session.execute(insert(OBSERVATIONS).values(**{**row, "seq": 9999, "at": now - 179 * days}))
        tally = {"kind": "opened", "value": "", "dim": "", "dim_value": "", "refs": 1}
        session.execute(insert(TALLIES), [{**tally, "bucket": now - age * days} for age in (401, 399)])
    assert forget_old(Surroundings.of(here)) == 1201
    with here.database.session() as session:
        assert session.execute(select(func.count()).select_from(OBSERVATIONS)).scalar_one() == 1
        assert session.execute(select(TALLIES.c.bucket)).scalars().all() == [now - 399 * days]


def lived(database: Database) -> None:
    complain(database, "u-1", "o-1", "overdue", "self_locked")
    complain(database, "u-1", "o-1", end="resolved")
    complain(database, "u-2", "o-2")
    complain(database, "u-3", None, "overdue", end="waiting")
    with database.session() as session:
        ratings.rate(session, "u-1", 5, 2)
        note(session, "u-3", "notice", "i-1", seq=1)
        count_nobodys(session, milliseconds(real_now()), {("failed", "turn_failed"): 4})
        erase(session, "u-2", "operator")


def test_made_anew_everything_is_as_it_was_written_live(here: Application) -> None:
    lived(here.database)
    roll_up(Surroundings.of(here))
    before = everything(here.database)
    for _ in range(2):
        assert rebuild(here.database, here.facts) == len(before[0])
        assert everything(here.database) == before


def test_what_was_lost_is_made_anew(here: Application) -> None:
    lived(here.database)
    roll_up(Surroundings.of(here))
    observed, where, counted = everything(here.database)
    kept = ("notice",)
    with here.database.session() as session:
        refs = select(EPISODES.c.ref)
        session.execute(delete(OBSERVATIONS).where(OBSERVATIONS.c.kind.not_in(kept), OBSERVATIONS.c.ref.in_(refs)))
        session.execute(delete(TALLIES).where(TALLIES.c.kind != "failed"))
        session.execute(update(EPISODES).values(episode=None, end=None, said_at=None))
        # Of a minute of which there is nothing any more, after and between those of which there is something.
        stale = {"kind": "found", "value": "gone", "dim": "", "dim_value": "", "refs": 1}
        latest = max(row[0] for row in counted)
        session.execute(insert(TALLIES), [{**stale, "bucket": latest + ahead * BUCKET_MS} for ahead in (0, 1, 500)])
    rebuild(here.database, here.facts)
    assert everything(here.database) == (observed, where, counted)


def test_an_episode_left_days_ago_is_over_when_it_is_made_anew(here: Application) -> None:
    complain(here.database, "u-1", "o-1", "overdue")
    with here.database.session() as session:
        session.execute(update(MESSAGES).values(at=real_now() - timedelta(days=2)))
    rebuild(here.database, here.facts)
    with here.database.session() as session:
        assert session.execute(select(OBSERVATIONS.c.value).where(OBSERVATIONS.c.kind == "end")).scalars().all() == ["abandoned"]
        assert session.execute(select(EPISODES.c.end)).scalar_one() == "abandoned"
    assert end_abandoned(Surroundings.of(here)) == 0


@pytest.mark.slow
def test_what_is_observed_costs_a_turn_little(tmp_path: Path) -> None:
    observed, plain = measured(tmp_path, 150)
    # One millisecond by the long run; of so few turns on a busy machine the median strays.
    assert observed - plain <= 2 * MOST_MS
