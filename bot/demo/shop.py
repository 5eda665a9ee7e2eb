"""The demo shop over one database: its page and files, its customers, a diagnosis as checkout and panel show it, and the parts the panel plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.orm import Session

from actions.core.amounts import amount_to_finance, bill_amount, down_payment, line_amount, payable_amount
from actions.core.derived import View
from actions.core.diagnosis import Diagnosis, Found, diagnose
from actions.core.facts import Facts
from actions.core.moments import has_begun, is_over
from actions.core.money import yuan_number
from actions.core.plans import plans_for
from actions.core.record import to_file
from actions.core.subject import ACCOUNT, Subject
from actions.knowledge.rendering import Locale, Values, fill
from actions.knowledge.store import KnowledgeStore
from actions.state.database import Database
from actions.state.world.facts import FactsFactory
from actions.state.world.loading import load_world, load_world_data
from actions.state.world.rows import read_rows
from actions.yaml_source import Source
from bot.demo.goods import Goods, picture
from bot.demo.refusals import Refused, answering, texts
from bot.demo.remedies import DEMO_FILES, choose, remedy
from bot.web.files import StaticFiles

FILES = StaticFiles(Path(__file__).parent / "static")


def shown(diagnosis: Diagnosis, locale: Locale) -> dict[str, Any]:
    """The page's state: the subject, how the installment row looks, and what the panel can play; the locale writes the causes' summaries."""
    facts = diagnosis.facts
    amount = int(bill_amount(facts) or 0) if facts.bill else amount_to_finance(facts)
    plans = () if diagnosis.blocks else plans_for(facts)
    return {
        "user": {"id": facts.user.id, "name": facts.user.name, "region": facts.user.region},
        "order": _order(facts),
        "bill": _bill(facts),
        "installment": {
            "state": _row(diagnosis) if diagnosis.blocks else "offered" if plans else "missing",
            "slow": any(scope == "incident" for found in diagnosis.limits for scope, _ in found.matches),
            "amount": yuan_number(amount),
            "plans": [plan.to_data() for plan in plans],
        },
        "causes": [_cause(found, facts, locale) for found in diagnosis.found],
        "disturbances": _disturbances(facts),
    }


def _row(diagnosis: Diagnosis) -> str:
    """How a blocked row looks: ``failed`` to load, ``greyed`` with all of 白条, or ``missing`` below a 白条 that can pay."""
    if any(scope in ("incident", "maintenance") for found in diagnosis.blocks for scope, _ in found.matches):
        return "failed"
    of_the_account = (found for found in diagnosis.blocks if not found.cause.subjects and found.cause.level in ("user", "platform"))
    return "greyed" if any(of_the_account) else "missing"


def _order(facts: Facts) -> dict[str, Any] | None:
    if facts.order is None:
        return None
    lines: list[dict[str, Any]] = [
        {
            "sku": line.item.sku,
            "title": line.item.title,
            "merchant": line.merchant.name,
            "category": line.category.name,
            "picture": picture(line.category.id, line.item.title),
            "quantity": line.quantity,
            "amount": yuan_number(line_amount(line)),
        }
        for line in facts.lines
    ]
    return {
        "id": facts.order.id,
        "status": facts.order.status,
        "channel": facts.order.channel,
        "lines": lines,
        "discount": yuan_number(facts.order.discount),
        "amount": yuan_number(payable_amount(facts)),
        "down_payment": yuan_number(down_payment(facts)),
    }


def _bill(facts: Facts) -> dict[str, Any] | None:
    if facts.bill is None:
        return None
    bill = facts.bill
    return {
        "id": bill.id,
        "month": bill.month,
        "amount": yuan_number(bill.amount),
        "status": bill.status,
        "issued_on": to_file(bill.issued_on),
        "due_on": to_file(bill.due_on),
        "tenor": bill.tenor,
    }


def _cause(found: Found, facts: Facts, locale: Locale) -> dict[str, Any]:
    cause = found.cause.worded_for(View(facts))
    remedy = choose(cause.id, facts)
    played = (
        {"title": remedy.title, "by": texts()["by"][remedy.by], "stand_in": remedy.stand_in, "everybody": remedy.touches_everybody}
        if remedy
        else None
    )
    return {
        "id": cause.id,
        "kind": cause.kind,
        "title": cause.title,
        "summary": fill(cause.summary, Values(facts, found.matches), locale) or cause.title,
        "remedy": played,
    }


def _disturbances(facts: Facts) -> list[str]:
    open_now = {incident.severity for incident in facts.open_incidents}
    return sorted(open_now | ({"maintenance"} if facts.current_maintenance else set()))


DISTURBANCES = ("outage", "degraded", "maintenance")
"""What the panel can start for everybody, each from the file of that name."""

MOST_CUSTOMERS = 500
"""Customers listed; a world that somebody has loaded may hold more than a list is good for."""


class Shop:
    """What the demo's pages show and do. Every call reads the state anew.

    Args:
        database: where the world is, of which the demo lists the customers and which it changes.
        knowledge: causes.
        facts: makes the source of the customers' state.
        now: the clock of the world.

    Attributes:
        goods: what is sold.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, facts: FactsFactory, now: Callable[[Session], datetime]) -> None:
        self._database = database
        self._knowledge = knowledge
        self._facts = facts
        self._now = now
        self.goods = Goods(database, now)

    def customers(self) -> list[dict[str, Any]]:
        """The customers with their orders, bills and a line on what they are about, in order of their ids."""
        about: Mapping[str, Any] = Source.read(DEMO_FILES / "customers.yml").data or {}
        with self._database.session() as session:
            users, orders, bills, items = (read_rows(session, name) for name in ("users", "orders", "bills", "items"))
        subjects: dict[str, list[dict[str, Any]]] = {}
        for order in orders.values():
            lines = [(items[line.sku], line.quantity) for line in order.lines]
            amount = max(0, sum(item.price * quantity for item, quantity in lines) - order.discount)
            subject = {"order": order.id, "titles": [item.title for item, _ in lines], "amount": yuan_number(amount)}
            subject["picture"] = picture(lines[0][0].category, lines[0][0].title) if lines else picture("")
            subjects.setdefault(order.user, []).append(subject)
        for bill in bills.values():
            statement = {"bill": bill.id, "month": bill.month, "amount": yuan_number(bill.amount), "picture": picture("bill")}
            subjects.setdefault(bill.user, []).append(statement)
        return [
            {
                "id": user.id,
                "name": user.name,
                "region": user.region,
                "about": about.get(user.id, {}).get("about", ""),
                "starts": about.get(user.id, {}).get("starts"),
                "subjects": subjects.get(user.id, []),
            }
            for user in list(users.values())[:MOST_CUSTOMERS]
        ]

    def state(self, user: str, subject: Subject = ACCOUNT) -> dict[str, Any]:
        """What the checkout page and the panel show now.

        Raises:
            UnknownCustomer: no such customer.
            UnknownSubject: the order or bill is not this customer's.
        """
        return shown(self._diagnosis(user, subject), self._knowledge.current.locale)

    def play(self, user: str, cause: str, subject: Subject = ACCOUNT) -> None:
        """Plays the remedy of a cause that holds now.

        Raises:
            Refused: it does not hold; otherwise as ``state``.
        """
        facts = self._diagnosis(user, subject).facts
        try:
            patch = remedy(cause, facts, self._knowledge.current.causes)
        except LookupError:
            raise Refused("gone") from None
        load_world_data(self._database, patch)

    def change_world(self, action: str) -> None:
        """Starts a disturbance, ends all of them (``end``) or puts the demo world back as it was (``reset``).

        Raises:
            Refused: an unknown action.
        """
        if action == "reset":
            load_world(self._database, [DEMO_FILES / "world.yml"], replace=True)
        elif action == "end":
            self._end_disturbances()
        elif action in DISTURBANCES:
            load_world(self._database, [DEMO_FILES / f"{action}.yml"])
        else:
            raise Refused("malformed")

    def _end_disturbances(self) -> None:
        with self._database.session() as session:
            now = self._now(session)
            incidents, windows = (read_rows(session, name).values() for name in ("incidents", "maintenance"))
        patch = {
            "incidents": [
                {"id": row.id, "resolved_at": now.isoformat()}
                for row in incidents
                if row.resolved_at is None or not is_over(row.resolved_at, now)
            ],
            "maintenance": [
                {"id": row.id, "ends_at": now.isoformat()}
                for row in windows
                if has_begun(row.starts_at, now) and not is_over(row.ends_at, now)
            ],
        }
        load_world_data(self._database, patch)

    def _diagnosis(self, user: str, subject: Subject) -> Diagnosis:
        with self._database.session() as session:
            facts = self._facts(session).snapshot(user, subject)
        return diagnose(facts, self._knowledge.current.causes.values())


def add_pages(app: Sanic) -> None:
    """Adds ``/shop`` and ``/shop/static/…``."""

    @app.get("/shop")
    @answering
    async def demo_page(request: Request) -> HTTPResponse:
        return await _file(request, "shop.html")

    @app.get("/shop/static/<name:str>")
    @answering
    async def demo_file(request: Request, name: str) -> HTTPResponse:
        return await _file(request, name)


async def _file(request: Request, name: str) -> HTTPResponse:
    found = await FILES.response(request, name)
    if found is None:
        raise Refused("not_found")
    return found
