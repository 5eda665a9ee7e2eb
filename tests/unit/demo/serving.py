"""A Sanic application served over real HTTP in a thread of its own."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
import uuid
from collections.abc import Callable
from types import CodeType
from typing import Any

from sanic import Sanic
from sanic.touchup.service import TouchUp

from actions.strict_http import StrictProtocol


class _Application(Sanic):
    """Sanic reads and parses the source of every handler to guess how its errors are written; a process does so once for each."""

    def _determine_error_format(self, handler: Any) -> str:
        code = getattr(inspect.unwrap(handler), "__code__", None)
        if code not in _FORMATS:
            _FORMATS[code] = super()._determine_error_format(handler)
        return _FORMATS[code]


_FORMATS: dict[CodeType | None, str] = {None: ""}

_touch_up = TouchUp.run
_touched_for: list[type] = []


def _touch_up_once(app: Sanic) -> None:
    """Sanic also writes methods of its own anew for the signals that an application listens to; none of the tests' own listens to any."""
    if _touched_for != [_Application] or type(app) is not _Application:
        _touch_up(app)
        _touched_for[:] = [type(app)]


type.__setattr__(TouchUp, "run", _touch_up_once)


class Serving:
    """A running server; ``address`` has no slash at its end.

    Args:
        furnish: adds the routes.
    """

    def __init__(self, furnish: Callable[[Sanic], None], port: int = 0) -> None:
        self._furnish = furnish
        self._port = port
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._started.wait(30)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._started.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        Sanic.test_mode = True
        app = _Application(f"demo-{uuid.uuid4().hex}", configure_logging=False)
        self._furnish(app)
        # Sanic takes port 0 for "no port" and would serve on its own default, which another test may hold.
        bound = socket.create_server(("127.0.0.1", self._port))
        self._server = await app.create_server(sock=bound, protocol=StrictProtocol, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()
        self.address = f"http://127.0.0.1:{bound.getsockname()[1]}"

    async def _stop(self) -> None:
        await self._server.before_stop()
        self._server.close()
        await asyncio.sleep(0.05)
        for connection in list(self._server.connections):
            connection.close()
        await self._server.after_stop()
