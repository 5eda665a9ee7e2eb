"""``baitiao insight report|week|cases``: what they write and print, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from actions.bootstrap import bootstrap
from actions.settings import Settings
from actions.state import audit, insight
from bot.cli import app
from bot.commands import Refusal
from tests.unit.ops.insight.conftest import NOW, PERIOD, GeneratedMonth

pytestmark = pytest.mark.broad

DAYS = ("--from", PERIOD.first.isoformat(), "--to", PERIOD.end.isoformat())


@pytest.fixture
def run(generated: GeneratedMonth, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    # Whether they are the right ones is for those who draw.
    monkeypatch.setattr("ops.insight.drawing.plots_of", lambda data: {})
    here = bootstrap(Settings.read(database_url=str(generated.database.engine.url)), database=generated.database)
    monkeypatch.setattr("bot.commands.opened", lambda: replace(here, knowledge=generated.store))
    monkeypatch.setattr("bot.commands.insight.real_now", lambda: NOW)
    return lambda *words: CliRunner().invoke(app, ["insight", *words])


def test_a_report_is_printed_as_the_beginning_of_the_list_or_as_data(run: Callable[..., Result], generated: GeneratedMonth) -> None:
    said = run("report", *DAYS).output
    assert generated.data["work"][0]["title"] in said and f"{generated.data['episodes']} episodes" in said
    data = json.loads(run("report", *DAYS, "--json").output)
    assert {**data, "made_at": None} == {**generated.data, "made_at": None}


@pytest.mark.slow
def test_a_report_is_written_as_tables_and_as_one_document(
    run: Callable[..., Result], generated: GeneratedMonth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.insight.drawing.plots_of", lambda data: generated.plots)
    out, folder = tmp_path / "report.html", tmp_path / "tables"
    assert run("report", *DAYS, "--out", str(out), "--csv", str(folder)).output == ""
    page = out.read_text(encoding="utf-8")
    assert generated.data["work"][0]["title"] in page and "http://" not in page and "https://" not in page
    assert {"results.csv", "causes.csv", "steps.csv", "work.csv", "report.csv"} <= {path.name for path in folder.iterdir()}


def test_cases_are_named_at_a_terminal_and_audited(run: Callable[..., Result], generated: GeneratedMonth) -> None:
    users = run("cases", generated.broken, *DAYS).output.split()
    assert len(users) == 5 and all(user.startswith("u-") for user in users)
    with generated.database.session() as session:
        entry = [each for each in audit.entries(session) if each.action == "insight.cases"][-1]
    assert (entry.actor, entry.detail) == ("operator", {"place": generated.broken, "shown": 5})
    assert run("cases", "unclear/faq_how_to/花呗", *DAYS).output.split()[0].startswith("u-many")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("report", "--from", "2026-11-10", "--to", "2026-11-10"), "must be before"),
        (("report", "--from", "2026-11-10", "--to", "2027-11-10"), "lies in the future"),
        (("report", "--from", "2024-11-10", "--to", "2026-11-10"), "more than 400"),
        (("report", *DAYS, "--region", "火星"), "nobody lives in the region 火星"),
        (("report", "--from", "yesterday", "--to", "2026-11-10"), "--from must be a day"),
        (("week", "2026-W60"), "is no week"),
        (("week", "2026-W50"), "is not over"),
        (("report", *DAYS, "--out", "/nowhere/report.html"), "/nowhere/report.html cannot be written: No such file"),
        (("report", *DAYS, "--csv", "/proc/tables"), "/proc/tables cannot be written"),
        (("cases", "step/overdue", *DAYS), "no place step/overdue"),
        (("cases", "step/overdue/1", "--from", "2026-11-10", "--to", "2026-11-09"), "must be before"),
        (("cases", "step/overdue/1", *DAYS, "--region", "火星"), "nobody lives in the region 火星"),
        (("cases", "step/overdue/9", *DAYS), "nobody was lost"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(run: Callable[..., Result], words: tuple[str, ...], why: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, Refusal) and why in str(refused)


def test_a_week_is_made_for_the_console(run: Callable[..., Result], generated: GeneratedMonth) -> None:
    assert "2026-W46: " in run("week", "2026-W46").output
    with generated.database.session() as session:
        report = insight.find_report(session, "2026-W46")
    assert report is not None and not report.data["few"]
