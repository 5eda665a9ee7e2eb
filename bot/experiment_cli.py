"""The commands of ``baitiao experiment``."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(help="Experiments on wording and flow.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


@app.command()
def analyse(
    file: Path = typer.Argument(..., help="Comma-separated: unit, arm, exposed_at, outcome, at; a row per unit."),
    spec: Path = typer.Option(..., help="The experiment.yml."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Says what the data of an experiment show, valid however often it is asked. Needs no database."""
    from ops.experiments.analysis import analyse as analysed
    from ops.experiments.analysis import read_units
    from ops.experiments.specification import read_specification

    experiment = read_specification(spec)
    found = analysed(read_units(file, experiment), experiment)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")
