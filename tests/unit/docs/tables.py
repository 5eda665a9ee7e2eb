"""What stands in a page's sections and tables."""

from __future__ import annotations

import re
from pathlib import Path


def section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next one that is as high or higher.

    Raises:
        AssertionError: there is no such heading.
    """
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"{page.name} has no heading {heading}"
    below = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", below, re.MULTILINE)
    return below[: end.start()] if end else below


def rows(text: str) -> list[list[str]]:
    """The cells of every line of the tables in a text."""
    lines = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]


def named(text: str) -> set[str]:
    """The words between backticks."""
    return {word for code in re.findall(r"`([^`\n]+)`", text) for word in [code.strip()]}


def first_cells(text: str) -> set[str]:
    """The words between backticks in the first column of the tables in a text."""
    return {word for cells in rows(text) for word in named(cells[0])}
