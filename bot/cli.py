"""The ``baitiao`` command. Everything heavy is imported where it is needed, so that a diagnosis never waits for Rasa."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Optional

import typer

from actions.settings import SettingsError
from actions.yaml_source import SourceError
from bot import (
    advice_cli,
    alerts_cli,
    audit_cli,
    badges_cli,
    compliance_cli,
    experiment_cli,
    handoff_cli,
    incident_cli,
    insight_cli,
    knowledge_cli,
    obligations_cli,
    observe_cli,
    policy_cli,
    privacy_cli,
)
from bot.commands import Refusal
from bot.engine.unused_libraries import TensorFlowMissing

app = typer.Typer(
    help="The help assistant for customers whose installment option is missing.",
    no_args_is_help=True,
    add_completion=False,
    # They show the local variables of every frame, among them secrets and what customers wrote.
    pretty_exceptions_enable=False,
)
serve = typer.Typer(help="One part alone, in the foreground, as containers start it.", no_args_is_help=True)
world = typer.Typer(help="Simulated state.", no_args_is_help=True)
story = typer.Typer(help="Conversation tests made from life.", no_args_is_help=True)
app.add_typer(serve, name="serve")
app.add_typer(world, name="world")
app.add_typer(handoff_cli.app, name="handoff")
app.add_typer(advice_cli.app, name="advice")
app.add_typer(alerts_cli.app, name="alerts")
app.add_typer(incident_cli.app, name="incident")
app.add_typer(insight_cli.app, name="insight")
app.add_typer(observe_cli.app, name="observe")
app.add_typer(audit_cli.app, name="audit")
app.add_typer(experiment_cli.app, name="experiment")
app.add_typer(badges_cli.app, name="badges")
app.add_typer(policy_cli.app, name="policy")
app.add_typer(obligations_cli.app, name="obligations")
app.add_typer(compliance_cli.app, name="compliance")
app.add_typer(privacy_cli.app, name="privacy")
app.add_typer(knowledge_cli.app, name="knowledge")
app.add_typer(story, name="story")


def main() -> None:
    """Runs the command line; an expected failure is a sentence on standard error and exit code 1."""
    try:
        app()
    except SourceError as error:
        _fail("\n".join(str(problem) for problem in error.problems))
    except (Refusal, SettingsError, TensorFlowMissing) as error:
        _fail(str(error))


def _fail(message: str) -> None:
    print(message, file=sys.stderr)
    raise SystemExit(1)


@app.command()
def up(
    port: Optional[int] = typer.Option(None, help="Port of the pages and the widget API; default BAITIAO_PORT or 5005."),
    no_demo: bool = typer.Option(False, "--no-demo", help="No demo world, no demo shop, no secret of its own."),
    workers: Optional[int] = typer.Option(None, help="Web servers behind the port, with PostgreSQL; default BAITIAO_WORKERS or 1."),
) -> None:
    """Migrates, loads the demo world into an empty database, trains if the model is stale, and starts everything."""
    from bot.commands.up import run

    run(port, demo=not no_demo, workers=workers)


_SHARED = typer.Option(False, "--shared", help="Others may serve on the same port; the kernel divides connections.")
_PULSE = typer.Option(None, hidden=True, help="File descriptor for signs of life, for whoever supervises this.")


@serve.command("web")
def serve_web(
    port: Optional[int] = typer.Option(None, help="Default BAITIAO_PORT or 5005."),
    demo: bool = typer.Option(False, "--demo", help="Serve the demo shop, too, with this installation's own secret."),
    model: Optional[Path] = typer.Option(None, help="Default: the newest of models/."),
    shared: bool = _SHARED,
    pulse: Optional[int] = _PULSE,
) -> None:
    """Serves pages, widget API and desk on BAITIAO_HOST. Run `baitiao migrate` before."""
    from bot.commands.serving import serve_web as run

    run(port, demo, model, shared, pulse)


@serve.command("actions")
def serve_actions(
    host: Optional[str] = typer.Option(None, help="Default BAITIAO_HOST or 127.0.0.1."),
    shared: bool = _SHARED,
    pulse: Optional[int] = _PULSE,
) -> None:
    """Serves actions on BAITIAO_HOST and BAITIAO_ACTIONS_PORT, notices and deliveries beside them. Migrates first."""
    from bot.commands.serving import serve_actions as run

    run(host, shared, pulse)


@serve.command("worker")
def serve_worker(pulse: Optional[int] = _PULSE) -> None:
    """Counts, watches and forgets beside the assistant, which is whole without it. Migrates first."""
    from bot.commands.serving import serve_worker as run

    run(pulse)


@app.command()
def migrate() -> None:
    """Brings the database's schema up to date; may run again and from several machines at once."""
    from bot.commands.serving import migrate as run

    print(run())


@app.command()
def doctor(kind: str = typer.Argument("test", help="run, check or test; each includes the ones before it.")) -> None:
    """Says what this machine lacks to run and to test the assistant, and the one command that brings it."""
    from bot.commands.inspection import KINDS, examine

    if kind not in KINDS:
        raise typer.BadParameter(f"one of {', '.join(KINDS)}")
    raise SystemExit(examine(kind))


