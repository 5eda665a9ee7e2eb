"""Outcomes of all processes of a run, judged together: some promises hold of all simulated customers and of no single one."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conversations.coverage.recording import Recorder, recording
from conversations.simulation.outcome import Outcome
from conversations.simulation.report import Report
from conversations.simulation.worker import Worker

OUT = Path("var/simulation")
OUTCOMES = pytest.StashKey[list[Outcome]]()
BEGUN = pytest.StashKey[float]()


@pytest.fixture(scope="session")
def worker(agent: Any, loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory) -> Worker:
    return Worker(agent, loop, tmp_path_factory.mktemp("simulation"))


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder | None]:
    """What the customers reach, recorded where CONVERSATION_COVERAGE says."""
    with recording("simulation") as recorder:
        yield recorder


@pytest.fixture
def outcomes(pytestconfig: pytest.Config) -> list[Outcome]:
    """Where every outcome of this process goes."""
    return pytestconfig.stash.setdefault(OUTCOMES, [])


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[BEGUN] = time.monotonic()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    mine = session.config.stash.get(OUTCOMES, [])
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["outcomes"] = pickle.dumps(mine)
    elif mine and not _report(mine).good:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    sent = getattr(node, "workeroutput", {}).get("outcomes")
    if sent:
        node.config.stash.setdefault(OUTCOMES, []).extend(pickle.loads(sent))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    mine = config.stash.get(OUTCOMES, [])
    if mine:
        report = _report(mine)
        report.save(OUT)
        terminalreporter.section("simulated customers")
        terminalreporter.write_line(report.text(time.monotonic() - config.stash.get(BEGUN, time.monotonic())))


def _report(outcomes: list[Outcome]) -> Report:
    report = Report()
    for outcome in outcomes:
        report.add(outcome)
    return report
