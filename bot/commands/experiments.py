"""What ``baitiao experiment`` does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from actions.state.experiments import ExperimentRow, every_experiment
from actions.yaml_source import SourceError
from bot.channel.tokens import ROLE_APPROVER, ROLE_AUTHOR, ROLE_OPERATOR
from bot.commands import OPERATOR, Refusal, opened
from bot.commands.persons import in_person
from ops.experiments import service
from ops.experiments.folder import ExperimentFolder, checked, read_folder
from ops.experiments.refusals import ExperimentRefused
from ops.experiments.reporting import report_of, status_of

AUTHORS, APPROVERS = frozenset({ROLE_AUTHOR}), frozenset({ROLE_APPROVER})
STOPPERS = frozenset({ROLE_AUTHOR, ROLE_OPERATOR})


def check(name: str, root: Path) -> ExperimentFolder:
    """The folder of an experiment in which nothing is wrong.

    Raises:
        SourceError: with every problem, each with file, line and reason.
    """
    folder = read_folder(name, root)
    problems = checked(folder, opened().knowledge.current)
    if problems:
        raise SourceError(problems)
    return folder


def rehearse(name: str, root: Path, conversations: int, workers: int) -> dict[str, Any]:
    """Plays simulated customers in every arm, and keeps what came of it.

    Raises:
        SourceError: something is wrong with the folder.
        Refusal: it cannot be rehearsed, or any more.
    """
    folder = check(name, root)
    here = opened()
    with here.database.session() as session:
        _refusing(lambda: service.require_unlocked(session, folder))
    # Conversations are played by the project's own engine, which is above this package and brings Rasa: in a process of its own.
    command = [sys.executable, "-W", "ignore", "-m", "conversations.rehearsal", name, "--root", str(root)]
    command += ["--conversations", str(conversations), "--workers", str(workers)]
    played = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if played.returncode:
        raise Refusal("the rehearsal failed; what it said stands above. It needs a trained model: make train")
    found: dict[str, Any] = json.loads(played.stdout.strip().splitlines()[-1])
    if found["hash"] != folder.hash:
        raise Refusal("the files were changed while they were rehearsed; rehearse them again")
    with here.database.session() as session:
        _refusing(lambda: service.keep_rehearsal(session, folder, found, OPERATOR))
    return found


def submit(name: str, root: Path, token: str) -> ExperimentRow:
    """Asks that an experiment be started.

    Raises:
        Refusal: the gate is shut, or the token is no author's.
        SourceError: its ``experiment.yml`` cannot be used.
    """
    folder = _right(name, root)
    return in_person(token, AUTHORS, "experiment_submit", lambda _, session, by: service.submit(session, folder, by))


def start(name: str, root: Path, token: str) -> ExperimentRow:
    """Starts an experiment for which somebody else has asked.

    Args:
        token: an approver's; without one what is wrong is told, and nothing starts.

    Raises:
        Refusal: the gate is shut, or it takes somebody else.
        SourceError: its ``experiment.yml`` cannot be used.
    """
    folder = _right(name, root)
    return in_person(token, APPROVERS, "experiment_start", lambda _, session, by: service.start(session, folder, by))


def _right(name: str, root: Path) -> service.RightFolder:
    folder: service.RightFolder = _refusing(lambda: service.require_right(read_folder(name, root), opened().knowledge.current))
    return folder


def stop(name: str, reason: str, token: str) -> ExperimentRow:
    """Ends an experiment.

    Args:
        token: an author's or an operator's; without one what is wrong is told, and nothing ends.

    Raises:
        Refusal: it does not run, or it takes somebody else.
    """
    return in_person(token, STOPPERS, "experiment_stop", lambda _, session, by: service.stop(session, name, reason, by))


def decide(name: str, arm: str, reason: str, token: str) -> ExperimentRow:
    """Says which arm everybody is to be told.

    Args:
        token: an approver's; without one what is wrong is told, and nothing is decided.

    Raises:
        Refusal: the data do not allow it, or it takes somebody else.
    """
    return in_person(token, APPROVERS, "experiment_decide", lambda _, session, by: service.decide(session, name, arm, reason, by))


def status(name: str | None) -> list[dict[str, Any]]:
    """How one experiment stands, or all of them.

    Raises:
        Refusal: there is none of that name.
    """
    with opened().database.session() as session:
        rows = every_experiment(session) if name is None else (_refusing(lambda: service.known(session, name)),)
    return [status_of(row) for row in rows]


def report(name: str) -> dict[str, Any]:
    """Everything about an experiment.

    Raises:
        Refusal: there is none of that name.
    """
    with opened().database.session() as session:
        return report_of(_refusing(lambda: service.known(session, name)))


def status_line(found: Mapping[str, Any]) -> str:
    """One experiment in a line."""
    counted = ", ".join(f"{arm} {count}" for arm, count in found["n"].items()) or "nobody yet"
    stopped = "".join(f"; {each['arm']} was stopped by {each['guardrail']}" for each in found["stopped"])
    return f"{found['id']} v{found['version']}: {found['state']}, {found['verdict']}, {counted}{stopped}"


def rehearsal_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A rehearsal for people."""
    for arm, played in found["arms"].items():
        yield f"{arm}: {played['conversations']} conversations, {played['differing']} differ from the control, {played['failed']} broke a property"
        yield f"  {len(played['problems'])} times one that the control keeps"
        yield from (f"  {problem}" for problem in played["problems"])


def report_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A report for people."""
    yield status_line(found)
    yield f"{found['hypothesis']} ({found['metric']}, {found['direction']}; worth having: {100 * found['smallest_effect']:.1f} points)"
    results = found["results"]
    if results is None:
        yield "nothing was looked at yet"
        return
    interval = results["interval"]
    if interval is not None:
        yield f"difference {100 * results['estimate']:+.1f} points, at all looks together within {100 * interval[0]:+.1f} to {100 * interval[1]:+.1f}"
    yield f"sample ratio: e-value {results['srm']['e_value']:.3g}{', which blocks the result' if results['srm']['blocked'] else ''}"
    for guardrail in results["guardrails"]:
        yield f"guardrail {guardrail['name']} of {guardrail['arm']}: e-value {guardrail['e_value']:.3g}{', stopped' if guardrail['stopped'] else ''}"
    yield from found["cautions"]


def _refusing(do: Any) -> Any:
    try:
        return do()
    except ExperimentRefused as refused:
        raise Refusal(f"{refused.code}: {refused.reason}") from None
