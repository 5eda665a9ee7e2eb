"""The commands of ``baitiao alerts``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from bot.commands import Refusal

app = typer.Typer(help="Early warning: what more customers than usual complain of.", no_args_is_help=True)
_JSON = typer.Option(False, "--json", help="JSON, one object per line.")
_ID = typer.Argument(..., help="The alert's id, such as a-kfhzqwra.")


@app.command("list")
def list_(
    days: float = typer.Option(1.0, help="Also what was over within so many days."),
    as_json: bool = _JSON,
) -> None:
    """Lists alerts: what goes on, and what was lately over."""
    from bot.commands import alerts, opened

    for row in _refused_in_words(lambda: alerts.listed(opened(), days)):
        print(_data(row) if as_json else alerts.row_line(row))


@app.command()
def show(alert_id: str = _ID, as_json: bool = _JSON) -> None:
    """Shows one alert: what tells of it, where it sits, its minutes, and what people said of it."""
    from bot.commands import alerts, opened

    shown = _refused_in_words(lambda: alerts.shown(opened(), alert_id))
    print(_data(shown) if as_json else "\n".join(alerts.shown_lines(shown)))


@app.command()
def ack(alert_id: str = _ID) -> None:
    """Says that somebody takes care of an alert; it is not repeated any more."""
    from bot.commands import alerts, opened

    _refused_in_words(lambda: alerts.acknowledged(opened(), alert_id))
    print(f"{alert_id} is acknowledged")


@app.command()
def verdict(alert_id: str = _ID, word: str = typer.Argument(..., help="true: there was a trouble; false: there was none.")) -> None:
    """Says whether an alert was right; the share of those that were is shown in the console."""
    from bot.commands import alerts, opened

    _refused_in_words(lambda: alerts.judged(opened(), alert_id, word))
    print(f"{alert_id} was {word}")


@app.command()
def silence(
    stream: str = typer.Argument(..., help="A stream's name, or an alert's id for all of its streams."),
    days: float = typer.Option(1.0, help="For so many days, 7 at most."),
    reason: str = typer.Option(..., help="For whoever asks why nothing was said."),
) -> None:
    """Tells nobody outside about a stream for a while; its alerts stand in the list all the same."""
    from bot.commands import alerts, opened

    until = _refused_in_words(lambda: alerts.silenced(opened(), stream, days, reason))
    print(f"{stream} is silent until {until}")


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


def _refused_in_words(work: Callable[[], Any]) -> Any:
    from ops.watch.decisions import AlertRefused

    try:
        return work()
    except AlertRefused as error:
        raise Refusal(error.reason) from None


def _data(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
