"""The commands of ``baitiao experiment``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Optional

import typer

app = typer.Typer(help="Experiments on wording and flow.", no_args_is_help=True)

_JSON = typer.Option(False, "--json", help="One JSON object.")
_NAME = typer.Argument(..., help="The name of its folder in experiments/.")
_ROOT = typer.Option(Path("experiments"), "--root", help="The folder of experiments.")
_AUTHOR = typer.Option(..., "--token", help="Who asks: a token of an author, as baitiao token NAME --role author prints it; - reads it.")
_APPROVER = typer.Option("", "--token", help="Who starts it: a token of an approver; - reads it from standard input.")
_STOPPER = typer.Option("", "--token", help="Who ends it: a token of an author or an operator; - reads it from standard input.")
_DECIDER = typer.Option("", "--token", help="Who decides: a token of an approver; - reads it from standard input.")
_WHY = typer.Option(..., "--reason", help="Why; it is kept and audited.")


@app.command()
def analyse(
    file: Path = typer.Argument(..., help="Comma-separated: unit, arm, exposed_at, outcome, at; a row per unit."),
    spec: Path = typer.Option(..., help="The experiment.yml."),
    as_json: bool = _JSON,
) -> None:
    """Says what the data of an experiment show, valid however often it is asked. Needs no database."""
    from ops.experiments.analysis import analyse as analysed
    from ops.experiments.analysis import read_units
    from ops.experiments.specification import read_specification

    experiment = read_specification(spec)
    table = read_units(file, experiment)
    found = analysed(table.units, experiment, table.guardrails)
    if as_json:
        _print(found)
        return
    for name, value in found.items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")


@app.command()
def check(name: str = _NAME, root: Path = _ROOT, as_json: bool = _JSON) -> None:
    """Checks an experiment and each of its arms as knowledge is checked; says file, line and reason of what no arm may say."""
    from bot.commands import experiments

    folder = experiments.check(name, root)
    found = {"id": folder.spec.id, "version": folder.spec.version, "hash": folder.hash, "files": sorted(folder.files)}
    if as_json:
        _print(found)
        return
    print(f"{name} v{folder.spec.version}: {len(folder.spec.arms)} arms, {len(folder.files)} overlays, all well ({folder.hash[:12]})")


@app.command()
def rehearse(
    name: str = _NAME,
    root: Path = _ROOT,
    conversations: int = typer.Option(300, min=1, help="Of each arm; starting takes 300."),
    workers: int = typer.Option(2, min=1, help="Processes."),
    as_json: bool = _JSON,
) -> None:
    """Plays simulated customers in every arm and holds every property against every turn; exit code 1 if one is broken."""
    from bot.commands import experiments

    found = experiments.rehearse(name, root, conversations, workers)
    if as_json:
        _print(found)
    else:
        print("\n".join(experiments.rehearsal_lines(found)))
    if any(arm["problems"] for arm in found["arms"].values()):
        raise SystemExit(1)


@app.command()
def submit(name: str = _NAME, root: Path = _ROOT, token: str = _AUTHOR) -> None:
    """Asks that it be started, if its gate is open: checked, rehearsed as it is, on texts of its own, with enough customers for what it looks for."""
    from bot.commands import experiments

    row = experiments.submit(name, root, token)
    print(f"{row.name} is submitted ({row.hash[:12]}); an approver who is somebody else starts it")


@app.command()
def start(name: str = _NAME, root: Path = _ROOT, token: str = _APPROVER) -> None:
    """Starts it, if its gate is open still and somebody else has asked for it."""
    from bot.commands import experiments

    row = experiments.start(name, root, token)
    print(f"{row.name} runs ({row.hash[:12]}); what changes from now on is a new version")


@app.command()
def status(name: Optional[str] = typer.Argument(None, help="One; default: all."), as_json: bool = _JSON) -> None:
    """How experiments stand."""
    from bot.commands import experiments

    for found in experiments.status(name):
        if as_json:
            _print(found)
        else:
            print(experiments.status_line(found))


@app.command()
def stop(name: str = _NAME, reason: str = _WHY, token: str = _STOPPER) -> None:
    """Ends it: everybody is told what the control is told, within seconds."""
    from bot.commands import experiments

    print(f"{experiments.stop(name, reason, token).name} is stopped")


@app.command()
def decide(
    name: str = _NAME, arm: str = typer.Argument(..., help="The arm everybody is to be told."), reason: str = _WHY, token: str = _DECIDER
) -> None:
    """Says which arm wins, once the data allow it; its texts go into knowledge/ as any other change."""
    from bot.commands import experiments

    row = experiments.decide(name, arm, reason, token)
    print(f"{row.name} is decided: {arm}")
    for path in sorted(row.overlays_of(arm)):
        print(f"to be put into knowledge/{path}: experiments/{row.id}/{arm}/{path}")


@app.command()
def report(name: str = _NAME, as_json: bool = _JSON) -> None:
    """Everything about one, with the cautions that belong to its result."""
    from bot.commands import experiments

    found = experiments.report(name)
    if as_json:
        _print(found)
        return
    print("\n".join(experiments.report_lines(found)))


def _print(found: Any) -> None:
    print(json.dumps(found, ensure_ascii=False))
