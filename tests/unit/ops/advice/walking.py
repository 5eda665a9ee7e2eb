"""A walk through many days in which customers ignore, withdraw, answer and get into trouble; and what must be so at its end, looked up anew.

Nothing here asks the program what it has noted of itself: the state is diagnosed on the days that were said, and customers are gone through day
by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import update

from actions.core.causes import Cause
from actions.core.diagnosis import diagnose
from actions.core.effects import AdviceAnswered
from actions.core.facts import Facts
from actions.core.fixers import end_of_wait
from actions.core.moments import start_of
from actions.core.observations import milliseconds
from actions.core.subject import ACCOUNT, Subject
from actions.handoff.effects import carry_out
from actions.state import handoffs
from actions.state.advice import Advice
from actions.state.database import Database
from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from tests.unit.ops.advice.time_machine import FIRST, TimeMachine, at, customers

_TROUBLE = ("hardship", "complaint", "fraud", "minor", "distress")
_EVERY = 3
"""Every so many days something happens to some customers."""
_OPEN_FOR, _INCIDENT = 6, (8, 16)
"""Days that a case stays open; days between which something is broken in one region."""
_BROKEN_REGION = "广东"


def walked(database: Database, count: int, days: int, seed: int) -> TimeMachine:
    """Lets so many days of so many customers go by, who have said yes to everything."""
    world, random = customers(count, seed, days), Random(seed)
    machine = TimeMachine.of(database, world)
    machine.agree([user["id"] for user in world["users"]])
    _break(machine, [user["id"] for user in world["users"] if user["region"] == _BROKEN_REGION])
    open_until: dict[str, date] = {}
    for moment in machine.days(days):
        if moment.hour != 10:
            continue
        for user in [user for user, day in open_until.items() if day <= moment.date()]:
            _close(machine, user)
            del open_until[user]
        if (moment.date() - FIRST).days % _EVERY == 0:
            withdraws, troubled, asks, answers = (f"u-{random.randrange(count)}" for _ in range(4))
            machine.withdraw(withdraws, moment - timedelta(hours=1))
            _hand_over(machine, troubled, random.choice(_TROUBLE), moment)
            if asks not in open_until:
                open_until[asks] = moment.date() + timedelta(days=_OPEN_FOR)
                _hand_over(machine, asks, "requested", moment, until=moment + timedelta(days=_OPEN_FOR))
            _answer(machine, answers, moment.date(), random)
    return machine


def _break(machine: TimeMachine, users: list[str]) -> None:
    begins, ends = (at(FIRST + timedelta(days=day), 8) for day in _INCIDENT)
    row = {"id": "i", "component": "installment", "severity": "outage", "affects": {"regions": [_BROKEN_REGION]}}
    load_world_data(machine.database, {"incidents": [{**row, "started_at": begins.isoformat(), "resolved_at": ends.isoformat()}]})
    machine.left_alone.extend((user, milliseconds(begins), milliseconds(ends), "an incident") for user in users)


def _hand_over(machine: TimeMachine, user: str, reason: str, moment: datetime, until: datetime | None = None) -> None:
    """Gives a customer to a person; a case of trouble is closed at once, and they are left alone for a month."""
    with machine.database.session() as session:
        if handoffs.open_handoff(session, user) is not None:
            return
        row = handoffs.create(session, user, user, reason, "general", {"summary": {"headline": "x"}}, ACCOUNT)
        handoffs.append(session, row.id, "hand_over", "assistant", {"reason": reason})
        session.execute(update(HANDOFFS).where(HANDOFFS.c.id == row.id).values(created_at=moment))
        session.execute(update(HANDOFF_EVENTS).where(HANDOFF_EVENTS.c.handoff_id == row.id).values(at=moment))
        if until is None:
            handoffs.close(session, row.id, "closed")
    trouble = machine.here.knowledge.current.advice.trouble_days
    end = until or moment + timedelta(days=trouble)
    machine.left_alone.append((user, milliseconds(moment), milliseconds(end), reason))


def _close(machine: TimeMachine, user: str) -> None:
    with machine.database.session() as session:
        case = handoffs.open_handoff(session, user)
        if case is not None:
            handoffs.close(session, case.id, "closed")


def _answer(machine: TimeMachine, user: str, today: date, random: Random) -> None:
    """Of what a customer was told last they want to hear no more, or once more the day before, if that lies ahead."""
    told = [row for row in machine.advice() if row.user == user and row.status == "sent"]
    if told and date.fromisoformat(told[-1].event_on) - timedelta(days=1) > today:
        answer = AdviceAnswered(told[-1].cause, "skip") if random.random() < 0.5 else AdviceAnswered(told[-1].cause, "moved", 1)
        with machine.database.session() as session:
            carry_out(session, user, [answer])


def holds(machine: TimeMachine, facts: Facts, cause: Cause) -> bool:
    """Whether a cause holds; one that is told before its end, whether it is still to be waited for."""
    found = diagnose(facts, machine.here.knowledge.current.causes.values()).get(cause.id)
    awaited = cause.ends is not None and cause.wait is not None and cause.wait.until is not None
    return found is not None and (not awaited or end_of_wait(found, facts) is not None)


def not_as_said(machine: TimeMachine, days: int) -> list[str]:
    """What was told and is not so on the day said, or was so the day before; and what nobody has looked at although its day has come."""
    last = FIRST + timedelta(days=days - 1)
    return [
        f"{row.user}: {row.cause} on {row.event_on}, noted as {row.result}"
        for row in machine.advice()
        if row.status in ("sent", "held_out") and date.fromisoformat(row.event_on) <= last and not _is_as_said(machine, row)
    ]


def _is_as_said(machine: TimeMachine, row: Advice) -> bool:
    cause, on = machine.here.knowledge.current.causes[row.cause], date.fromisoformat(row.event_on)
    with machine.database.session() as session:
        eve, then = (
            holds(machine, SqlFacts(session, start_of(day)).snapshot(row.user, row.subject), cause) for day in (on - timedelta(days=1), on)
        )
    ends = cause.ends is not None
    return (eve, then, row.result) == (ends, not ends, "avoided" if ends else "blocked")


def not_noted(machine: TimeMachine, users: list[str], days: int) -> list[str]:
    """What came to customers, gone through day by day, of which nothing was noted: neither told nor kept back for a reason."""
    known = {(row.user, row.cause, row.subject, row.event_on) for row in machine.advice()}
    return [
        f"{user}: {cause} of {subject.id or 'account'} on {on}"
        for user in users
        for cause, subject, on in _came(machine, user, days)
        if (user, cause, subject, on.isoformat()) not in known
    ]


def _came(machine: TimeMachine, user: str, days: int) -> Iterator[tuple[str, Subject, date]]:
    causes = [cause for cause in machine.here.knowledge.current.causes.values() if cause.told_before is not None]
    with machine.database.session() as session:
        account = SqlFacts(session, start_of(FIRST)).snapshot(user)
    subjects = [ACCOUNT, *(Subject("order", own.order.id) for own in account.orders), *(Subject("bill", bill.id) for bill in account.bills)]
    for cause in causes:
        of_account: set[date] = set()
        for subject in subjects:
            if not cause.can_hold_for(subject) or (subject != ACCOUNT and not cause.subjects):
                continue
            facts, ends = account.about(subject), cause.ends is not None
            there = [holds(machine, replace(facts, now=start_of(FIRST + timedelta(days=day))), cause) for day in range(days)]
            turns = [FIRST + timedelta(days=day) for day in range(1, days) if there[day] != there[day - 1] and there[day] != ends]
            # What is noted once of a cause is its first turn from each day on; two turns of one cause within a walk do not occur.
            if turns and subject == ACCOUNT:
                of_account.add(turns[0])
            if turns and (subject == ACCOUNT or turns[0] not in of_account):
                yield cause.id, subject, turns[0]
