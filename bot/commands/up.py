"""``baitiao up``: from an empty checkout to a chat that solves a case, with one line per thing that takes time."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from pathlib import Path
from typing import Any

from actions.bootstrap import Application, bootstrap
from actions.serving import CannotListen
from actions.settings import Settings, child_environment

DEMO_WORLD = Path("demo/world.yml")
ACTIONS_LOG = Path("var/actions.log")
READY_SECONDS = 180.0
STOP_SECONDS = 10.0


class UpError(RuntimeError):
    """Something is missing or did not start; the message says what to do."""


def run(port: int | None, demo: bool) -> None:
    """Brings everything up and serves until Ctrl-C.

    Args:
        port: of the pages and the widget API; default BAITIAO_PORT or 5005.
        demo: load the demo world into an empty database, serve the demo shop, sign with this installation's own secret.

    Raises:
        UpError: with a sentence on what to do.
        SettingsError: with a sentence for each setting that cannot be used.
        SourceError: the knowledge cannot be used.
    """
    # Deprecations inside Rasa's dependencies are nothing that whoever starts this could act on.
    warnings.simplefilter("ignore")
    from bot.channel.tokens import TokenSettingsError, TokenVerifier
    from bot.commands.settings import read_settings
    from bot.engine.training import TrainingFailed, is_stale, newest_model, train

    if not Path("bot/config.yml").is_file():
        raise UpError("run this in the project's root, where bot/ and data/ are")
    given = {} if port is None else {"port": str(port)}
    if "actions_secret" not in Settings.asked():
        given["actions_secret"] = secrets.token_urlsafe(32)
    settings = read_settings(demo, **given)
    try:
        TokenVerifier.from_settings(settings)
    except TokenSettingsError as error:
        raise UpError(str(error)) from None
    here = bootstrap(settings)
    # The action server would refuse to start without what it needs here; said now, that stands in the terminal.
    here.delivery_target()
    for number, setting in ((settings.port, "BAITIAO_PORT or --port"), (settings.actions_port, "BAITIAO_ACTIONS_PORT")):
        if _is_taken(number):
            raise UpError(f"port {number} is taken; stop what uses it or set {setting}")

    _ = here.knowledge.current
    _prepare_database(here, demo)
    if is_stale():
        _say("training the model (a few minutes; only when data, domain, configuration or glossary changed)")
        started = time.monotonic()
        try:
            train()
        except TrainingFailed as error:
            raise UpError(str(error)) from None
        _say(f"trained in {time.monotonic() - started:.0f} s")
    model = newest_model()
    actions = _start_actions(settings)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _say(f"starting the assistant with {model}")
        threading.Thread(target=_announce, args=(settings.port, actions, demo, stopping), daemon=True).start()
        from bot.server import ServerFailed, serve

        try:
            serve(str(model), here, demo)
        except (ServerFailed, CannotListen) as error:
            raise UpError(str(error)) from None
    finally:
        stopping.set()
        _stop(actions)


def _prepare_database(here: Application, demo: bool) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from actions.state.world.loading import load_world
    from actions.state.world.rows import is_empty

    try:
        database = here.database
        database.migrate()
        with database.session() as session:
            empty = is_empty(session)
        if demo and empty:
            _say(f"loading the demo world from {DEMO_WORLD}")
            load_world(database, [DEMO_WORLD])
        database.close()
    except (SQLAlchemyError, ValueError) as error:
        raise UpError(f"the database cannot be used: {error}") from None


def _start_actions(settings: Settings) -> subprocess.Popen[bytes]:
    ACTIONS_LOG.parent.mkdir(exist_ok=True)
    _say(f"starting the action server (its log: {ACTIONS_LOG})")
    with ACTIONS_LOG.open("ab") as log:
        # A group of its own: Ctrl-C in the terminal must not end it before the turns under way are done.
        command = [sys.executable, "-W", "ignore", "-m", "actions.server"]
        return subprocess.Popen(command, env=_handed_on(settings), stdout=log, stderr=log, start_new_session=True)


def _handed_on(settings: Settings) -> dict[str, str]:
    """The environment of the action server: ours, with what this command was given or has made itself."""
    handed = {"port": str(settings.port)}
    for name in ("actions_secret", "handoff_webhook_secret"):
        secret = getattr(settings, name)
        if secret is not None:
            handed[name] = secret.get_secret_value()
    return child_environment(TF_CPP_MIN_LOG_LEVEL="3", **{Settings.variable(name): value for name, value in handed.items()})


def _announce(port: int, actions: subprocess.Popen[bytes], demo: bool, stopping: threading.Event) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stopping.is_set() and time.monotonic() < deadline:
        if actions.poll() is not None:
            _say(f"the action server ended; {ACTIONS_LOG} says why")
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if _answers(f"http://127.0.0.1:{port}/health/ready"):
            _say(f"ready: http://127.0.0.1:{port}{'/shop' if demo else '/health/ready'}   (Ctrl-C stops everything)")
            if demo:
                _say(f"desk:  http://127.0.0.1:{port}/desk   (sign in with what `baitiao token agent-1 --role agent` prints)")
            _watch(actions, stopping)
            return
        time.sleep(0.2)
    if not stopping.is_set():
        _say(f"not ready after {READY_SECONDS:.0f} s; http://127.0.0.1:{port}/health/ready says what is missing")


def _watch(actions: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    while not stopping.wait(1.0):
        if actions.poll() is not None:
            _say(f"the action server ended; {ACTIONS_LOG} says why. Customers get an honest refusal until this is started again")
            return


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _say(text: str) -> None:
    print(f"baitiao: {text}", flush=True)