@app.command()
def train() -> None:
    """Trains a model from data/, bot/config.yml, bot/domain and knowledge/glossary.yml."""
    from bot.engine.training import TrainingFailed
    from bot.engine.training import train as run_training

    try:
        print(f"trained {run_training()}")
    except TrainingFailed as error:
        raise Refusal(str(error)) from None


@app.command()
def token(
    user: str = typer.Argument(..., help="The customer's id."),
    order: Optional[str] = typer.Option(None, help="The order on the page."),
    role: Optional[str] = typer.Option(
        None, help="agent or lead for the desk; viewer, analyst, operator, author, approver or auditor for the console; catalog or monitor."
    ),
    shown_as: Optional[str] = typer.Option(None, help="The name by which customers know the agent."),
) -> None:
    """Prints a token for a customer, signed with BAITIAO_TOKEN_SECRET or, without one, for demo mode."""
    from bot.channel.tokens import ROLE_AGENT, ROLES, issue
    from bot.commands.settings import read_settings

    if role is not None and role not in ROLES:
        raise typer.BadParameter(f"the roles are {', '.join(ROLES)}; customers' tokens have none", param_hint="--role")
    secret = read_settings(demo=True).token_secret
    if secret is None:
        raise Refusal("with BAITIAO_TOKEN_PUBLIC_KEY, tokens are issued by whoever holds the private key")
    given: dict[str, Any] = {"role": role} if role in (None, ROLE_AGENT) else {"roles": [role]}
    print(issue(secret.get_secret_value(), user, order, shown_as=shown_as, **given))


@app.command()
def settings() -> None:
    """Shows every setting: name, value (secrets hidden), where it comes from, meaning."""
    from bot.commands.settings import lines

    for line in lines():
        print(line)


@app.command()
def diagnose(
    user: Optional[str] = typer.Argument(None, help="The customer's id."),
    order: Optional[str] = typer.Option(None, help="Diagnose this order."),
    bill: Optional[str] = typer.Option(None, help="Diagnose this bill."),
    all_: bool = typer.Option(False, "--all", help="Every order and every bill of the database, a line each."),
) -> None:
    """Prints diagnoses, one JSON line each: user, order, bill, causes with evidence."""
    from actions.core.subject import Subject
    from bot.commands import opened
    from bot.commands.inspection import diagnose_all, diagnose_one

    if all_ == (user is not None) or (order and bill):
        raise Refusal("give a customer, with --order or --bill if wanted, or --all alone")
    if all_ and (order or bill):
        raise Refusal("--all already covers every order and every bill")
    try:
        here = opened()
        lines = diagnose_all(here) if user is None else [diagnose_one(here, user, Subject.of(order, bill))]
        for line in lines:
            print(json.dumps(line, ensure_ascii=False))
    except LookupError as error:
        raise Refusal(str(error.args[0])) from None


@app.command()
def evaluate(
    file: Optional[Path] = typer.Argument(None, help="Tab-separated: text, label, alternatives."),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
    plot: Optional[Path] = typer.Option(None, help="Also save the confusion heat map as this PNG file."),
    explain: Optional[str] = typer.Option(None, help="Instead: show how this text is understood, and what decided."),
) -> None:
    """Measures the newest model on labelled sentences: accuracy, per intent, confusions, latency."""
    if (file is None) == (explain is None):
        raise Refusal("give a file to measure, or --explain TEXT")
    if explain is not None:
        from bot.evaluation.command import explain as run_explanation

        raise SystemExit(run_explanation(explain))
    from bot.evaluation.command import evaluate_file

    raise SystemExit(evaluate_file(file, as_json, plot))  # type: ignore[arg-type]


@app.command()
def mask() -> None:
    """Masks personal numbers: lines on standard input, masked lines on standard output."""
    from actions.masking.__main__ import mask_lines

    mask_lines(sys.stdin, sys.stdout)


@world.command("load")
def world_load(
    files: list[Path] = typer.Argument(..., help="World files; later ones patch earlier ones."),
    replace: bool = typer.Option(False, "--replace", help="Empty the world first; conversations and handoffs stay."),
) -> None:
    """Loads world files, all or nothing."""
    from actions.state.world.loading import load_world
    from bot.commands import opened

    print(load_world(opened().database, files, replace=replace))


@story.command("from-conversation")
def story_from_conversation(
    conversation: str = typer.Argument(..., help="A customer's id, or a handoff's."),
    output: Optional[Path] = typer.Option(None, help="Write the test here instead of to standard output."),
    check: bool = typer.Option(True, help="Play it with the newest model and say whether it passes."),
) -> None:
    """Turns a stored conversation into a conversation test with the world it happened in; nobody is named in it."""
    from bot.commands import opened
    from bot.commands.inspection import differences, from_conversation

    try:
        test = from_conversation(opened(), conversation)
        if output is None:
            print(test)
        else:
            output.write_text(test, encoding="utf-8")
        found = differences(test) if check else []
    except LookupError as error:
        raise Refusal(str(error.args[0])) from None
    if found:
        raise Refusal("\n\n".join(found))
    if check:
        print("passes", file=sys.stderr)


if __name__ == "__main__":
    main()
