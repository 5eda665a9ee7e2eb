"""The commands of ``baitiao advice``."""

from __future__ import annotations

import json

import typer

ALL = "*"
_TOPIC = typer.Option(ALL, help="One topic of knowledge/advice.yml; default: all of them.")
_WHY = typer.Option(..., "--reason", help="5 to 200 characters, for the audit.")

app = typer.Typer(help="What will block a customer before it does.", no_args_is_help=True)


@app.command()
def preview(
    user: str = typer.Argument(..., help="A customer."),
    on: str = typer.Option(..., help="The day from which it is looked ahead, such as 2026-12-01."),
    ends: bool = typer.Option(False, "--ends", help="With --json: what will end instead of what will begin."),
    as_json: bool = typer.Option(False, "--json", help="One JSON list, of what will begin."),
) -> None:
    """Shows what the calendar will bring to a customer within 30 days, or take away, and what they could be told. Sends nothing."""
    from bot.commands import advice

    found = advice.previewed(user, on)
    if as_json:
        print(json.dumps([each.to_data() for each in found if each.ends == ends], ensure_ascii=False))
        return
    for line in advice.lines(found):
        print(line)


@app.command()
def due(
    date: str = typer.Option(..., help="A day of the facts' clock, such as 2026-12-01."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Counts what would go out on a day, by topic. Sends nothing."""
    from bot.commands import advice

    found = advice.due(date)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in advice.due_lines(found):
        print(line)


@app.command()
def pause(reason: str = _WHY, topic: str = _TOPIC) -> None:
    """Stops advice at once: what is due is not told before it goes on."""
    from bot.commands import advice

    advice.switched(topic, True, reason)
    print("stopped")


@app.command()
def resume(reason: str = _WHY, topic: str = _TOPIC) -> None:
    """Lets advice go on that was stopped, by whomever."""
    from bot.commands import advice

    advice.switched(topic, False, reason)
    print("goes on")
