"""What is on sale: shops, categories and goods, and the table of plans."""

from __future__ import annotations

from typing import Literal

from pydantic import StrictBool, StrictInt, StrictStr

from actions.core.fields import Count, Ratio, When
from actions.core.money import Fen
from actions.core.record import Record


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

    tenor: Count
    fee_rate_per_period: Ratio = Ratio("0.005")
