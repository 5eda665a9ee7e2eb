"""The commands of ``baitiao audit``."""

from __future__ import annotations

from typing import Optional

import typer

app = typer.Typer(help="Who did what: whether the audit is as it was written.", no_args_is_help=True)


@app.command()
def verify(
    head: Optional[str] = typer.Option(
        None, help="A head that was noted before, as `baitiao audit head` prints it: shows a tail that was cut off."
    ),
) -> None:
    """Looks at the whole chain; names the first entry that was changed, removed or moved, with exit code 1."""
    from bot.commands import audit, opened

    print(audit.verify(opened(), head))


@app.command()
def head() -> None:
    """Prints the hash of the last entry. Note it every day where nobody who can write to the database can write."""
    from bot.commands import audit, opened

    print(audit.head(opened()))
