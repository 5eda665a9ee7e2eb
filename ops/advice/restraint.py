"""Restraint: on which day something is told, who is never told anything, and what speaks against telling it now. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from actions.core.moments import local
from actions.knowledge.advice_rules import AdviceRules

Reason = Literal["stopped", "withdrawn", "told_already", "trouble", "person", "incident", "month", "late"]
"""What speaks against it: all advice or this topic is switched off; the consent is withdrawn; the customer knows of it; a handoff that asks for
rest; a person is at it; an incident holds; enough for a month; it has begun."""
FOR_GOOD: tuple[Reason, ...] = ("withdrawn", "told_already", "late")
"""What does not pass; everything else is looked at again until it is too late."""
MONTH = timedelta(days=30)
_BUCKETS = 10_000
_SALT = "advice/1"
"""Another one would draw other customers: it never changes."""


@dataclass(frozen=True)
class Standing:
    """How a customer stands when something is to be told.

    Attributes:
        stopped: all advice, or this topic, is switched off.
        consents: the customer has said yes to the topic.
        knows: was told of something of the topic that begins on the same day.
        in_trouble: was given to people lately for a reason that asks for rest.
        with_person: a case of theirs is open.
        incident: one holds for them.
        told_lately: what they were told unasked within a month.
        asked: they have asked to be told on this day.
    """

    stopped: bool = False
    consents: bool = True
    knows: bool = False
    in_trouble: bool = False
    with_person: bool = False
    incident: bool = False
    told_lately: int = 0
    asked: bool = False


def against(standing: Standing, rules: AdviceRules) -> Reason | None:
    """What speaks against telling it, what is for good before the rest; None: nothing.

    What a customer has asked for neither counts among what they are told unasked nor is kept from them by it.
    """
    speaks: Iterable[tuple[Reason, bool]] = (
        ("withdrawn", not standing.consents),
        ("told_already", standing.knows and not standing.asked),
        ("stopped", standing.stopped),
        ("trouble", standing.in_trouble),
        ("person", standing.with_person),
        ("incident", standing.incident),
        ("month", standing.told_lately >= rules.a_month and not standing.asked),
    )
    return next((reason for reason, holds in speaks if holds), None)


def due_day(days: Iterable[int], on: date, today: date, lead: int | None = None) -> date | None:
    """The day on which something is told, the first of those that lie ahead; None: none is left.

    Args:
        days: how many days before it begins it may be told.
        on: when it begins.
        lead: how many days before the customer wants to be told at most; where that is fewer than any of ``days``, the fewest of these.
    """
    allowed = sorted(days, reverse=True)
    if lead is not None:
        allowed = [day for day in allowed if day <= lead] or allowed[-1:]
    return next((on - timedelta(days=day) for day in allowed if on - timedelta(days=day) >= today), None)


def is_held_out(user: str, share: float) -> bool:
    """Whether a customer is one of those who are never told anything: by a hash, so for ever, and whatever they say yes to."""
    bucket = int.from_bytes(hashlib.sha256(f"{_SALT}:{user}".encode()).digest()[:8], "big") % _BUCKETS
    return bucket < share * _BUCKETS


def is_quiet(moment: datetime, rules: AdviceRules) -> bool:
    """Whether nobody is written to at a moment of real time."""
    return rules.quiet.contain(local(moment).hour)
