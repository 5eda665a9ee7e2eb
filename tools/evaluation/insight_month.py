"""A month of conversations whose truth is known: how often which step of which cause loses customers is chosen here, and told to nobody.

Conversations are messages as the assistant stores them; what is observed of them is what the product's own counting makes of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from actions.core.causes import Cause
from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state.conversations import CONVERSATIONS, MESSAGES, Message
from actions.state.episodes import EPISODES
from actions.state.observations import OBSERVATIONS, rows
from ops.observing.rebuild import Retold, retold

REGIONS = ("广东", "浙江", "四川", "河南", "北京")
SHOPS = tuple(f"m-{number}" for number in range(1, 41))
_CLAIMS = ("installment_missing", "baitiao_unusable", "item_restricted", "service_error", "account_restricted")
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Planted:
    """What is true of a month.

    Attributes:
        lost_per_step: probability that a customer fails at a step that is as good as others.
        broken: a cause and the number of a step that is not.
        lost_at_broken: the probability there.
        comes_back: probability that somebody who was helped complains of the same again within a week.
        nothing_found: probability that no cause is found.
        not_understood: probability that a customer begins with something that is not.
        sentences: what is said then; None: one of its own by everybody.
    """

    lost_per_step: float = 0.12
    broken: tuple[str, int] | None = None
    lost_at_broken: float = 0.7
    comes_back: float = 0.1
    nothing_found: float = 0.05
    not_understood: float = 0.05
    sentences: Sequence[str] = ()


class MetCause(NamedTuple):
    """A cause as customers of the month meet it; the knowledge's own are slow to compare."""

    id: str
    steps: int


@dataclass
class Spoken:
    """A conversation that is being written."""

    user: str
    at: datetime
    messages: list[Message] = field(default_factory=list)

    def wait(self, **time: float) -> None:
        """Lets time go by."""
        self.at += timedelta(**time)

    def customer(self, text: str, intent: str, action: str, guess: str | None = None) -> None:
        """The customer says something; what follows is the answer."""
        self.wait(seconds=40)
        self._add("user", text, None, intent=intent, action=action, guess=guess, confidence=0.9 if guess is None else 0.3)

    def answer(self, data: dict[str, Any]) -> None:
        """The assistant says something."""
        self._add("bot", "…", data)

    def _add(self, role: Any, text: str, data: dict[str, Any] | None, **more: Any) -> None:
        seq = len(self.messages) + 1
        given = {"intent": None, "confidence": None, "action": None, "guess": None, **more}
        self.messages.append(
            Message(self.user, seq, f"{self.user}-{seq}", self.at, role, text, (), data, None, given["intent"], given["confidence"], given["action"], None, given["guess"])
        )  # fmt: skip


