"""What a process does that hands over and delivers, and is killed at a chosen point."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from actions.handoff.delivery import Dispatcher, Patience, Target
from actions.state import outbox
from actions.state.database import Database
from conversations.application import composed
from tests.unit.handoff.conftest import House
from tests.unit.handoff.receiver import SECRET

POINTS = ("before_row", "before_commit", "after_commit", "after_claim", "before_send", "after_send", "before_mark", "after_mark")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        work(*arguments, **named)
        die()

    return run


def work(point: str, url: str, receiver: str) -> None:
    house = House(composed(Database(url)))
    if point == "before_row":
        outbox.put = die  # type: ignore[assignment]
    elif point == "before_commit":
        outbox.put = then_die(outbox.put)  # type: ignore[assignment]
    house.handed_over()
    if point == "after_commit":
        die()
    dispatcher = Dispatcher(
        house.database, house.application.knowledge, Target(receiver, SECRET.encode()), Patience(timeout=1.0, first=0.01, longest=0.05)
    )
    send = dispatcher._send

    async def sent_and_killed(*arguments: Any) -> Any:
        await send(*arguments)
        die()

    if point == "after_claim":
        dispatcher._claim = then_die(dispatcher._claim)  # type: ignore[method-assign]
    elif point == "before_send":
        dispatcher._send = die  # type: ignore[method-assign]
    elif point == "after_send":
        dispatcher._send = sent_and_killed  # type: ignore[method-assign]
    elif point == "before_mark":
        dispatcher._delivered = die  # type: ignore[method-assign]
    elif point == "after_mark":
        dispatcher._delivered = then_die(dispatcher._delivered)  # type: ignore[method-assign]
    asyncio.run(dispatcher.drain())
