"""The immutable snapshot of everything a diagnosis may look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, Protocol

from actions.core.moments import has_begun, is_over
from actions.core.platform import Affects, Category, Incident, Item, Maintenance, Merchant, Plan, Policy
from actions.core.records import Bill, Contract, Order, Refund, Repayment, User
from actions.core.subject import ACCOUNT, Subject


@dataclass(frozen=True)
class Line:
    """An order line with everything it refers to."""

    item: Item
    category: Category
    merchant: Merchant
    quantity: int


class OwnOrder(NamedTuple):
    """One of the customer's orders with its lines."""

    order: Order
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Facts:
    """One customer's state at one instant, with at most one subject: an order or a bill.

    Attributes:
        now: the facts' clock, which is also the time at which the state was read.
        order, lines, bill: the subject.
        orders, bills, contracts, repayments, refunds: all that the customer has, the subject included, the latest first; contracts with the
            one that is due next first.
        policies, incidents, maintenance: every row, in force or not; the properties below narrow them to now.
    """

    now: datetime
    user: User
    order: Order | None = None
    lines: tuple[Line, ...] = ()
    bill: Bill | None = None
    orders: tuple[OwnOrder, ...] = ()
    bills: tuple[Bill, ...] = ()
    contracts: tuple[Contract, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    plans: tuple[Plan, ...] = ()
    policies: tuple[Policy, ...] = ()
    incidents: tuple[Incident, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()

    @cached_property
    def subject(self) -> Subject:
        """What the snapshot is about."""
        return Subject.of(self.order.id if self.order else None, self.bill.id if self.bill else None)

    def about(self, subject: Subject) -> Facts:
        """The same state with another subject; with the account alone if the customer has no such order or bill."""
        chosen = next((each for each in self.orders if each.order.id == subject.order), None)
        bill = next((each for each in self.bills if each.id == subject.bill), None)
        return replace(self, order=chosen and chosen.order, lines=chosen.lines if chosen else (), bill=bill)

    @cached_property
    def policies_in_force(self) -> tuple[Policy, ...]:
        """The policies whose time includes now."""
        return tuple(
            policy
            for policy in self.policies
            if has_begun(policy.effective_from, self.now)
            and not (policy.effective_to is not None and is_over(policy.effective_to, self.now))
        )

    @cached_property
    def open_incidents(self) -> tuple[Incident, ...]:
        """The incidents that have begun, are not resolved, and affect this customer and subject."""
        return tuple(incident for incident in self.incidents if incident.is_open(self.now) and self._is_among(incident.affects))

    def _is_among(self, affects: Affects) -> bool:
        """Whether every scope that is given matches; those of shops, categories and channels match orders only."""
        return (
            (not affects.regions or self.user.region in affects.regions)
            and (not affects.merchants or any(line.merchant.id in affects.merchants for line in self.lines))
            and (not affects.categories or any(line.category.id in affects.categories for line in self.lines))
            and (not affects.channels or (self.order is not None and self.order.channel in affects.channels))
            and (affects.app_below is None or self.user.app_version.numbers < affects.app_below.numbers)
        )

    @cached_property
    def current_maintenance(self) -> tuple[Maintenance, ...]:
        """The windows that contain now."""
        return tuple(window for window in self.maintenance if window.is_on(self.now))


class UnknownCustomer(LookupError):
    """No customer with that id."""


class UnknownSubject(LookupError):
    """No such order or bill, or it belongs to somebody else; the two are not told apart on purpose."""


class FactsSource(Protocol):
    """Where the state comes from. A deployment puts its own account, order and policy services behind this."""

    def customer_exists(self, user_id: str) -> bool:
        """Whether the customer is known."""
        ...

    def owns_order(self, user_id: str, order_id: str) -> bool:
        """Whether the order exists and is this customer's."""
        ...

    def orders(self, user_id: str) -> tuple[OwnOrder, ...]:
        """The customer's orders with their lines, newest first.

        Raises:
            UnknownCustomer: no such customer.
        """
        ...

    def bills(self, user_id: str) -> tuple[Bill, ...]:
        """The customer's bills, latest month first, ties by id.

        Raises:
            UnknownCustomer: no such customer.
        """
        ...

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        """Reads the state of a customer and of one subject anew.

        Raises:
            UnknownCustomer: no such customer.
            UnknownSubject: the order or bill is not this customer's.
        """
        ...


def missing_methods(source: object) -> list[str]:
    """The methods of a ``FactsSource`` that an object, or the objects of a class, lack."""
    asked = [name for name in vars(FactsSource) if not name.startswith("_")]
    return [name for name in asked if not callable(getattr(source, name, None))]
