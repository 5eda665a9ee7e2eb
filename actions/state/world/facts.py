"""The SQL implementation of the facts' source: a snapshot takes the same few statements however much the customer has."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, bindparam, select
from sqlalchemy.orm import Session

from actions.core.facts import Facts, FactsSource, Line, OwnOrder, UnknownCustomer, UnknownSubject
from actions.core.moments import Moment, start_of
from actions.core.platform import Category, Incident, Item, Merchant
from actions.core.records import SECTIONS, Bill, Contract, Order, OrderLine, Refund, Repayment
from actions.core.subject import ACCOUNT, Subject
from actions.state.world.rows import BUILDERS, builder
from actions.state.world.tables import ORDER_LINES, TABLES, facts_now

FactsFactory = Callable[[Session], FactsSource]
"""Makes a source within a database session, which a source that asks other services may ignore."""

Wanted = tuple[str, Subject]
"""A customer, and what of theirs a snapshot is about."""

_USERS, _ITEMS, _CATEGORIES, _MERCHANTS = TABLES["users"], TABLES["items"], TABLES["categories"], TABLES["merchants"]
_ORDERS, _BILLS = TABLES["orders"], TABLES["bills"]
_CONTRACTS, _REPAYMENTS, _REFUNDS = TABLES["contracts"], TABLES["repayments"], TABLES["refunds"]

_LINES = (
    select(ORDER_LINES, _ITEMS, _CATEGORIES, _MERCHANTS)
    .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    .join(_ITEMS, ORDER_LINES.c.sku == _ITEMS.c.sku)
    .join(_CATEGORIES, _ITEMS.c.category == _CATEGORIES.c.id)
    .join(_MERCHANTS, _ITEMS.c.merchant == _MERCHANTS.c.id)
    .join(_ORDERS, ORDER_LINES.c.order_id == _ORDERS.c.id)
    .order_by(ORDER_LINES.c.order_id, ORDER_LINES.c.position)
)
_LINE_COLUMNS = _LINES.selected_columns.keys()
_ORDER_LINE = builder(OrderLine, _LINE_COLUMNS, "order_lines_")
_ITEM = builder(Item, _LINE_COLUMNS, "items_")
_CATEGORY = builder(Category, _LINE_COLUMNS, "categories_")
_MERCHANT = builder(Merchant, _LINE_COLUMNS, "merchants_")

_OWNED: dict[Any, tuple[Any, Any]] = {}
"""Statements that read what one customer has: without the customer, and the column that says whose a row is."""


def _of_user(rows: Any, owner: Any) -> Any:
    statement = rows.where(owner == bindparam("user"))
    _OWNED[statement] = rows, owner
    return statement


_USER = _of_user(select(_USERS), _USERS.c.id)
_LINES_OF_USER = _of_user(_LINES, _ORDERS.c.user)
_USER_ID = select(_USERS.c.id).where(_USERS.c.id == bindparam("user"))
_ORDER_ID = select(_ORDERS.c.id).where(_ORDERS.c.id == bindparam("order"), _ORDERS.c.user == bindparam("user"))
_ORDERS_OF_USER = _of_user(select(_ORDERS).order_by(_ORDERS.c.id), _ORDERS.c.user)
_BILLS_OF_USER = _of_user(select(_BILLS).order_by(_BILLS.c.month.desc(), _BILLS.c.id), _BILLS.c.user)
_CONTRACTS_OF_USER = _of_user(select(_CONTRACTS), _CONTRACTS.c.user)
_REPAYMENTS_OF_USER = _of_user(select(_REPAYMENTS), _REPAYMENTS.c.user)
_REFUNDS_OF_USER = _of_user(select(_REFUNDS).join(_ORDERS, _REFUNDS.c.order == _ORDERS.c.id), _ORDERS.c.user)
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

    def __init__(self, session: Session, frozen: datetime | None = None) -> None:
        self._session = session
        self._frozen = frozen

    def customer_exists(self, user_id: str) -> bool:
        """Whether the customer is known."""
        return self._first(_USER_ID, user=user_id) is not None

    def owns_order(self, user_id: str, order_id: str) -> bool:
        """Whether the order exists and is this customer's."""
        return self._first(_ORDER_ID, user=user_id, order=order_id) is not None

    def orders(self, user_id: str) -> tuple[OwnOrder, ...]:
        """The customer's orders with their lines, newest first; those without a time last, ties by id.

        Raises:
            UnknownCustomer: no such customer.
        """
        self._require_customer(user_id)
        return self._orders(user_id)

    def bills(self, user_id: str) -> tuple[Bill, ...]:
        """The customer's bills, latest month first, ties by id.

        Raises:
            UnknownCustomer: no such customer.
        """
        self._require_customer(user_id)
        return self._bills(user_id)

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        """Reads the state of a customer and of one subject anew.

        Raises:
            UnknownCustomer: no such customer.
            UnknownSubject: the order or bill is not this customer's.
        """
        row = self._first(_USER, user=user_id)
        if row is None:
            raise UnknownCustomer(user_id)
        orders, bills = self._orders(user_id), self._bills(user_id)
        chosen = next((each for each in orders if each.order.id == subject.order), None)
        bill = next((each for each in bills if each.id == subject.bill), None)
        if chosen is None and bill is None and subject != ACCOUNT:
            raise UnknownSubject(subject.id)
        return Facts(
            now=self._now(),
            user=BUILDERS["users"](row),
            order=chosen and chosen.order,
            lines=chosen.lines if chosen else (),
            bill=bill,
            orders=orders,
            bills=bills,
            contracts=self._contracts(user_id),
            repayments=self._repayments(user_id),
            refunds=self._refunds(user_id),
            **{section: tuple(map(BUILDERS[section], self._all(statement))) for section, statement in _ALL.items()},
        )

    def snapshots(self, wanted: Collection[Wanted]) -> dict[Wanted, Facts]:
        """The state of several customers, each with one subject, in as many statements as that of one; without those that are not there."""
        together = _FactsOfMany(self._session, self._frozen, {user for user, _ in wanted})
        return one_by_one(together, wanted)

    def under_way(self) -> tuple[datetime, tuple[Incident, ...]]:
        """The clock, and the incidents that are open by it, whomever they affect."""
        now, rows = self._now(), map(BUILDERS["incidents"], self._all(_ALL["incidents"]))
        return now, tuple(row for row in rows if row.is_open(now))

    def has_trouble(self) -> bool:
        """Whether an incident or a maintenance window is on now, for whomever."""
        now, incidents = self.under_way()
        return bool(incidents) or any(BUILDERS["maintenance"](row).is_on(now) for row in self._all(_ALL["maintenance"]))

    def _now(self) -> datetime:
        return facts_now(self._session, self._frozen)

    def _orders(self, user_id: str) -> tuple[OwnOrder, ...]:
        lines: dict[str, list[Any]] = {}
        for row in self._all(_LINES_OF_USER, user=user_id):
            lines.setdefault(row.order_lines_order_id, []).append(row)
        found = [_order(row, lines.get(row.id, [])) for row in self._all(_ORDERS_OF_USER, user=user_id)]
        return tuple(sorted(found, key=lambda each: newest_first(each.order.created_at, each.order.id)))

    def _bills(self, user_id: str) -> tuple[Bill, ...]:
        return tuple(BUILDERS["bills"](row) for row in self._all(_BILLS_OF_USER, user=user_id))

    def _contracts(self, user_id: str) -> tuple[Contract, ...]:
        found: list[Contract] = [BUILDERS["contracts"](row) for row in self._all(_CONTRACTS_OF_USER, user=user_id)]
        return tuple(sorted(found, key=lambda each: (each.status != "active", *soonest_first(each.next_due_on, each.id))))

    def _repayments(self, user_id: str) -> tuple[Repayment, ...]:
        found: list[Repayment] = [BUILDERS["repayments"](row) for row in self._all(_REPAYMENTS_OF_USER, user=user_id)]
        return tuple(sorted(found, key=lambda each: newest_first(each.at, each.id)))

    def _refunds(self, user_id: str) -> tuple[Refund, ...]:
        found: list[Refund] = [BUILDERS["refunds"](row) for row in self._all(_REFUNDS_OF_USER, user=user_id)]
        return tuple(sorted(found, key=lambda each: newest_first(each.requested_at, each.id)))

    def _require_customer(self, user_id: str) -> None:
        if not self.customer_exists(user_id):
            raise UnknownCustomer(user_id)

    def _first(self, statement: Any, **values: str) -> Any:
        # PostgreSQL refuses the sign NUL in a text; no stored id has it, so nothing can be found.
        return None if any("\0" in value for value in values.values()) else self._execute(statement, values).first()

    def _all(self, statement: Any, **values: str) -> list[Any]:
        rows: list[Any] = self._execute(statement, values).all()
        return rows

    def _execute(self, statement: Any, values: dict[str, str]) -> Any:
        # On the connection itself: the session would look in every statement for mapped classes, of which there are none.
        return self._session.connection().execute(statement, values)


