"""The commands of ``baitiao obligations``."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(help="What the law asks, and by which controls it is kept.", no_args_is_help=True)
_JSON = typer.Option(False, "--json", help="Machine-readable.")


@app.command("list")
def list_(
    due: bool = typer.Option(
        False, "--due", help="Only what needs somebody: in force within 90 days, without a control, or to be reviewed."
    ),
    as_json: bool = _JSON,
) -> None:
    """Lists obligations and sources, what is due first."""
    from bot.commands import obligations

    data = obligations.listed(due)
    print(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(obligations.lines(data)))


@app.command("import")
def import_(
    file: Path = typer.Argument(..., help="A file in the form of knowledge/obligations.yml."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would come in."),
) -> None:
    """Takes obligations and sources into knowledge/obligations.yml: new ones are added, those of the same id changed; nothing is taken out."""
    from bot.commands import obligations

    print(obligations.imported(file, dry_run))


@app.command()
def check(
    obligation: str = typer.Argument(..., help="The id of an obligation or a source."),
    as_json: bool = _JSON,
) -> None:
    """Shows one with each of its controls and its reviews; exit code 1 if no control keeps it. A review is recorded in the console."""
    from bot.commands import obligations

    data = obligations.one(obligation)
    print(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(obligations.details(data)))
    if data.get("controls") == []:
        raise SystemExit(1)
