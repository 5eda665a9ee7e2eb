"""The cases of a simulated shift: customers of the demo world, why they want a person, what is to be done for each, and what was said to whom."""

from __future__ import annotations

import itertools
import queue
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import requests

from tests.unit.handoff.conftest import House
from tests.widget.stand import Stand

AGENTS = ("agent-1", "agent-2")
ENDINGS = {"close": "closed", "give_back": "returned"}
REASONS = ["requested"] * 11 + ["fraud"] * 6 + ["complaint"] * 6 + ["hardship"] * 5 + ["money_taken", "objection"]
_CUES = {
    "fraud": "cue_fraud",
    "complaint": "cue_regulator",
    "hardship": "cue_hardship",
    "money_taken": "cue_money_taken",
    "objection": "cue_objection",
}
_OBJECTING = "u-1015"
"""Whose account is restricted, which is what one can object to."""
_KINDS: Sequence[tuple[str, ...]] = (
    ("take", "reply", "answer", "reply", "close"),
    ("take", "canned", "answer", "reply", "close"),
    ("take", "suggested", "answer", "close"),
    ("take", "reply", "refused", "answer", "close"),
    ("take", "note", "reply", "answer", "close"),
    ("take", "reply", "transfer", "answer", "reply", "close"),
    ("take", "canned", "picture", "close"),
    ("assign", "take", "reply", "close"),
    ("take", "reply", "answer", "give_back"),
    ("take", "release", "take", "canned", "close"),
    ("move", "take", "suggested", "confirmed", "close"),
)
"""What is done in a case, in this order, whoever has it by then."""
_CAUSES = ("overdue", "other", "realname_unverified", "phone_unbound")
_OUTCOMES = ("person", "customer", "platform", "unresolved")


@dataclass
class ShiftCase:
    """One case, and what happened in it.

    Attributes:
        steps: what is still to be done.
        said: by agents, in order; the customer must have got exactly this.
        answered: by the customer, after the case was handed over.
        seconds: from being opened to be worked on until its end.
        passing: held by who is just passing it on.
    """

    id: str
    user: str
    reason: str
    steps: deque[str]
    outcome: tuple[str, str]
    ending: str
    said: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    pictures: int = 0
    begun: float = 0.0
    seconds: float = 0.0
    passing: threading.Lock = field(default_factory=threading.Lock)


class Shift:
    """What both agents and all customers share.

    Attributes:
        cases: by the id of the handoff.
        done: what agents did: who, the step as the audit calls it, and the case.
        shown: milliseconds until a customer's answer was on the screen.
        left: milliseconds until an ended case was gone from a list that nobody touched.
        races: how often somebody else was faster.
        broken: whether an agent had to give up.
    """

    def __init__(self, stand: Stand, house: House, count: int) -> None:
        self.cases: dict[str, ShiftCase] = {}
        self.done: Counter[tuple[str, str, str]] = Counter()
        self.shown: list[float] = []
        self.left: list[float] = []
        self.races = 0
        self.broken = False
        self._stand = stand
        self._lock = threading.Lock()
        self._asked: queue.Queue[tuple[ShiftCase, str] | None] = queue.Queue()
        self._numbers = itertools.count(1)
        self._customers = threading.Thread(target=self._answer, daemon=True)
        users = [f"u-{number}" for number in range(1001, 1050) if f"u-{number}" != _OBJECTING]
        for number in range(count):
            reason = REASONS[number * 7 % len(REASONS)]
            self._hand_over(house, _OBJECTING if reason == "objection" else users[number], reason, number)
        self._customers.start()

    @property
    def open(self) -> bool:
        """Whether there is anything left to do, and nobody has had to give up."""
        return not self.broken and any(case.steps for case in self.cases.values())

    def note(self, agent: str, step: str, case: ShiftCase) -> None:
        """Writes down what an agent has done."""
        with self._lock:
            self.done[agent, step, case.id] += 1

    def sentence(self, case: ShiftCase) -> str:
        """Words that nobody else says."""
        with self._lock:
            return f"您好，这是第 {next(self._numbers)} 句话，您的事我正在看，请您稍等。"

    def ask(self, case: ShiftCase) -> str:
        """Lets the customer answer over the API, some time soon; returns what they will say."""
        with self._lock:
            text = f"好的，我明白了，这是我的第 {next(self._numbers)} 句"
        self._asked.put((case, text))
        return text

    def close(self) -> None:
        """Lets the customers go home."""
        self._asked.put(None)
        self._customers.join(30)

    def history(self, case: ShiftCase) -> list[dict[str, object]]:
        """Everything the customer sees, as the API gives it."""
        found: list[dict[str, object]] = []
        while True:
            after = found[-1]["seq"] if found else 0
            answer = requests.get(self._address, params={"after": str(after)}, headers=self._headers(case), timeout=20)
            more = answer.json()["messages"]
            found += more
            if not more:
                return found

    @property
    def _address(self) -> str:
        return f"{self._stand.address}/webhooks/widget/messages"

    def _headers(self, case: ShiftCase) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._stand.token(case.user, None)}"}

    def _answer(self) -> None:
        while (asked := self._asked.get()) is not None:
            case, text = asked
            time.sleep(0.05)
            body = {"id": str(uuid.uuid4()), "text": text}
            assert requests.post(self._address, json=body, headers=self._headers(case), timeout=30).ok
            case.answered.append(text)

    def _hand_over(self, house: House, user: str, reason: str, number: int) -> None:
        order = f"o-{user.partition('-')[2]}"
        with house.database.session() as session:
            known = house.application.facts(session)
            order_ = order if known.customer_exists(user) and known.owns_order(user, order) else None
        case = house.turn(user, "installment_missing", "怎么不能分期了", order=order_).case
        cue = {_CUES[reason]: ("x",)} if reason in _CUES else {}
        house.turn(user, "nlu_fallback" if cue else "request_human", "我要找人工说这件事", case, order_, entities=cue)
        row = house.open(user)
        steps = _KINDS[number % len(_KINDS)]
        outcome = (_OUTCOMES[number % len(_OUTCOMES)], _CAUSES[number % len(_CAUSES)])
        self.cases[row.id] = ShiftCase(row.id, user, row.reason, deque(steps), outcome, ENDINGS[steps[-1]])
