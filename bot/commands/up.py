"""``baitiao up``: from an empty checkout to a chat that solves a case, with one line per thing that takes time."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
import time
import warnings
from pathlib import Path
from typing import NoReturn

from actions.bootstrap import Application, CannotStart, bootstrap
from actions.settings import Settings, child_environment
from bot.commands import Refusal
from bot.supervision.roster import Roster, Service
from bot.supervision.supervisor import say

DEMO_WORLD = Path("demo/world.yml")
ACTIONS_LOG = Path("var/actions.log")
WORKER_LOG = Path("var/worker.log")
METRICS = Path("var/metrics")
LOOPBACK = "127.0.0.1"
_ALL_ADDRESSES = {"0.0.0.0": LOOPBACK, "::": "::1"}


def run(port: int | None, demo: bool, workers: int | None = None) -> NoReturn:
    """Brings everything up and serves until Ctrl-C. This process becomes the supervisor, which neither needs nor holds what was imported here.

    Args:
        port: of the pages and the widget API; default BAITIAO_PORT or 5005.
        demo: load the demo world into an empty database, serve the demo shop, sign with this installation's own secret.
        workers: web servers behind the port; default BAITIAO_WORKERS or 1.

    Raises:
        Refusal: with a sentence on what to do.
        SettingsError: with a sentence for each setting that cannot be used.
    """
    settings, model = prepare(port, demo, workers)
    roster = rostered(settings, model, demo)
    say(f"starting the action server (its log: {ACTIONS_LOG})")
    say(f"starting the assistant with {model}")
    interpreter = [sys.executable, "-W", "ignore", "-m", "bot.supervision", roster.to_json()]
    os.execve(sys.executable, interpreter, _handed_on(settings, roster))


def prepare(port: int | None, demo: bool, workers: int | None) -> tuple[Settings, Path]:
    """Checks everything that can be checked before the servers start, and makes what they need.

    Returns:
        The settings, and the model to serve.

    Raises:
        Refusal, SettingsError: see ``run``.
    """
    # Deprecations inside Rasa's dependencies are nothing that whoever starts this could act on.
    warnings.simplefilter("ignore")
    from bot.channel.tokens import TokenSettingsError, TokenVerifier
    from bot.commands.settings import read_settings

    if not Path("bot/config.yml").is_file():
        raise Refusal("run this in the project's root, where bot/ and data/ are")
    given = {name: str(value) for name, value in (("port", port), ("workers", workers)) if value is not None}
    if "actions_secret" not in Settings.asked():
        given["actions_secret"] = secrets.token_urlsafe(32)
    # Nobody but our own web servers calls the action server.
    settings = read_settings(demo, **given, actions_host=LOOPBACK)
    try:
        TokenVerifier.from_settings(settings)
    except TokenSettingsError as error:
        raise Refusal(str(error)) from None
    here = bootstrap(settings)
    # The action server would refuse to start without what it needs here; said now, that stands in the terminal.
    here.delivery_target()
    if settings.workers > 1 and here.database.engine.dialect.name != "postgresql":
        raise Refusal(
            f"{settings.workers} workers need PostgreSQL: set {Settings.variable('database_url')}, or leave out --workers and "
            f"{Settings.variable('workers')}; SQLite serves one"
        )
    for host, number, setting in (
        (settings.host, settings.port, f"{Settings.variable('port')} or --port"),
        (LOOPBACK, settings.actions_port, Settings.variable("actions_port")),
    ):
        _refuse_if_taken(host, number, setting)
    _refuse_if_redis_is_away(settings)
    _prepare_database(here, demo)
    return settings, _trained()


def rostered(settings: Settings, model: Path, demo: bool) -> Roster:
    """What is to be kept running."""
    host = _ALL_ADDRESSES.get(settings.host, settings.host)
    serve = ("-W", "ignore", "-m", "bot.cli", "serve")
    web = (*serve, "web", "--shared", "--port", str(settings.port), "--model", str(model), *(["--demo"] if demo else []))
    actions = Service("action server", (*serve, "actions", "--shared", "--host", LOOPBACK), str(ACTIONS_LOG), stops=1)
    many = settings.workers > 1
    webs = tuple(Service(f"web server {number}" if many else "web server", web) for number in range(1, settings.workers + 1))
    worker = (Service("worker", (*serve, "worker"), str(WORKER_LOG), vital=False),) if settings.ops else ()
    address = f"http://{host}:{settings.port}"
    announcement = [f"ready: {address}{'/shop' if demo else '/health/ready'}   (Ctrl-C stops everything)"]
    if demo:
        announcement.append(f"desk:  {address}/desk   (sign in with what `baitiao token agent-1 --role agent` prints)")
        announcement.append(f"console: {address}/console   (the same with `--role operator`)")
    return Roster(
        services=(actions, *webs, *worker),
        host=host,
        port=settings.port,
        announcement=tuple(announcement),
        metrics=_fresh_metrics(settings.port) if many else None,
    )


def _prepare_database(here: Application, demo: bool) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from actions.state.probe import probe
    from actions.state.world.loading import load_world
    from actions.state.world.rows import is_empty

    try:
        here.migrate()
        found = probe(here.database)
        with here.database.session() as session:
            empty = is_empty(session)
    except (CannotStart, SQLAlchemyError, OSError) as error:
        sentence = "the database cannot be used: "
        raise Refusal(sentence + " ".join(str(getattr(error, "orig", None) or error).removeprefix(sentence).split())) from None
    if not found.clock:
        raise Refusal("this machine's clock is far from the database's; set it right first")
    if not found.disk:
        raise Refusal("the disk on which the database lies is full; make room first")
    if demo and empty:
        say(f"loading the demo world from {DEMO_WORLD}")
        load_world(here.database, [DEMO_WORLD])
    here.database.close()


def _trained() -> Path:
    from bot.engine.training import TrainingFailed, is_stale, newest_model, train

    if is_stale():
        say("training the model (a few minutes; only when data, domain, configuration or glossary changed)")
        started = time.monotonic()
        try:
            train()
        except TrainingFailed as error:
            raise Refusal(str(error)) from None
        say(f"trained in {time.monotonic() - started:.0f} s")
    model = newest_model()
    if model is None:
        raise Refusal("there is no model in models/")
    return model


def _refuse_if_redis_is_away(settings: Settings) -> None:
    if settings.redis_url is None:
        return
    from redis import Redis
    from redis.exceptions import RedisError

    client = Redis.from_url(settings.redis_url, socket_connect_timeout=3, socket_timeout=3)
    try:
        client.ping()
    except (RedisError, OSError) as error:
        variable = Settings.variable("redis_url")
        raise Refusal(f"Redis does not answer where {variable} says ({type(error).__name__}); start it, or unset {variable}") from None
    finally:
        client.close()


def _refuse_if_taken(host: str, port: int, setting: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Refusal(f"port {port} is for programs of root only; set {setting}") from None
        except OSError as error:
            if isinstance(error, socket.gaierror):
                raise Refusal(f"there is no address {host} on this machine; set {Settings.variable('host')}") from None
            raise Refusal(f"port {port} is taken; stop what uses it or set {setting}") from None


def _fresh_metrics(port: int) -> str:
    folder = METRICS / str(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return str(folder)


def _handed_on(settings: Settings, roster: Roster) -> dict[str, str]:
    """The environment of what is started: ours, with what this command was given or has made itself."""
    handed = {"port": str(settings.port), "actions_host": LOOPBACK}
    for name in ("actions_secret", "handoff_webhook_secret"):
        secret = getattr(settings, name)
        if secret is not None:
            handed[name] = secret.get_secret_value()
    metrics = {} if roster.metrics is None else {"PROMETHEUS_MULTIPROC_DIR": roster.metrics}
    return child_environment(TF_CPP_MIN_LOG_LEVEL="3", **metrics, **{Settings.variable(name): value for name, value in handed.items()})
