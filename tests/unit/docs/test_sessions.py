"""What a page shows that a command prints is what it prints."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.recipes.page import copy_of_the_project
from tests.unit.docs.conftest import Run
from tests.unit.handoff.conftest import House
from tools.pages import PAGES, ROOT, Block, blocks, fits, marked, session

pytestmark = pytest.mark.slow

SESSIONS = [block for page in PAGES for block in blocks(page) if block.language == "console"]
IN_A_COPY = {"misspelt", "new cause"}
"""Sessions with other knowledge than the project's, by their marks."""


@pytest.mark.parametrize("block", [block for block in SESSIONS if block.name not in IN_A_COPY], ids=lambda block: block.where)
def test_a_session_goes_as_the_page_shows(block: Block, run: Run, house: House) -> None:
    house.handed_over()
    for command, shown in session(block.text):
        printed = run(command)
        assert fits(shown, printed), f"{block.where}: {command}\n{printed}"


def test_no_session_is_left_out() -> None:
    assert {block.name for block in SESSIONS if block.name} == IN_A_COPY and len(SESSIONS) > len(IN_A_COPY)
    prompts = [block.where for page in PAGES for block in blocks(page) if block.text.startswith("$ ") and block.language != "console"]
    assert prompts == []


@pytest.mark.parametrize("name", sorted(IN_A_COPY))
def test_a_session_with_other_knowledge_goes_as_the_page_shows(name: str, tmp_path: Path, house: House) -> None:
    tree = copy_of_the_project(tmp_path / "tree")
    page = ROOT / "docs/knowledge.md"
    if name == "misspelt":
        file = tree / "knowledge/causes/overdue.yml"
        file.write_text(file.read_text(encoding="utf-8").replace("\ntitle:", "\ntitel:"), encoding="utf-8")
    else:
        for path, text in marked(page, "example").items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text, encoding="utf-8")
    environment = {"BAITIAO_DATABASE_URL": str(house.database.engine.url)}
    for command, shown in session(marked(page, "session")[name]):
        words = [sys.executable, "-W", "ignore", "-m", "bot.cli", *command.split()[1:]]
        done = subprocess.run(words, cwd=tree, env=environment, capture_output=True, text=True)
        assert fits(shown, done.stdout + done.stderr), f"{command}\n{done.stdout}{done.stderr}"


def test_the_outage_that_a_page_ends_is_over(run: Run) -> None:
    wanted = "baitiao diagnose u-1001 --order o-1"
    run("baitiao world load demo/outage.yml")
    assert "incident_outage" in run(wanted)
    run("baitiao world load outage-over.yml")
    assert '"causes": []' in run(wanted)


UP = marked(ROOT / "docs/operating.md", "printed")["up"]


def test_up_prints_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command itself, with nothing started."""
    from bot.commands import up
    from bot.supervision.roster import Roster

    started: list[Roster] = []
    monkeypatch.setattr(up.os, "execve", lambda _program, words, _environment: started.append(Roster.from_json(words[-1])))
    # Whoever tests may have an assistant running.
    monkeypatch.setattr(up, "_refuse_if_taken", lambda *_: None)
    monkeypatch.setattr("bot.engine.training.is_stale", lambda: False)
    monkeypatch.setattr("bot.engine.training.newest_model", lambda: Path("models/baitiao-0123456789ab.tar.gz"))
    monkeypatch.setenv("BAITIAO_DATABASE_URL", f"sqlite:///{tmp_path}/up.db")
    monkeypatch.chdir(tmp_path)
    for name in ("bot", "demo", "data", "knowledge"):
        (tmp_path / name).symlink_to(ROOT / name)
    printed = io.StringIO()
    with redirect_stdout(printed):
        up.run(5105, demo=True)
        (roster,) = started
        for line in roster.announcement:
            up.say(line)
    lines = printed.getvalue().splitlines()
    assert lines[0] == "baitiao: loading the demo world from demo/world.yml"
    assert fits(UP, "\n".join(lines[1:])), printed.getvalue()


def test_what_a_page_shows_fits_what_it_says_and_nothing_else() -> None:
    assert fits("a: […,\n  c]\n", "a: [b, b,c]\n") and fits("one two", "one two\n")
    assert not any(fits("one two", real) for real in ("onetwo", "one two three", "one", "one … two"))
