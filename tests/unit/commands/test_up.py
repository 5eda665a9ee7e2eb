"""What `baitiao up` refuses before it starts anything, and what it hands on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.settings import Settings
from actions.state.database import Database
from bot.commands import Refusal, up
from bot.supervision.roster import Roster
from tools.pages import ROOT

pytestmark = pytest.mark.broad

SECRET = "a secret of the tests, longer than 32 characters"


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Roster, dict[str, str]]]]:
    """A project with an empty database, in which nothing is really started."""
    for name in ("bot", "demo", "data", "knowledge"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    for name in Settings.__fields__:
        monkeypatch.delenv(Settings.variable(name), raising=False)
    monkeypatch.setenv("BAITIAO_TOKEN_SECRET", SECRET)
    for variable in ("BAITIAO_PORT", "BAITIAO_ACTIONS_PORT"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            monkeypatch.setenv(variable, str(probe.getsockname()[1]))
    monkeypatch.setattr("bot.engine.training.is_stale", lambda: False)
    monkeypatch.setattr("bot.engine.training.newest_model", lambda: Path("models/m.tar.gz"))
    made: list[tuple[Roster, dict[str, str]]] = []
    monkeypatch.setattr(up.os, "execve", lambda _program, words, variables: made.append((Roster.from_json(words[-1]), variables)))
    yield made


def refusal(**options: Any) -> str:
    with pytest.raises(Refusal) as refused:
        up.run(None, **{"demo": False, **options})
    return str(refused.value)


def test_several_workers_need_postgresql(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    needed = (
        "2 workers need PostgreSQL: set BAITIAO_DATABASE_URL, or leave out --workers and BAITIAO_WORKERS; SQLite serves one",
        "3 workers need PostgreSQL",
    )
    assert refusal(workers=2) == needed[0]
    monkeypatch.setenv("BAITIAO_WORKERS", "3")
    assert refusal().startswith(needed[1]) and not started


@pytest.mark.parametrize("variable", ["BAITIAO_PORT", "BAITIAO_ACTIONS_PORT"])
def test_a_port_that_is_taken_is_named(started: list[Any], monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    # Others could share this one, which must not be mistaken for a free one.
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv(variable, str(port))
        assert refusal().startswith(f"port {port} is taken; stop what uses it or set {variable}")


def test_an_address_of_another_machine_is_refused(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_HOST", "nowhere.invalid")
    assert refusal() == "there is no address nowhere.invalid on this machine; set BAITIAO_HOST"


def test_redis_that_does_not_answer_is_refused_at_the_start(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_REDIS_URL", "redis://:hush@127.0.0.1:1/0")
    assert refusal() == "Redis does not answer where BAITIAO_REDIS_URL says (ConnectionError); start it, or unset BAITIAO_REDIS_URL"


def test_a_database_that_cannot_be_reached_written_or_understood_is_refused_in_one_line(
    started: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BAITIAO_DATABASE_URL", "postgresql://u:hush@127.0.0.1:1/d")
    away = refusal()
    assert away.startswith("the database cannot be used: ") and "\n" not in away and "hush" not in away
    monkeypatch.setenv("BAITIAO_DATABASE_URL", "sqlite:////proc/no/such.db")
    assert refusal().startswith("the database cannot be used: ")
    monkeypatch.setenv("BAITIAO_DATABASE_URL", f"sqlite:///{tmp_path}/newer.db")
    database = Database(f"sqlite:///{tmp_path}/newer.db")
    database.migrate()
    with database.session() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'of tomorrow'")
    database.close()
    assert refusal().startswith("the database cannot be used: the database has schema version of tomorrow")
    assert not started


def test_without_a_key_nothing_starts(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAITIAO_TOKEN_SECRET")
    assert "set BAITIAO_TOKEN_SECRET" in refusal()


def test_both_servers_get_one_secret_of_this_start_and_nobody_sees_it(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_ACTIONS_HOST", "elsewhere")
    for _ in range(2):
        up.run(None, demo=False)
    secrets = [variables["BAITIAO_ACTIONS_SECRET"] for _, variables in started]
    assert secrets[0] != secrets[1]
    assert all(secret not in roster.to_json() and SECRET not in roster.to_json() for secret, (roster, _) in zip(secrets, started))
    assert {variables["BAITIAO_ACTIONS_HOST"] for _, variables in started} == {"127.0.0.1"}


def test_the_action_server_stays_on_loopback_and_stops_last(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_HOST", "0.0.0.0")
    up.run(None, demo=True)
    ((roster, _),) = started
    actions, web, _ = roster.services
    assert actions.command[-2:] == ("--host", "127.0.0.1") and "--host" not in web.command
    assert actions.stops > web.stops and roster.host == "127.0.0.1"


def test_the_worker_is_the_third_and_nothing_waits_for_it(started: list[Any]) -> None:
    up.run(None, demo=True)
    ((roster, _),) = started
    worker = roster.services[-1]
    assert worker.command[-2:] == ("serve", "worker") and not worker.vital and worker.log == str(up.WORKER_LOG)
    assert all(service.vital for service in roster.services[:-1])


def test_there_is_no_worker_where_there_is_to_be_none(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_OPS", "off")
    up.run(None, demo=True)
    ((roster, _),) = started
    assert [service.name for service in roster.services] == ["action server", "web server"]
