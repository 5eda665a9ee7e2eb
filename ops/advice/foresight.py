"""Foresight: which causes the calendar alone will bring to a customer, on which day, and what can be said before.

The state is diagnosed as it is now and with the clock set forward, day by day; what holds then and not now is coming. Nothing is guessed:
a change of the state itself, such as a repayment, is not foreseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from actions.core.causes import MOST_DAYS_AHEAD, Cause
from actions.core.derived import View, scope_of
from actions.core.diagnosis import Found, diagnose
from actions.core.facts import Facts, FactsSource
from actions.core.moments import local, start_of
from actions.core.subject import ACCOUNT, Subject
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from ops.advice.turning_points import WatchedInstant

_INCIDENT = "incident"
"""The scope that what is on an order can narrow."""


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


@dataclass(frozen=True)
class Beginning:
    """The same without words.

    Attributes:
        found: the cause as it holds then.
        facts: the state of then, about its subject.
        on: the first day that begins with it.
    """

    cause: Cause
    found: Found
    facts: Facts
    on: date


def foreseen(source: FactsSource, knowledge: Knowledge, user: str, day: date) -> tuple[Coming, ...]:
    """What will come to a customer within thirty days, the soonest first; a cause of the account is told of the account alone.

    Args:
        source: the state as it is.
        knowledge: the causes; those without ``ahead`` are not told before.
        day: from whose first instant on.

    Raises:
        UnknownCustomer: there is no such customer.
    """
    return coming_to(source.snapshot(user), knowledge, day)


def coming_to(account: Facts, knowledge: Knowledge, day: date) -> tuple[Coming, ...]:
    """The same of a customer's state that has been read, about whatever; see ``foreseen``."""
    return tuple(
        Coming(begun.cause.id, begun.facts.subject, begun.on, told_before(begun.found, begun.facts, knowledge))
        for begun in beginnings(account, knowledge, day)
    )


def beginnings(account: Facts, knowledge: Knowledge, day: date) -> tuple[Beginning, ...]:
    """The same without words, of which many customers' are never read."""
    causes = [cause for cause in knowledge.causes.values() if cause.ahead is not None]
    found: dict[tuple[str, Subject], Beginning] = {}
    for subject in subjects_of(account):
        for begun in _of_subject(account.about(subject), causes, day):
            if (begun.cause.id, ACCOUNT) not in found:
                found[begun.cause.id, subject] = begun
    return tuple(sorted(found.values(), key=lambda each: each.on))


def still_comes(facts: Facts, cause: Cause, on: date) -> Found | None:
    """What begins on a day, if it does not hold now and does then: as a message about it must find it; None: it does not come, or is there.

    Args:
        facts: of the customer and the subject, now.
    """
    if diagnose(facts, [cause]).found:
        return None
    eve = replace(facts, now=start_of(on - timedelta(days=1)))
    if eve.now > facts.now and diagnose(eve, [cause]).found:
        return None
    return diagnose(replace(facts, now=start_of(on)), [cause]).get(cause.id)


def told_before(found: Found, then: Facts, knowledge: Knowledge) -> str:
    """What can be said of a cause before it begins: what comes, and what to do until then.

    Args:
        found: of the day on which it begins, ``then``.
    """
    ahead, values, say = found.cause.ahead, Values(then, found.matches), knowledge.phrases.title
    if ahead is None:
        raise ValueError(f"{found.cause.id} is not told before it begins")
    lines = [fill(ahead.text, values, knowledge.locale) or fill(found.cause.summary, values, knowledge.locale) or found.cause.title]
    for step in ahead.steps:
        text = fill(step.text, values, knowledge.locale)
        if text:
            lines.append(say(phrases.ADVICE_STEP_AT, text=text, path=step.path) if step.path else say(phrases.ADVICE_STEP, text=text))
    return "\n".join(lines)


def subjects_of(account: Facts) -> Iterator[Subject]:
    """The account first, then what could still be paid in installments."""
    yield ACCOUNT
    yield from (Subject("order", own.order.id) for own in account.orders if own.order.status in ("cart", "unpaid"))
    yield from (Subject("bill", bill.id) for bill in account.bills if bill.status != "settled")


def _is_seen_from(cause: Cause, subject: Subject) -> bool:
    """Whether a cause can begin for a subject and not for the account, or for the account itself: incidents may affect some orders alone."""
    if not cause.can_hold_for(subject):
        return False
    return subject == ACCOUNT or bool(cause.subjects) or any(scope_of(name) == _INCIDENT for name, _ in cause.condition.names())


def _of_subject(facts: Facts, causes: Sequence[Cause], day: date) -> Iterator[Beginning]:
    now, last = WatchedInstant.at(start_of(day)), day + timedelta(days=MOST_DAYS_AHEAD)
    view = View(replace(facts, now=now))
    waiting = [cause for cause in causes if _is_seen_from(cause, facts.subject) and not cause.condition.holds(view)]
    while waiting:
        # Until then it stays as it is, whatever the day.
        on = None if now.turns_at is None else first_day_from(now.turns_at)
        if on is None or on > last:
            return
        now = WatchedInstant.at(start_of(on))
        view = View(replace(facts, now=now))
        begun = [cause for cause in waiting if cause.condition.holds(view)]
        if begun:
            then = replace(facts, now=now.plain)
            yield from (Beginning(found.cause, found, then, on) for found in diagnose(then, begun).found)
        # By id: whether two causes are equal is a comparison of everything they hold.
        there = {cause.id for cause in begun}
        waiting = [cause for cause in waiting if cause.id not in there]


def first_day_from(moment: datetime) -> date:
    """The first day whose first instant is not before a moment."""
    day = local(moment).date()
    return day if start_of(day) >= moment else day + timedelta(days=1)
