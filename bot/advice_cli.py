"""The commands of ``baitiao advice``."""

from __future__ import annotations

import json

import typer

app = typer.Typer(help="What will block a customer before it does.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


@app.command()
def preview(
    user: str = typer.Argument(..., help="A customer."),
    on: str = typer.Option(..., help="The day from which it is looked ahead, such as 2026-12-01."),
    as_json: bool = typer.Option(False, "--json", help="One JSON list."),
) -> None:
    """Shows what the calendar will bring to a customer within 30 days, and what they could be told. Sends nothing."""
    from bot.commands import advice

    found = advice.previewed(user, on)
    if as_json:
        print(json.dumps([each.to_data() for each in found], ensure_ascii=False))
        return
    for line in advice.lines(found):
        print(line)
