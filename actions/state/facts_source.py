"""The SQL implementation of the facts' source: a snapshot takes the same few statements whatever the order holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Dict, List, Optional, Tuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from actions.core.facts import Facts, FactsSource, Line, UnknownCustomer, UnknownSubject
from actions.core.moments import start_of
from actions.core.records import SECTIONS, Bill, Order, OrderLine, User
from actions.core.subject import ACCOUNT, Subject
from actions.state.clock import facts_now
from actions.state.rows import builder, width
from actions.state.world_tables import ORDER_LINES, TABLES

FactsFactory = Callable[[Session], FactsSource]
"""Makes a source within a database session, which a source that asks other services may ignore."""

_USERS, _ITEMS, _CATEGORIES, _MERCHANTS = TABLES["users"], TABLES["items"], TABLES["categories"], TABLES["merchants"]
_ORDERS, _BILLS = TABLES["orders"], TABLES["bills"]

_BUILD = {section: builder(section) for section in SECTIONS}
_LINE_START = len(ORDER_LINES.columns)
_ITEM = builder("items", _LINE_START)
_CATEGORY = builder("categories", _LINE_START + width("items"))
_MERCHANT = builder("merchants", _LINE_START + width("items") + width("categories"))

_LINES = (
    select(ORDER_LINES, _ITEMS, _CATEGORIES, _MERCHANTS)
    .join(_ITEMS, ORDER_LINES.c.sku == _ITEMS.c.sku)
    .join(_CATEGORIES, _ITEMS.c.category == _CATEGORIES.c.id)
    .join(_MERCHANTS, _ITEMS.c.merchant == _MERCHANTS.c.id)
    .order_by(ORDER_LINES.c.order_id, ORDER_LINES.c.position)
)
_LINES_OF_ORDER = _LINES.where(ORDER_LINES.c.order_id == bindparam("order"))
_LINES_OF_USER = _LINES.join(_ORDERS, ORDER_LINES.c.order_id == _ORDERS.c.id).where(_ORDERS.c.user == bindparam("user"))
_USER = select(_USERS).where(_USERS.c.id == bindparam("user"))
_USER_ID = select(_USERS.c.id).where(_USERS.c.id == bindparam("user"))
_ORDER = select(_ORDERS).where(_ORDERS.c.id == bindparam("order"), _ORDERS.c.user == bindparam("user"))
_ORDERS_OF_USER = select(_ORDERS).where(_ORDERS.c.user == bindparam("user")).order_by(_ORDERS.c.id)
_BILL = select(_BILLS).where(_BILLS.c.id == bindparam("bill"), _BILLS.c.user == bindparam("user"))
_BILLS_OF_USER = select(_BILLS).where(_BILLS.c.user == bindparam("user")).order_by(_BILLS.c.month.desc(), _BILLS.c.id)
_ALL = {
    section: select(TABLES[section]).order_by(TABLES[section].c[SECTIONS[section][1]])
    for section in ("plans", "policies", "incidents", "maintenance")
}


class SqlFacts:
    """``core.facts.FactsSource`` over the world's tables.

    Args:
        session: the caller's.
        frozen: the instant at which the clock of the facts stands still; default: see ``facts_now``.
    """

    def __init__(self, session: Session, frozen: Optional[datetime] = None) -> None:
        self._session = session
        self._frozen = frozen

    def customer_exists(self, user_id: str) -> bool:
        """Whether the customer is known."""
        return self._first(_USER_ID, user=user_id) is not None

    def owns_order(self, user_id: str, order_id: str) -> bool:
        """Whether the order exists and is this customer's."""
        return self._first(_ORDER, user=user_id, order=order_id) is not None

    def orders(self, user_id: str) -> Tuple[Tuple[Order, Tuple[Line, ...]], ...]:
        """The customer's orders with their lines, newest first; those without a time last, ties by id.

        Raises:
            UnknownCustomer: no such customer.
        """
        self._require_customer(user_id)
        lines: Dict[str, List[Any]] = {}
        for row in self._all(_LINES_OF_USER, user=user_id):
            lines.setdefault(row[0], []).append(row)
        found = [_order(row, lines.get(row.id, [])) for row in self._all(_ORDERS_OF_USER, user=user_id)]
        return tuple(sorted(found, key=lambda pair: _age(pair[0])))

    def bills(self, user_id: str) -> Tuple[Bill, ...]:
        """The customer's bills, latest month first, ties by id.

        Raises:
            UnknownCustomer: no such customer.
        """
        self._require_customer(user_id)
        return tuple(_BUILD["bills"](row) for row in self._all(_BILLS_OF_USER, user=user_id))

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        """Reads the state of a customer and of one subject anew.

        Raises:
            UnknownCustomer: no such customer.
            UnknownSubject: the order or bill is not this customer's.
        """
        row = self._first(_USER, user=user_id)
        if row is None:
            raise UnknownCustomer(user_id)
        user: User = _BUILD["users"](row)
        order, lines = (None, ()) if subject.order is None else self._order(user_id, subject.order)
        bill = None if subject.bill is None else self._bill(user_id, subject.bill)
        tables = {section: tuple(map(_BUILD[section], self._all(statement))) for section, statement in _ALL.items()}
        return Facts(now=facts_now(self._session, self._frozen), user=user, order=order, lines=lines, bill=bill, **tables)

    def _order(self, user_id: str, order_id: str) -> Tuple[Order, Tuple[Line, ...]]:
        row = self._first(_ORDER, user=user_id, order=order_id)
        if row is None:
            raise UnknownSubject(order_id)
        return _order(row, self._all(_LINES_OF_ORDER, order=order_id))

    def _bill(self, user_id: str, bill_id: str) -> Bill:
        row = self._first(_BILL, user=user_id, bill=bill_id)
        if row is None:
            raise UnknownSubject(bill_id)
        bill: Bill = _BUILD["bills"](row)
        return bill

    def _require_customer(self, user_id: str) -> None:
        if not self.customer_exists(user_id):
            raise UnknownCustomer(user_id)

    def _first(self, statement: Any, **values: str) -> Any:
        # PostgreSQL refuses the sign NUL in a text; no stored id has it, so nothing can be found.
        return None if any("\0" in value for value in values.values()) else self._session.execute(statement, values).first()

    def _all(self, statement: Any, **values: str) -> List[Any]:
        rows: List[Any] = self._session.execute(statement, values).all()
        return rows


def _order(row: Any, lines: List[Any]) -> Tuple[Order, Tuple[Line, ...]]:
    order: Order = _BUILD["orders"](row, lines=tuple(OrderLine.construct(sku=line[2], quantity=line[3]) for line in lines))
    return order, tuple(map(_line, lines))


def _line(row: Any) -> Line:
    return Line(item=_ITEM(row), category=_CATEGORY(row), merchant=_MERCHANT(row), quantity=row[3])


def _age(order: Order) -> Tuple[bool, float, str]:
    created: Any = order.created_at
    return (True, 0.0, order.id) if created is None else (False, -start_of(created).timestamp(), order.id)
