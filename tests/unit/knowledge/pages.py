"""The files that docs/knowledge.md shows, as they stand in the page."""

from __future__ import annotations

from tools.pages import ROOT, marked

PAGE = ROOT / "docs" / "knowledge.md"


def shown(mark: str) -> dict[str, str]:
    """Path → text of every block below a comment ``<!-- MARK: PATH -->``."""
    return marked(PAGE, mark)
