"""A demo world in a database of the test's own, and the ``baitiao`` command in this process over it."""

from __future__ import annotations

import io
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.unit.handoff.conftest import House, demo_file, house
from tools.pages import ROOT, marked

__all__ = ["demo_file", "house"]

Run = Callable[[str], str]


@pytest.fixture
def run(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a ``baitiao`` command, in a folder with the files that docs/operating.md and docs/policies.md show; what it prints, wherever it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(house.database.engine.url))
    (tmp_path / "demo").symlink_to(ROOT / "demo")
    for page in ("operating", "policies"):
        for name, text in marked(ROOT / f"docs/{page}.md", "file").items():
            Path(name).write_text(text, encoding="utf-8")

    def printed(line: str) -> str:
        said, _, line = line.rpartition(" | ")
        monkeypatch.setattr(sys, "stdin", io.StringIO(" ".join(shlex.split(said)[1:]) + "\n"))
        words = shlex.split(line)
        while "=" in words[0]:
            monkeypatch.setenv(*words.pop(0).split("=", 1))
        assert words[0].endswith("baitiao"), line
        monkeypatch.setattr(sys, "argv", words)
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main()
        return "".join(capsys.readouterr())

    return printed
