"""Everything of the web server that is not the channel: the widget's files, health, metrics, refusals, security headers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sanic.exceptions import InvalidUsage, MethodNotSupported, NotFound, PayloadTooLarge, RequestTimeout, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.web.files import StaticFiles
from bot.web.headers import ONLY_OURSELVES, SECURITY_HEADERS, Embedding
from bot.web.metrics import Metrics, looked_up
from bot.web.readiness import Check, holds
from bot.web.responses import NOT_KEPT, RETRY_SECONDS, ProblemError, json_response, problem_response, redirect

logger = logging.getLogger(__name__)

WIDGET_FILES = Path(__file__).parents[1] / "widget"
STAFF_FILES = Path(__file__).parents[1] / "staff" / "static"
LARGEST_BODY = 64 * 1024
"""Bytes; a text of 500 characters, each escaped as a surrogate pair, needs 6 KB."""
MOST_FIELDS = 64
"""Of a form; reading tens of thousands would take a tenth of a second, in which nobody else is answered."""

_FOREIGN_PAGES_MAY_READ = ("/widget/", "/webhooks/widget/")


def add_site(
    app: Any,
    metrics: Metrics,
    checks: Mapping[str, Check],
    home: str | None = None,
    widget: Path = WIDGET_FILES,
    embedding: Embedding = ONLY_OURSELVES,
    kept: Callable[[], bytes] | None = None,
) -> None:
    """Adds the pages and paths beside the channel.

    Args:
        app: Rasa's application, with the channel on it.
        metrics: what `/metrics` shows.
        checks: name → check; `/health/ready` is 200 only if all of them hold.
        home: where `/` leads; None: nowhere.
        widget: the folder of the widget's files.
        embedding: who may embed the chat; by default only our own pages.
        kept: numbers that are looked up in the database, in the same format as those counted here; blocking.
    """
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.ACCESS_LOG = False
    _add_health(app, metrics, checks, kept)
    _add_files(app, "/widget", widget)
    _add_files(app, "/staff", STAFF_FILES)
    _add_refusals(app)

    @app.middleware("request")
    async def go_home(request: Request) -> HTTPResponse | None:
        # Rasa's application answers here with its exact version, which is nobody's business.
        if request.path != "/":
            return None
        if home is None:
            return problem_response(ProblemError("not_found"))
        return redirect(home, 302)

    @app.middleware("request")
    async def bound_forms(request: Request) -> HTTPResponse | None:
        kind = request.content_type.partition(";")[0].strip().lower()
        too_many = kind == "application/x-www-form-urlencoded" and request.body.count(b"&") >= MOST_FIELDS
        # Nothing here takes files.
        return problem_response(ProblemError("malformed")) if too_many or kind == "multipart/form-data" else None

    @app.middleware("request")
    async def answer_preflight(request: Request) -> HTTPResponse | None:
        asked = request.method == "OPTIONS" and request.path.startswith(_FOREIGN_PAGES_MAY_READ)
        return raw(b"", status=204) if asked and embedding.headers_for(request.headers.get("origin")) else None

    @app.middleware("response")
    async def secure(request: Request, response: HTTPResponse) -> None:
        if request.path.startswith(_FOREIGN_PAGES_MAY_READ):
            response.headers.update(embedding.headers_for(request.headers.get("origin")))
            response.headers.setdefault("Vary", "Origin, Accept-Encoding")
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if (response.content_type or "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", embedding.page_policy)


def _add_health(app: Any, metrics: Metrics, checks: Mapping[str, Check], kept: Callable[[], bytes] | None) -> None:
    @app.get("/health/live")
    async def live(_request: Request) -> HTTPResponse:
        return json_response({"status": "live"})

    @app.get("/health/ready")
    async def ready(_request: Request) -> HTTPResponse:
        results = dict(zip(checks, await asyncio.gather(*(holds(check) for check in checks.values()))))
        good = all(results.values())
        return json_response({"status": "ready" if good else "not ready", "checks": results}, 200 if good else 503)

    @app.get("/metrics")
    async def numbers(_request: Request) -> HTTPResponse:
        found = metrics.text() + (b"" if kept is None else await looked_up(kept))
        return raw(found, content_type=metrics.content_type, headers=NOT_KEPT)


def _add_files(app: Any, prefix: str, folder: Path) -> None:
    files = StaticFiles(folder)

    @app.get(f"{prefix}/<name:path>", name=f"files_{folder.parent.name}_{folder.name}")
    async def file(request: Request, name: str) -> HTTPResponse:
        return await files.response(request, name) or problem_response(ProblemError("not_found"))


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

    @app.exception(RequestTimeout)
    async def too_slow(_request: Request, _error: Exception) -> HTTPResponse:
        return problem_response(ProblemError("too_slow"))

    @app.exception(PayloadTooLarge)
    async def too_large(request: Request, _error: Exception) -> HTTPResponse:
        return problem_response(ProblemError("too_many_products" if request.path.startswith("/catalog/") else "too_long"))

    @app.exception(InvalidUsage)
    async def malformed(_request: Request, _error: Exception) -> HTTPResponse:
        return problem_response(ProblemError("malformed"))

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> HTTPResponse:
        if not isinstance(error, SanicException):
            logger.error("a request failed: %s", type(error).__name__, exc_info=error)
        return problem_response(ProblemError("unavailable", RETRY_SECONDS))
