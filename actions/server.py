"""The action server: Rasa SDK's web application, with the watchers and the delivery of handoffs running beside it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.bootstrap import Application, CannotStart, bootstrap, use
from actions.callers import actions_secret, believe_only
from actions.logs import hide_values
from actions.serving import CannotListen, listen, run
from actions.settings import Settings, SettingsError
from actions.yaml_source import SourceError

log = structlog.get_logger()


def make_app(here: Application) -> Sanic:
    """The web application. It refuses to start with unusable knowledge or an unreachable database, because every turn would fail.

    Args:
        here: what actions answer with, and what the watchers and the delivery watch and deliver.

    Raises:
        SettingsError: there is no secret and none can be made, and nobody is ever believed without one; or there is nothing to sign
            deliveries with.
        SourceError: the knowledge cannot be used.
        CannotStart: the database cannot be used.
    """
    hide_values()
    # Settings first: what they lack is said before anything long begins.
    here.delivery_target()
    secret = actions_secret(here.settings)
    here.migrate()
    _ = here.knowledge.current
    use(here)
    app: Any = create_app("actions.handlers", cors_origins="")
    believe_only(app, secret, here.settings.actions_host)
    tasks: list[asyncio.Task[None]] = []

    @app.listener("after_server_start")
    async def start_beside(_app: Any, _loop: Any) -> None:
        tasks.extend(asyncio.create_task(work) for work in here.workers())

    @app.listener("before_server_stop")
    async def stop_beside(_app: Any, _loop: Any) -> None:
        for task in tasks:
            task.cancel()

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> HTTPResponse:
        # The SDK's own handler returns the whole request: a tracker has no place in an error message.
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            log.error("action.failed", error=type(error).__name__, exc_info=error)
        return json({"error": type(error).__name__}, status=status)

    made: Sanic = app
    return made


def serve(given: Mapping[str, str] = MappingProxyType({}), shared: bool = False, pulse: int | None = None) -> None:
    """Serves on BAITIAO_HOST until stopped by a signal.

    Args:
        given: settings that go before the environment.
        shared: other action servers of this user may listen on the same port.
        pulse: where it writes signs of life; see ``actions.serving.run``.

    Raises:
        SettingsError, SourceError, CannotStart: see ``make_app``.
        CannotListen: the port is taken.
    """
    here = bootstrap(Settings.read(**given))
    settings, variable = here.settings, Settings.variable("actions_port")
    if not shared:
        # A port that is taken is said before the knowledge is read; it is not held meanwhile, or callers would wait for an answer.
        listen(settings.host, settings.actions_port, variable).close()
    app = make_app(here)
    run(app, listen(settings.host, settings.actions_port, variable, shared), pulse=pulse)


def main() -> None:
    """Serves until stopped; what keeps it from starting is a sentence and exit code 1."""
    try:
        serve()
    except (SettingsError, SourceError, CannotStart, CannotListen) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
