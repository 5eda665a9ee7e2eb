"""One part alone, in the foreground: what containers and supervisors start. Each refuses with a sentence, and ends with 0 when it is asked to."""

from __future__ import annotations

import signal
import sys
import warnings
from pathlib import Path

from actions.bootstrap import CannotStart, bootstrap
from actions.settings import Settings
from bot.commands import Refusal


def serve_web(port: int | None, demo: bool, model: Path | None, shared: bool, pulse: int | None) -> None:
    """Serves pages, widget API and desk with a trained model; the database's schema is left as it is.

    Args:
        port: default BAITIAO_PORT or 5005.
        demo: serve the demo shop, and sign with this installation's own secret.
        model: the archive; default: the newest of ``models/``.
        shared: other web servers of this user may listen on the same port.
        pulse: a file descriptor for signs of life; None: nobody asks for any.

    Raises:
        Refusal: something is missing or cannot be used.
        SettingsError: settings cannot be used.
        SourceError: the knowledge cannot be used.
    """
    from actions.serving import CannotListen

    _prepare_process()
    from bot.channel.tokens import TokenSettingsError
    from bot.commands.settings import read_settings
    from bot.engine.training import newest_model

    here = bootstrap(read_settings(demo, **({} if port is None else {"port": str(port)})))
    _ = here.knowledge.current
    model = model or newest_model()
    if model is None or not model.is_file():
        raise Refusal(f"there is no model {model or 'in models/'}; `baitiao train` makes one")
    # Rasa takes seconds to import, and nothing above needs it.
    from bot.engine.archive import ModelRefused
    from bot.server import ServerFailed, serve

    try:
        serve(model, here, demo, shared, pulse)
    except (TokenSettingsError, ModelRefused, ServerFailed, CannotListen) as error:
        raise Refusal(str(error)) from None


def serve_actions(host: str | None, shared: bool, pulse: int | None) -> None:
    """Serves actions, with the watchers and the delivery of handoffs beside them; migrates the database first.

    Args:
        host: default BAITIAO_HOST or 127.0.0.1.
        shared: other action servers of this user may listen on the same port.
        pulse: a file descriptor for signs of life; None: nobody asks for any.

    Raises:
        Refusal: the database or the port cannot be used.
        SettingsError: settings cannot be used.
        SourceError: the knowledge cannot be used.
    """
    from actions.serving import CannotListen

    _prepare_process()
    from actions.server import serve

    try:
        serve({} if host is None else {"host": host}, shared, pulse)
    except (CannotStart, CannotListen) as error:
        raise Refusal(str(error)) from None


def serve_worker(pulse: int | None) -> None:
    """Runs the passes of the operators' half until stopped; migrates the database first.

    Args:
        pulse: a file descriptor for signs of life; None: nobody asks for any.

    Raises:
        Refusal: the database cannot be used, or there is to be no worker.
        SettingsError: settings cannot be used.
        SourceError: the knowledge cannot be used.
    """
    _prepare_process()
    from actions.logs import hide_values
    from actions.pulse import Pulse
    from ops.passes import PASSES
    from ops.worker import Surroundings, Worker

    hide_values()
    here = bootstrap(Settings.read())
    if not here.settings.ops:
        raise Refusal(f"{Settings.variable('ops')} is off: there is to be no worker; unset it to have one")
    _ = here.knowledge.current
    try:
        here.migrate()
    except CannotStart as error:
        raise Refusal(str(error)) from None
    worker = Worker(Surroundings.of(here), PASSES)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run(Pulse(pulse, worker.stop).beat)


def migrate() -> str:
    """Brings the database's schema up to date, and says to which version.

    Raises:
        Refusal: the database cannot be used.
        SettingsError: settings cannot be used.
    """
    here = bootstrap(Settings.read_without_secrets())
    try:
        here.migrate()
    except CannotStart as error:
        raise Refusal(str(error)) from None
    return f"the database has schema version {here.database.revision()}"


def _prepare_process() -> None:
    # Deprecations inside Rasa's dependencies are nothing that whoever starts this could act on. Sanic, once imported, wants to show them.
    warnings.simplefilter("ignore")
    # While it starts, there is nothing to be finished.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
