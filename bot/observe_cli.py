"""The commands of ``baitiao observe``."""

from __future__ import annotations

import typer

app = typer.Typer(help="What is observed of conversations, and counted.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


@app.command()
def rebuild() -> None:
    """Makes observations and their counts by minute anew from the messages; customers may go on writing meanwhile."""
    from bot.commands import opened
    from ops.observing.rebuild import rebuild as run

    here = opened()
    print(f"{run(here.database, here.facts)} observations")
