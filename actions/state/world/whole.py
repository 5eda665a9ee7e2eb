"""The whole world in memory: for questions about every customer, of which a snapshot each from the database would take minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.facts import Facts, Line, OwnOrder
from actions.core.records import SECTIONS, Order
from actions.core.subject import Subject
from actions.state.database import chunks
from actions.state.world.changes import WorldChange
from actions.state.world.facts import newest_first, soonest_first
from actions.state.world.rows import read_rows
from actions.state.world.tables import REFERENCES, TABLES

Rows = Mapping[str, Mapping[Any, Any]]
"""Records by section and id."""
OF_CUSTOMERS = frozenset({"users", *(section for (section, _), target in REFERENCES.items() if target in ("users", "orders"))})
"""Sections whose rows are somebody's."""
_AT_ONCE = 200
"""Customers that are read together."""


@dataclass(frozen=True)
class WholeWorld:
    """Every row of every section at one moment.

    Attributes:
        rows: records by section and id, each section in the order of its ids.
    """

    rows: Rows

    @classmethod
    def read(cls, session: Session, customers: Collection[str] | None = None, shared: Rows | None = None) -> WholeWorld:
        """The world as the database has it.

        Args:
            session: of the database.
            customers: of whom to read what is theirs, beside what is nobody's; default: everybody.
            shared: what is nobody's, if it was read already.
        """
        if customers is None:
            return cls({section: read_rows(session, section) for section in SECTIONS})
        rows: dict[str, Mapping[Any, Any]] = {}
        for section, (_, key) in SECTIONS.items():
            if section not in OF_CUSTOMERS:
                rows[section] = read_rows(session, section) if shared is None else shared[section]
                continue
            owners: Collection[Any] | None = customers if section == "users" else None
            column = TABLES[section].c[key]
            for field, owner in (("user", customers), ("order", rows.get("orders", ()))):
                if owners is None and (section, field) in REFERENCES:
                    found = (select(column).where(TABLES[section].c[field].in_(chunk)) for chunk in chunks(owner))
                    owners = [each for wanted in found for each in session.execute(wanted).scalars()]
            rows[section] = dict(sorted(read_rows(session, section, owners).items()))
        return cls(rows)

    @classmethod
    def in_parts(cls, session: Session, customers: Collection[str] | None = None) -> Iterator[WholeWorld]:
        """The same in worlds of some customers each, so that however many there are, no more are in memory.

        Args:
            session: of the database.
            customers: whose; default: everybody's.
        """
        shared = {section: read_rows(session, section) for section in SECTIONS if section not in OF_CUSTOMERS}
        ids = TABLES["users"].c.id
        everybody = sorted(session.execute(select(ids)).scalars()) if customers is None else sorted(customers)
        for start in range(0, len(everybody), _AT_ONCE):
            yield cls.read(session, everybody[start : start + _AT_ONCE], shared)

    def with_rows(self, patched: Mapping[str, Iterable[Any]]) -> WholeWorld:
        """This world with rows in the place of its own, and with what is new among them, but for new customers and what is theirs.

        Args:
            patched: records by section, as ``checked_patches`` gives them.
        """
        rows = dict(self.rows)
        for section, records in patched.items():
            known, key = self.rows[section], SECTIONS[section][1]
            given = {getattr(record, key): record for record in records}
            kept = {name: record for name, record in given.items() if section not in OF_CUSTOMERS or name in known}
            rows[section] = dict(sorted({**known, **kept}.items()))
        return WholeWorld(rows)

    def before(self, changes: Iterable[WorldChange]) -> WholeWorld:
        """This world as it was before changes of it.

        Args:
            changes: the latest ones, in order, without the begin of a new world.
        """
        rows = {section: dict(found) for section, found in self.rows.items()}
        for change in reversed(tuple(changes)):
            for section, key, before, _ in change.rows or ():
                if before is None:
                    rows[section].pop(key, None)
                elif key in rows[section]:
                    rows[section][key] = SECTIONS[section][0](**before)
        return WholeWorld(rows)

    def snapshots(self, now: datetime, only: Collection[Subject] | None = None) -> Iterator[Facts]:
        """What is true of every order, then of every bill, each by id, at an instant of the facts' clock.

        Args:
            now: the instant.
            only: those that are wanted; what is not there is left out. Default: all.
        """
        accounts: dict[str, Facts] = {}
        for subject, user in self._subjects():
            if only is not None and subject not in only:
                continue
            if user not in accounts:
                accounts[user] = self._account(user, now)
            yield self._looked_at(accounts[user], subject)

    def snapshot(self, user: str, subject: Subject, now: datetime) -> Facts | None:
        """What is true of one order, bill or account at an instant of the facts' clock; None if there is no such customer, or it is not theirs."""
        owner = {"order": self.rows["orders"], "bill": self.rows["bills"]}.get(subject.kind)
        theirs = owner is None or (subject.id in owner and owner[subject.id].user == user)
        return self._looked_at(self._account(user, now), subject) if theirs and user in self.rows["users"] else None

    def _account(self, user: str, now: datetime) -> Facts:
        of, orders = self._of_customers, self._own_orders
        return Facts(
            now=now,
            user=self.rows["users"][user],
            orders=tuple(
                sorted((orders[each.id] for each in of["orders"][user]), key=lambda own: newest_first(own.order.created_at, own.order.id))
            ),
            bills=tuple(sorted(sorted(of["bills"][user], key=lambda bill: bill.id), key=lambda bill: bill.month, reverse=True)),
            contracts=tuple(
                sorted(of["contracts"][user], key=lambda each: (each.status != "active", *soonest_first(each.next_due_on, each.id)))
            ),
            repayments=tuple(sorted(of["repayments"][user], key=lambda each: newest_first(each.at, each.id))),
            refunds=tuple(sorted(of["refunds"][user], key=lambda each: newest_first(each.requested_at, each.id))),
            **self._shared,
        )

    def _looked_at(self, account: Facts, subject: Subject) -> Facts:
        own = self._own_orders.get(subject.order or "")
        return replace(account, order=own and own.order, lines=own.lines if own else (), bill=self.rows["bills"].get(subject.bill))

    @cached_property
    def _own_orders(self) -> Mapping[str, OwnOrder]:
        return {order.id: self._own(order) for order in self.rows["orders"].values()}

    @cached_property
    def _of_customers(self) -> Mapping[str, Mapping[str, list[Any]]]:
        return {section: self._by_customer(section) for section in ("orders", "bills", "contracts", "repayments", "refunds")}

    @cached_property
    def _shared(self) -> dict[str, Any]:
        return {section: tuple(self.rows[section].values()) for section in ("plans", "policies", "incidents", "maintenance")}

    def lines(self) -> Iterator[Line]:
        """One of every product, by SKU, with its category and shop."""
        return (self._line(sku, 1) for sku in self.rows["items"])

    def _subjects(self) -> Iterator[tuple[Subject, str]]:
        yield from ((Subject("order", order.id), order.user) for order in self.rows["orders"].values())
        yield from ((Subject("bill", bill.id), bill.user) for bill in self.rows["bills"].values())

    def _by_customer(self, section: str) -> Mapping[str, list[Any]]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self.rows[section].values():
            found[self.rows["orders"][row.order].user if section == "refunds" else row.user].append(row)
        return found

    def _own(self, order: Order) -> OwnOrder:
        return OwnOrder(order, tuple(self._line(line.sku, line.quantity) for line in order.lines))

    def _line(self, sku: str, quantity: int) -> Line:
        item = self.rows["items"][sku]
        return Line(item, self.rows["categories"][item.category], self.rows["merchants"][item.merchant], quantity)
