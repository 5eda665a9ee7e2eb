"""The commands of ``baitiao compliance``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import typer

app = typer.Typer(help="What shows that obligations are kept: the monthly report, and the clocks of complaints.", no_args_is_help=True)
_JSON = typer.Option(False, "--json", help="Machine-readable.")


@app.command()
def report(
    month: str = typer.Option(..., help="Such as 2026-11; of a month that goes on, up to now."),
    out: Optional[Path] = typer.Option(None, help="Write the report here, one HTML file that needs no other."),
    as_json: bool = _JSON,
) -> None:
    """Makes the report of a month; numbers of customers below 5 are not written."""
    from bot.commands import Refusal, compliance

    if (out is None) != as_json:
        raise Refusal("say either --out FILE.html or --json")
    data = compliance.reported(month, out)
    print(json.dumps(data, ensure_ascii=False) if as_json else f"{data['month']}: written to {out}")


@app.command()
def clocks(as_json: bool = _JSON) -> None:
    """Lists the complaints and objections that are to be answered for good, the next to end first; exit code 1 if one is over."""
    from bot.commands import compliance

    found = compliance.running()
    for clock in found:
        print(json.dumps(clock, ensure_ascii=False) if as_json else compliance.clock_line(clock))
    if any(clock["state"] == "missed" for clock in found):
        raise SystemExit(1)
