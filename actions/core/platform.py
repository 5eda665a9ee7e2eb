"""What holds for everybody: shops, categories and goods with the table of plans, policies and the fields of each kind, incidents and maintenance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import StrictBool, StrictInt, StrictStr, root_validator

from actions.core.fields import Ratio, Tenor, Version, When
from actions.core.moments import has_begun, is_over
from actions.core.money import Fen
from actions.core.record import Record

POLICY_FIELDS: dict[str, tuple[str, ...]] = {
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
    effective_to: When | None = None
    notice: StrictStr = ""
    amount: Fen | None = None
    category: StrictStr | None = None
    regions: tuple[StrictStr, ...] | None = None
    min: StrictInt | None = None
    max: StrictInt | None = None
    types: tuple[Literal["mainland", "temporary", "other"], ...] | None = None
    allowed: tuple[Literal["app", "web", "wechat", "offline"], ...] | None = None
    minimum: Version | None = None
    version: StrictInt | None = None
    ratio: Ratio | None = None
    hours: StrictInt | None = None

    @root_validator(pre=True)
    def _carries_the_fields_of_its_kind(cls, values: dict[str, Any]) -> dict[str, Any]:
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

    def fields_in_files(self) -> Iterable[str]:
        """The fields that every policy has, and those of its kind."""
        return [name for name in self.__fields__ if name in _SHARED_POLICY_FIELDS or name in POLICY_FIELDS[self.kind]]


Component = Literal["checkout", "installment", "account", "credit"]


class Affects(Record):
    """Whom an incident affects: who is in every list that is not empty, and uses an app older than ``app_below`` if there is one."""

    regions: tuple[StrictStr, ...] = ()
    merchants: tuple[StrictStr, ...] = ()
    categories: tuple[StrictStr, ...] = ()
    channels: tuple[Literal["app", "web", "wechat", "offline"], ...] = ()
    app_below: Version | None = None


class Incident(Record):
    """Something is broken, wholly or partly."""

    id: StrictStr
    component: Component
    severity: Literal["outage", "degraded"]
    started_at: When
    resolved_at: When | None = None
    eta: When | None = None
    notice: StrictStr = ""
    affects: Affects = Affects()

    def is_open(self, now: datetime) -> bool:
        """Whether it has begun and is not resolved, for whomever."""
        return has_begun(self.started_at, now) and not (self.resolved_at is not None and is_over(self.resolved_at, now))


class Maintenance(Record):
    """A maintenance window."""

    id: StrictStr
    component: Component = "installment"
    starts_at: When
    ends_at: When
    notice: StrictStr = ""

    def is_on(self, now: datetime) -> bool:
        """Whether the window contains this instant."""
        return has_begun(self.starts_at, now) and not is_over(self.ends_at, now)


class Merchant(Record):
    """A shop."""

    id: StrictStr
    name: StrictStr = "云帆数码专营店"
    installment: Literal["enabled", "not_enrolled", "paused"] = "enabled"
    paused_until: When | None = None
    pause_reason: StrictStr | None = None
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

    tenors: tuple[StrictInt, ...] = ()
    until: When | None = None


class Item(Record):
    """Something on sale; ``min_down_payment`` is a ratio of the price, ``promotion`` a free label of the promotion it is in."""

    sku: StrictStr
    title: StrictStr = "星云手机 12 Pro"
    category: StrictStr
    merchant: StrictStr
    price: Fen
    installment: Literal["allowed", "excluded", "full_payment"] = "allowed"
    tenors: tuple[StrictInt, ...] = (3, 6, 12, 24)
    min_down_payment: Ratio = Ratio(0)
    promotion_excluded: StrictBool = False
    promotion: StrictStr | None = None
    presale: Literal["none", "deposit", "balance"] = "none"
    presale_balance_from: When | None = None
    interest_free: InterestFree = InterestFree()


class Plan(Record):
    """One row of the plan table: a tenor and its fee per period as a ratio of the principal."""

    tenor: Tenor
    fee_rate_per_period: Ratio = Ratio("0.005")
