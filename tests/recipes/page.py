"""The recipes of docs/recipes.md, as they stand in the page, carried out in a copy of the project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.pages import ROOT, blocks

PAGE = ROOT / "docs" / "recipes.md"
_COPIED = ("actions", "ops", "bot", "data", "demo", "deploy", "docs", "knowledge", "tests", "tools", "pyproject.toml")


@dataclass(frozen=True)
class Block:
    """One change: a new file, lines at the end of one, or lines below the one that the block begins with."""

    how: str
    path: str
    text: str

    def apply(self, tree: Path) -> None:
        """Carries the change out.

        Raises:
            AssertionError: it is there already, or the line to put it below is not there exactly once; with what to do about it.
        """
        file = tree / self.path
        if self.how == "new":
            assert not file.exists(), self._followed
            file.write_text(self.text.replace("{latest}", _latest_migration(tree)), encoding="utf-8")
            return
        before = file.read_text(encoding="utf-8")
        assert self._added not in before, self._followed
        if self.how == "append":
            file.write_text(before + self.text, encoding="utf-8")
            return
        line = self.text.split("\n", 1)[0] + "\n"
        assert before.count(line) == 1, f"{line!r} stands {before.count(line)} times in {self.path}"
        file.write_text(before.replace(line, self.text), encoding="utf-8")

    @property
    def _added(self) -> str:
        return self.text.partition("\n")[2] if self.how == "below" else self.text

    @property
    def _followed(self) -> str:
        return (
            f"{self.path} has what docs/recipes.md would add: somebody has followed the recipe as it stands. "
            "Keep that, and give the recipe another example, one that the project does not have."
        )


def recipes() -> dict[str, list[Block]]:
    """Every recipe's blocks by its name."""
    found: dict[str, list[Block]] = {}
    for block in blocks(PAGE):
        if block.kind == "recipe":
            name, how, path = block.name.replace(":", "").split()
            assert how in ("new", "append", "below"), block.where
            found.setdefault(name, []).append(Block(how, path, block.text))
    return found


def copy_of_the_project(to: Path) -> Path:
    """A copy of what a recipe can change or needs to be tried, without pictures and models; what was compiled is not compiled anew."""
    ignored = shutil.ignore_patterns("screenshots", "node_modules", ".hypothesis", "*.pyc.*")
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=ignored)
        else:
            shutil.copy(source, to / name)
    return to


def python(tree: Path, *arguments: str) -> str:
    """What a Python command in the copy prints.

    Raises:
        AssertionError: it failed; with what it printed.
    """
    done = subprocess.run([sys.executable, "-W", "ignore", *arguments], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def commands(tree: Path, *wanted: str) -> None:
    """Runs commands as ``python -m`` does, one after the other in one process, which imports what they share once.

    Raises:
        AssertionError: one of them failed; with what was printed.
    """
    python(tree, "-c", _IN_TURN, *wanted)


_IN_TURN = """
import runpy, sys
for command in sys.argv[1:]:
    sys.argv = command.split()
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            raise
"""


def _latest_migration(tree: Path) -> str:
    return max(path.name[:4] for path in (tree / "actions/state/migrations/versions").glob("[0-9]*.py") if path.name[:4] != "9999")
