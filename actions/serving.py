"""How both servers listen, show whoever supervises them that they live, and stop: what Sanic leaves to whoever starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from actions.pulse import Pulse
from actions.settings import Settings
from actions.strict_http import StrictProtocol

GRACE_SECONDS = 30.0
"""What requests under way may still take when the server stops; a turn ends by itself after 25."""
_PULSE_SECONDS = 1.0
_BACKLOG = 1024


class CannotListen(RuntimeError):
    """The address cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int, variable: str, shared: bool = False) -> socket.socket:
    """Listens on an address.

    Args:
        host: a name or an address of this machine.
        port: of TCP.
        variable: the setting that names the port, for the message.
        shared: other processes of this user may listen on the same port, and the kernel divides new connections among them.

    Raises:
        CannotListen: the port is taken, or the host is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=shared)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise CannotListen(
            f"port {port} on {host} cannot be listened on ({reason}); set {variable} or {Settings.variable('host')}"
        ) from None


def run(
    app: Any, bound: socket.socket, drain: float = 0.0, pulse: int | None = None, every_second: Callable[[], object] = lambda: None
) -> None:
    """Serves until a signal: SIGINT stops at once, SIGTERM after draining; requests under way are finished either way.

    Args:
        app: the Sanic application; its ``ctx.draining`` tells whether it is about to stop.
        bound: where it listens.
        drain: seconds between SIGTERM and the end, in which everything is still answered while readiness says no, so that a balancer
            sends new customers elsewhere first.
        pulse: a file descriptor to which a sign of life is written every second; the server stops once nobody reads it any more.
        every_second: what else is to be done as often.
    """
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACE_SECONDS
    app.ctx.draining = False

    async def begin(running: Any, loop: Any) -> None:
        def leave() -> None:
            if not running.ctx.draining:
                running.ctx.draining = True
                loop.call_later(drain, running.stop)

        # Sanic has just set its own, which stops without draining.
        loop.add_signal_handler(signal.SIGTERM, leave)
        running.ctx.beating = loop.create_task(_beat(running, pulse, every_second))

    app.register_listener(begin, "after_server_start")
    app.run(sock=bound, protocol=StrictProtocol, access_log=False, motd=False, debug=False)


async def _beat(app: Any, pulse: int | None, every_second: Callable[[], object]) -> None:
    life = Pulse(pulse, app.stop)
    while life.beat():
        every_second()
        await asyncio.sleep(_PULSE_SECONDS)
