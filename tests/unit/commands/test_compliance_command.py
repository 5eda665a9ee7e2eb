"""What ``baitiao obligations`` and ``baitiao compliance`` print, write and refuse at a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actions.knowledge.loading import DEFAULT_ROOT
from actions.yaml_source import SourceError
from bot.cli import app
from bot.commands import Refusal
from bot.commands import obligations as commands
from ops.compliance.importing import Imported, import_obligations

pytestmark = pytest.mark.broad


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")


def run(*words: str, code: int = 0) -> str:
    outcome = CliRunner().invoke(app, [*words])
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == code, outcome.output
    return outcome.stdout


def test_the_list_says_what_is_due_and_what_nothing_keeps() -> None:
    text = run("obligations", "list")
    assert "assisted_lending" in text and "NO CONTROL" in text and "NEVER REVIEWED" in text and "nfra" in text
    every, due = (json.loads(run("obligations", "list", *more, "--json")) for more in ((), ("--due",)))
    assert {each["id"] for each in due["obligations"]} <= {each["id"] for each in every["obligations"]}


def test_one_is_shown_with_its_controls_and_what_has_none_ends_with_1() -> None:
    assert "kept by test: tests/unit/core/test_plans.py" in run("obligations", "check", "all_in_cost")
    assert "no control keeps it" in run("obligations", "check", "assisted_lending", code=1)
    assert json.loads(run("obligations", "check", "nfra", "--json"))["check_every"] == 14
    with pytest.raises(Refusal, match="there is no obligation taxes"):
        run("obligations", "check", "taxes")


def test_what_is_brought_is_taken_in_and_noted_and_what_is_wrong_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(DEFAULT_ROOT, root)

    def take(file: Path, dry_run: bool = False) -> Imported:
        return import_obligations(file, root, dry_run)

    monkeypatch.setattr(commands, "import_obligations", take)
    brought = tmp_path / "brought.yml"
    brought.write_text(
        'sources:\n  iso: {title: 国标委, where: 公告, address: "https://std.samr.gov.cn", check_every: 30}\n', encoding="utf-8"
    )
    assert "nothing was written" in run("obligations", "import", str(brought), "--dry-run")
    assert run("obligations", "import", str(brought)).startswith("added: iso; changed: -")
    assert run("obligations", "import", str(brought)).strip().endswith("same: iso")
    brought.write_text("sources:\n  iso: {title: 国标委}\n", encoding="utf-8")
    with pytest.raises(SourceError, match="brought.yml:2: where is missing"):
        run("obligations", "import", str(brought))
    with pytest.raises(SourceError, match="cannot be read"):
        run("obligations", "import", str(tmp_path / "gone.yml"))


def test_the_report_is_written_or_printed_and_a_month_that_is_none_is_refused(tmp_path: Path) -> None:
    data = json.loads(run("compliance", "report", "--month", "2026-10", "--json"))
    assert data["month"] == "2026-10" and data["audit"]["holds"] and data["clocks"][0]["received"] == 0
    out = tmp_path / "report.html"
    assert "written to" in run("compliance", "report", "--month", "2026-10", "--out", str(out))
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    for wrong, why in (("2026-1", "written as 2026-11"), ("2099-01", "has not begun")):
        with pytest.raises(Refusal, match=why):
            run("compliance", "report", "--month", wrong, "--json")
    for both in ([], ["--json", "--out", str(out)]):
        with pytest.raises(Refusal, match="either --out"):
            run("compliance", "report", "--month", "2026-10", *both)
    with pytest.raises(Refusal, match="cannot be written"):
        run("compliance", "report", "--month", "2026-10", "--out", str(tmp_path / "no" / "x.html"))


def test_no_clock_is_no_line() -> None:
    assert run("compliance", "clocks") == ""
