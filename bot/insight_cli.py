"""The commands of ``baitiao insight``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import typer

app = typer.Typer(help="What customers ask, where they fail, and what to mend first.", no_args_is_help=True)
_FROM = typer.Option(..., "--from", help="The first day, such as 2026-11-01.")
_TO = typer.Option(..., "--to", help="The day after the last.")
_OUT = typer.Option(None, help="Write one HTML file that needs no other.")
_CSV = typer.Option(None, "--csv", help="Write a CSV file for each table into this folder.")
_REGION = typer.Option(None, help="Of customers of this region alone.")


@app.command()
def report(
    first: str = _FROM,
    end: str = _TO,
    region: Optional[str] = _REGION,
    out: Optional[Path] = _OUT,
    as_json: bool = typer.Option(False, "--json", help="Print everything as one JSON object."),
    tables: Optional[Path] = _CSV,
) -> None:
    """Makes the report of some days of real time; without an option it prints the beginning of the work list."""
    from bot.commands import insight, opened

    data = insight.reported(opened(), insight.period_between(first, end, region))
    if out is not None:
        insight.write_html(data, out)
    if tables is not None:
        insight.write_tables(data, tables)
    if as_json:
        print(json.dumps(data, ensure_ascii=False))
    elif out is None and tables is None:
        print("\n".join(insight.lines(data)))


@app.command()
def week(name: str = typer.Argument(..., help="A week that is over, such as 2026-W47.")) -> None:
    """Makes the report of a week for the console, as the worker does on Monday, in the place of one that is there."""
    from bot.commands import insight, opened

    print(f"{name}: {insight.kept(opened(), name)} episodes")


@app.command()
def cases(
    place: str = typer.Argument(..., help="A place of the work list, such as step/overdue/2."),
    first: str = _FROM,
    end: str = _TO,
    region: Optional[str] = _REGION,
) -> None:
    """Names some customers who were lost at a place, for `baitiao story from-conversation`; that it was asked for stands in the audit."""
    from bot.commands import insight, opened

    for user in insight.named_cases(opened(), insight.period_between(first, end, region), place):
        print(user)
