"""What is foreseen is what comes: the state diagnosed with its clock on the days themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from actions.core.ahead import MOST_DAYS_AHEAD
from actions.core.diagnosis import diagnose
from actions.core.moments import start_of
from actions.core.subject import ACCOUNT, Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from bot.cli import app, main
from conversations.application import project_knowledge
from conversations.healthy_world import healthy
from ops.advice.foresight import Coming, foreseen
from tests.databases import migrated

USER, ORDER, BILL = "u", Subject("order", "o"), Subject("bill", "b")
DAY = date(2026, 11, 22)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = migrated(f"sqlite:///{tmp_path}/world.db")
    load_world_data(made, healthy())
    yield made
    made.close()


def coming(database: Database, day: date = DAY) -> tuple[Coming, ...]:
    with database.session() as session:
        return foreseen(SqlFacts(session), project_knowledge(), USER, day)


def holds(database: Database, subject: Subject, day: date) -> set[str]:
    with database.session() as session:
        return set(diagnose(SqlFacts(session, start_of(day)).snapshot(USER, subject), project_knowledge().causes.values()).cause_ids)


def test_what_blocks_the_account_is_told_of_it_alone_and_with_its_day(database: Database) -> None:
    load_world_data(database, {"users": [{"id": USER, "id_document": {"expires_on": "2026-12-05"}}]})
    (found,) = [each for each in coming(database) if each.cause == "id_document_expired"]
    assert (found.subject, found.on) == (ACCOUNT, date(2026, 12, 6))
    assert "12月5日" in found.text and "实名认证" in found.text


def test_what_holds_already_is_not_coming(database: Database) -> None:
    load_world_data(database, {"users": [{"id": USER, "id_document": {"expires_on": "2026-11-01"}}]})
    assert "id_document_expired" not in {each.cause for each in coming(database)}


def test_what_lies_behind_thirty_days_is_not_told_yet(database: Database) -> None:
    last = DAY + timedelta(days=MOST_DAYS_AHEAD)
    load_world_data(database, {"users": [{"id": USER, "id_document": {"expires_on": last.isoformat()}}]})
    assert "id_document_expired" not in {each.cause for each in coming(database)}
    assert "id_document_expired" in {each.cause for each in coming(database, DAY + timedelta(days=1))}


@pytest.mark.parametrize(
    ("patch", "cause", "subject", "on", "says"),
    [
        (
            {"merchants": [{"id": "m", "installment": "paused", "paused_until": "2026-12-05"}]},
            "merchant_paused", ORDER, date(2026, 12, 6), "12月5日",
        ),
        (
            {"users": [{"id": USER, "baitiao": {"status": "rejected", "retry_after": "2026-12-01"}}]},
            "activation_rejected", ACCOUNT, date(2026, 12, 2), "12月1日",
        ),
        (
            {
                "users": [{"id": USER, "baitiao": {"status": "suspended", "overdue_cleared_at": "2026-11-22T10:00:00+08:00"}}],
                "policies": [{"id": "p-back", "kind": "restoration_wait", "hours": 48, "effective_from": "2026-01-01"}],
            },
            "restoration_pending", ACCOUNT, date(2026, 11, 25), "11月24日",
        ),
    ],
)  # fmt: skip
def test_what_the_calendar_ends_is_told_before(
    database: Database, patch: dict[str, Any], cause: str, subject: Subject, on: date, says: str
) -> None:
    load_world_data(database, patch)
    (found,) = [each for each in coming(database) if each.ends]
    assert (found.cause, found.subject, found.on) == (cause, subject, on)
    assert says in found.text
    assert cause in holds(database, subject, DAY)


def test_of_what_nobody_knows_the_end_nothing_is_told(database: Database) -> None:
    load_world_data(
        database, {"merchants": [{"id": "m", "installment": "paused"}], "users": [{"id": USER, "baitiao": {"status": "rejected"}}]}
    )
    assert [each for each in coming(database) if each.ends] == []


def test_the_command_keeps_what_ends_apart_from_what_begins(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_world_data(
        database,
        {
            "users": [{"id": USER, "id_document": {"expires_on": "2026-12-05"}}],
            "merchants": [{"id": "m", "installment": "paused", "paused_until": "2026-12-03"}],
        },
    )
    monkeypatch.setenv("BAITIAO_DATABASE_URL", f"sqlite:///{tmp_path}/world.db")
    preview = ["advice", "preview", USER, "--on", "2026-11-22"]
    begins, ends = (json.loads(CliRunner().invoke(app, [*preview, "--json", *more]).output) for more in ([], ["--ends"]))
    assert "merchant_paused" not in {each["cause"] for each in begins} and "id_document_expired" in {each["cause"] for each in begins}
    ((cause, subject, on, _),) = [tuple(each.values()) for each in ends]
    assert (cause, subject, on) == ("merchant_paused", {"order": "o", "bill": None}, "2026-12-04")
    assert "2026-12-04 · merchant_paused ends · o · " in CliRunner().invoke(app, preview).output


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    due=st.integers(0, 40),
    expires=st.integers(-5, 40),
    begins=st.integers(1, 40),
    paused=st.integers(-5, 40),
    kind=st.sampled_from(["app_version", "region", "min_amount"]),
)
def test_foreseen_is_exactly_what_comes(database: Database, due: int, expires: int, begins: int, paused: int, kind: str) -> None:
    def day(after: int) -> str:
        return (DAY + timedelta(days=after)).isoformat()

    values: dict[str, Any] = {"app_version": {"minimum": "99.0.0"}, "region": {"regions": ["广东"]}, "min_amount": {"amount": "90000.00"}}
    load_world_data(
        database,
        {
            "users": [{"id": USER, "id_document": {"expires_on": day(expires)}}],
            "bills": [{"id": "b", "due_on": day(due)}],
            "merchants": [{"id": "m", "installment": "paused", "paused_until": day(paused)}],
            "policies": [{"id": f"p-{kind}", "kind": kind, "effective_from": day(begins), "effective_to": None, **values[kind]}],
        },
    )
    told = {(each.cause, each.subject): each.on for each in coming(database) if not each.ends}
    ended = {(each.cause, each.subject): each.on for each in coming(database) if each.ends}
    knowledge = project_knowledge()
    before = {subject: holds(database, subject, DAY) for subject in (ACCOUNT, ORDER, BILL)}
    first: dict[tuple[str, Subject], date] = {}
    for days in range(1, MOST_DAYS_AHEAD + 1):
        on = DAY + timedelta(days=days)
        for subject in before:
            for cause in holds(database, subject, on) - before[subject]:
                if knowledge.causes[cause].ahead is not None:
                    first.setdefault((cause, subject), on)
    expected = {key: on for key, on in first.items() if key[1] == ACCOUNT or (key[0], ACCOUNT) not in first}
    assert told == expected
    gone = [days for days in range(1, MOST_DAYS_AHEAD + 1) if "merchant_paused" not in holds(database, ORDER, DAY + timedelta(days=days))]
    there = "merchant_paused" in before[ORDER]
    assert ended == ({("merchant_paused", ORDER): DAY + timedelta(days=gone[0])} if there and gone else {})


def test_the_command_shows_it(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_world_data(database, {"users": [{"id": USER, "id_document": {"expires_on": "2026-12-05"}}]})
    monkeypatch.setenv("BAITIAO_DATABASE_URL", f"sqlite:///{tmp_path}/world.db")
    result = CliRunner().invoke(app, ["advice", "preview", USER, "--on", "2026-11-22", "--json"])
    (shown,) = [each for each in json.loads(result.output) if each["cause"] == "id_document_expired"]
    assert list(shown) == ["cause", "subject", "on", "text"]
    assert (shown["subject"], shown["on"]) == ({"order": None, "bill": None}, "2026-12-06")
    told = shown["text"].replace("\n", " ")
    assert (
        f"2026-12-06 · id_document_expired · account · {told}"
        in CliRunner().invoke(app, ["advice", "preview", USER, "--on", "2026-11-22"]).output.splitlines()
    )


@pytest.mark.parametrize(("user", "on", "reason"), [("nobody", "2026-11-22", "no customer nobody"), (USER, "soon", "such as 2026-12-01")])
def test_the_command_says_what_it_cannot_do(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user: str, on: str, reason: str
) -> None:
    monkeypatch.setenv("BAITIAO_DATABASE_URL", f"sqlite:///{tmp_path}/world.db")
    monkeypatch.setattr("sys.argv", ["baitiao", "advice", "preview", user, "--on", on])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1 and reason in capsys.readouterr().err
