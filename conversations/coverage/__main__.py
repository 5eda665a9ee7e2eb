"""``python -m conversations.coverage``: what the recordings of conversation tests and simulation come to; 1 if that is less than it was."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conversations.application import project_knowledge
from conversations.coverage import recording, table
from conversations.coverage.page import write_page
from conversations.coverage.universe import rules, universe

FOLDER = Path("var/coverage")


def main() -> int:
    """Prints the table, writes the page, compares with the ratchet."""
    parser = argparse.ArgumentParser(prog="python -m conversations.coverage", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the recordings are (var/coverage)")
    parser.add_argument("--raise", dest="raises", action="store_true", help="write what was reached into the ratchet")
    given = parser.parse_args()
    try:
        reached = recording.read(given.folder)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    found = table.rows(universe(project_knowledge(), rules()), reached)
    page = given.folder / "index.html"
    write_page(found, page)
    print(f"{table.text(found)}\nheat map: {page}")
    if given.raises:
        table.raise_ratchet(found)
    wrong = list(table.problems(found, table.read_ratchet()))
    for problem in wrong:
        print(f"coverage: {problem}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
