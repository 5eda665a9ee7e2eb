"""Delivers what lies in the outbox to the webhook, as often as it takes, and gives up visibly.

A delivery is claimed, sent and marked. Whoever dies between two of these leaves it to be sent again, with the same idempotency key: a receiver
that knows the keys it has seen gets each handoff exactly once.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar

import aiohttp
import structlog

from actions.core.handoff import TicketFormat
from actions.handoff.ownership import tell_late
from actions.handoff.payload import OldPayload, read_payload
from actions.handoff.rendering import RENDERERS
from actions.handoff.standing import as_it_stands
from actions.knowledge.store import KnowledgeStore
from actions.state import handoffs, outbox
from actions.state.columns import real_now
from actions.state.database import Database
from actions.threads import reading, writing

TIMESTAMP_HEADER = "X-Baitiao-Timestamp"
SIGNATURE_HEADER = "X-Baitiao-Signature"
_VERSION = "v1"


def signed_headers(secret: bytes, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers that sign a body: HMAC-SHA256 over the timestamp, a dot and the body.

    Args:
        secret: shared with the receiver.
        body: exactly what is sent.
        timestamp: epoch seconds of this attempt; a receiver refuses old ones.
    """
    digest = hmac.new(secret, str(timestamp).encode() + b"." + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP_HEADER: str(timestamp), SIGNATURE_HEADER: f"{_VERSION}={digest}"}


log = structlog.get_logger()

KEY_HEADER = "Idempotency-Key"


@dataclass(frozen=True)
class Patience:
    """How long and how often.

    Attributes:
        timeout: seconds an attempt may take; a receiver that hangs is a receiver that failed.
        first, longest: seconds before the second attempt, and at most between two; each pause is twice the one before.
        attempts: after so many a delivery is a dead letter.
        idle: seconds between two looks into an empty outbox.
    """

    timeout: float = 10.0
    first: float = 2.0
    longest: float = outbox.LONGEST_PAUSE
    attempts: int = 20
    idle: float = 0.5

    def pause(self, attempts: int) -> float | None:
        """Seconds until the next attempt, None after the last; scattered, so that receivers are not overrun when they come back."""
        if attempts >= self.attempts:
            return None
        return float(min(self.longest, self.first * 2 ** (attempts - 1)) * random.uniform(0.5, 1.0))


@dataclass(frozen=True)
class Target:
    """Where deliveries go.

    Attributes:
        url: of the webhook.
        secret: shared with it.
        format: one of ``tickets.RENDERERS``.
    """

    url: str
    secret: bytes = field(repr=False)
    format: TicketFormat = "handoff"


