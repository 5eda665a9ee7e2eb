"""The web server: Rasa's application with the widget channel, without Rasa's own HTTP API, and the pages beside it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from actions.bootstrap import Application, use
from actions.callers import actions_secret
from actions.logs import hide_values
from actions.settings import Settings, quiet_libraries
from bot.engine.archive import verify
from bot.engine.training import newest_model
from bot.engine.unused_libraries import TensorFlowMissing, prepare_for

logger = logging.getLogger(__name__)

# Before any import of Rasa: no telemetry, and no chatter of libraries that the customer's operator can do nothing about.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL": "INFO",
}


class ServerFailed(RuntimeError):
    """The server ended because it could not do its work."""


def serve(model_path: str | Path, here: Application, demo: bool = False, shared: bool = False, pulse: int | None = None) -> None:
    """Serves until stopped by a signal.

    The port is opened once the model is loaded: beside others on the same port, a server that cannot answer yet would get its share.

    Args:
        model_path: a model archive, or a folder of which the newest model is served. Load it from the project's root.
        here: what it is made of. The database's schema must be up to date.
        demo: serve the demo shop, too.
        shared: other web servers of this user may listen on the same port.
        pulse: where it writes signs of life; see ``actions.serving.run``.

    Raises:
        TokenSettingsError: the settings name no key to check tokens with.
        SettingsError: there is no secret for the action server and none can be made.
        ServerFailed: the model cannot be loaded.
        ModelRefused: the model is not the one that is trusted.
        CannotListen: the port is taken.
    """
    from actions.serving import listen, run

    # Reading a model takes as long as importing Rasa, and needs another core for it.
    with ThreadPoolExecutor(1) as beside:
        verified = beside.submit(_verify, Path(model_path), here.settings.model_sha256)
        try:
            app = make_app(model_path, here, demo)
        finally:
            # A model that cannot be read fails there, too, with less to say.
            verified.result()
    _load(app.ctx.agent, model_path)
    settings = here.settings
    bound = listen(settings.host, settings.port, Settings.variable("port"), shared)
    run(app, bound, settings.drain_seconds, pulse, app.ctx.every_second)


def _verify(model_path: Path, expected: str | None) -> None:
    model = newest_model(model_path) if model_path.is_dir() else model_path
    if model is not None:
        verify(model, expected)


def make_app(model_path: str | Path, here: Application, demo: bool = False) -> Any:
    """The web application, ready to run; see serve.

    Raises:
        ServerFailed: the model needs TensorFlow, which is not installed.
    """
    quiet_libraries(**_QUIET)
    # Rasa's pinned libraries warn about each other by the page while they are imported, whatever the filters.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    model = newest_model(Path(model_path)) if Path(model_path).is_dir() else Path(model_path)
    if model is not None:
        try:
            prepare_for(model)
        except TensorFlowMissing as error:
            raise ServerFailed(str(error)) from None
    from rasa.core.run import configure_app
    from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level
    from rasa.utils.log_utils import configure_structlog

    from bot.bootstrap import console_places, console_work, demo_shop, desk_rooms, desk_work, staff_attempts, staff_sign_in, widget_channel
    from bot.catalog import register as register_catalog
    from bot.console import register as register_console
    from bot.desk import register as register_desk
    from bot.engine.action_client import HttpActions
    from bot.engine.processor import TurnAgent
    from bot.engine.tracker_store import ConversationTrackerStore
    from bot.web.headers import Embedding
    from bot.web.readiness import Dependencies
    from bot.web.site import add_site
    from ops.metrics import text as kept_numbers

    configure_structlog()
    hide_values()
    configure_logging_and_warnings()
    update_sanic_log_level()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    use(here)
    settings = here.settings
    channel = widget_channel(here)
    service = channel.service
    actions = HttpActions(settings.actions_address, actions_secret(settings))
    agent = TurnAgent(actions, ConversationTrackerStore(database=here.database))

    app = configure_app([channel], enable_api=False, port=settings.port)
    app.ctx.agent = agent
    app.ctx.every_second = service.metrics.refresh

    async def loaded() -> bool:
        return bool(agent.is_ready())

    async def accepting() -> bool:
        return not getattr(app.ctx, "draining", False)

    dependencies = Dependencies(here.database, service.locks.hold)
    checks = {"accepting": accepting, "agent": loaded, **dependencies.checks(), "actions": actions.healthy}
    add_site(
        app,
        service.metrics,
        checks,
        "/shop" if demo else None,
        embedding=Embedding.from_settings(settings),
        kept=lambda: kept_numbers(here.database, settings.now),
    )
    register_catalog(app, service, channel.badges)
    attempts, sign_in = staff_attempts(here), staff_sign_in(here, demo)
    register_desk(
        app,
        desk_work(here),
        service.verifier,
        service.locks,
        service.feed,
        attempts,
        always_secure=not demo,
        sign_in=sign_in,
        rooms=desk_rooms(here),
    )
    register_console(app, console_work(here), service.verifier, attempts, console_places(here), always_secure=not demo, sign_in=sign_in)
    if demo:
        from bot.demo import register

        if "token_secret" in Settings.asked():
            # Not refused: trying the demo out with a secret of one's own is what `baitiao token` is for.
            logger.warning(
                "whoever opens /shop gets tokens signed with %s; use --no-demo where it lets in real customers",
                Settings.variable("token_secret"),
            )
        names = {urlsplit(origin).hostname or "" for origin in settings.widget_origins}
        register(app, demo_shop(here), settings.token_secret.get_secret_value() if settings.token_secret else None, names)

    @app.listener("after_server_stop")
    async def release(_app: Any, _loop: Any) -> None:
        await actions.close()
        dependencies.close()

    return app


def _load(agent: Any, model_path: str | Path) -> None:
    from actions.masking import warm_up

    try:
        agent.load_model(model_path)
        warm_up()
        logger.info("the assistant is ready")
    except Exception as error:
        logger.error("the model could not be loaded: %s", type(error).__name__, exc_info=error)
        raise ServerFailed(f"the model could not be loaded: {error}") from None
    finally:
        logging.captureWarnings(False)
