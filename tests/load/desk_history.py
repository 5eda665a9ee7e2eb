"""Weeks of a desk's life, made up: customers who wrote, what the assistant could prove, who was handed over and when a person came, and ratings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from actions.state.columns import real_now
from actions.state.conversations import CONVERSATIONS, MESSAGES
from actions.state.database import Database, chunks
from actions.state.handoffs import HANDOFFS
from actions.state.ratings import RATINGS

REASONS = {"requested": 40, "cannot_do": 20, "complaint": 8, "fraud": 6, "money_taken": 5, "distress": 1}
QUEUES = {"general": 50, "risk": 12, "credit": 14, "merchant": 10, "technical": 10, "hardship": 4}
CAUSES = {
    "overdue": 30,
    "limit_insufficient": 22,
    "merchant_paused": 10,
    "realname_unverified": 9,
    "risk_blocked": 7,
    "other": 6,
    "app_outdated": 1,
}
ASKED = ("我的白条怎么不能分期了", "分期按钮不见了", "为什么下单的时候没有分期", "这单能分几期", "怎么还款")
MISSED = {
    "nlu_fallback": (
        "那个东西点了没反应",
        "我表姐说她的可以",
        "就上回那样弄",
        "还是老样子啊",
        "你倒是说清楚",
        "页面一直转圈圈",
        "138****8000 是我的号",
    ),
    "out_of_scope": ("我的快递到哪了", "怎么开发票", "东西坏了能换吗", "会员怎么退"),
}
_PADDING = {"evidence": [{"fact": "baitiao.overdue", "value": 120.5, "source": "account", "read_at": "2026-11-22T10:00:00+08:00"}] * 6}
"""So that a message weighs as much as one of the assistant's."""


@dataclass
class _Rows:
    conversations: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    handoffs: list[dict[str, Any]]
    ratings: list[dict[str, Any]]


def fill(
    database: Database, customers: int, handed_over: int, days: int = 30, turns: int = 10, seed: int = 1, until: datetime | None = None
) -> int:
    """Writes them into an empty database; how many messages there are.

    Args:
        customers: how many wrote.
        handed_over: how many of them were handed over.
        days: over how many, the last of which is today.
        turns: of a conversation, each of a message and its answer.
        until: the end of it; default: now.
    """
    chance, now = random.Random(seed), until or real_now()
    rows = _Rows([], [], [], [])
    for number in range(customers):
        _customer(rows, chance, number, now, days, turns, number < handed_over)
    with database.session() as session:
        for table, made in (
            (CONVERSATIONS, rows.conversations),
            (MESSAGES, rows.messages),
            (HANDOFFS, rows.handoffs),
            (RATINGS, rows.ratings),
        ):
            for some in chunks(made):
                session.execute(insert(table), some)
    return len(rows.messages)


def _customer(rows: _Rows, chance: random.Random, number: int, now: datetime, days: int, turns: int, handed_over: bool) -> None:
    user = f"u-{number:06}"
    # More comes in by day than at night, and the newest are still open.
    back = chance.random() ** 1.2 * (days - 1) * 86400 + chance.random() * 40000
    begun = now - timedelta(seconds=back)
    said = list(_said(chance, user, begun, turns, proven=not handed_over and chance.random() < 0.55))
    if handed_over:
        asked = begun + timedelta(minutes=turns)
        _hand_over(rows, chance, user, number, asked, now, said)
    elif chance.random() < 0.3:
        rows.ratings.append(
            {
                "conversation_id": user,
                "seq": len(said),
                "score": chance.choices(range(1, 6), (1, 1, 3, 8, 12))[0],
                "word": None,
                "at": said[-1]["at"],
            }
        )
    rows.messages += said
    rows.conversations.append({"id": user, "last_seq": len(said), "tracker": None, "created_at": begun, "updated_at": said[-1]["at"]})


def _said(chance: random.Random, user: str, begun: datetime, turns: int, proven: bool) -> Iterator[dict[str, Any]]:
    for turn in range(turns):
        at = begun + timedelta(seconds=40 * turn)
        intent = chance.choices(("installment_missing", "nlu_fallback", "out_of_scope"), (90, 8, 2))[0]
        text = chance.choice(MISSED.get(intent, ASKED))
        yield _message(user, 2 * turn + 1, at, "user", text, intent=intent, confidence=0.9)
        kind = "resolved" if proven and turn == turns - 1 else "step"
        yield _message(
            user, 2 * turn + 2, at, "bot", "第 1 步（共 2 步）：打开还款页。", data={"type": kind, **_PADDING}, action="action_diagnose"
        )


def _message(user: str, seq: int, at: datetime, role: str, text: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("data", "reply_to", "intent", "confidence", "action", "choices_of"))
    return {**empty, "conversation_id": user, "seq": seq, "id": f"m-{seq}", "at": at, "role": role, "text": text, "buttons": (), **more}


def _hand_over(
    rows: _Rows, chance: random.Random, user: str, number: int, asked: datetime, now: datetime, said: list[dict[str, Any]]
) -> None:
    taken = asked + timedelta(seconds=chance.lognormvariate(4.6, 0.8))
    closed = taken + timedelta(seconds=chance.lognormvariate(6.2, 0.7))
    withdrawn = chance.random() < 0.08
    waits = taken > now or (now - asked < timedelta(hours=30) and chance.random() < 0.6)
    status = "queued" if waits else "closed" if closed < now else "taken"
    (reason,), (queue,), (cause,) = (chance.choices([*each], [*each.values()]) for each in (REASONS, QUEUES, CAUSES))
    row = dict.fromkeys((*(column.name for column in HANDOFFS.columns),))
    row.update(
        id=f"h-{number:08}", conversation_id=user, user=user, reason=reason, queue=queue, created_at=min(asked, now), status=status,
        priority="urgent" if reason in ("fraud", "distress") else "normal", payload={"summary": {"headline": f"客户要求人工：{number}"}},
    )  # fmt: skip
    if status != "queued" and not withdrawn:
        row.update(taken_at=taken, taken_by=f"agent-{number % 4}")
        said += [
            _message(user, len(said) + 1 + each, taken + timedelta(seconds=20 + 120 * each), "agent", "您好，我来看一下。", action="desk")
            for each in range(2)
        ]
    if status == "closed":
        row.update(closed_at=closed, ending="withdrawn" if withdrawn else "closed")
        if not withdrawn:
            row.update(resolved_by="customer", root_cause=cause)
    elif withdrawn:
        row.update(taken_at=taken, taken_by="agent-0", status="taken")
    rows.handoffs.append(row)