class Dispatcher:
    """Delivers handoffs; any number of them may run at once.

    Args:
        database: where handoffs and deliveries are.
        knowledge: what agents read facts and causes as.
        target: the receiver.
        patience: how long and how often.
        at_once: deliveries under way at the same time.
    """

    audience: ClassVar[outbox.Audience] = "desk"
    """Whose deliveries it takes."""

    def __init__(
        self, database: Database, knowledge: KnowledgeStore, target: Target, patience: Patience | None = None, at_once: int = 8
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._target = target
        self._patience = patience or Patience()
        self._at_once = at_once

    async def run(self) -> None:
        """Delivers until cancelled; whatever goes wrong is logged and tried again."""
        async with self._client() as client:
            while True:
                try:
                    busy = await self._round(client)
                except Exception as error:
                    log.warning("handoff.outbox_unreadable", error=type(error).__name__)
                    busy = 0
                if not busy:
                    await asyncio.sleep(self._patience.idle)

    async def deliver_due(self) -> int:
        """Delivers what is due now, once; returns how much that was."""
        async with self._client() as client:
            return await self._round(client)

    async def drain(self) -> None:
        """Delivers until nothing is pending any more."""
        async with self._client() as client:
            while await reading(self._pending):
                if not await self._round(client):
                    await asyncio.sleep(min(self._patience.idle, self._patience.first))

    def _client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._patience.timeout), trust_env=False)

    async def _round(self, client: aiohttp.ClientSession) -> int:
        due = await writing(self._claim)
        await asyncio.gather(*(self._deliver(client, each) for each in due))
        return len(due)

    async def _deliver(self, client: aiohttp.ClientSession, delivery: outbox.Delivery) -> None:
        try:
            body = await reading(self.body_of, delivery)
            error = await self._send(client, delivery, body)
        except (LookupError, OldPayload) as gone:
            # Erased or stored by another version: no attempt will ever succeed.
            await writing(self._failed, delivery, str(gone), None)
            return
        if error is None:
            await writing(self._delivered, delivery)
        else:
            await writing(self._failed, delivery, error, self._patience.pause(delivery.attempts))

    async def _send(self, client: aiohttp.ClientSession, delivery: outbox.Delivery, body: bytes) -> str | None:
        url, signed, headers = self.addressed(body, int(time.time()))
        given = {"Content-Type": "application/json", KEY_HEADER: delivery.key, **headers}
        try:
            async with client.post(url, data=signed, headers=given, allow_redirects=False) as response:
                return await self.refusal(response) if 200 <= response.status < 300 else f"HTTP {response.status}"
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            return type(error).__name__

    def addressed(self, body: bytes, timestamp: int) -> tuple[str, bytes, dict[str, str]]:
        """Where a body goes, the body as it is sent, and the headers that sign it.

        Args:
            timestamp: of this attempt, in epoch seconds.
        """
        return self._target.url, body, signed_headers(self._target.secret, body, timestamp)

    async def refusal(self, response: aiohttp.ClientResponse) -> str | None:
        """Why a receiver that answers with success has refused all the same; None: it has not."""
        return None

    def body_of(self, delivery: outbox.Delivery) -> bytes:
        """What is sent: the same at every attempt.

        Raises:
            LookupError: what it is about was erased.
            OldPayload: it was stored before ``handoff/1``.
        """
        knowledge, raised = self._knowledge.current, delivery.detail
        with self._database.session() as session:
            row = handoffs.get_handoff(session, delivery.handoff_id or "")
            if row is None:
                raise LookupError(f"no handoff {delivery.handoff_id}")
            payload = read_payload(row.payload)
            state = {
                "status": "queued",
                "priority": raised.get("priority", payload.priority.level),
                "queue": raised.get("queue", payload.routing.queue),
            }
            # Machines get what was handed over and what has changed; a ticket is read by people.
            if raised and self._target.format != "handoff":
                payload = as_it_stands(
                    session, replace(row, priority=state["priority"], queue=state["queue"]), payload, knowledge, raised["reason"]
                )
        rendered = RENDERERS[self._target.format](payload, state, knowledge)
        message = {"event": delivery.event, "key": delivery.key, "detail": raised, **rendered}
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

    def _claim(self) -> Any:
        # The lease outlasts the attempt, so that a slow one is not made twice at the same time.
        with self._database.session() as session:
            return outbox.claim_due(session, self._patience.timeout * 2, self._at_once, self.audience)

    def _pending(self) -> bool:
        with self._database.session() as session:
            return outbox.has_pending(session, self.audience)

    def _delivered(self, delivery: outbox.Delivery) -> None:
        with self._database.session() as session:
            outbox.delivered(session, delivery.id)

    def _failed(self, delivery: outbox.Delivery, error: str, retry_after: float | None) -> None:
        with self._database.session() as session:
            outbox.failed(session, delivery.id, error, retry_after)
        if retry_after is None:
            log.error("handoff.dead_letter", delivery=delivery.id, handoff=delivery.handoff_id, error=error)


LOOK_SECONDS = 2.0


class LatenessWatcher:
    """Looks for customers nobody has come for.

    Args:
        database: where handoffs and conversations are.
        knowledge: what customers are told.
        patience: seconds a customer waits before being told.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, patience: float) -> None:
        self._database = database
        self._knowledge = knowledge
        self._patience = patience

    def look(self) -> int:
        """Looks once; returns how many customers were told."""
        before = real_now() - timedelta(seconds=self._patience)
        with self._database.session() as session:
            late = handoffs.untold(session, before)
        told = 0
        for row in late:
            with self._database.session() as session:
                told += tell_late(session, self._knowledge.current, row)
        return told
