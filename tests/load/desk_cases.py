"""Hundreds of open cases for the desk in bounded time: one that the dialogue really handed over, and copies of it for other customers."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Sequence
from typing import Any

from actions.bootstrap import Application
from actions.state import conversations, handoffs
from actions.state.conversations import MessageDraft
from actions.state.database import Database
from actions.state.erasure import erase
from actions.state.references import new_reference
from tests.unit.handoff.conftest import House

TOGETHER = 10
"""Customers whose messages are stored in one transaction, the first always the same one."""
SAID = 30
"""Messages of each conversation."""
_WORDS = ("分期按钮是灰的", "额度明明够", "显示不支持", "换了银行卡还是不行", "请问什么时候能好")


def fill(application: Application, count: int, agents: tuple[str, ...] = ("agent-1", "agent-2"), seed: int = 7) -> list[str]:
    """Makes that many open cases, of all queues and priorities: waiting, taken, and answered last by an agent or by the customer.

    Returns:
        The customers, each of which is the id of their conversation, in the order of their cases' making.
    """
    draw = random.Random(seed)
    first = House(application).handed_over()
    users = [f"u-d{number:04}" for number in range(count)]
    with application.database.session() as session:
        for user in users:
            _copy(session, user, first, draw, agents)
    with application.database.session() as session:
        erase(session, first.user, "bench")
    return users


def write(database: Database, *said: tuple[str, str]) -> None:
    """Messages of customers, each with whose it is."""
    with database.session() as session:
        for user, text in said:
            conversations.append(session, user, [MessageDraft(role="user", text=text)])


def poured(database: Database, users: Sequence[str], a_second: int, seconds: float) -> tuple[int, float]:
    """Lets customers write at a steady rate, from a process of their own as the assistant is one: how many messages, and in how many seconds."""
    context = multiprocessing.get_context("spawn")
    took = context.Queue()
    count = int(a_second * seconds)
    address = str(database.engine.url)
    writer = context.Process(target=_pour, args=(address, list(users), a_second, count, took), daemon=True)
    writer.start()
    found: float = took.get(timeout=60 + 10 * seconds)
    writer.join()
    return count, found


def _pour(address: str, users: list[str], a_second: int, count: int, took: Any) -> None:
    database = Database(address)
    begun = time.perf_counter()
    for number in range(0, count, TOGETHER):
        time.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
        some = range(number, min(count, number + TOGETHER))
        write(database, *((users[each % len(users) if each % TOGETHER else 0], f"洪水 {each}") for each in some))
    took.put(time.perf_counter() - begun)
    database.close()


def _copy(session: Any, user: str, first: handoffs.Handoff, draw: random.Random, agents: tuple[str, ...]) -> None:
    said = [
        MessageDraft(role=draw.choice(["user", "bot"]), text=f"{draw.choice(_WORDS)}（{user} 第 {number} 条）") for number in range(SAID)
    ]
    conversations.append(session, user, said)
    handoff_id = handoffs.new_id()
    payload = {**first.payload, "id": handoff_id, "customer": {**first.payload["customer"], "reference": new_reference()}}
    queue = draw.choice(["general", "risk", "credit", "merchant", "technical"])
    priority = draw.choices(handoffs.PRIORITIES, weights=[1, 3, 10, 2])[0]
    handoffs.create(session, user, user, first.reason, queue, payload, first.subject, priority, handoff_id)
    handoffs.append(session, handoff_id, "hand_over", "assistant")
    fate = draw.random()
    if fate < 0.4:
        handoffs.take(session, handoff_id, draw.choice(agents))
        handoffs.append(session, handoff_id, "take", "agent")
    if fate < 0.3:
        conversations.append(session, user, [MessageDraft(role="agent", text="您好，我来看一下")])
    if fate < 0.15:
        conversations.append(session, user, [MessageDraft(role="user", text="好的，等您回复")])
