"""The commands of ``baitiao privacy``."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer

app = typer.Typer(help="What customers may ask for about their own data.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


@app.command()
def export(
    user: str = typer.Argument(..., help="A customer."),
    output: Optional[Path] = typer.Option(None, help="Write it here, for the owner alone, instead of to standard output."),
) -> None:
    """Shows everything that is held about a customer, as JSON; that it was asked for stands in the audit."""
    from bot.commands.privacy import exported

    print(exported(user, output))
