"""``baitiao alerts list|show|ack|verdict|silence``: what operators do from the command line, audited, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from actions.bootstrap import bootstrap
from actions.settings import Settings
from actions.state.alerts import ALERT_MINUTES, change_alert, get_alert, now_millis, verdicts
from actions.state.audit import entries
from actions.state.database import Database
from bot.cli import app
from bot.commands import Refusal
from tests.unit.ops.test_outgoing import alert_in


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr("bot.commands.opened", lambda: bootstrap(Settings.read(database_url=str(database.engine.url)), database=database))
    return lambda *words: CliRunner().invoke(app, ["alerts", *words])


def _audited(database: Database) -> list[tuple[str, str, dict[str, Any]]]:
    with database.session() as session:
        return [(each.actor, each.action, each.detail) for each in entries(session)]


def test_a_list_says_what_goes_on_for_people_and_programs(database: Database, run: Callable[..., Result]) -> None:
    alert_in(database)
    alert_in(database, id="a-old", key="old", closed_at=now_millis() - 3 * 86_400_000, opened_at=now_millis() - 4 * 86_400_000)
    (line,) = run("list").output.splitlines()
    assert line.startswith("a-test · ") and "23 customers where 2.5" in line and "merchant m-7: 87% of them" in line
    (data,) = [json.loads(each) for each in run("list", "--json").output.splitlines()]
    assert (data["id"], data["stream"], data["draft"], data["silenced"]) == ("a-test", "merchant_integration_error", "i-draft", False)
    assert len(run("list", "--days", "5").output.splitlines()) == 2


def test_one_alert_is_shown_with_its_minutes(database: Database, run: Callable[..., Result]) -> None:
    alert = alert_in(database)
    with database.session() as session:
        row = {"alert_id": "a-test", "at": alert.since, "observed": 4, "expected": 0.5, "low": 0, "high": 2}
        session.execute(ALERT_MINUTES.insert().values(row))
    assert "4 where 0 to 2 are usual" in run("show", "a-test").output
    data = json.loads(run("show", "a-test", "--json").output)
    assert data["minutes"][0]["observed"] == 4 and data["drill"][0]["at_least"] == 0.6


def test_what_operators_say_of_an_alert_is_kept_and_audited(database: Database, run: Callable[..., Result]) -> None:
    alert_in(database)
    for words in (("ack", "a-test"), ("verdict", "a-test", "false"), ("verdict", "a-test", "true")):
        assert run(*words).exit_code == 0
    with database.session() as session:
        alert = get_alert(session, "a-test")
        assert verdicts(session, 0) == {"true": 1, "false": 0, "none": 0}
    assert alert is not None and (alert.acknowledged_by, alert.verdict, alert.tell_at) == ("operator", "true", None)
    assert [action for _, action, _ in _audited(database)] == ["alert.acknowledged", "alert.verdict", "alert.verdict"]


def test_a_silence_has_an_end_and_a_reason(database: Database, run: Callable[..., Result]) -> None:
    alert_in(database)
    assert run("silence", "a-test", "--days", "2", "--reason", "moving the shop").exit_code == 0
    assert json.loads(run("list", "--json").output)["silenced"] is True
    assert (
        run("silence", "overdue", "--reason", "a campaign").exit_code == 0 and run("silence", "blind", "--reason", "a move").exit_code == 0
    )
    (_, action, detail) = _audited(database)[-3]
    assert (action, detail["streams"], detail["reason"]) == ("alert.silenced", ["merchant_integration_error"], "moving the shop")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("show", "a-none"), "there is no alert a-none"),
        (("ack", "a-none"), "there is no alert a-none"),
        (("ack", "a-over"), "a-over is over"),
        (("verdict", "a-over", "maybe"), "a verdict is true or false, not maybe"),
        (("verdict", "a-info", "true"), "only informs"),
        (("silence", "overdue", "--days", "8", "--reason", "x"), "at most 7 days, not 8"),
        (("silence", "overdue", "--days", "0", "--reason", "x"), "at most 7 days, not 0"),
        (("silence", "overdue", "--reason", " "), "needs a reason"),
        (("silence", "merchant_pausd", "--reason", "x"), "there is no stream merchant_pausd; nearest: merchant_paused"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    database: Database, run: Callable[..., Result], words: tuple[str, ...], reason: str
) -> None:
    alert_in(database, id="a-over", closed_at=now_millis())
    alert_in(database, id="a-info", key="blind", level="info")
    before = _audited(database)
    refused = run(*words)
    assert isinstance(refused.exception, Refusal) and reason in str(refused.exception)
    assert _audited(database) == before


def test_acknowledging_twice_changes_nothing(database: Database, run: Callable[..., Result]) -> None:
    alert_in(database)
    run("ack", "a-test")
    with database.session() as session:
        change_alert(session, "a-test", closed_at=now_millis())
    assert run("ack", "a-test").exit_code == 0 and len(_audited(database)) == 1
