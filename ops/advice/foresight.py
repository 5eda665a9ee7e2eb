"""Foresight: which causes the calendar alone will bring to a customer or take away, on which day, and what can be said before.

The state is diagnosed as it is now and with the clock set forward, day by day; what holds then and not now is coming, and what holds now and
not then ends. Nothing is guessed: a change of the state itself, such as a repayment, is not foreseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from actions.core.ahead import MOST_DAYS_AHEAD
from actions.core.causes import Cause
from actions.core.derived import View, scope_of
from actions.core.diagnosis import Found, diagnose
from actions.core.facts import Facts, FactsSource
from actions.core.fixers import must_wait
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
    """A cause that is not there yet, or one that ends.

    Attributes:
        subject: what it will block or limit, or does; the account where it is everything.
        on: the first day that begins with it, or without it.
        text: what the customer can be told.
        ends: it ends.
    """

    cause: str
    subject: Subject
    on: date
    text: str
    ends: bool = False

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {"cause": self.cause, "subject": self.subject.to_data(), "on": self.on.isoformat(), "text": self.text}


@dataclass(frozen=True)
class Beginning:
    """The same without words.

    Attributes:
        found: the cause as it holds then; of one that ends, as it holds now.
        facts: the state of then, about its subject; of one that ends, of now.
        on: the first day that begins with it, or without it.
    """

    cause: Cause
    found: Found
    facts: Facts
    on: date


def foreseen(source: FactsSource, knowledge: Knowledge, user: str, day: date) -> tuple[Coming, ...]:
    """What will come to a customer within thirty days, the soonest first; a cause of the account is told of the account alone.

    Args:
        source: the state as it is.
        knowledge: the causes; those without ``ahead`` and ``ends`` are not told before.
        day: from whose first instant on.

    Raises:
        UnknownCustomer: there is no such customer.
    """
    return coming_to(source.snapshot(user), knowledge, day)


def coming_to(account: Facts, knowledge: Knowledge, day: date) -> tuple[Coming, ...]:
    """The same of a customer's state that has been read, about whatever; see ``foreseen``."""
    return tuple(
        Coming(
            begun.cause.id, begun.facts.subject, begun.on, told_before(begun.found, begun.facts, knowledge), begun.cause.ends is not None
        )
        for begun in beginnings(account, knowledge, day)
    )


def beginnings(account: Facts, knowledge: Knowledge, day: date) -> tuple[Beginning, ...]:
    """The same without words, of which many customers' are never read."""
    causes = [cause for cause in knowledge.causes.values() if cause.told_before is not None]
    found: dict[tuple[str, Subject], Beginning] = {}
    for subject in subjects_of(account):
        for begun in _of_subject(account.about(subject), causes, day):
            if (begun.cause.id, ACCOUNT) not in found:
                found[begun.cause.id, subject] = begun
    return tuple(sorted(found.values(), key=lambda each: each.on))


def still_comes(facts: Facts, cause: Cause, on: date) -> Found | None:
    """What begins on a day, if it does not hold now and does then: as a message about it must find it; None: it does not come, or is there.

    Of a cause that is told before it ends, as it holds now, if it does until the day before and not then.

    Args:
        facts: of the customer and the subject, now.
    """
    ends, now = cause.ends is not None, _there_at(facts, cause)
    if (now is not None) != ends:
        return None
    eve, then = replace(facts, now=start_of(on - timedelta(days=1))), _there_at(replace(facts, now=start_of(on)), cause)
    if eve.now > facts.now and (_there_at(eve, cause) is not None) != ends:
        return None
    return then if not ends else now if then is None else None


def has_just_ended(facts: Facts, cause: Cause, on: date) -> bool:
    """Whether what was to end before a day has ended by the calendar on its eve: a wait can be over in the middle of a day.

    Args:
        facts: of the customer and the subject, now.
    """
    eve = replace(facts, now=start_of(on - timedelta(days=1)))
    return cause.ends is not None and _there_at(facts, cause) is None and _there_at(eve, cause) is not None


def is_there(cause: Cause, found: Found | None, facts: Facts) -> bool:
    """Whether a cause holds, and, where it is told before it ends, can only be waited for still: then a wait that is over is an end, too."""
    if found is None or cause.ends is None or cause.wait is None or cause.wait.until is None:
        return found is not None
    return must_wait(found, facts)


def _there_at(facts: Facts, cause: Cause) -> Found | None:
    found = diagnose(facts, [cause]).get(cause.id)
    return found if is_there(cause, found, facts) else None


def told_before(found: Found, then: Facts, knowledge: Knowledge) -> str:
    """What can be said of a cause before it begins or ends: what comes, and what to do until then.

    Args:
        found: of the day on which it begins, ``then``; of one that ends, of today.
    """
    ahead, values, say = found.cause.told_before, Values(then, found.matches), knowledge.phrases.title
    if ahead is None:
        raise ValueError(f"{found.cause.id} is not told before it begins or ends")
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
    seen = [cause for cause in causes if _is_seen_from(cause, facts.subject)]
    waiting = [cause for cause in seen if cause.ends is None and not cause.condition.holds(view)]
    first = replace(facts, now=now.plain)
    standing = [
        (cause, found)
        for cause in seen
        if cause.ends is not None and cause.condition.holds(view) and (found := _there_at(view.facts, cause)) is not None
    ]
    while waiting or standing:
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
        over = [(cause, found) for cause, found in standing if _there_at(view.facts, cause) is None]
        yield from (Beginning(cause, found, first, on) for cause, found in over)
        # By id: whether two causes are equal is a comparison of everything they hold.
        ended = {cause.id for cause, _ in over}
        standing = [(cause, found) for cause, found in standing if cause.id not in ended]
        there = {cause.id for cause in begun}
        waiting = [cause for cause in waiting if cause.id not in there]


def first_day_from(moment: datetime) -> date:
    """The first day whose first instant is not before a moment."""
    day = local(moment).date()
    return day if start_of(day) >= moment else day + timedelta(days=1)
