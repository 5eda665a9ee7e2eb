"""The commands of ``baitiao badges``."""

from __future__ import annotations

import json
from typing import Optional

import typer

app = typer.Typer(help="What stands at a product about installments.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


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