class _FactsOfMany(SqlFacts):
    """The same for some customers, whose rows are read together, each statement once."""

    def __init__(self, session: Session, frozen: datetime | None, users: Collection[str]) -> None:
        super().__init__(session, frozen)
        self._users = [user for user in users if "\0" not in user]
        self._read: dict[Any, dict[str, list[Any]]] = {}
        self._instant: datetime | None = None

    def _now(self) -> datetime:
        self._instant = self._instant or super()._now()
        return self._instant

    def _first(self, statement: Any, **values: str) -> Any:
        return next(iter(self._all(statement, **values)), None)

    def _all(self, statement: Any, **values: str) -> list[Any]:
        if statement not in self._read:
            rows, owner = _OWNED.get(statement, (statement, None))
            found: dict[str, list[Any]] = {}
            if owner is None:
                found[""] = super()._all(rows)
            else:
                # The owner comes last, so that the places of the others stay.
                for row in super()._all(rows.add_columns(owner.label("owner")).where(owner.in_(self._users))):
                    found.setdefault(row[-1], []).append(row)
            self._read[statement] = found
        return self._read[statement].get(values.get("user", ""), [])


def one_by_one(source: FactsSource, wanted: Collection[Wanted]) -> dict[Wanted, Facts]:
    """The state of several customers from a source that reads one at a time; without those that are not there."""
    found = {}
    for user, subject in wanted:
        with suppress(UnknownCustomer, UnknownSubject):
            found[user, subject] = source.snapshot(user, subject)
    return found


