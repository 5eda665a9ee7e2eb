"""What ``baitiao advice`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.core.facts import UnknownCustomer
from actions.state.columns import real_now
from bot.commands import OPERATOR, Refusal, day_of, opened
from ops.advice.foresight import Coming, foreseen
from ops.advice.overview import AdviceRefused, due_on, set_switch


def previewed(user: str, on: str) -> tuple[Coming, ...]:
    """What will come to a customer, seen from a day.

    Raises:
        Refusal: the day is none, or there is no such customer.
    """
    day = day_of(on, "--on")
    here = opened()
    with here.database.session() as session:
        try:
            return foreseen(here.facts(session), here.knowledge.current, user, day)
        except UnknownCustomer:
            raise Refusal(f"there is no customer {user}") from None


def lines(found: Sequence[Coming]) -> Iterator[str]:
    """The same for people."""
    for each in found:
        cause = f"{each.cause} ends" if each.ends else each.cause
        yield f"{each.on} · {cause} · {each.subject.id or 'account'} · {each.text}".replace("\n", " ")
    if not found:
        yield "nothing is coming within 30 days"


def due(day: str) -> dict[str, Any]:
    """What would go out on a day.

    Raises:
        Refusal: the day is none.
    """
    wanted = day_of(day, "--date")
    here = opened()
    with here.database.session() as session:
        return due_on(session, here.knowledge.current.advice, wanted)


def due_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The same for people."""
    if found["stopped"]:
        yield f"stopped: {', '.join('all' if topic == '*' else topic for topic in found['stopped'])}"
    yield from (f"{topic}: {count}" for topic, count in found["topics"].items())
    yield f"{found['day']}: {found['total']}, of which {found['held_out']} are held out"
    if found["never_looked_up"]:
        yield f"{found['never_looked_up']} customers have said yes and were not looked up yet: the worker does"


def switched(topic: str, off: bool, why: str) -> None:
    """Stops advice or lets it go on.

    Raises:
        Refusal: there is no such topic, no reason was given, or it is so already.
    """
    here = opened()
    try:
        with here.database.session() as session:
            set_switch(session, here.knowledge.current.advice, topic, off, OPERATOR, why, real_now())
    except AdviceRefused as refused:
        raise Refusal(str(refused)) from None
