"""The demo shop's page and its files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.demo.refusals import Refused, answering

FILES = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def add_pages(app: Sanic) -> None:
    """Adds ``/shop`` and ``/shop/static/…``."""

    @app.get("/shop")
    @answering
    async def demo_page(request: Request) -> HTTPResponse:
        return _file(request, "shop.html")

    @app.get("/shop/static/<name:str>")
    @answering
    async def demo_file(request: Request, name: str) -> HTTPResponse:
        return _file(request, name)


def _file(request: Request, name: str) -> HTTPResponse:
    path = next((path for path in FILES.iterdir() if path.name == name and path.suffix in _TYPES), None)
    if path is None:
        raise Refused("not_found")
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {
        "Cache-Control": "no-cache",
        "ETag": tag,
    }
    if request.headers.get("if-none-match") == tag:
        return raw(b"", status=304, headers=headers)
    return raw(content, headers=headers, content_type=_TYPES[path.suffix])
