"""The action server: Rasa SDK's web application, with the watchers and the delivery of handoffs running beside it."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.bootstrap import Application, bootstrap, use
from actions.callers import actions_secret, believe_only
from actions.logs import hide_values
from actions.masking import warm_up
from actions.settings import SettingsError
from actions.strict_http import StrictProtocol
from actions.yaml_source import SourceError

log = structlog.get_logger()


def make_app(here: Application) -> Sanic:
    """The web application. It refuses to start with unusable knowledge or an unreachable database, because every turn would fail.

    Args:
        here: what actions answer with, and what the watchers and the delivery watch and deliver.

    Raises:
        SettingsError: there is no secret and none can be made, and nobody is ever believed without one; or there is nothing to sign
            deliveries with.
    """
    hide_values()
    here.delivery_target()
    here.database.migrate()
    _ = here.knowledge.current
    warm_up()
    use(here)
    secret = actions_secret(here.settings)
    app: Any = create_app("actions.handlers", cors_origins="")
    believe_only(app, secret)
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


def main() -> None:
    """Serves on 127.0.0.1 until stopped."""
    try:
        here = bootstrap()
        app = make_app(here)
    except (SettingsError, SourceError) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    app.run("127.0.0.1", here.settings.actions_port, protocol=StrictProtocol, access_log=False, motd=False)


if __name__ == "__main__":
    main()
