"""The commands of ``baitiao policy``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Optional

import typer

app = typer.Typer(help="Dated rules: what they would do, what holds, what is missing.", no_args_is_help=True)

_JSON = typer.Option(False, "--json", help="Machine-readable.")
_POLICY = typer.Argument(..., help="The policy's id.")
_VERSION = typer.Option(None, "--version", help="The number of the version; default: the one under way.")
_TOKEN = typer.Option(
    ..., help="Whose step it is: a token with the role, as baitiao token NAME --role prints it; - reads it from standard input."
)


@app.command("dry-run")
def dry_run(
    file: Path = typer.Argument(..., help="A world file with policies, such as a new one and the end of the one before."),
    on: str = typer.Option(..., help="The day, such as 2026-12-01."),
    sample: Optional[int] = typer.Option(None, min=1, help="Look at so many orders and bills instead of all; with 95 % intervals."),
    seed: int = typer.Option(0, help="Of the sample: the same draws the same."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object with the lists whole."),
) -> None:
    """Says who would lose the option, gain it or get it narrower if the file held on that day. Changes nothing of the world."""
    from bot.commands import policies

    found, trial = policies.rehearsed(file, on, sample, seed)
    if as_json:
        print(json.dumps({**found.to_data(), "trial": trial}, ensure_ascii=False))
        return
    for line in policies.lines(found, trial):
        print(line)


@app.command()
def verify(
    trial: Optional[str] = typer.Argument(None, help="A rehearsal, t-…; default: all whose day is over."), as_json: bool = _JSON
) -> None:
    """Compares rehearsals with what happened, once their day is over. The worker does it by itself."""
    from bot.commands import policies

    for score in policies.verified(trial):
        print(json.dumps(score, ensure_ascii=False) if as_json else policies.score_line(score))


@app.command()
def gaps(as_json: bool = _JSON) -> None:
    """Gaps that bite: ends without a successor, overlaps, reviews overdue, no rehearsal, numbers and notices that say something else."""
    from bot.commands import policies

    found = policies.gaps()
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for gap in found:
        print(f"{gap['policy']}: {gap['code']}: {gap['text']}")


@app.command("list")
def list_(
    on: Optional[str] = typer.Option(None, help="What holds on this day."),
    known: Optional[str] = typer.Option(None, help="As it was known at the end of this day, such as 2026-11-11."),
    as_json: bool = _JSON,
) -> None:
    """Every policy with what the register knows of it; with --on and --known, what was believed on one day about another."""
    from bot.commands import policies

    for each in policies.listed(on, known):
        print(json.dumps(each, ensure_ascii=False) if as_json else policies.policy_line(each))


@app.command()
def stress(
    file: Path = typer.Argument(..., help="Scenarios, and limits if it is to be a test."),
    svg: Optional[Path] = typer.Option(None, help="Write the heat map to this SVG file."),
    report: Optional[Path] = typer.Option(None, help="Write the report, to be signed, to this HTML file."),
    as_json: bool = _JSON,
) -> None:
    """Says which share of customers would be without the option in each scenario; exit code 1 if a limit of the file is exceeded."""
    from bot.commands import policy_stress

    found = policy_stress.stressed(file)
    policy_stress.write_files(found, svg, report)
    for line in [json.dumps(found.to_data(), ensure_ascii=False)] if as_json else policy_stress.lines(found):
        print(line)
    if found.exceeded:
        raise SystemExit(1)


@app.command()
def rollout(
    policy: str = _POLICY,
    outcome: list[str] = typer.Option([], "--outcome", help="What is compared; may be given several times; default: everything."),
    before: Optional[int] = typer.Option(
        None, help="Weeks before the begin that are compared, 4 to 12; default: 8, or as many as were observed."
    ),
    as_json: bool = _JSON,
) -> None:
    """Compares the regions where a policy was begun before and after, with the regions most like them. That is no experiment."""
    from bot.commands import rollouts
    from ops.rollouts.telling import lines

    found = rollouts.compared(policy, outcome, before)
    for line in [json.dumps(found, ensure_ascii=False)] if as_json else lines(found):
        print(line)


@app.command()
def write(
    file: Path = typer.Argument(..., help="YAML: policy (the row of a world file), title, source, owner, rationale, review_on and so on."),
    backdated: Optional[str] = typer.Option(None, help="Why it begins in the past; the file may say so, too."),
    token: str = _TOKEN,
    as_json: bool = _JSON,
) -> None:
    """Writes the next version of a policy as a draft. Takes the role author."""
    from bot.commands import policy_steps

    _tell(policy_steps.written(file, backdated, token), as_json)


@app.command()
def submit(policy: str = _POLICY, version: Optional[int] = _VERSION, token: str = _TOKEN, as_json: bool = _JSON) -> None:
    """Says that a draft is done, so that somebody else can decide. Takes the role author."""
    from bot.commands import policy_steps

    _tell(policy_steps.submitted(policy, version, token), as_json)


@app.command()
def approve(policy: str = _POLICY, version: Optional[int] = _VERSION, token: str = _TOKEN, as_json: bool = _JSON) -> None:
    """Approves what somebody else wrote and submitted: it goes into the world. Takes the role approver."""
    from bot.commands import policy_steps

    _tell(policy_steps.approved(policy, version, token), as_json)


@app.command("return")
def return_(
    policy: str = _POLICY,
    reason: str = typer.Option(..., help="Why; its author reads it."),
    version: Optional[int] = _VERSION,
    token: str = _TOKEN,
    as_json: bool = _JSON,
) -> None:
    """Gives a submitted version back to its author. Takes the role approver."""
    from bot.commands import policy_steps

    _tell(policy_steps.sent_back(policy, version, reason, token), as_json)


@app.command()
def withdraw(policy: str = _POLICY, version: Optional[int] = _VERSION, token: str = _TOKEN, as_json: bool = _JSON) -> None:
    """Says that a version is not to be; what it was to follow goes on. Takes the role author, once it is approved another approver."""
    from bot.commands import policy_steps

    _tell(policy_steps.withdrawn(policy, version, token), as_json)


def _tell(done: dict[str, Any], as_json: bool) -> None:
    from bot.commands import policy_steps

    print(json.dumps(done, ensure_ascii=False) if as_json else policy_steps.step_line(done))
