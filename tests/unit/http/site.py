"""The web server's pages, in a process of their own that may be killed: ``python -m tests.unit.http.site PORT``."""

from __future__ import annotations

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.strict_http import StrictProtocol
from bot.web.metrics import Metrics
from bot.web.site import add_site

if __name__ == "__main__":
    app = Sanic("site", configure_logging=False)
    add_site(app, Metrics(), {}, home="/shop")

    @app.post("/webhook")
    async def echo(request: Request) -> HTTPResponse:
        return raw(request.body)

    app.run("127.0.0.1", int(sys.argv[1]), protocol=StrictProtocol, access_log=False, motd=False)
