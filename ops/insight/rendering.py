"""A report as files: one HTML document that needs no other, and a CSV file for each table."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.state.plots import PlotTheme
from ops.insight.showing import TEMPLATES, changed, percent, shown, words

Drawn = Mapping[str, Mapping[str, Mapping[PlotTheme, str]]]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell must not begin, because spreadsheets take it for a formula."""


def as_html(data: Mapping[str, Any], plots: Drawn) -> str:
    """The report as one document."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    sources = {
        f"{name}-{size}-{theme}": _data_url(svg)
        for name, sizes in plots.items()
        for size, themes in sizes.items()
        for theme, svg in themes.items()
    }
    page = templates.get_template("insight_report.html")
    return page.render(
        data=data,
        words=words(),
        plots=set(plots),
        source=sources.__getitem__,
        shown=shown,
        changed=changed,
        percent=percent,
        acts=False,
        reads=False,
    )


def as_tables(data: Mapping[str, Any]) -> dict[str, str]:
    """The report's tables as CSV by the name of their file: what is hidden is empty and said to be hidden."""
    tables: dict[str, Sequence[Mapping[str, Any]]] = {
        **data.get("tables", {}),
        "work": data.get("work", ()),
        "followed": data.get("followed", ()),
    }
    summary = {"episodes": data["episodes"], "customers": data["customers"], "few": data["few"], **data["period"]}
    return {f"{name}.csv": _csv([_flat(row) for row in rows]) for name, rows in {"report": [summary], **tables}.items() if rows}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{name}_{part}": each for part, each in value.items()}
        else:
            found[name] = " ".join(str(each) for each in value) if isinstance(value, list) else value
    return found


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, names, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {name: f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value for name, value in row.items()}
        )
    return written.getvalue()


def _data_url(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
