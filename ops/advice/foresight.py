"""Foresight: which causes the calendar alone will bring to a customer, on which day, and what can be said before.

The state is diagnosed as it is now and with the clock set forward, day by day; what holds then and not now is coming. Nothing is guessed:
a change of the state itself, such as a repayment, is not foreseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from actions.core.causes import MOST_DAYS_AHEAD
from actions.core.diagnosis import diagnose
from actions.core.facts import Facts, FactsSource
from actions.core.moments import start_of
from actions.core.subject import ACCOUNT, Subject
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill


@dataclass(frozen=True)
class Coming:
    """A cause that is not there yet.

    Attributes:
        subject: what it will block or limit; the account where it will block everything.
        on: the first day that begins with it.
        text: what the customer can be told.
    """

    cause: str
    subject: Subject
    on: date
    text: str

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {"cause": self.cause, "subject": self.subject.to_data(), "on": self.on.isoformat(), "text": self.text}


def foreseen(source: FactsSource, knowledge: Knowledge, user: str, day: date) -> tuple[Coming, ...]:
    """What will come to a customer within thirty days, the soonest first; a cause of the account is told of the account alone.

    Args:
        source: the state as it is.
        knowledge: the causes; those without ``ahead`` are not told before.
        day: from whose first instant on.

    Raises:
        UnknownCustomer: there is no such customer.
    """
    found: dict[tuple[str, Subject], Coming] = {}
    for subject in _subjects(source.snapshot(user)):
        for coming in _of_subject(source.snapshot(user, subject), knowledge, day):
            if (coming.cause, ACCOUNT) not in found:
                found[coming.cause, subject] = coming
    return tuple(sorted(found.values(), key=lambda each: each.on))


def _subjects(account: Facts) -> Iterator[Subject]:
    """The account first, then what could still be paid in installments."""
    yield ACCOUNT
    yield from (Subject("order", own.order.id) for own in account.orders if own.order.status in ("cart", "unpaid"))
    yield from (Subject("bill", bill.id) for bill in account.bills if bill.status != "settled")


def _of_subject(facts: Facts, knowledge: Knowledge, day: date) -> Iterator[Coming]:
    # All of them are diagnosed, as one may stand for another.
    causes = tuple(knowledge.causes.values())
    seen = set(diagnose(replace(facts, now=start_of(day)), causes).cause_ids)
    for days in range(1, MOST_DAYS_AHEAD + 1):
        on = day + timedelta(days=days)
        then = replace(facts, now=start_of(on))
        for found in diagnose(then, causes).found:
            if found.cause.id in seen:
                continue
            seen.add(found.cause.id)
            if found.cause.ahead is not None:
                text = fill(found.cause.ahead.text, Values(then, found.matches), knowledge.locale)
                yield Coming(found.cause.id, facts.subject, on, str(text or found.cause.summary))
