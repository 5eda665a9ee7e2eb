"""What a simulated customer would read beside their conversation: the first screen, banners, and advice on what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.core.ahead import MOST_DAYS_AHEAD
from actions.core.case import Case
from actions.core.facts import Facts
from actions.core.moments import local
from actions.dialogue.notices import first_looked_at, notices_of
from actions.dialogue.opening import Opening
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from ops.advice.foresight import coming_to
from ops.advice.restraint import due_day

_AGO = (timedelta(0), timedelta(days=MOST_DAYS_AHEAD))
"""Most customers who are simulated have what they could have been told of before: they are looked at again as they were then."""


def read_beside(database: Database, knowledge: Knowledge, user: str, order: str | None) -> tuple[str, ...]:
    """Every text, before anything is said, in the words of some knowledge.

    Args:
        order: on the customer's page.
    """
    with database.session() as session:
        source = SqlFacts(session)
        screen = tuple(_texts(Opening(knowledge, source).of(user, order, Case())))
        account = source.snapshot(user)
    banners = tuple(each.text for each in notices_of(first_looked_at(account, order, Case()), knowledge))
    return (*screen, *banners, *_advice(account, knowledge))


def days_of_advice(database: Database, knowledge: Knowledge, user: str) -> tuple[str, ...]:
    """On which days a customer who wants that would be told of what comes, in the words of some knowledge."""
    with database.session() as session:
        account = SqlFacts(session).snapshot(user)
    return tuple(_days(account, knowledge))


def _days(account: Facts, knowledge: Knowledge) -> Iterator[str]:
    for ago in _AGO:
        day = local(account.now - ago).date()
        for coming in coming_to(replace(account, now=account.now - ago), knowledge, day):
            ahead = knowledge.causes[coming.cause].told_before
            due = None if ahead is None else due_day(ahead.told_days, coming.on, day)
            yield f"{coming.cause} {coming.on}: {due}"


def _advice(account: Facts, knowledge: Knowledge) -> Iterator[str]:
    for ago in _AGO:
        then = replace(account, now=account.now - ago)
        for coming in coming_to(then, knowledge, local(then.now).date()):
            topic = knowledge.advice.topic_of(coming.cause)
            if topic is not None:
                yield knowledge.phrases.title(phrases.ADVICE_TOLD, told=coming.text, topic=knowledge.advice.topics[topic].title)


def _texts(shown: Any) -> Iterator[str]:
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, (dict, list)):
        for each in shown.values() if isinstance(shown, dict) else shown:
            yield from _texts(each)
