"""The commands of ``baitiao badges``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import typer

app = typer.Typer(help="What stands at a product about installments.", no_args_is_help=True)


@app.command()
def show(
    skus: list[str] = typer.Argument(..., metavar="SKU...", help="Products."),
    region: Optional[str] = typer.Option(None, help="For customers of this region; default: where a customer is of whom nothing is said."),
    channel: str = typer.Option("app", help="app, web, wechat or offline."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Shows the badges of products, worked out now."""
    from bot.commands import badges

    found = badges.shown(skus, region, channel)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in badges.lines(found):
        print(line)


@app.command()
def export(
    into: Optional[Path] = typer.Argument(None, metavar="[FILE]", help="Where to; default: standard output."),
    as_csv: bool = typer.Option(True, "--csv", help="As CSV, the one form that there is."),
    region: Optional[str] = typer.Option(None, help="For customers of this region; default: where a customer is of whom nothing is said."),
    channel: str = typer.Option("app", help="app, web, wechat or offline."),
) -> None:
    """Writes the badges of all products as CSV, worked out now."""
    from bot.commands import badges, writing

    content = badges.exported(region, channel)
    if into is None:
        typer.echo(content.decode("utf-8-sig"), nl=False)
        return
    with writing(into):
        into.write_bytes(content)
    print(f"wrote {into}")
