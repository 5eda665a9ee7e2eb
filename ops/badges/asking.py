"""Asking for badges: who wants which, and the answer in the contract's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.core.moments import local
from ops.badges.badge import Badge
from ops.badges.everywhere import HOME_CHANNEL


@dataclass(frozen=True)
class BadgesWanted:
    """A question.

    Attributes:
        skus: products, each once.
        region: for whose customers; None: where a customer is of whom nothing is said.
        channel: where they look.
        offers: whether installments that can be had are told too, with what they cost.
    """

    skus: tuple[str, ...]
    region: str | None = None
    channel: str = HOME_CHANNEL
    offers: bool = False

    @classmethod
    def of(cls, skus: Iterable[str], region: str | None = None, channel: str = HOME_CHANNEL, offers: bool = False) -> BadgesWanted:
        """A question in which a product may be named more than once."""
        return cls(tuple(dict.fromkeys(skus)), region, channel, offers)


@dataclass(frozen=True)
class TextedBadge:
    """A badge with its JSON."""

    badge: Badge
    text: str


@dataclass(frozen=True)
class BadgesAnswer:
    """An answer.

    Attributes:
        as_of: the facts' clock.
        version: what `changes` are asked for after.
        found: in the order in which they were asked for.
        unknown: products that nobody sells.
    """

    as_of: datetime
    version: int
    found: Sequence[TextedBadge]
    unknown: Sequence[str]

    @property
    def valid_until(self) -> datetime | None:
        """When time alone will change one of them; None for never."""
        return min((each.badge.valid_until for each in self.found if each.badge.valid_until is not None), default=None)

    @property
    def said(self) -> str:
        """What stays the same while no badge changes: all but when it was asked for."""
        until = self.valid_until
        head = f'"valid_until": {json.dumps(until and local(until).isoformat())}'
        return f'{head}, "badges": [{", ".join(each.text for each in self.found)}], "unknown": {json.dumps(list(self.unknown))}'

    @property
    def text(self) -> str:
        """All of it as JSON."""
        return f'{{"as_of": {json.dumps(local(self.as_of).isoformat())}, "version": {self.version}, {self.said}}}'

    def to_data(self) -> dict[str, Any]:
        """All of it as data."""
        data: dict[str, Any] = json.loads(self.text)
        return data
