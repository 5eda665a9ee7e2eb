"""The web server: Rasa's application with the widget channel, without Rasa's own HTTP API, and the pages beside it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from actions.bootstrap import Application, use
from actions.callers import actions_secret
from actions.settings import quiet_libraries
from bot.engine.training import newest_model
from bot.engine.unused_libraries import needs_libraries, stand_in

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"

# Before any import of Rasa: no telemetry, and no chatter of libraries that the customer's operator can do nothing about.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL": "INFO",
}


class ServerFailed(RuntimeError):
    """The server ended because it could not do its work."""


def serve(model_path: str | Path, here: Application, demo: bool = False, host: str = HOST) -> None:
    """Serves until stopped by a signal.

    The port answers at once; `/health/ready` and the first turn wait until the model is loaded.

    Args:
        model_path: a model archive, or a folder of which the newest model is served. Load it from the project's root.
        here: what it is made of. The database's schema must be up to date.
        demo: serve the demo shop, too.
        host: the address to listen on.

    Raises:
        TokenSettingsError: the settings name no key to check tokens with.
        SettingsError: there is no secret for the action server and none can be made.
        ServerFailed: the model cannot be loaded.
    """
    from actions.strict_http import StrictProtocol

    app = make_app(model_path, here, demo)
    app.run(host=host, port=here.settings.port, protocol=StrictProtocol, workers=1, access_log=False, motd=False, debug=False)
    if app.ctx.failure is not None:
        raise ServerFailed(f"the model could not be loaded: {app.ctx.failure}")


def make_app(model_path: str | Path, here: Application, demo: bool = False) -> Any:
    """The web application, ready to run; see serve."""
    quiet_libraries(**_QUIET)
    model = newest_model(Path(model_path)) if Path(model_path).is_dir() else Path(model_path)
    if model is not None and not needs_libraries(model):
        stand_in()
    # Rasa's pinned libraries warn about each other by the page while they are imported, whatever the filters.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    from rasa.core.run import configure_app
    from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level
    from rasa.utils.log_utils import configure_structlog

    from bot.bootstrap import demo_shop, desk_work, widget_channel
    from bot.desk import register as register_desk
    from bot.engine.action_client import HttpActions
    from bot.engine.processor import TurnAgent
    from bot.engine.tracker_store import ConversationTrackerStore
    from bot.web.headers import Embedding
    from bot.web.site import add_site

    configure_structlog()
    configure_logging_and_warnings()
    update_sanic_log_level()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    use(here)
    settings = here.settings
    channel = widget_channel(here)
    service = channel.service
    actions = HttpActions(f"http://127.0.0.1:{settings.actions_port}", actions_secret(settings))
    agent = TurnAgent(actions, ConversationTrackerStore(database=here.database))

    app = configure_app([channel], enable_api=False, port=settings.port)
    app.ctx.agent = agent
    app.ctx.failure = None
    app.ctx.loaded = False

    async def loaded() -> bool:
        return bool(app.ctx.loaded)

    async def database_answers() -> bool:
        await asyncio.wait_for(asyncio.to_thread(service.store.ping), 3)
        return True

    checks = {"agent": loaded, "database": database_answers, "actions": actions.healthy}
    add_site(app, service.metrics, checks, "/shop" if demo else None, embedding=Embedding.from_settings(settings))
    register_desk(app, desk_work(here), service.verifier, service.locks, service.feed)
    if demo:
        from bot.demo import register

        register(app, demo_shop(here), settings.token_secret.get_secret_value() if settings.token_secret else None)

    @app.listener("after_server_start")
    async def load(running: Any, loop: Any) -> None:
        running.ctx.loading = loop.create_task(_load(running, agent, model_path))

    @app.listener("after_server_stop")
    async def release(_app: Any, _loop: Any) -> None:
        await actions.close()

    return app


async def _load(app: Any, agent: Any, model_path: str | Path) -> None:
    from actions.masking import warm_up

    try:
        await asyncio.to_thread(agent.load_model, model_path)
        await asyncio.to_thread(warm_up)
        app.ctx.loaded = True
        logger.info("the assistant is ready")
    except Exception as error:
        logger.error("the model could not be loaded: %s", type(error).__name__, exc_info=error)
        app.ctx.failure = error
        app.stop()
    finally:
        logging.captureWarnings(False)
