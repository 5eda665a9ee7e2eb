"""The commands of ``baitiao handoff``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

import typer

from bot.commands import Refusal

app = typer.Typer(help="Cases handed to people.", no_args_is_help=True)
_PROGRESS_EVERY = 50


@app.command("list")
def list_(status: Optional[str] = typer.Option(None, help="queued, taken or closed.")) -> None:
    """Lists handoffs, the most urgent and longest waiting first."""
    from bot.commands import handoffs, opened

    for line in handoffs.lines(opened(), status):
        print(line)


@app.command()
def show(
    handoff_id: str = typer.Argument(..., help="The number the customer was given."),
    shape: str = typer.Option(
        "md", "--format", help="md, html (to print), json, or one of BAITIAO_HANDOFF_FORMAT: what would be delivered."
    ),
) -> None:
    """Shows one case: why, what was found and tried, and the masked transcript."""
    from bot.commands import handoffs, opened

    _print(lambda: handoffs.show(opened(), handoff_id, shape))


@app.command()
def export(
    since: str = typer.Option(..., help="The first day, such as 2026-11-22."),
    shape: str = typer.Option("jsonl", "--format", help="Only jsonl."),
) -> None:
    """Writes handoffs as JSON lines to standard output, and how far it has come to standard error."""
    from bot.commands import handoffs, opened

    def progress(done: int, total: int) -> None:
        if done == total or done % _PROGRESS_EVERY == 0:
            typer.echo(f"{done} of {total}", err=True)

    if shape != "jsonl":
        raise Refusal(f"--format must be jsonl, not {shape}")
    try:
        for line in handoffs.export(opened(), since, progress):
            print(line)
    except ValueError as error:
        raise Refusal(str(error)) from None


@app.command("dead-letters")
def dead_letters() -> None:
    """Lists deliveries that were given up."""
    from bot.commands import handoffs, opened

    for line in handoffs.dead_letters(opened()):
        print(line)


@app.command()
def resend(delivery: int = typer.Argument(..., help="The first column of dead-letters.")) -> None:
    """Sends a dead letter again."""
    from bot.commands import handoffs, opened

    _print(lambda: handoffs.resend(opened(), delivery))


@app.command()
def purge(
    older_than: Optional[int] = typer.Option(None, help="Days; default BAITIAO_RETENTION_DAYS or 180."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would be deleted."),
) -> None:
    """Deletes handoffs closed long ago and conversations silent since then."""
    from bot.commands import handoffs, opened

    _print(lambda: handoffs.purge(opened(), older_than, dry_run))


@app.command()
def erase(
    user: str = typer.Argument(..., help="The customer's id."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would be deleted."),
) -> None:
    """Deletes everything the assistant keeps about one customer; the audit keeps a reference that leads nowhere."""
    from bot.commands import handoffs, opened

    _print(lambda: handoffs.erase(opened(), user, dry_run))


def _print(work: Callable[[], str]) -> None:
    try:
        print(work())
    except (LookupError, ValueError) as error:
        raise Refusal(str(error.args[0])) from None
