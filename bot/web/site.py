"""Everything of the web server that is not the channel: the widget's files, health, metrics, refusals, security headers."""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from sanic.exceptions import InvalidUsage, MethodNotSupported, NotFound, PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.channel.metrics import Metrics
from bot.channel.turns import RETRY_SECONDS
from bot.channel.widget.input import problem_response
from bot.web.headers import ONLY_OURSELVES, Embedding
from bot.web.problems import ProblemError

logger = logging.getLogger(__name__)

WIDGET_FILES = Path(__file__).parent / "widget"
LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes that are read at all. Messages are refused far below this, but by an answer: a connection that is cut gives none."""

Check = Callable[[], Awaitable[bool]]

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_FOREIGN_PAGES_MAY_READ = ("/widget/", "/webhooks/widget/")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def furnish(
    app: Any,
    metrics: Metrics,
    checks: Mapping[str, Check],
    home: str | None = None,
    widget: Path = WIDGET_FILES,
    embedding: Embedding = ONLY_OURSELVES,
) -> None:
    """Adds the pages and paths beside the channel.

    Args:
        app: Rasa's application, with the channel on it.
        metrics: what `/metrics` shows.
        checks: name → check; `/health/ready` is 200 only if all of them hold.
        home: where `/` leads; None: nowhere.
        widget: the folder of the widget's files.
        embedding: who may embed the chat; by default only our own pages.
    """
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.ACCESS_LOG = False
    _add_health(app, metrics, checks)
    _add_files(app, "/widget", widget)
    _add_refusals(app)

    @app.middleware("request")
    async def go_home(request: Request) -> HTTPResponse | None:
        # Rasa's application answers here with its exact version, which is nobody's business.
        if request.path != "/":
            return None
        if home is None:
            return problem_response(ProblemError("not_found"))
        return raw(b"", status=302, headers={"Location": home})

    @app.middleware("request")
    async def answer_preflight(request: Request) -> HTTPResponse | None:
        asked = request.method == "OPTIONS" and request.path.startswith(_FOREIGN_PAGES_MAY_READ)
        return raw(b"", status=204) if asked and embedding.headers_for(request.headers.get("origin")) else None

    @app.middleware("response")
    async def secure(request: Request, response: HTTPResponse) -> None:
        if request.path.startswith(_FOREIGN_PAGES_MAY_READ):
            response.headers.update(embedding.headers_for(request.headers.get("origin")))
            response.headers.setdefault("Vary", "Origin, Accept-Encoding")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if (response.content_type or "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", embedding.page_policy)


def _add_health(app: Any, metrics: Metrics, checks: Mapping[str, Check]) -> None:
    @app.get("/health/live")
    async def live(_request: Request) -> HTTPResponse:
        return _json({"status": "live"})

    @app.get("/health/ready")
    async def ready(_request: Request) -> HTTPResponse:
        results = dict(zip(checks, await asyncio.gather(*(_holds(check) for check in checks.values()))))
        good = all(results.values())
        return _json({"status": "ready" if good else "not ready", "checks": results}, 200 if good else 503)

    @app.get("/metrics")
    async def numbers(_request: Request) -> HTTPResponse:
        return raw(metrics.text(), content_type=metrics.content_type, headers={"Cache-Control": "no-store"})


async def _holds(check: Check) -> bool:
    try:
        return await check()
    except Exception as error:
        logger.warning("not ready: %s", type(error).__name__)
        return False


def _add_files(app: Any, prefix: str, folder: Path) -> None:
    root = folder.resolve()

    @app.get(f"{prefix}/<name:path>")
    async def file(request: Request, name: str) -> HTTPResponse:
        content = await asyncio.to_thread(_read, root, name)
        if content is None:
            return problem_response(ProblemError("not_found"))
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return raw(b"", status=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = _packed(content), "gzip"
        return raw(content, headers=headers, content_type=_TYPES[Path(name).suffix])


@functools.lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _read(root: Path, name: str) -> bytes | None:
    if Path(name).suffix not in _TYPES or any(part.startswith(".") for part in name.split("/")):
        return None
    try:
        path = (root / name).resolve()
        return path.read_bytes() if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):
        return None


def _add_refusals(app: Any) -> None:
    @app.exception(NotFound)
    async def not_found(_request: Request, _error: Exception) -> HTTPResponse:
        return problem_response(ProblemError("not_found"))

    @app.exception(MethodNotSupported)
    async def method(_request: Request, error: Any) -> HTTPResponse:
        response = problem_response(ProblemError("method_not_allowed"))
        response.headers.update(getattr(error, "headers", {}))
        response.headers.pop("Content-Length", None)
        return response

    @app.exception(PayloadTooLarge)
    async def too_large(_request: Request, _error: Exception) -> HTTPResponse:
        return problem_response(ProblemError("too_long"))

    @app.exception(InvalidUsage)
    async def malformed(_request: Request, _error: Exception) -> HTTPResponse:
        return problem_response(ProblemError("malformed"))

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> HTTPResponse:
        if not isinstance(error, SanicException):
            logger.error("a request failed: %s", type(error).__name__, exc_info=error)
        return problem_response(ProblemError("unavailable", RETRY_SECONDS))


def _json(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    return raw(json.dumps(body).encode(), status=status, content_type="application/json", headers={"Cache-Control": "no-store"})
