"""A server that says whether it is about to stop: `python -m tests.unit.http.draining PORT SECONDS`."""

from __future__ import annotations

import asyncio
import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from actions.serving import listen, run

app = Sanic("draining", configure_logging=False)


@app.get("/health")
async def health(_request: Request) -> HTTPResponse:
    return text(str(app.ctx.draining))


@app.get("/slow")
async def slow(_request: Request) -> HTTPResponse:
    await asyncio.sleep(1.6)
    return text("finished")


if __name__ == "__main__":
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    run(app, listen("127.0.0.1", port, "BAITIAO_PORT"), seconds)
