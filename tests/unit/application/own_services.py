"""Account and order services of somebody's own: one customer with one order, of whom no table knows anything."""

from __future__ import annotations

from typing import Any

from actions.core.facts import Facts, Line, UnknownCustomer, UnknownSubject
from actions.core.records import Bill, Order
from actions.core.subject import ACCOUNT, Subject
from tests.unit.knowledge.worlds import snapshot

CUSTOMER, ORDER = "own-customer", "own-order"
SUBJECT = Subject("order", ORDER)


class OwnServices:
    """A facts source that asks no database.

    Attributes:
        overdue: what the customer owes, for everybody who asks from now on.
    """

    overdue = "326.80"

    def __init__(self, _session: Any) -> None:
        """Takes a database session, as every source does, and ignores it."""

    def customer_exists(self, user_id: str) -> bool:
        return user_id == CUSTOMER

    def owns_order(self, user_id: str, order_id: str) -> bool:
        return (user_id, order_id) == (CUSTOMER, ORDER)

    def orders(self, user_id: str) -> tuple[tuple[Order, tuple[Line, ...]], ...]:
        facts = self.snapshot(user_id, SUBJECT)
        assert facts.order is not None
        return ((facts.order, facts.lines),)

    def bills(self, user_id: str) -> tuple[Bill, ...]:
        self.snapshot(user_id)
        return ()

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        if user_id != CUSTOMER:
            raise UnknownCustomer(user_id)
        if subject not in (ACCOUNT, SUBJECT):
            raise UnknownSubject(subject.id)
        about = {"order": {"id": ORDER, "user": CUSTOMER}, "subject": subject.kind}
        return snapshot({"id": CUSTOMER}, {"overdue": type(self).overdue, "credit_limit": "8000.00"}, **about)