class SimulatedMonth:
    """Customers of some days.

    Args:
        knowledge: whose causes and steps they meet.
        seed: of everything that is drawn.
        until: the end of the days.
        days: how many.
        planted: what is true.
    """

    def __init__(self, knowledge: Knowledge, seed: int, until: datetime, days: int = 28, planted: Planted | None = None) -> None:
        self._random = random.Random(seed)
        self._until = until
        self._days = days
        self.planted = planted or Planted()
        blocks = [cause for cause in knowledge.causes.values() if cause.kind == "block"]
        self.walkable = _met(cause for cause in blocks if cause.fixed_by == "user" and len(cause.steps) >= 2)[:9]
        self._told = _met(cause for cause in blocks if cause.fixed_by in ("merchant", "platform", "nobody") and not cause.steps)[:6]
        self._waits = _met(cause for cause in blocks if cause.fixed_by == "time")[:2]

    def conversations(self, customers: int) -> Iterator[tuple[list[Message], dict[str, Any]]]:
        """A conversation per customer, with the customer's dimensions."""
        for number in range(customers):
            dims = {"region": self._region(), "channel": "app", "app_version": "13.2.0", "merchants": [self._random.choice(SHOPS)]}
            yield self._conversation(f"u-{number}"), dims

    def _region(self) -> str:
        return self._random.choices(REGIONS, (40, 25, 15, 12, 8))[0]

    def _conversation(self, user: str) -> list[Message]:
        begin = self._until - timedelta(seconds=self._random.uniform(0, self._days * 86_400))
        said = Spoken(user, begin)
        if self._random.random() < self.planted.not_understood:
            text = self._random.choice(self.planted.sentences) if self.planted.sentences else f"{user} 说的谁也不懂"
            said.customer(text, "nlu_fallback", "action_fallback", guess="installment_missing")
            said.answer({"type": "clarify", "choices": []})
        cause = self._episode(said)
        if cause is not None and self._random.random() < self.planted.comes_back:
            said.wait(days=self._random.uniform(1.5, 5))
            if said.at < self._until:
                self._episode(said, cause)
        return [message for message in said.messages if message.at < self._until]

    def _episode(self, said: Spoken, again: MetCause | None = None) -> MetCause | None:
        """One complaint to its end; its cause if it was resolved."""
        drawn = self._random
        said.customer("为什么不能分期", drawn.choices(_CLAIMS, (60, 15, 10, 8, 7))[0], "action_diagnose")
        group = drawn.random()
        cause = again or drawn.choice(self.walkable if group < 0.6 else self._told if group < 0.85 else self._waits or self._told)
        if again is None and group > 1 - self.planted.nothing_found:
            said.answer({"type": "diagnosis", "order": None, "bill": None, "causes": []})
            if drawn.random() < 0.5:
                said.answer(
                    {"type": "handoff", "handoff_id": f"h-{said.user}-{len(said.messages)}", "reason": "requested", "queue": "general"}
                )
            return None
        more = [drawn.choice(self._told)] if drawn.random() < 0.2 else []
        found = list(dict.fromkeys([cause.id, *(each.id for each in more)]))
        said.answer({"type": "diagnosis", "order": None, "bill": None, "causes": [{"id": each} for each in found]})
        if cause in self.walkable:
            return cause if self._walk(said, cause) else None
        end = "waiting" if cause in self._waits else "explained"
        if drawn.random() < 0.12:
            self._hand_over(said)
        else:
            said.answer({"type": end, "cause": cause.id})
        return None

    def _walk(self, said: Spoken, cause: MetCause) -> bool:
        """The steps of a cause; whether it is resolved."""
        drawn = self._random
        for number in range(1, cause.steps + 1):
            said.answer({"type": "step", "cause": cause.id, "step": number, "steps": cause.steps})
            lost = self.planted.lost_at_broken if (cause.id, number) == self.planted.broken else self.planted.lost_per_step
            if drawn.random() < 0.1:
                said.customer("找不到", "step_failed", "action_step_not_found")
                said.answer({"type": "step", "cause": cause.id, "step": number, "steps": cause.steps})
            if drawn.random() < lost:
                how = drawn.random()
                if how < 0.4:
                    return False
                if how < 0.7:
                    said.customer("做不了", "step_failed", "action_step_not_possible")
                    self._hand_over(said)
                    return False
                said.customer("做完了", "step_done", "action_step_done")
                said.answer({"type": "check", "cause": cause.id, "passed": False})
                return False
            said.customer("做完了", "step_done", "action_step_done")
        said.answer({"type": "check", "cause": cause.id, "passed": True})
        said.answer({"type": "resolved", "order": None, "bill": None, "plans": []})
        return True

    def _hand_over(self, said: Spoken) -> None:
        said.answer({"type": "handoff", "handoff_id": f"h-{said.user}-{len(said.messages)}", "reason": "requested", "queue": "general"})


def _met(causes: Iterable[Cause]) -> tuple[MetCause, ...]:
    return tuple(MetCause(cause.id, len(cause.steps)) for cause in causes)


def observed(messages: Sequence[Message], dims: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The rows of observations of a conversation, as the worker leaves them."""
    told: Retold = retold(messages, milliseconds(now))
    made = rows(f"r-{messages[0].conversation_id}", (each for each, _ in told.found))
    return [{**row, "dims": {**dims, **row["dims"]}, "rolled": True} for row in made]


def write(session: Session, month: SimulatedMonth, customers: int, now: datetime, with_messages: bool = False, prefix: str = "") -> int:
    """Writes a month into a database; how many messages it has.

    Args:
        with_messages: also the messages, and whom the observations are of.
        prefix: of the customers' names, where several months go into one database.
    """
    every, pending, count = [], [], 0
    for messages, dims in month.conversations(customers):
        if not messages:
            continue
        if prefix:
            messages = [replace(message, conversation_id=f"{prefix}{message.conversation_id}") for message in messages]
        count += len(messages)
        pending += observed(messages, dims, now)
        if with_messages:
            every.append(messages)
        if len(pending) > _AT_ONCE:
            session.connection().execute(insert(OBSERVATIONS), pending)
            pending = []
    if pending:
        session.connection().execute(insert(OBSERVATIONS), pending)
    for messages in every:
        user, last = messages[0].conversation_id, messages[-1]
        held = {"id": user, "last_seq": last.seq, "tracker": None, "created_at": messages[0].at, "updated_at": last.at}
        session.execute(insert(CONVERSATIONS).values(held))
        session.execute(insert(MESSAGES), [{**vars(message), "buttons": []} for message in messages])
        state = dict.fromkeys(column.name for column in EPISODES.columns)
        session.execute(insert(EPISODES).values({**state, "user": user, "ref": f"r-{user}"}))
    return count


def midnight(year: int, month: int, day: int) -> datetime:
    """The beginning of a day of the shop's."""
    return datetime(year, month, day, tzinfo=timezone(timedelta(hours=8)))
