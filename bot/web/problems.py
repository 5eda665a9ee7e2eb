"""Refusals as application/problem+json (RFC 7807), with their texts in problems.yml."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One entry of problems.yml.

    Attributes:
        status: HTTP status.
        title: for machines and engineers, English.
        detail: for the customer, one honest Chinese sentence.
    """

    status: int
    title: str
    detail: str


@functools.lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """All kinds of refusals by name."""
    text = Path(__file__).with_name("problems.yml").read_text(encoding="utf-8")
    return {name: Kind(**fields) for name, fields in yaml.safe_load(text).items()}


class ProblemError(Exception):
    """A request that is refused.

    Args:
        name: a key of problems.yml.
        retry_after: seconds after which a repetition makes sense.
        kept: whether the customer's message was stored although it was not answered; only for 503.
    """

    def __init__(self, name: str, retry_after: int | None = None, kept: bool | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.retry_after = retry_after
        self.kept = kept

    @property
    def status(self) -> int:
        """The HTTP status."""
        return kinds()[self.name].status

    def body(self) -> bytes:
        """The problem document."""
        kind = kinds()[self.name]
        document: dict[str, Any] = {
            "type": f"urn:baitiao:problem:{self.name.replace('_', '-')}",
            "title": kind.title,
            "status": kind.status,
            "detail": kind.detail,
        }
        if self.kept is not None:
            document["kept"] = self.kept
        return json.dumps(document, ensure_ascii=False).encode()

    def headers(self) -> dict[str, str]:
        """Headers that belong to the refusal."""
        headers = {"Cache-Control": "no-store"}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, self.retry_after))
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers
