"""The web server's pages, in a process of their own that may be killed: ``python -m tests.unit.http.site PORT``."""

from __future__ import annotations

import asyncio
import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.connections import vouch_for
from actions.strict_http import StrictProtocol
from bot.web.metrics import Metrics
from bot.web.responses import EventStream
from bot.web.site import add_site


def run(port: int) -> None:
    """Serves, beside the pages, routes that answer at once, late, and bit by bit."""
    app = Sanic("site", configure_logging=False)
    add_site(app, Metrics(), {}, home="/shop")

    @app.post("/webhook")
    async def echo(request: Request) -> HTTPResponse:
        return raw(request.body)

    @app.post("/form")
    async def fields(request: Request) -> HTTPResponse:
        return raw(str(len(request.form)).encode())

    @app.get("/known")
    async def known(request: Request) -> HTTPResponse:
        vouch_for(request)
        return raw(b"known")

    @app.get("/late")
    async def late(request: Request) -> HTTPResponse:
        await asyncio.sleep(float(request.args.get("seconds")))
        return raw(b"late")

    @app.get("/stream")
    async def stream(request: Request) -> None:
        events = await EventStream.open(request)
        for number in range(int(request.args.get("beats"))):
            await asyncio.sleep(0.2)
            await events.send(number, "x" * int(request.args.get("size", "1")))
        await events.end()

    app.run("127.0.0.1", port, protocol=StrictProtocol, access_log=False, motd=False)


if __name__ == "__main__":
    run(int(sys.argv[1]))
