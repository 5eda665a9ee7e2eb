"""A receiver of handoffs that misbehaves: it fails, hangs, is away, and counts what it has taken by idempotency key."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import threading
from collections import Counter
from typing import Any

from aiohttp import web

SECRET = "a secret of the tests, longer than 32 characters"


class Receiver:
    """Serves on a port of its own; ``mode`` is how it behaves.

    Attributes:
        taken: handoff id by idempotency key: what an idempotent receiver has.
        requests: how often each key came.
        forged: requests whose signature is wrong.
    """

    def __init__(self, mode: str = "good", seed: int = 1) -> None:
        self.mode = mode
        self.taken: dict[str, Any] = {}
        self.requests: Counter[str] = Counter()
        self.forged = 0
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner: web.AppRunner | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/handoffs"

    def start(self) -> None:
        self._call(self._start())

    def stop(self) -> None:
        """Goes away; ``start`` brings it back on the same port."""
        self._call(self._stop())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self) -> None:
        app = web.Application(client_max_size=2**22)
        app.router.add_post("/handoffs", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        key = request.headers["Idempotency-Key"]
        self.requests[key] += 1
        if not self._genuine(request, body):
            self.forged += 1
            return web.Response(status=401)
        if self.mode == "hangs":
            await asyncio.sleep(2)
        unlucky = self.mode == "unreliable" and self._chance.random() < 0.5
        if self.mode == "fails" or (unlucky and self._chance.random() < 0.5):
            return web.Response(status=500)
        self.taken.setdefault(key, json.loads(body))
        # The other half of the failures is the worse one: it was taken, and the sender does not learn of it.
        return web.Response(status=502 if unlucky else 200)

    @staticmethod
    def _genuine(request: web.Request, body: bytes) -> bool:
        stamp = request.headers["X-Baitiao-Timestamp"]
        wanted = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(request.headers["X-Baitiao-Signature"], f"v1={wanted}")
