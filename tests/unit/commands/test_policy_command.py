"""``baitiao policy write``, ``submit`` and ``approve``: by people whose tokens say who they are, with the refusals of the console."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from actions.core.moments import SHANGHAI
from actions.state import audit, sign_outs
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from actions.state.world.rows import read_rows
from actions.yaml_source import SourceError
from bot import cli
from bot.channel.tokens import fingerprint, issue
from bot.commands import Refusal
from conversations.healthy_world import healthy
from tests.databases import migrated
from tests.unit.ops.policies.registering import ABOUT, NEW, OLD
from tools.pages import ROOT, marked

pytestmark = pytest.mark.broad

SECRET = "a-secret-of-this-test-0123456789-abcdef"
Write = Callable[..., Path]


def of_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A migrated database that commands reach, which know the tokens of this test."""
    url = f"sqlite:///{tmp_path}/command.db"
    monkeypatch.setenv("BAITIAO_DATABASE_URL", url)
    monkeypatch.setenv("BAITIAO_TOKEN_SECRET", SECRET)
    return migrated(url)


@pytest.fixture()
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    made = of_commands(tmp_path, monkeypatch)
    load_world_data(made, healthy())
    load_world_data(made, {"policies": [OLD]})
    return made


@pytest.fixture()
def write(tmp_path: Path) -> Write:
    def file(body: Any = NEW, **about: Any) -> Path:
        path = tmp_path / "version.yml"
        path.write_text(yaml.safe_dump({"policy": body, **ABOUT, "supersedes": "p-min", **about}, allow_unicode=True), encoding="utf-8")
        return path

    return file


def token(name: str, *roles: str) -> str:
    return issue(SECRET, name, roles=roles)


ANN, BEA = ("ann", "author"), ("bea", "approver")


