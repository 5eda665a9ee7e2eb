"""The commands of ``baitiao alerts``."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(help="Early warning: what more customers than usual complain of.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


@app.command()
def replay(
    file: Path = typer.Argument(
        ..., help="A JSON object per line: at, customer, causes, and region, merchants, channel or other dimensions."
    ),
    as_json: bool = typer.Option(False, "--json", help="One JSON object per alert."),
) -> None:
    """Shows which alerts complaints of the past would have given. Needs no database; the time is in the file."""
    from bot.commands import alerts

    for alert in alerts.replayed(file):
        print(json.dumps(alert.to_data(), ensure_ascii=False) if as_json else alerts.line(alert))
