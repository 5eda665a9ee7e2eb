"""Customers as the chat widget makes them: one message at a time, asked again under the same id until it is answered."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp

from bot.channel.tokens import issue
from tests.load.assistants import SECRET

SENTENCES = (
    "付款时没有分期选项",
    "为什么这件商品不能分期",
    "分期手续费怎么算",
    "5000 块分 12 期每期多少",
    "你好",
    "账单不能分期了",
    "还款日是哪天",
    "额度怎么变少了",
    "谢谢",
)
FOR_A_PERSON = "转人工"
PRESSES = 0.3
"""How often a customer presses an offered button instead of writing."""
VISIT = 20
"""Messages of one customer, once of them for a person; then another customer comes."""
# As the widget has it: bot/widget/protocol.
PATIENCE = 40.0
FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = 0.4, 15.0, 9
GIVE_UP = 300.0
"""Seconds after which a message counts as never answered, however often its customer has pressed "try again"."""


@dataclass
class Asked:
    """One message of a customer and what became of it.

    Attributes:
        user, id: whose it is, and its number in all attempts.
        attempts: when each began, by the monotonic clock.
        answered: when the answer had come; None: never.
        replies: ids and numbers of the answer's messages, in order.
        blank: whether a message of the answer held nothing.
        handoff: the number of a case that the answer names.
        refused: the status by which it was refused for good.
        unavailable, cut: attempts that ended in a 503, or in no answer at all.
        shown_failed: how often the widget would have shown it as failed.
    """

    user: str
    id: str
    attempts: list[float] = field(default_factory=list)
    answered: float | None = None
    replies: list[tuple[str, int]] = field(default_factory=list)
    blank: bool = False
    handoff: str | None = None
    refused: int | None = None
    unavailable: int = 0
    cut: int = 0
    shown_failed: int = 0


@dataclass
class Crowd:
    """Customers at once, who write until there were enough messages or the time is over.

    Args:
        url: where messages are posted.
        at_once: how many.
        customers: how many there are in all; each comes back when all were there.
        seed: of what they write.
        turns: messages after which they stop; None: only time counts.
        seconds: after which they stop; None: only turns count.
        first: the number of the first customer.
    """

    url: str
    at_once: int
    customers: int
    seed: int
    turns: int | None
    seconds: float | None
    first: int = 0
    asked: list[Asked] = field(default_factory=list)
    octets: int = 0

    def __post_init__(self) -> None:
        self.begun = self.ended = 0.0

    def run(self) -> None:
        """Returns when all have their answer or have given up."""
        asyncio.run(self._run())

    def more(self) -> bool:
        """Whether another message is to be written."""
        if self.turns is not None and len(self.asked) >= self.turns:
            return False
        return self.seconds is None or not self.begun or time.monotonic() - self.begun < self.seconds

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout, trust_env=False) as session:
            self.begun = time.monotonic()
            await asyncio.gather(*(self._place(session, place) for place in range(self.at_once)))
            self.ended = time.monotonic()

    async def _place(self, session: aiohttp.ClientSession, place: int) -> None:
        """One customer after the other, never the same as at another place."""
        chance = random.Random(f"{self.seed}/{place}")
        mine = [f"u-{number}" for number in range(self.first + place, self.customers, self.at_once)]
        # They do not all come in the same instant.
        await asyncio.sleep(chance.uniform(0, 0.5))
        while self.more():
            for user in mine:
                await self._visit(session, chance, user)

    async def _visit(self, session: aiohttp.ClientSession, chance: random.Random, user: str) -> None:
        headers = {"Authorization": f"Bearer {issue(SECRET, user)}"}
        for_a_person, offered = chance.randrange(VISIT), list[str]()
        for number in range(VISIT):
            if not self.more():
                return
            body: dict[str, Any] = {"text": FOR_A_PERSON if number == for_a_person else chance.choice(SENTENCES)}
            if number != for_a_person and offered and chance.random() < PRESSES:
                body = {"payload": chance.choice(offered)}
            one = Asked(user, str(UUID(int=chance.getrandbits(128), version=4)))
            self.asked.append(one)
            offered = await self._until_answered(session, chance, one, body, headers)

    async def _until_answered(
        self, session: aiohttp.ClientSession, chance: random.Random, one: Asked, body: dict[str, Any], headers: dict[str, str]
    ) -> list[str]:
        """Returns the payloads that may be pressed next."""
        pauses = _pauses(chance)
        while not one.attempts or time.monotonic() - one.attempts[0] < GIVE_UP:
            one.attempts.append(time.monotonic())
            at_least = 0.0
            try:
                async with session.post(self.url, json={"id": one.id, **body}, headers=headers) as response:
                    said = await response.read()
                    self.octets += len(said)
                    if response.status == 200:
                        return _take(one, await response.json())
                    if response.status < 500 and response.status not in (408, 429):
                        one.refused = response.status
                        return []
                    one.unavailable += 1
                    at_least = float(response.headers.get("Retry-After") or 0)
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
                one.cut += 1
            one.shown_failed += len(one.attempts) % MOST_ATTEMPTS == 0
            await asyncio.sleep(max(at_least, next(pauses)))
        return []


def _pauses(chance: random.Random) -> Iterator[float]:
    pause = FIRST_PAUSE
    while True:
        yield min(LONGEST_PAUSE, pause) * chance.uniform(0.75, 1.25)
        pause = min(LONGEST_PAUSE, pause * 2)


def _take(one: Asked, answer: Any) -> list[str]:
    one.answered = time.monotonic()
    for message in answer["messages"]:
        one.replies.append((message["id"], message["seq"]))
        data = message["data"] or {}
        one.blank = one.blank or not (message["text"] or data or message["buttons"])
        if data.get("type") == "handoff":
            one.handoff = data["handoff_id"]
    last = answer["messages"][-1:]
    return [button["payload"] for message in last for button in message["buttons"]]
