"""The heat map: one HTML file that asks nobody for anything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from conversations.coverage.table import Row

_TEMPLATE = "page.html"


def write_page(table: Sequence[Row], path: Path) -> None:
    """Writes the page."""
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    most = max((max(cell.tests, cell.simulation) for row in table for cell in row.cells), default=0)

    def heat(count: int) -> float:
        return round(math.log1p(count) / math.log1p(most), 2) if most else 0.0

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(environment.get_template(_TEMPLATE).render(table=table, heat=heat), encoding="utf-8")
