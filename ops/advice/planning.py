"""The nightly part: looks up what is to come to every customer who has said yes, some at a time, so that it can be ended at any moment and goes on
where it was."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from actions.core.facts import Facts
from actions.core.moments import local, start_of
from actions.core.observations import milliseconds
from actions.core.subject import ACCOUNT
from actions.dialogue.arms import Arms
from actions.knowledge.model import Knowledge
from actions.state import advice, consents
from actions.state.columns import real_now
from actions.state.consents import Consent
from actions.state.world.facts import SqlFacts, one_by_one
from actions.state.world.tables import facts_now
from ops.advice.foresight import beginnings
from ops.advice.restraint import due_day, is_held_out
from ops.advice.trying import tried_day

if TYPE_CHECKING:
    from ops.worker import Surroundings

AT_ONCE = 200
"""Customers who are looked up together."""
_EVENT = ("cause", "order", "bill", "event_on")
"""By what something that comes is known."""
_USUAL = dict.fromkeys(("trying", "own_on", "usual_on", "last_on"))
_Row = dict[str, Any]


def plan_ahead(here: Surroundings, seconds: float = 60.0, now: datetime | None = None) -> int:
    """Notes what customers are to be told; how many customers were looked up.

    Each is looked up once on a day of the facts' clock, and once a night of real time, since what they have may have changed.

    Args:
        seconds: after which it ends and leaves the rest to the next pass.
        now: real time; default: the present.
    """
    begun, looked = time.monotonic(), 0
    here.experiments.look()
    while time.monotonic() - begun < seconds:
        users = _some(here, now or real_now())
        if not users:
            break
        looked += len(users)
    return looked


def _some(here: Surroundings, now: datetime) -> Sequence[str]:
    knowledge, night = here.knowledge.current, milliseconds(start_of(local(now).date()))
    with here.database.session() as session:
        today = local(facts_now(session, here.settings.now)).date()
        users = consents.not_planned(session, today.isoformat(), night, AT_ONCE)
        if not users:
            return users
        rows = list(_rows(here, session, knowledge, users, today, milliseconds(now)))
    # What was computed is written at once: nobody waits for the writer while it is.
    with here.database.session() as session:
        advice.plan_advice(session, rows)
        consents.note_planned(session, users, today.isoformat(), milliseconds(now))
    return users


def _rows(here: Surroundings, session: Session, knowledge: Knowledge, users: Sequence[str], today: date, at: int) -> Iterator[_Row]:
    agreed = consents.consents_of_many(session, users)
    known: dict[str, set[tuple[str, str, str, str]]] = {}
    for row in advice.of_customers(session, users):
        known.setdefault(row.user, set()).add((row.cause, row.order, row.bill, row.event_on))
    for user, facts in states_of(here, session, users).items():
        yield from planned_for(user, facts, knowledge, agreed.get(user, {}), known.get(user, set()), today, at, here.experiments.arms)


def states_of(here: Surroundings, session: Session, users: Sequence[str]) -> dict[str, Facts]:
    """The accounts of several customers, of those that are there."""
    source, wanted = here.facts(session), [(user, ACCOUNT) for user in users]
    found = source.snapshots(wanted) if isinstance(source, SqlFacts) else one_by_one(source, wanted)
    return {user: facts for (user, _), facts in found.items()}


def planned_for(
    user: str,
    facts: Facts,
    knowledge: Knowledge,
    agreed: Mapping[str, Consent],
    known: set[tuple[str, str, str, str]],
    today: date,
    at: int,
    arms: Arms | None = None,
) -> Iterator[_Row]:
    """What one customer is to be told: of what comes, what they have said yes to, and nobody has noted before.

    Args:
        agreed: their consents, by topic.
        known: what was noted, as ``(cause, order, bill, day)``.
        today: on the facts' clock.
        at: real time, epoch milliseconds.
        arms: of the experiments that run; some may tell it on another day.
    """
    for coming in beginnings(facts, knowledge, today):
        topic, subject, ahead = knowledge.advice.topic_of(coming.cause.id), coming.facts.subject, coming.cause.told_before
        event = (coming.cause.id, subject.order or "", subject.bill or "", coming.on.isoformat())
        if topic is None or topic not in agreed or ahead is None or event in known:
            continue
        due = due_day(ahead.days, coming.on, today, agreed[topic].lead)
        tried = tried_day(arms, user, coming.cause.id, coming.on, today, agreed[topic].lead)
        if due is not None:
            yield {
                **(_USUAL if tried is None else tried.to_row()),
                "user": user,
                "topic": topic,
                **dict(zip(_EVENT, event)),
                "due_on": (due if tried is None else tried.first).isoformat(),
                "holdout": is_held_out(user, knowledge.advice.hold_out),
                "planned_at": at,
            }
