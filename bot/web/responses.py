"""Answers of the web server: JSON, refusals and redirects, none of which a cache may keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sanic.response import HTTPResponse, raw

from bot.web.problems import CONTENT_TYPE, ProblemError

NOT_KEPT = {"Cache-Control": "no-store"}


def json_response(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    """A JSON document."""
    return raw(json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json", headers=NOT_KEPT)


def problem_response(problem: ProblemError) -> HTTPResponse:
    """A refusal as a problem document."""
    return raw(problem.body(), status=problem.status, headers=problem.headers(), content_type=CONTENT_TYPE)


def redirect(address: str, status: int = 303) -> HTTPResponse:
    """The way to another page; 303 after a form, 302 otherwise."""
    return raw(b"", status=status, headers={"Location": address, **NOT_KEPT})
