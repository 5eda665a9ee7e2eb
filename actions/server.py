"""The action server: Rasa SDK's web application, with the watchers and the delivery of handoffs running beside it."""

from __future__ import annotations

import asyncio
from typing import Any, List

import structlog
from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.callers import believe_only
from actions.handoff import lateness, settings
from actions.handoff.delivery import Dispatcher, Target
from actions.masking import warm_up
from actions.recovery.watcher import interval, watch
from actions.services import services
from actions.settings import actions_port, actions_secret
from actions.strict_http import StrictProtocol

log = structlog.get_logger()


def make_app() -> Sanic:
    """The application. It refuses to start with unusable knowledge or an unreachable database, because every turn would fail.

    Raises:
        ValueError: a setting cannot be used; there is always a secret, so that nobody is ever believed without one.
    """
    here = services()
    here.database.migrate()
    _ = here.knowledge
    warm_up()
    settings.check()
    seconds, patience, target = interval(), settings.patience(), Target.from_environment()
    secret = actions_secret()
    app = create_app("actions.handlers", cors_origins="")
    believe_only(app, secret)
    tasks: List["asyncio.Task[None]"] = []

    @app.listener("after_server_start")
    async def start_beside(_app: Any, _loop: Any) -> None:
        tasks.append(asyncio.create_task(watch(here, seconds)))
        tasks.append(asyncio.create_task(lateness.watch(here, patience)))
        if target is not None:
            tasks.append(asyncio.create_task(Dispatcher(here, target).run()))

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

    return app


def main() -> None:
    """Serves on 127.0.0.1 until stopped."""
    make_app().run("127.0.0.1", actions_port(), protocol=StrictProtocol, access_log=False, motd=False)


if __name__ == "__main__":
    main()