def run(who: tuple[str, ...], *arguments: str) -> str:
    result = CliRunner().invoke(cli.app, ["policy", *arguments, "--token", token(*who)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def refused(who: tuple[str, ...], *arguments: str) -> str:
    with pytest.raises(Refusal) as error:
        run(who, *arguments)
    return str(error.value)


def held(database: Database) -> dict[str, Any]:
    with database.session() as session:
        return read_rows(session, "policies")


def audited(database: Database) -> list[tuple[str, str, Any]]:
    with database.session() as session:
        return [(each.actor, each.action, (each.detail or {}).get("why")) for each in audit.entries(session)]


def test_two_people_bring_a_policy_into_the_world(database: Database, write: Write) -> None:
    assert run(ANN, "write", str(write())) == "p-min-2 v1: draft\n"
    assert run(ANN, "submit", "p-min-2") == "p-min-2: submitted, planned\n"
    assert json.loads(run(BEA, "approve", "p-min-2", "--json")) == {"id": "p-min-2", "status": "scheduled", "registration": "registered"}
    assert (held(database)["p-min-2"].amount, str(held(database)["p-min"].effective_to)) == (30000, "2026-11-30")
    steps = [("ann", "policy.draft"), ("ann", "policy.submit"), ("bea", "policy.approve")]
    assert [entry[:2] for entry in audited(database) if entry[1].startswith("policy.")] == steps


def test_the_file_that_the_page_shows_is_written(database: Database, write: Write) -> None:
    file = write()
    file.write_text(marked(ROOT / "docs/policies.md", "file")["version.yml"], encoding="utf-8")
    assert run(ANN, "write", str(file)) == "p-min-2 v1: draft\n" and run(ANN, "submit", "p-min-2") == "p-min-2: submitted, planned\n"


def test_nobody_approves_their_own_at_a_terminal_either(database: Database, write: Write) -> None:
    both = ("max", "author", "approver")
    run(both, "write", str(write()))
    run(both, "submit", "p-min-2")
    assert refused(both, "approve", "p-min-2").startswith("four-eyes: max has written or submitted p-min-2")
    assert "p-min-2" not in held(database)
    assert audited(database)[-1] == ("max", "terminal.refused", "four_eyes")


def test_each_step_takes_its_role_and_who_has_another_is_audited(database: Database, write: Write) -> None:
    file = str(write())
    run(ANN, "write", file)
    run(ANN, "submit", "p-min-2")
    for who, arguments in (
        (BEA, ("write", file)),
        (BEA, ("submit", "p-min-2")),
        (ANN, ("approve", "p-min-2")),
        (ANN, ("return", "p-min-2", "--reason", "x")),
    ):
        assert refused(who, *arguments).startswith("forbidden: this takes the role ")
    assert [entry[2] for entry in audited(database) if entry[1] == "terminal.refused"] == ["forbidden"] * 4


def test_without_a_token_that_holds_nothing_is_done(database: Database, write: Write) -> None:
    run(ANN, "write", str(write()))
    run(ANN, "submit", "p-min-2")
    assert CliRunner().invoke(cli.app, ["policy", "approve", "p-min-2"]).exit_code == 2
    for wrong in (
        "x",
        issue("another-secret-0123456789-abcdefghijk", "bea", roles=["approver"]),
        issue(SECRET, "bea", roles=["approver"], lifetime=-5),
    ):
        result = CliRunner().invoke(cli.app, ["policy", "approve", "p-min-2", "--token", wrong])
        assert str(result.exception).startswith("unauthorized: ")
    out = token(*BEA)
    with database.session() as session:
        sign_outs.sign_out(session, fingerprint(out), real_now().astimezone(SHANGHAI).replace(year=2099))
    assert "was signed out" in str(CliRunner().invoke(cli.app, ["policy", "approve", "p-min-2", "--token", out]).exception)
    assert "p-min-2" not in held(database)


def test_a_token_may_come_by_standard_input(database: Database, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(cli.app, ["policy", "write", str(write()), "--token", "-"], input=f"{token(*ANN)}\n")
    assert result.output == "p-min-2 v1: draft\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    result = CliRunner().invoke(cli.app, ["policy", "submit", "p-min-2", "--token", "-"])
    assert str(result.exception).startswith("unauthorized: ")


@pytest.mark.parametrize(
    ("body", "about", "step", "said"),
    [
        ({**NEW, "effective_from": "2026-11-01"}, {}, "submit", "starts-in-past: "),
        ({**NEW, "effective_to": "2026-11-30"}, {}, "submit", "end-before-start: "),
        ({**OLD, "amount": "5.00"}, {"supersedes": ""}, "submit", "in-force: "),
        ({**NEW, "notice": "三天内一定恢复，请放心。"}, {}, "submit", "text-refused: "),
        (NEW, {"source": ""}, "submit", "incomplete: it lacks source"),
        (NEW, {"risk": "high"}, "approve", "trial-needed: "),
        ({**NEW, "amount": "none"}, {}, "write", "world-refused: "),
        (NEW, {"supersedes": "p-none"}, "write", "unknown-predecessor: "),
        (NEW, {"review_on": "soon"}, "write", "not-a-day: "),
    ],
)
def test_what_the_register_refuses_on_the_page_is_refused_here(
    database: Database, write: Write, body: dict[str, Any], about: dict[str, str], step: str, said: str
) -> None:
    given = {name: value for name, value in {"supersedes": "p-min", **about}.items() if value or name != "supersedes"}
    file = write(body, **given)
    if given.get("supersedes") is None:
        file.write_text(file.read_text(encoding="utf-8").replace("supersedes: p-min\n", ""), encoding="utf-8")
    steps = [(ANN, "write", str(file)), (ANN, "submit", body["id"]), (BEA, "approve", body["id"])]
    for who, name, argument in steps:
        if name == step:
            assert refused(who, name, argument).startswith(said)
            return
        run(who, name, argument)


def test_a_backdated_one_says_why(database: Database, write: Write) -> None:
    run(ANN, "write", str(write({**NEW, "effective_from": "2026-11-01"})), "--backdated", "监管文件追溯生效")
    run(ANN, "submit", "p-min-2")
    assert run(BEA, "approve", "p-min-2", "--version", "1") == "p-min-2: in_force, registered\n"


def test_what_was_submitted_goes_back_and_what_was_approved_is_taken_back_by_another(database: Database, write: Write) -> None:
    run(ANN, "write", str(write()))
    run(ANN, "submit", "p-min-2")
    assert refused(BEA, "return", "p-min-2", "--reason", " ") == "incomplete: it lacks reason"
    assert run(BEA, "return", "p-min-2", "--reason", "缺少影响说明") == "p-min-2: draft, planned\n"
    run(ANN, "submit", "p-min-2")
    run(BEA, "approve", "p-min-2")
    assert refused(("ann", "approver"), "withdraw", "p-min-2").startswith("four-eyes: ")
    assert run(("cem", "approver"), "withdraw", "p-min-2").startswith("p-min-2: withdrawn")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("policy: {id: p, kind: age}\ntitel: x\n", "version.yml:2: titel is not a field here"),
        ("policy: {id: p, kind: age}\ndocument: 12\n", "version.yml:2: document must be text"),
        ("title: x\n", "version.yml:1: policy must be the row of a policy"),
        ("- 1\n", "version.yml:1: must be a map with policy, title"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_line(database: Database, write: Write, text: str, problem: str) -> None:
    file = write()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        run(ANN, "write", str(file))
    assert problem in str(error.value)