def _order(row: Any, lines: list[Any]) -> OwnOrder:
    made = tuple(map(_ORDER_LINE, lines))
    order: Order = BUILDERS["orders"](row, lines=made)
    return OwnOrder(order, tuple(map(_line, lines, made)))


def _line(row: Any, line: OrderLine) -> Line:
    return Line(item=_ITEM(row), category=_CATEGORY(row), merchant=_MERCHANT(row), quantity=line.quantity)


def newest_first(moment: Moment | None, row_id: str) -> tuple[bool, float, str]:
    """A key by which rows come the latest first, those without a time last, ties by id."""
    no_time, seconds, _ = soonest_first(moment, row_id)
    return no_time, -seconds, row_id


def soonest_first(moment: Moment | None, row_id: str) -> tuple[bool, float, str]:
    """A key by which rows come the earliest first, those without a time last, ties by id."""
    return (True, 0.0, row_id) if moment is None else (False, start_of(moment).timestamp(), row_id)


def every_subject(session: Session) -> tuple[tuple[str, Subject], ...]:
    """Every order and every bill with its customer: all orders, then all bills, each by id."""
    orders, bills = TABLES["orders"], TABLES["bills"]
    of_orders = session.execute(select(orders.c.user, orders.c.id).order_by(orders.c.id)).all()
    of_bills = session.execute(select(bills.c.user, bills.c.id).order_by(bills.c.id)).all()
    return (*((user, Subject("order", order)) for user, order in of_orders), *((user, Subject("bill", bill)) for user, bill in of_bills))
