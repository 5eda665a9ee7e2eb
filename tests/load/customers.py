"""Customers who write one message after the other, each waiting for the answer: what they measure of an assistant."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.load.assistants import Assistant

SENTENCES = ("付款时没有分期选项", "为什么这件商品不能分期", "分期手续费怎么算", "5000 块分 12 期每期多少", "你好", "账单不能分期了")
PATIENCE = 120.0
"""Seconds after which a customer gives a message up; it counts as unanswered."""


@dataclass
class Measured:
    """What customers saw.

    Attributes:
        times: seconds of each turn that was answered.
        empty: turns that were answered with nothing.
        refused: turns that were refused or failed.
        seconds: from the first message to the last answer.
    """

    times: list[float] = field(default_factory=list)
    empty: int = 0
    refused: int = 0
    seconds: float = 0.0

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(self.times) * 1000

    @property
    def p95(self) -> float:
        """Milliseconds."""
        return sorted(self.times)[int(len(self.times) * 0.95)] * 1000

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.times) / self.seconds


def drive(assistant: Assistant, customers: Sequence[str], turns: int, sentences: Sequence[str] = SENTENCES) -> Measured:
    """Lets customers write at once, each ``turns`` messages."""
    return asyncio.run(_drive(assistant, customers, turns, sentences))


async def _drive(assistant: Assistant, customers: Sequence[str], turns: int, sentences: Sequence[str]) -> Measured:
    measured = Measured()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=PATIENCE), trust_env=False) as session:
        begun = time.perf_counter()
        await asyncio.gather(*(_customer(assistant, session, at, user, turns, sentences, measured) for at, user in enumerate(customers)))
        measured.seconds = time.perf_counter() - begun
    return measured


async def _customer(
    assistant: Assistant, session: aiohttp.ClientSession, at: int, user: str, turns: int, sentences: Sequence[str], measured: Measured
) -> None:
    for turn in range(turns):
        body, headers = assistant.request(user, sentences[(at + turn) % len(sentences)])
        begun = time.perf_counter()
        try:
            async with session.post(assistant.url, json=body, headers=headers) as response:
                answer = await response.json()
                if response.status != 200:
                    measured.refused += 1
                elif not assistant.answered(answer):
                    measured.empty += 1
                else:
                    measured.times.append(time.perf_counter() - begun)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            measured.refused += 1
