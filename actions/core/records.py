"""The rows of a world, as immutable records: the one schema behind world files, the database and the facts.

Validation reads *file form* (yuan, ISO dates, unknown fields refused); a field left out takes the healthy value. Code that
already holds typed values builds records with ``construct``, which validates nothing.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Dict, Literal, Optional, Tuple, Type

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr, root_validator, validator

from actions.core.fields import Count, Day, Ratio, Version, When
from actions.core.money import Fen


class Record(BaseModel):
    """One row: immutable, no unknown fields."""

    class Config:
        allow_mutation = False
        extra = "forbid"
        copy_on_model_validation = "none"


Component = Literal["checkout", "installment", "account", "credit"]


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


class Merchant(Record):
    """A shop."""

    id: StrictStr
    name: StrictStr = "云帆数码专营店"
    installment: Literal["enabled", "not_enrolled", "paused"] = "enabled"
    paused_until: Optional[When] = None
    pause_reason: Optional[StrictStr] = None
    contract: Literal["active", "expired"] = "active"
    integration: Literal["ok", "error"] = "ok"
    risk_block: StrictBool = False


class Category(Record):
    """A category of goods."""

    id: StrictStr
    name: StrictStr = "手机"
    installment: Literal["allowed", "excluded"] = "allowed"


class InterestFree(Record):
    """An offer under which somebody else bears the fee of some tenors."""

    tenors: Tuple[StrictInt, ...] = ()
    until: Optional[When] = None


class Item(Record):
    """Something on sale; ``min_down_payment`` is a ratio of the price."""

    sku: StrictStr
    title: StrictStr = "星云手机 12 Pro"
    category: StrictStr
    merchant: StrictStr
    price: Fen
    installment: Literal["allowed", "excluded", "full_payment"] = "allowed"
    tenors: Tuple[StrictInt, ...] = (3, 6, 12, 24)
    min_down_payment: Ratio = Ratio(0)
    promotion_excluded: StrictBool = False
    presale: Literal["none", "deposit", "balance"] = "none"
    presale_balance_from: Optional[When] = None
    interest_free: InterestFree = InterestFree()


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


class Plan(Record):
    """One row of the plan table: a tenor and its fee per period as a ratio of the principal."""

    tenor: Count
    fee_rate_per_period: Ratio = Ratio("0.005")


POLICY_FIELDS: Dict[str, Tuple[str, ...]] = {
    "min_amount": ("amount",),
    "max_amount": ("amount",),
    "monthly_cap": ("amount", "category"),
    "region": ("regions",),
    "student": (),
    "age": ("min", "max"),
    "id_document": ("types",),
    "channel": ("allowed",),
    "app_version": ("minimum",),
    "agreement": ("version",),
    "adjustment": ("regions", "notice"),
    "bill_min_amount": ("amount",),
    "bill_max_ratio": ("ratio",),
    "restoration_wait": ("hours",),
}
"""The fields of its own that each kind of policy must carry."""

_SHARED_POLICY_FIELDS = {"id", "kind", "effective_from", "effective_to", "notice"}


class Policy(Record):
    """A dated rule. Which of the optional fields belong to it follows from its kind (``POLICY_FIELDS``)."""

    id: StrictStr
    kind: StrictStr
    effective_from: When
    effective_to: Optional[When] = None
    notice: StrictStr = ""
    amount: Optional[Fen] = None
    category: Optional[StrictStr] = None
    regions: Optional[Tuple[StrictStr, ...]] = None
    min: Optional[StrictInt] = None
    max: Optional[StrictInt] = None
    types: Optional[Tuple[Literal["mainland", "temporary", "other"], ...]] = None
    allowed: Optional[Tuple[Literal["app", "web", "wechat", "offline"], ...]] = None
    minimum: Optional[Version] = None
    version: Optional[StrictInt] = None
    ratio: Optional[Ratio] = None
    hours: Optional[StrictInt] = None

    @root_validator(pre=True)
    def _carries_the_fields_of_its_kind(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        kind = values.get("kind")
        if not isinstance(kind, str):
            return values
        if kind not in POLICY_FIELDS:
            raise ValueError(f"kind must be one of {', '.join(POLICY_FIELDS)}")
        own = set(POLICY_FIELDS[kind])
        missing = [name for name in POLICY_FIELDS[kind] if name not in values]
        if missing:
            raise ValueError(f"a {kind} policy needs {', '.join(missing)}")
        foreign = [name for name, value in values.items() if name not in own | _SHARED_POLICY_FIELDS and value is not None]
        if foreign:
            raise ValueError(f"a {kind} policy has no field {', '.join(sorted(foreign))}")
        empty = [name for name in own if values[name] is None and name not in ("min", "max")]
        if empty:
            raise ValueError(f"{', '.join(sorted(empty))} must not be empty")
        return values


class Incident(Record):
    """Something is broken, wholly or partly."""

    id: StrictStr
    component: Component
    severity: Literal["outage", "degraded"]
    started_at: When
    resolved_at: Optional[When] = None
    eta: Optional[When] = None
    notice: StrictStr = ""


class Maintenance(Record):
    """A maintenance window."""

    id: StrictStr
    component: Component = "installment"
    starts_at: When
    ends_at: When
    notice: StrictStr = ""


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


def to_file(value: Any) -> Any:
    """A record, or any value of one, in file form: amounts in yuan as ``Decimal``, moments as ISO text, tuples as lists."""
    if isinstance(value, BaseModel):
        names = value.__fields__
        if isinstance(value, Policy):
            names = {n: f for n, f in names.items() if n in _SHARED_POLICY_FIELDS or n in POLICY_FIELDS[value.kind]}
        return {name: to_file(getattr(value, name)) for name in names}
    if isinstance(value, Fen):
        return Decimal(value).scaleb(-2).quantize(Decimal("0.01"))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_file(item) for item in value]
    if isinstance(value, dict):
        return {key: to_file(item) for key, item in value.items()}
    if isinstance(value, Version):
        return str(value)
    return value
