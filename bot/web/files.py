"""Static files of a folder, with a tag by which browsers keep them until they change."""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse, raw

FILE_TYPES = {
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
"""Which files are served, and as what."""


class StaticFiles:
    """The files below a folder; hidden ones and those of other kinds are none.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()

    async def response(self, request: Request, name: str) -> HTTPResponse | None:
        """The file of that name, packed for browsers that can unpack it; None if there is none."""
        content = await asyncio.to_thread(self.read, name)
        if content is None:
            return None
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return raw(b"", status=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = _packed(content), "gzip"
        return raw(content, headers=headers, content_type=FILE_TYPES[Path(name).suffix])

    def read(self, name: str) -> bytes | None:
        """The bytes of the file of that name; None if there is none."""
        if Path(name).suffix not in FILE_TYPES or any(part.startswith(".") for part in name.split("/")):
            return None
        try:
            path = (self._root / name).resolve()
            return path.read_bytes() if path.is_relative_to(self._root) and path.is_file() else None
        except (OSError, ValueError):
            return None


@functools.lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
