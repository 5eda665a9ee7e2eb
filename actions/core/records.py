"""What belongs to a customer, as records: the account, orders and bills; and all sections of a world file.

The one schema behind world files, the database and the facts.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Dict, Literal, Optional, Tuple, Type

from pydantic import StrictBool, StrictInt, StrictStr, validator

from actions.core.catalogue import Category, Item, Merchant, Plan
from actions.core.disturbances import Incident, Maintenance
from actions.core.fields import Count, Day, Version, When
from actions.core.money import Fen
from actions.core.policies import Policy
from actions.core.record import Record


class IdDocument(Record):
    """The document a customer was identified with."""

    type: Literal["mainland", "temporary", "other"] = "mainland"
    expires_on: Optional[When] = date(2035, 1, 1)


class TemporaryLimit(Record):
    """Credit that ends on a day; without one it does not end."""

    amount: Fen = Fen(0)
    expires_on: Optional[When] = None


class ExclusiveLimit(Record):
    """Credit that only some goods can use."""

    amount: Fen = Fen(0)
    skus: Tuple[StrictStr, ...] = ()


class Baitiao(Record):
    """The customer's 白条 account; ``monthly_spent`` is by category id."""

    status: Literal[
        "not_activated", "reviewing", "rejected", "active", "self_locked", "suspended", "closed_by_user", "closed_by_system"
    ] = "active"
    bound_elsewhere: StrictBool = False
    retry_after: Optional[When] = None
    agreement_version: StrictInt = 3
    credit_limit: Fen = Fen(800000)
    used: Fen = Fen(0)
    secured: StrictBool = False
    temporary_limit: TemporaryLimit = TemporaryLimit()
    exclusive_limit: ExclusiveLimit = ExclusiveLimit()
    monthly_spent: Dict[StrictStr, Fen] = {}
    overdue: Fen = Fen(0)
    overdue_cleared_at: Optional[When] = None
    risk_block: Literal["none", "risk", "cashout"] = "none"
    installment_eligible: StrictBool = True
    credit_review: Literal["pass", "fail"] = "pass"


class User(Record):
    """A customer; the id is the token's subject."""

    id: StrictStr
    name: StrictStr = "张三"
    region: StrictStr = "广东"
    birth_date: Day = date(1995, 4, 1)
    is_student: StrictBool = False
    account_type: Literal["personal", "enterprise"] = "personal"
    phone_bound: StrictBool = True
    realname: Literal["unverified", "pending", "verified", "rejected"] = "verified"
    id_document: IdDocument = IdDocument()
    profile_complete: StrictBool = True
    bank_card: Literal["none", "ok", "expired", "name_mismatch"] = "ok"
    payment_password_locked_until: Optional[When] = None
    security_alert: StrictBool = False
    app_version: Version = Version("13.2.0")
    baitiao: Baitiao = Baitiao()


class OrderLine(Record):
    """So many of one item."""

    sku: StrictStr
    quantity: Count = Count(1)


class Order(Record):
    """An order; ``tenor`` is set once it was paid in installments."""

    id: StrictStr
    user: StrictStr
    lines: Tuple[OrderLine, ...]
    status: Literal["cart", "unpaid", "paid"] = "unpaid"
    channel: Literal["app", "web", "wechat", "offline"] = "app"
    risk_decision: Literal["approve", "decline"] = "approve"
    tenor: Optional[StrictInt] = None
    created_at: Optional[When] = None
    pay_before: Optional[When] = None


class Bill(Record):
    """A monthly statement."""

    id: StrictStr
    user: StrictStr
    month: StrictStr
    amount: Fen
    in_installments: Fen = Fen(0)
    status: Literal["open", "issued", "settled"]
    issued_on: Optional[When] = date(2026, 11, 10)
    due_on: Optional[When] = date(2026, 11, 29)
    tenor: Optional[StrictInt] = None

    @validator("month")
    def _is_month(cls, value: str) -> str:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
            raise ValueError("must be a month such as 2026-11")
        return value


SECTIONS: Dict[str, Tuple[Type[Record], str]] = {
    "users": (User, "id"),
    "merchants": (Merchant, "id"),
    "categories": (Category, "id"),
    "items": (Item, "sku"),
    "orders": (Order, "id"),
    "bills": (Bill, "id"),
    "plans": (Plan, "tenor"),
    "policies": (Policy, "id"),
    "incidents": (Incident, "id"),
    "maintenance": (Maintenance, "id"),
}
"""The sections of a world file in the order in which references resolve: record type and the field that identifies a row."""

REPLACED_WHOLE = {("users", "baitiao", "monthly_spent"), ("items", "interest_free")}
"""Maps that a patch replaces instead of merging, as paths from the section."""
