"""The worker: each pass is run by one, and one that fails or hangs keeps no other waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from actions.bootstrap import Application, bootstrap
from actions.settings import Settings
from actions.state import jobs
from ops.worker import Pass, Surroundings, Worker
from tests.threads import in_threads

pytestmark = pytest.mark.broad

ROOT = Path(__file__).parents[3]
SECONDS = 20.0


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Application]:
    made = bootstrap(Settings.read(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    made.migrate()
    yield made
    made.database.close()


def job(here: Application, name: str) -> jobs.Job:
    with here.database.session() as session:
        return next(each for each in jobs.every_job(session) if each.name == name)


def due_now(here: Application) -> None:
    with here.database.session() as session:
        session.execute(update(jobs.JOBS).values(due=0))


def looked(worker: Worker) -> None:
    worker.look()
    worker.wait(SECONDS)


def test_a_pass_is_run_when_it_is_due_and_not_before(here: Application) -> None:
    ran: list[Surroundings] = []
    worker = Worker(Surroundings.of(here), [Pass("count", 60.0, ran.append)])
    looked(worker)
    looked(worker)
    assert [each.database for each in ran] == [here.database]
    due_now(here)
    looked(worker)
    assert len(ran) == 2
    found = job(here, "count")
    assert (found.runs, found.failures, found.error, found.holder) == (2, 0, None, None)
    assert found.last_success is not None and found.seconds is not None


def test_a_pass_that_fails_is_counted_and_tried_again_and_others_go_on(here: Application) -> None:
    tries: list[object] = []

    def fail(_here: Surroundings) -> None:
        tries.append(None)
        if len(tries) == 1:
            raise LookupError("u-1 has said something private")

    ran: list[object] = []
    worker = Worker(Surroundings.of(here), [Pass("fails", 60.0, fail), Pass("works", 60.0, ran.append)])
    looked(worker)
    failed = job(here, "fails")
    assert (failed.runs, failed.failures, failed.error, failed.last_success) == (1, 1, "LookupError", None)
    assert len(ran) == 1
    due_now(here)
    looked(worker)
    assert (job(here, "fails").error, job(here, "fails").failures, len(tries)) == (None, 1, 2)


def test_a_pass_that_hangs_keeps_no_other_waiting(here: Application) -> None:
    go_on = Event()
    ran: list[object] = []
    worker = Worker(Surroundings.of(here), [Pass("hangs", 60.0, lambda _: go_on.wait(SECONDS)), Pass("works", 60.0, ran.append)])
    worker.look()
    worker.wait(0.1)
    due_now(here)
    worker.look()
    go_on.set()
    worker.wait(SECONDS)
    assert len(ran) == 2 and job(here, "hangs").runs == 1, "one that is under way is not begun again"


def test_of_many_workers_one_runs_a_pass(here: Application) -> None:
    ran: list[object] = []
    passes = [Pass("count", 60.0, ran.append)]
    for _ in range(3):
        in_threads(lambda _: looked(Worker(Surroundings.of(here), passes)))
        due_now(here)
    assert len(ran) == 3


def test_a_pass_under_way_is_held_and_taken_over_once_nobody_renews_it(here: Application) -> None:
    with here.database.session() as session:
        assert jobs.claim(session, "count", "one")
        assert not jobs.claim(session, "count", "two")
        assert jobs.due(session, ["count", "new"]) == {"new"}
    due_now(here)
    with here.database.session() as session:
        jobs.renew(session, ["count"], "one")
        assert not jobs.claim(session, "count", "two"), "it was renewed"
    due_now(here)
    with here.database.session() as session:
        assert jobs.claim(session, "count", "two")
        jobs.finish(session, "count", "one", 60.0, 1.0, None)
    assert job(here, "count").holder == "two", "whoever lost it has nothing to say of it"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started = []

    def start(**more: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "BAITIAO_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", **more}
        command = [sys.executable, "-m", "bot.cli", "serve", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


def resident(process: subprocess.Popen[bytes]) -> float:
    """Megabytes."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.slow
def test_the_real_worker_runs_every_pass_is_small_and_stops_when_asked(
    here: Application, serving: Callable[..., subprocess.Popen[bytes]]
) -> None:
    from ops.passes import PASSES

    worker = serving()
    until = time.monotonic() + 60
    while True:
        with here.database.session() as session:
            found = jobs.every_job(session)
        if {each.name for each in found if each.last_success} == {each.name for each in PASSES}:
            break
        assert time.monotonic() < until and worker.poll() is None, found
        Event().wait(0.1)
    assert resident(worker) <= 250
    begun = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert time.monotonic() - begun < 5


@pytest.mark.slow
def test_there_is_no_worker_where_there_is_to_be_none(serving: Callable[..., subprocess.Popen[bytes]]) -> None:
    worker = serving(BAITIAO_OPS="off")
    output, _ = worker.communicate(timeout=60)
    assert worker.returncode == 1
    assert output.decode().strip() == "BAITIAO_OPS is off: there is to be no worker; unset it to have one"
