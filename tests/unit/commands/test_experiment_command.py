"""``baitiao experiment submit`` and ``start``: two people whose tokens say who they are, at a terminal as in the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actions.knowledge import store
from actions.state.database import Database
from actions.state.experiments import find_experiment, put_experiment
from bot import cli
from bot.channel.tokens import issue
from bot.commands import Refusal
from conversations.application import project_knowledge
from ops.experiments import service
from tests.unit.commands.test_policy_command import ANN, BEA, SECRET, audited, of_commands, token
from tests.unit.ops.experiments.conftest import Write, read_once, write
from tests.unit.ops.experiments.traffic import customers, rehearsal

__all__ = ["read_once", "write"]
Run = Callable[..., str]


@pytest.fixture()
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    # Every command is a process of its own in life and reads the knowledge once; here they are many in one.
    known = project_knowledge()
    monkeypatch.setattr(store, "load", lambda _root: known)
    return of_commands(tmp_path, monkeypatch)


@pytest.fixture()
def run(tmp_path: Path, database: Database, write: Write, read_once: None) -> Run:
    """A command about an experiment that has a folder."""
    write()

    def printed(step: str, *options: str) -> str:
        result = CliRunner().invoke(cli.app, ["experiment", step, "shorter-step", "--root", str(tmp_path / "experiments"), *options])
        if isinstance(result.exception, Refusal):
            return str(result.exception)
        assert result.exit_code == 0, result.exception or result.output
        return result.output

    return printed


@pytest.mark.slow
def test_an_author_submits_and_an_approver_starts(database: Database, run: Run, write: Write) -> None:
    by = {who[0]: ("--token", token(*who)) for who in (ANN, BEA)}
    both = ("--token", issue(SECRET, "max", roles=["author", "approver"]))
    # What is wrong with an experiment is told without a token.
    assert run("start").startswith("not-rehearsed: ")
    folder = write()
    with database.session() as session:
        service.keep_rehearsal(session, folder, rehearsal(folder), "operator")
    customers(database, 200, ended=100)
    assert run("start", *by["bea"]).startswith("not-submitted: ")
    assert run("submit", *by["bea"]).startswith("forbidden: this takes the role author")
    assert run("submit", *both).startswith("shorter-step v1 is submitted")
    assert run("start", *both).startswith("four-eyes: max has asked")
    assert run("start").startswith("four-eyes: max has asked")
    assert run("submit", *by["ann"]).startswith("shorter-step v1 is submitted")
    assert run("start", *by["bea"]).startswith("shorter-step v1 runs")
    with database.session() as session:
        row = find_experiment(session, "shorter-step")
    assert row is not None and (row.state, row.submitted_by, row.started_by) == ("running", "ann", "bea")
    refused = [(who, why) for who, action, why in audited(database) if action == "terminal.refused"]
    assert refused == [("bea", "not_submitted"), ("bea", "forbidden"), ("max", "four_eyes")]


@pytest.mark.broad
def test_whoever_ends_or_decides_at_a_terminal_says_who_they_are(database: Database, run: Run, write: Write) -> None:
    author, operator = ("--token", token(*ANN)), ("--token", token("olga", "operator"))
    approver, both = ("--token", token(*BEA)), ("--token", token("ann", "author", "approver"))
    row = write().row(state="running", started_at=1, started_by="bea", submitted_at=1, submitted_by="ann")
    found = {"verdict": "better", "n": {"control": 3000, "short": 3000}, "srm": {"e_value": 1.0, "blocked": False}}
    with database.session() as session:
        put_experiment(session, replace(row, results=found))
        put_experiment(session, replace(row, id="other", spec={**row.spec, "id": "other"}))

    def says(step: str, *options: str) -> str:
        result = CliRunner().invoke(cli.app, ["experiment", step, *options])
        return str(result.exception) if isinstance(result.exception, Refusal) else result.output

    why = ("--reason", "够了")
    assert says("stop", "other", *why).startswith("unnamed: ")
    assert says("stop", "other", *why, *approver).startswith("forbidden: this takes the role author or operator")
    assert says("stop", "other", *why, *operator) == "other v1 is stopped\n"
    assert says("decide", "shorter-step", "short", *why).startswith("unnamed: ")
    assert says("decide", "shorter-step", "short", *why, *author).startswith("forbidden: this takes the role approver")
    # Whoever has asked for it does not say that it has won, whatever their roles.
    assert says("decide", "shorter-step", "short", *why, *both).startswith("four-eyes: ann has asked")
    assert "shorter-step v1 is decided: short" in says("decide", "shorter-step", "short", *why, *approver)
    steps = [(who, action) for who, action, _ in audited(database) if action.startswith("experiment.")]
    assert steps == [("olga", "experiment.stop"), ("bea", "experiment.decide")]
    refused = [(who, reason) for who, action, reason in audited(database) if action == "terminal.refused"]
    assert refused == [("bea", "forbidden"), ("ann", "forbidden"), ("ann", "four_eyes")]
