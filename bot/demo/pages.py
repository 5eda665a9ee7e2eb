"""The demo shop's page and its files."""

from __future__ import annotations

from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.demo.refusals import Refused, answering
from bot.web.files import StaticFiles

FILES = StaticFiles(Path(__file__).parent / "static")


def add_pages(app: Sanic) -> None:
    """Adds ``/shop`` and ``/shop/static/…``."""

    @app.get("/shop")
    @answering
    async def demo_page(request: Request) -> HTTPResponse:
        return await _file(request, "shop.html")

    @app.get("/shop/static/<name:str>")
    @answering
    async def demo_file(request: Request, name: str) -> HTTPResponse:
        return await _file(request, name)


async def _file(request: Request, name: str) -> HTTPResponse:
    found = await FILES.response(request, name)
    if found is None:
        raise Refused("not_found")
    return found
