"""Reminders of what comes: that a policy begins, ends or wants its review, a month, a week and a day before, and once when it is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from actions.core.moments import local
from actions.state.outbox import put_for_operators
from actions.state.world.tables import facts_now
from ops.policies.calendar import Entry, entries_of
from ops.policies.gaps import policy_texts
from ops.policies.register import RegisteredPolicy, every_policy

if TYPE_CHECKING:
    from ops.worker import Surroundings

DUE = "policy.due"
DAYS = (1, 7, 30)
"""Before something, the nearest first."""
_OVERDUE = "overdue"


@dataclass(frozen=True)
class Reminder:
    """One reminder.

    Attributes:
        what: ``starts``, ``ends`` or ``review``.
        owner: the role that answers for it; empty if nobody has said.
        at: which of the times it is.
    """

    policy: str
    title: str
    what: str
    on: date
    days: int
    owner: str
    at: str

    @property
    def key(self) -> str:
        """The same however often it is looked at."""
        return f"policy-{self.policy}-{self.what}-{self.on}-{self.at}"

    @property
    def text(self) -> str:
        """For people."""
        texts = policy_texts()["reminders"]
        name = _OVERDUE if self.days < 0 else f"{self.what}_today" if self.days == 0 else self.what
        return str(texts[name]).format(title=self.title, policy=self.policy, on=self.on, days=self.days)

    def to_data(self) -> dict[str, Any]:
        """As a delivery tells it."""
        return {"policy": self.policy, "what": self.what, "on": self.on.isoformat(), "owner": self.owner, "text": self.text}


def reminders(policies: tuple[RegisteredPolicy, ...], today: date) -> Iterator[Reminder]:
    """What is to be told on a day."""
    owners = {each.id: each.newest.owner if each.newest else "" for each in policies}
    for entry in entries_of(policies):
        at = _time_of(entry, today)
        if at is not None:
            days = (entry.on - today).days
            yield Reminder(entry.about, entry.title, entry.what, entry.on, days, owners[entry.about], at)


def remind(here: Surroundings) -> int:
    """Notes in the outbox what operators are to be reminded of, each once; how much was new."""
    with here.database.session() as session:
        now = facts_now(session, here.settings.now)
        due = list(reminders(every_policy(session, now), local(now).date()))
        return sum(put_for_operators(session, DUE, each.to_data(), each.key) for each in due)


def _time_of(entry: Entry, today: date) -> str | None:
    days = (entry.on - today).days
    if days < 0:
        return _OVERDUE if entry.what == "review" else None
    return next((str(time) for time in DAYS if days <= time), None)
