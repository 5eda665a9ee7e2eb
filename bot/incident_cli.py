"""The commands of ``baitiao incident``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import typer

app = typer.Typer(help="Something is broken: say so, say what changes, say that it is over.", no_args_is_help=True)

_REGION = typer.Option([], help="Only customers of this region; may be given several times.")
_MERCHANT = typer.Option([], help="Only orders with goods of this shop; may be given several times.")
_CATEGORY = typer.Option([], help="Only orders with goods of this category; may be given several times.")
_CHANNEL = typer.Option([], help="Only orders of this channel: app, web, wechat, offline; may be given several times.")
_APP_BELOW = typer.Option(None, "--app-below", help="Only customers with an app older than this version.")
_NOTICE = typer.Option(None, help="What customers read; it passes the gate, and no time stands in it: that is --eta.")
_INTERNAL = typer.Option(None, help="What colleagues read.")
_ORDERS = typer.Option(None, help="Write the orders at risk to this CSV file.")
_OUTPUT = typer.Option(None, help="Write it here instead of to standard output.")
_JSON = typer.Option(False, "--json", help="Machine-readable.")


@app.command()
def declare(
    component: Optional[str] = typer.Option(None, help="checkout, installment, account or credit."),
    severity: Optional[str] = typer.Option(None, help="outage or degraded."),
    region: list[str] = _REGION,
    merchant: list[str] = _MERCHANT,
    category: list[str] = _CATEGORY,
    channel: list[str] = _CHANNEL,
    app_below: Optional[str] = _APP_BELOW,
    eta: Optional[str] = typer.Option(None, help="When it is expected to end, such as 2026-11-22T12:00:00+08:00; at most 14 days ahead."),
    notice: Optional[str] = _NOTICE,
    internal: Optional[str] = _INTERNAL,
    from_alert: Optional[str] = typer.Option(None, help="The alert that tells of it, a-…; what its draft says need not be given again."),
    draft: Optional[str] = typer.Option(None, help="The draft that is declared, i-…; what it says need not be given again."),
) -> None:
    """Tells customers in its scope of an incident from now on. Prints its id."""
    from bot.commands import incidents

    scope = incidents.scope_of(region, merchant, category, channel, app_below)
    print(incidents.declare(component, severity, scope, eta, notice, internal, from_alert, draft))


@app.command()
def update(
    incident: str = typer.Argument(..., help="The incident, i-…"),
    stage: Optional[str] = typer.Option(None, help="investigating, identified, monitoring, resolved or withdrawn."),
    severity: Optional[str] = typer.Option(None, help="outage or degraded."),
    region: list[str] = _REGION,
    merchant: list[str] = _MERCHANT,
    category: list[str] = _CATEGORY,
    channel: list[str] = _CHANNEL,
    app_below: Optional[str] = _APP_BELOW,
    everybody: bool = typer.Option(False, "--everybody", help="It holds for everybody from now on."),
    eta: Optional[str] = typer.Option(None, help="When it is expected to end; an empty text says that nobody knows."),
    notice: Optional[str] = _NOTICE,
    internal: Optional[str] = _INTERNAL,
) -> None:
    """Changes the stage, or what customers are told. A scope that is given takes the place of the former one."""
    from bot.commands import incidents

    scope = incidents.scope_of(region, merchant, category, channel, app_below, everybody)
    print(incidents.line(incidents.update(incident, stage, severity, scope, eta, notice, internal)))


@app.command()
def resolve(
    incident: str = typer.Argument(..., help="The incident, i-…"), notice: Optional[str] = _NOTICE, internal: Optional[str] = _INTERNAL
) -> None:
    """Ends an incident: each who waits is told what is true of them then."""
    from bot.commands import incidents

    print(incidents.line(incidents.update(incident, "resolved", None, None, None, notice, internal)))


@app.command("list")
def list_(all_: bool = typer.Option(False, "--all", help="Also those that are over."), as_json: bool = _JSON) -> None:
    """Drafts and open incidents, a line each."""
    from bot.commands import incidents

    for data in incidents.listed(all_):
        print(json.dumps(data, ensure_ascii=False) if as_json else incidents.line(data))


@app.command()
def show(
    incident: str = typer.Argument(..., help="The incident, i-…"),
    as_json: bool = _JSON,
    orders: Optional[Path] = _ORDERS,
) -> None:
    """Shows an incident with its steps, who waits, linked cases and orders at risk."""
    from bot.commands import incidents

    data, table = incidents.shown(incident)
    if orders is not None:
        orders.write_text(table, encoding="utf-8-sig")
    print(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(incidents.lines(data)))


@app.command()
def review(
    incident: str = typer.Argument(..., help="The incident, i-…"),
    form: str = typer.Option("md", "--format", help="md or html."),
    output: Optional[Path] = _OUTPUT,
) -> None:
    """Drafts the review of an incident: figures, timeline and two plots. Cause and actions are for people to write."""
    from bot.commands import incidents

    text = incidents.reviewed(incident, form)
    if output is None:
        print(text)
    else:
        output.write_text(text, encoding="utf-8")
