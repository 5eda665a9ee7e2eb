"""The badge of one product: what a customer about whom nothing is special would be told of an order of it.

Personal facts never enter a badge, so that anybody may keep it until ``valid_until``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from actions.core.amounts import amount_to_finance, common_tenors
from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, Found, diagnose
from actions.core.facts import Facts, Line, OwnOrder
from actions.core.fields import Version
from actions.core.moments import Moment, end_of, local, start_of
from actions.core.money import Fen
from actions.core.plans import plans_for
from actions.core.records import Baitiao, Order, OrderLine, User
from actions.knowledge.rendering import Locale, Values, fill

BadgeState = Literal["unavailable", "later", "limited", "available"]
_UNNAMED = frozenset({"merchant_risk_blocked"})
"""Causes that a badge rests on and does not tell: they would say what the platform thinks of a shop."""
_HARMLESS = frozenset({"interest_free_ended"})
"""Limits that leave every plan to be had."""
_EVERYBODYS = frozenset({"policy", "incident", "maintenance"})
"""Scopes whose rows hold for all products."""
_OF_CHANNEL = "order.channel"
_AGE = 30


@dataclass(frozen=True)
class Badge:
    """What is said at a product.

    Attributes:
        sku: of the product.
        state: unavailable; later, if time removes every block; limited; available.
        causes: ids of the blocks and limits that may be named.
        why: what is proven, a sentence per cause.
        instead: what else is possible, topics.
        rules: of a limited one: tenors, and the down payment as a ratio if there is one.
        until: of a later one: when its last block ends, if that is known.
        valid_until: when time alone will change it; None for never.
    """

    sku: str
    state: BadgeState
    causes: tuple[str, ...]
    why: tuple[str, ...]
    instead: tuple[str, ...]
    rules: Mapping[str, Any] | None
    until: datetime | None
    valid_until: datetime | None = None

    def to_data(self, labels: Mapping[str, str], plans: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
        """The badge in the contract's words.

        Args:
            labels: what is shown, by state; a state without one shows nothing.
            plans: what installments cost, where they are offered.
        """
        offered = {} if plans is None else {"plans": list(plans)}
        return {
            "sku": self.sku,
            "state": self.state,
            "badge": labels.get(self.state),
            "why": list(self.why),
            "instead": list(self.instead),
            "causes": list(self.causes),
            "rules": dict(self.rules) if self.rules else None,
            "until": self.until and local(self.until).isoformat(),
            **offered,
        }


@dataclass(frozen=True)
class Outcome:
    """What one cause comes to for a product, and for all that are like it in what the cause looks at.

    Attributes:
        holds: whether it does.
        changes_at: when time alone will change that, or what is said of it; None for never.
        rests_on: the policies, incidents and maintenance by which it holds, written out.
    """

    holds: bool
    changes_at: datetime | None
    rests_on: str = ""


class BadgeMaker:
    """Makes badges of products.

    Args:
        causes: in the order of diagnosis.
        neutral: said in place of a cause that is not told.
        locale: how values are written.
    """

    def __init__(self, causes: Iterable[Cause], neutral: str, locale: Locale) -> None:
        # What is said of a product is about the product, its shop, the platform and the channel, never about a person.
        self.causes = tuple(each for each in causes if each.level != "user" or _OF_CHANNEL in each.evidence)
        self._neutral = neutral
        self._locale = locale

    def badge(self, line: Line, world: Facts, region: str, channel: str) -> Badge:
        """The badge of a product.

        Args:
            line: one of it, with its category and shop.
            world: policies, incidents, maintenance, plans and the clock.
            region: for whom.
            channel: where.
        """
        facts = _stand_in(line, world, region, channel)
        now = self._as_of(facts, self.causes)
        return replace(now, valid_until=self._changes_at(facts, now, self.causes))

    def outcome(self, cause: Cause, line: Line, world: Facts, region: str, channel: str) -> Outcome:
        """What one of the causes comes to; the other arguments as for ``badge``."""
        facts = _stand_in(line, world, region, channel)
        found, now = diagnose(facts, (cause,)).found, self._as_of(facts, (cause,))
        rows = [repr(row) for each in found for scope, row in each.matches if scope in _EVERYBODYS]
        return Outcome(bool(found), self._changes_at(facts, now, (cause,)), " ".join(rows))

    def badge_of(
        self, line: Line, world: Facts, region: str, channel: str, holding: Sequence[Cause], valid_until: datetime | None
    ) -> Badge:
        """The badge of a product of which the outcomes are known.

        Args:
            line, world, region, channel: as for ``badge``.
            holding: the causes that hold, in their order.
            valid_until: when the first of all outcomes changes.
        """
        if not holding:
            return Badge(str(line.item.sku), "available", (), (), (), None, None, valid_until)
        made = self._as_of(_stand_in(line, world, region, channel), holding)
        return replace(made, valid_until=valid_until)

    def plans(self, line: Line, world: Facts, region: str, channel: str) -> list[dict[str, Any]]:
        """What installments of a product cost that can be had in them: every plan with its fee and yearly rate; arguments as for ``badge``."""
        return [plan.to_data() for plan in plans_for(_stand_in(line, world, region, channel))]

    def diagnosis(self, line: Line, world: Facts, region: str, channel: str) -> Diagnosis:
        """What a badge rests on, for whoever asks about many and needs no sentences; arguments as for ``badge``."""
        return diagnose(_stand_in(line, world, region, channel), self.causes)

    def _changes_at(self, facts: Facts, now: Badge, causes: Sequence[Cause]) -> datetime | None:
        changes = sorted({moment for moment in _moments(facts) if moment > facts.now})
        return next((moment for moment in changes if self._as_of(replace(facts, now=moment), causes) != now), None)

    def _as_of(self, facts: Facts, causes: Iterable[Cause]) -> Badge:
        diagnosis = diagnose(facts, causes)
        state = _state(diagnosis)
        told = [found for found in diagnosis.found if found.cause.id not in _UNNAMED]
        why = [self._why(found, facts) for found in told]
        if len(told) < len(diagnosis.found):
            why.append(self._neutral)
        instead = dict.fromkeys(topic for found in diagnosis.blocks for topic in found.cause.alternatives)
        return Badge(
            sku=str(facts.lines[0].item.sku),
            state=state,
            causes=tuple(found.cause.id for found in told),
            why=tuple(why),
            instead=tuple(instead),
            rules=_rules(facts) if state == "limited" else None,
            until=_until(diagnosis) if state == "later" else None,
        )

    def _why(self, found: Found, facts: Facts) -> str:
        return str(fill(found.cause.summary, Values(facts, found.matches), self._locale)) or found.cause.title


def _stand_in(line: Line, world: Facts, region: str, channel: str) -> Facts:
    """A healthy customer who orders one of the product."""
    user = _healthy(local(world.now).year, region)
    order = Order.construct(**{**_order_of(user.id, channel), "lines": (OrderLine.construct(sku=line.item.sku, quantity=1),)})
    return replace(world, user=user, order=order, lines=(line,), orders=(OwnOrder(order, (line,)),))


@lru_cache(maxsize=256)
def _healthy(year: int, region: str) -> User:
    return User(
        id="stand-in",
        region=region,
        birth_date=date(year - _AGE, 1, 1),
        app_version=Version("999.0.0"),
        baitiao=Baitiao(credit_limit=Fen(10**13), agreement_version=10**9),
    )


@lru_cache(maxsize=16)
def _order_of(user: str, channel: str) -> Mapping[str, Any]:
    # Checked once: of thousands of orders only the product differs.
    return vars(Order.parse_obj({"id": user, "user": user, "lines": (), "channel": channel}))


def _state(diagnosis: Diagnosis) -> BadgeState:
    if diagnosis.blocks:
        return "later" if all(found.cause.wait is not None for found in diagnosis.blocks) else "unavailable"
    return "limited" if any(found.cause.id not in _HARMLESS for found in diagnosis.found) else "available"


def _rules(facts: Facts) -> dict[str, Any]:
    item = facts.lines[0].item
    down_payment = {"down_payment": float(item.min_down_payment)} if item.min_down_payment else {}
    # The tenors of the plans, without pricing them.
    return {"tenors": list(common_tenors(facts)) if amount_to_finance(facts) > 0 else [], **down_payment}


def _until(diagnosis: Diagnosis) -> datetime | None:
    """When the last block ends; None if that of any is not known."""
    ends: list[datetime] = []
    for found in diagnosis.blocks:
        name = found.cause.wait.until if found.cause.wait is not None else None
        known = [value for value in Values(diagnosis.facts, found.matches).get(name) if isinstance(value, date)] if name else []
        if not known:
            return None
        ends.extend(start_of(value) if name == "item.presale_balance_from" else end_of(value) for value in known)
    return max(ends)


def _moments(facts: Facts) -> Iterator[datetime]:
    """The instants at which time alone may change what is true of a product."""
    item, merchant = facts.lines[0].item, facts.lines[0].merchant
    begins: Sequence[Moment | None] = [
        item.presale_balance_from,
        *(policy.effective_from for policy in facts.policies),
        *(incident.started_at for incident in facts.incidents),
        *(window.starts_at for window in facts.maintenance),
    ]
    ends: Sequence[Moment | None] = [
        item.interest_free.until,
        merchant.paused_until,
        *(policy.effective_to for policy in facts.policies),
        *(incident.resolved_at for incident in facts.incidents),
        *(window.ends_at for window in facts.maintenance),
    ]
    yield from (start_of(moment) for moment in begins if moment is not None)
    yield from (end_of(moment) for moment in ends if moment is not None)
