"""Observations on PostgreSQL: many who write at once, several workers, and the same made anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Application, bootstrap
from actions.core.observations import SILENCE_MS
from actions.settings import Settings
from actions.state import jobs
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database
from actions.state.episodes import EPISODES
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import TALLIES, totals
from actions.state.world.loading import load_world_data
from ops.observing.rebuild import rebuild
from ops.observing.retention import forget_old
from ops.observing.rollup import roll_up
from ops.observing.silence import end_abandoned
from ops.worker import Pass, Surroundings, Worker
from tests.threads import in_threads

WORLD: dict[str, Any] = {
    "now": "2026-11-22T10:00:00+08:00",
    "users": [{"id": f"u-{number}"} for number in range(8)],
    "merchants": [{"id": "m-1"}],
    "categories": [{"id": "phones"}],
    "items": [{"sku": "a", "category": "phones", "merchant": "m-1", "price": "5299.00"}],
    "orders": [{"id": f"o-{number}", "user": f"u-{number}", "lines": [{"sku": "a"}]} for number in range(8)],
    "plans": [{"tenor": 3}],
}


@pytest.fixture
def here(postgres_url: str) -> Any:
    made = bootstrap(Settings.read(database_url=postgres_url))
    made.migrate()
    load_world_data(made.database, WORLD)
    yield made
    made.database.close()


def complain(database: Database, number: int) -> None:
    told = {"type": "diagnosis", "order": f"o-{number}", "bill": None, "causes": [{"id": "overdue"}]}
    said = MessageDraft("user", "没有分期", intent="installment_missing", action="action_diagnose")
    with database.session() as session:
        append(session, f"u-{number}", [said, MessageDraft("bot", "x", data=told)])


def everything(database: Database) -> Any:
    columns = [column for column in OBSERVATIONS.columns if column.name != "id"]
    with database.session() as session:
        return [sorted(map(tuple, session.execute(wanted)), key=str) for wanted in (select(*columns), select(EPISODES), select(TALLIES))]


def found(database: Database) -> int:
    with database.session() as session:
        return len(session.execute(select(OBSERVATIONS.c.id).where(OBSERVATIONS.c.kind == "found")).all())


def test_many_customers_and_workers_at_once_come_to_the_same_live_and_anew(here: Application) -> None:
    def live(number: int) -> None:
        for _ in range(5):
            complain(here.database, number)
            complain(here.database, (number + 1) % 8)
            roll_up(Surroundings.of(here))

    assert in_threads(live) == [None] * 8
    roll_up(Surroundings.of(here))
    assert found(here.database) == 80
    before = everything(here.database)
    assert all(row.rolled for row in _rows(here.database))
    assert rebuild(here.database, here.facts) == len(before[0])
    assert everything(here.database) == before


def _rows(database: Database) -> Any:
    with database.session() as session:
        return session.execute(select(OBSERVATIONS)).all()


def test_whoever_is_silent_has_left_once_however_many_look(here: Application) -> None:
    for number in range(4):
        complain(here.database, number)
    with here.database.session() as session:
        session.execute(update(EPISODES).values(said_at=EPISODES.c.said_at - SILENCE_MS))
    in_threads(lambda number: complain(here.database, number) if number < 2 else end_abandoned(Surroundings.of(here)))
    ends = [row.ref for row in _rows(here.database) if row.kind == "end"]
    assert len(ends) == len(set(ends)) == 4
    assert forget_old(Surroundings.of(here)) == 0


def test_of_several_workers_one_runs_a_pass(here: Application, postgres_url: str) -> None:
    ran: list[object] = []
    passes = [Pass("count", 60.0, ran.append), Pass("other", 60.0, ran.append)]

    def look(_number: int) -> None:
        own = Surroundings(Database(postgres_url), here.knowledge, here.facts, here.settings, here.experiments)
        worker = Worker(own, passes)
        worker.look()
        worker.wait(20)
        own.database.close()

    for round_ in range(3):
        assert in_threads(look) == [None] * 8
        assert len(ran) == 2 * (round_ + 1)
        with here.database.session() as session:
            session.execute(update(jobs.JOBS).values(due=0))


def test_counters_lose_nothing_of_those_who_add_at_once(here: Application) -> None:
    in_threads(lambda number: [complain(here.database, number), roll_up(Surroundings.of(here))])
    roll_up(Surroundings.of(here))
    with here.database.session() as session:
        assert totals(session, ["found"]) == {("found", "overdue"): 8}
