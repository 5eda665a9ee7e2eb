"""What ``baitiao advice`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.core.facts import UnknownCustomer
from bot.commands import Refusal, day_of, opened
from ops.advice.foresight import Coming, foreseen


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
        yield f"{each.on} · {each.cause} · {each.subject.id or 'account'} · {each.text}".replace("\n", " ")
    if not found:
        yield "nothing is coming within 30 days"
