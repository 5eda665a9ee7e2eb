"""What belongs to a customer, as records: the account, orders, bills, contracts, repayments, refunds; and all sections of a world file.

The one schema behind world files, the database and the facts.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr, root_validator, validator

from actions.core.fields import Count, Day, Ratio, Tenor, Version, When
from actions.core.money import Fen
from actions.core.platform import Category, Incident, Item, Maintenance, Merchant, Plan, Policy
from actions.core.record import Record


class IdDocument(Record):
    """The document a customer was identified with."""

    type: Literal["mainland", "temporary", "other"] = "mainland"
    expires_on: When | None = date(2035, 1, 1)


class TemporaryLimit(Record):
    """Credit that ends on a day; without one it does not end."""

    amount: Fen = Fen(0)
    expires_on: When | None = None


class ExclusiveLimit(Record):
    """Credit that only some goods can use."""

    amount: Fen = Fen(0)
    skus: tuple[StrictStr, ...] = ()


class LimitChange(Record):
    """A credit limit that became another."""

    at: When
    from_: Fen = Field(alias="from")
    to: Fen
    reason: Literal["review", "temporary", "overdue", "request"]


class Baitiao(Record):
    """The customer's 白条 account.

    Attributes:
        monthly_spent: by category id.
        other_overdue: what is overdue on another product of the lender.
        limit_changes: oldest first.
    """

    status: Literal[
        "not_activated", "reviewing", "rejected", "active", "self_locked", "suspended", "closed_by_user", "closed_by_system"
    ] = "active"
    bound_elsewhere: StrictBool = False
    retry_after: When | None = None
    agreement_version: StrictInt = 3
    credit_limit: Fen = Fen(800000)
    used: Fen = Fen(0)
    secured: StrictBool = False
    temporary_limit: TemporaryLimit = TemporaryLimit()
    exclusive_limit: ExclusiveLimit = ExclusiveLimit()
    monthly_spent: dict[StrictStr, Fen] = {}
    overdue: Fen = Fen(0)
    overdue_cleared_at: When | None = None
    risk_block: Literal["none", "risk", "cashout"] = "none"
    installment_eligible: StrictBool = True
    credit_review: Literal["pass", "fail"] = "pass"
    other_overdue: Fen = Fen(0)
    auto_repayment: StrictBool = True
    limit_changes: tuple[LimitChange, ...] = ()


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
    payment_password_locked_until: When | None = None
    security_alert: StrictBool = False
    app_version: Version = Version("13.2.0")
    baitiao: Baitiao = Baitiao()


class OrderLine(Record):
    """So many of one item."""

    sku: StrictStr
    quantity: Count = Count(1)


Channel = Literal["app", "web", "wechat", "offline"]
"""Where an order is made."""


class Order(Record):
    """An order; ``tenor`` is set once it was paid in installments, ``discount`` is what coupons and gift cards take off."""

    id: StrictStr
    user: StrictStr
    lines: tuple[OrderLine, ...]
    status: Literal["cart", "unpaid", "paid"] = "unpaid"
    channel: Channel = "app"
    risk_decision: Literal["approve", "decline"] = "approve"
    tenor: StrictInt | None = None
    created_at: When | None = None
    pay_before: When | None = None
    discount: Fen = Fen(0)


class Bill(Record):
    """A monthly statement."""

    id: StrictStr
    user: StrictStr
    month: StrictStr
    amount: Fen
    in_installments: Fen = Fen(0)
    status: Literal["open", "issued", "settled"]
    issued_on: When | None = date(2026, 11, 10)
    due_on: When | None = date(2026, 11, 29)
    tenor: StrictInt | None = None

    @validator("month")
    def _is_month(cls, value: str) -> str:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
            raise ValueError("must be a month such as 2026-11")
        return value


class Contract(Record):
    """Installments under way or over, of one order or of one bill."""

    id: StrictStr
    user: StrictStr
    order: StrictStr | None = None
    bill: StrictStr | None = None
    amount: Fen
    tenor: Tenor
    fee_rate_per_period: Ratio
    paid_periods: StrictInt
    next_due_on: When | None = None
    next_amount: Fen | None = None
    status: Literal["active", "settled", "settled_early", "cancelled"]

    @root_validator(skip_on_failure=True)
    def _is_of_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["order"] is None) == (values["bill"] is None):
            raise ValueError("order or bill: a contract has exactly one of them")
        return values

    @root_validator(skip_on_failure=True)
    def _next_payment_is_of_an_active_one(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("next_due_on", "next_amount"):
            if (values[name] is not None) != (values["status"] == "active"):
                raise ValueError(f"{name} {'is needed with' if values[name] is None else 'is only for'} status active")
        return values


class Repayment(Record):
    """What the customer paid back, of a bill, of a contract, or of neither in particular; ``failure`` says why one failed."""

    id: StrictStr
    user: StrictStr
    bill: StrictStr | None = None
    contract: StrictStr | None = None
    amount: Fen
    at: When
    method: Literal["manual", "auto"]
    status: Literal["processing", "posted", "failed"]
    failure: Literal["balance", "card", "limit", "system"] | None = None

    @root_validator(skip_on_failure=True)
    def _failure_is_of_a_failed_one(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["failure"] is not None) != (values["status"] == "failed"):
            raise ValueError(f"failure {'is needed with' if values['failure'] is None else 'is only for'} status failed")
        return values


class Refund(Record):
    """Money of an order on its way back; ``posted`` once the 白条 bill shows it."""

    id: StrictStr
    order: StrictStr
    amount: Fen
    status: Literal["requested", "approved", "refunded", "rejected"]
    requested_at: When
    refunded_at: When | None = None
    to: Literal["baitiao", "card", "both"]
    posted: StrictBool

    @root_validator(skip_on_failure=True)
    def _what_is_refunded_was_so_at_some_time(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["status"] == "refunded" and values["refunded_at"] is None:
            raise ValueError("refunded_at is needed with status refunded")
        return values


SECTIONS: dict[str, tuple[type[Record], str]] = {
    "users": (User, "id"),
    "merchants": (Merchant, "id"),
    "categories": (Category, "id"),
    "items": (Item, "sku"),
    "orders": (Order, "id"),
    "bills": (Bill, "id"),
    "plans": (Plan, "tenor"),
    "contracts": (Contract, "id"),
    "repayments": (Repayment, "id"),
    "refunds": (Refund, "id"),
    "policies": (Policy, "id"),
    "incidents": (Incident, "id"),
    "maintenance": (Maintenance, "id"),
}
"""The sections of a world file in the order in which references resolve: record type and the field that identifies a row."""

REPLACED_WHOLE = {("users", "baitiao", "monthly_spent"), ("items", "interest_free")}
"""Maps that a patch replaces instead of merging, as paths from the section."""
