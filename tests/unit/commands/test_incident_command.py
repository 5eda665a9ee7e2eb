"""``baitiao incident`` as operators use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actions.state.alerts import ALERTS
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from bot import cli
from bot.commands import Refusal
from conversations.healthy_world import healthy
from ops.incidents.service import make_draft
from tests.databases import migrated

pytestmark = pytest.mark.broad

SCOPE = ["--merchant", "m", "--channel", "app"]


@pytest.fixture()
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = f"sqlite:///{tmp_path}/command.db"
    monkeypatch.setenv("BAITIAO_DATABASE_URL", url)
    made = migrated(url)
    load_world_data(made, healthy())
    load_world_data(made, {"merchants": [{"id": "m", "name": "晴川数码"}]})
    load_world_data(made, {"orders": [{"id": "o", "pay_before": "2026-11-22T11:00:00+08:00"}]})
    return made


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, ["incident", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    with pytest.raises(Refusal) as error:
        run(*arguments)
    return str(error.value)


@pytest.mark.slow
@pytest.mark.usefixtures("database")
def test_an_incident_from_the_declaration_to_the_review(tmp_path: Path) -> None:
    declared = ["--component", "installment", "--severity", "outage", *SCOPE]
    incident = run("declare", *declared, "--eta", "2026-11-22T12:00:00+08:00", "--notice", "分期服务响应异常。").strip()
    assert (
        run("list")
        == f"{incident} · investigating · installment outage · merchants=晴川数码 (m) channels=app · since 2026-11-22T10:00:00+08:00"
        " · until 2026-11-22T12:00:00+08:00\n"
    )
    told = refused("declare", *declared)
    assert incident in told and "open for installment" in told
    assert "identified" in run("update", incident, "--stage", "identified", "--internal", "db-3")
    data = json.loads(run("show", incident, "--json", "--orders", str(tmp_path / "orders.csv")))
    assert (data["stage"], data["affects"]) == ("identified", {"merchants": ["m"], "channels": ["app"]})
    assert (data["at_risk"]["count"], data["at_risk"]["amount"]) == (1, 5299.0)
    assert (tmp_path / "orders.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("o,u,2026-11-22T11:00")
    assert data["named"] == {"m": "晴川数码"}
    shown = run("show", incident)
    assert "1 orders at risk" in shown and "db-3" in shown and "merchants=晴川数码 (m)" in shown
    assert "everybody" in run("update", incident, "--everybody")
    assert "resolved" in run("resolve", incident)
    assert run("list") == "" and json.loads(run("list", "--all", "--json"))["id"] == incident
    assert run("review", incident).startswith(f"# 事件复盘：{incident}")
    run("review", incident, "--format", "html", "--output", str(tmp_path / "review.html"))
    assert (tmp_path / "review.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("database")
def test_each_step_says_what_it_has_changed() -> None:
    incident = run("declare", "--component", "credit", "--severity", "outage", "--merchant", "m").strip()
    for change in (["--eta", "2026-11-22T12:00:00+08:00"], ["--severity", "degraded"], ["--everybody"], ["--eta", ""]):
        run("update", incident, *change)
    steps = [line.partition(" by operator: ")[2] for line in run("show", incident).splitlines() if " by operator" in line]
    assert steps == [
        "credit; outage; merchants=晴川数码 (m)",
        "expected until 2026-11-22T12:00:00+08:00",
        "degraded",
        "everybody",
        "expected until nobody knows",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["declare", "--component", "checkuot", "--severity", "outage"], "there is no component checkuot; nearest: checkout"),
        (["declare", "--component", "checkout", "--severity", "outage", "--region", "上海滩"], "nearest: 上海"),
        (["declare", "--component", "checkout", "--severity", "outage", "--eta", "2026-11-21"], "is over"),
        (["declare", "--component", "checkout", "--severity", "outage", "--notice", "很快恢复"], "很快恢复"),
        (["declare", "--component", "checkout"], "severity is missing"),
        (["declare", "--from-alert", "a-none"], "there is no alert a-none"),
        (["update", "i-none", "--stage", "identified"], "there is no incident i-none"),
        (["update", "i-none"], "say what changes"),
        (["update", "i-none", "--everybody", "--region", "上海"], "--everybody leaves no room"),
        (["resolve", "i-none"], "there is no incident i-none"),
        (["show", "i-none"], "there is no incident i-none"),
        (["review", "i-none", "--format", "pdf"], "--format is one of md, html, not pdf"),
    ],
)
def test_what_is_wrong_is_a_sentence(database: Database, arguments: list[str], said: str) -> None:
    load_world_data(database, {"users": [{"id": "u", "region": "上海"}]})
    assert said in refused(*arguments)


def test_the_draft_of_an_alert_is_declared_with_two_words(database: Database) -> None:
    with database.session() as session:
        given = {"component": "installment", "severity": None, "affects": {"merchants": ["m"]}, "notice": "分期服务响应异常。"}
        draft = make_draft(session, **given, evidence={}, from_alert="a-1", by="watch")  # type: ignore[arg-type]
        row = {"id": "a-1", "key": "k", "source": "complaints", "level": "alarm", "streams": ("none",), "opened_at": 1, "since": 1}
        counted = {
            "seen_at": 1,
            "observed": 9,
            "expected": 1.0,
            "learning": False,
            "drill": (),
            "detail": {},
            "draft": draft,
            "tellings": 0,
        }
        session.execute(ALERTS.insert().values(**row, **counted))
    assert f"{draft} · draft" in run("list")
    assert run("declare", "--from-alert", "a-1", "--severity", "outage").strip() == draft
    assert "merchants=晴川数码 (m)" in run("list")
