"""Where a rule begins and ends: table tests of the contract's small print."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from actions.core.moments import SHANGHAI, parse_moment
from tests.unit.core.conftest import Diagnose

pytestmark = pytest.mark.slow


def policy(kind: str, **fields: Any) -> dict[str, Any]:
    return {"policies": [{"id": "p", "kind": kind, "effective_from": "2026-01-01", **fields}]}


def user(**fields: Any) -> dict[str, Any]:
    return {"users": [{"id": "u", **fields}]}


def baitiao(**fields: Any) -> dict[str, Any]:
    return user(baitiao=fields)


def order(**fields: Any) -> dict[str, Any]:
    return {"orders": [{"id": "o", **fields}]}


def outage(**affects: Any) -> dict[str, Any]:
    row = {"id": "i", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:30:00+08:00", "affects": affects}
    return {"incidents": [row]}


def item(**fields: Any) -> dict[str, Any]:
    return {"items": [{"sku": "1", **fields}]}


TWO_LINES = {
    "merchants": [{"id": "m2"}],
    "categories": [{"id": "c2"}],
    "items": [{"sku": "2", "category": "c2", "merchant": "m2", "price": 1}],
    "orders": [{"id": "o", "lines": [{"sku": "1"}, {"sku": "2"}]}],
}


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        # An end given as a date is inclusive, an end given as an instant is over at that instant.
        (user(id_document={"expires_on": "2026-11-22"}), ()),
        (user(id_document={"expires_on": "2026-11-21"}), ("id_document_expired",)),
        (user(id_document={"expires_on": "2026-11-22T10:00:00+08:00"}), ("id_document_expired",)),
        (user(payment_password_locked_until="2026-11-22T10:00:00+08:00"), ()),
        (user(payment_password_locked_until="2026-11-22T10:00:01+08:00"), ("payment_password_locked",)),
        (user(payment_password_locked_until="2026-11-22"), ("payment_password_locked",)),
        # The same instant in another offset.
        (user(payment_password_locked_until="2026-11-22T03:00:00+01:00"), ()),
        # Policies hold from their first to their last day, whatever the time of day.
        (policy("student", effective_to="2026-11-22") | user(is_student=True), ("student_restricted",)),
        (policy("student", effective_to="2026-11-21") | user(is_student=True), ()),
        ({"policies": [{"id": "p", "kind": "student", "effective_from": "2026-11-23"}]} | user(is_student=True), ()),
        # Amounts: a minimum may be met exactly, so may a maximum.
        (policy("min_amount", amount=Decimal("5299.00")), ()),
        (policy("min_amount", amount=Decimal("5299.01")), ("amount_below_minimum",)),
        (policy("max_amount", amount=Decimal("5299.00")), ()),
        (policy("max_amount", amount=Decimal("5298.99")), ("amount_above_maximum",)),
        (policy("monthly_cap", amount=6000, category="c") | baitiao(monthly_spent={"c": 701}), ()),
        (policy("monthly_cap", amount=6000, category="c") | baitiao(monthly_spent={"c": Decimal("701.01")}), ("amount_above_maximum",)),
        (policy("monthly_cap", amount=10, category="other") | baitiao(monthly_spent={"other": 900}), ()),
        # Both are held against what is left after the discount, which is never less than nothing; the cap of a category is not.
        (policy("min_amount", amount=Decimal("5299.00")) | order(discount=Decimal("0.01")), ("amount_below_minimum",)),
        (policy("min_amount", amount=Decimal("0.01")) | order(discount=6000), ("amount_below_minimum",)),
        (policy("max_amount", amount=5000) | order(discount=299), ()),
        (policy("max_amount", amount=5000) | order(discount=Decimal("298.99")), ("amount_above_maximum",)),
        (policy("monthly_cap", amount=5298, category="c") | order(discount=1000), ("amount_above_maximum",)),
        # The discount is taken off what is to be financed, not off the down payment.
        (baitiao(credit_limit=5000) | order(discount=299), ()),
        (baitiao(credit_limit=5000) | order(discount=Decimal("298.99")), ("limit_insufficient",)),
        (baitiao(credit_limit=1) | order(discount=6000), ()),
        (
            baitiao(credit_limit=2000) | item(min_down_payment=Decimal("0.5")) | order(discount=Decimal("649.50")),
            ("down_payment_required",),
        ),
        # Debts elsewhere.
        (baitiao(other_overdue=Decimal("0.01")), ("other_product_overdue",)),
        (baitiao(other_overdue=1, status="suspended"), ("other_product_overdue", "restoration_pending")),
        (baitiao(other_overdue=1, overdue=1, status="suspended"), ("overdue", "other_product_overdue")),
        # Ages are whole years and inclusive.
        (policy("age", min=18, max=60) | user(birth_date="2008-11-22"), ()),
        (policy("age", min=18, max=60) | user(birth_date="2008-11-23"), ("age_restricted",)),
        (policy("age", min=18, max=60) | user(birth_date="1965-11-23"), ()),
        (policy("age", min=18, max=60) | user(birth_date="1965-11-22"), ("age_restricted",)),
        # Versions are compared as numbers.
        (policy("app_version", minimum="13.10.0"), ("app_outdated",)),
        (policy("app_version", minimum="13.2"), ()),
        (policy("app_version", minimum="9.9.9"), ()),
        # Empty regions mean nowhere.
        (policy("region", regions=[]), ()),
        (policy("adjustment", regions=["北京"], notice="n"), ()),
        # Limits: the available limit may be negative, temporary limits count until their last day, exclusive ones for their goods only.
        (baitiao(credit_limit=5299), ()),
        (baitiao(credit_limit=Decimal("5298.99")), ("limit_insufficient",)),
        (baitiao(credit_limit=1000, used=2000), ("limit_insufficient",)),
        (baitiao(credit_limit=5000, temporary_limit={"amount": 299, "expires_on": "2026-11-22"}), ()),
        (baitiao(credit_limit=5000, temporary_limit={"amount": 299, "expires_on": None}), ()),
        (baitiao(credit_limit=5000, temporary_limit={"amount": 299, "expires_on": "2026-11-21"}), ("temporary_limit_expired",)),
        (baitiao(credit_limit=5000, temporary_limit={"amount": 298, "expires_on": "2026-11-21"}), ("limit_insufficient",)),
        (baitiao(credit_limit=0, temporary_limit={"amount": 9000, "expires_on": "2026-11-21"}), ("limit_zero",)),
        (baitiao(credit_limit=0, temporary_limit={"amount": 5299, "expires_on": "2026-11-22"}), ()),
        (baitiao(credit_limit=4999, exclusive_limit={"amount": 300, "skus": ["1"]}), ()),
        (baitiao(credit_limit=4998, exclusive_limit={"amount": 9000, "skus": ["2"]}), ("limit_insufficient",)),
        (baitiao(credit_limit=3000) | item(min_down_payment=Decimal("0.5")), ("down_payment_required",)),
        # A pause without an end goes on; one that is over is no pause.
        ({"merchants": [{"id": "m", "installment": "paused", "paused_until": "2026-11-22T10:00:00+08:00"}]}, ()),
        ({"merchants": [{"id": "m", "installment": "paused", "paused_until": "2026-11-22"}]}, ("merchant_paused",)),
        # An interest-free offer that never was cannot end.
        (item(interest_free={"tenors": [], "until": "2026-01-01"}), ()),
        # Incidents and windows: open from their start, over at their end.
        ({"incidents": [{"id": "i", "component": "credit", "severity": "outage", "started_at": "2026-11-22T10:00:01+08:00"}]}, ()),
        (
            {"incidents": [{"id": "i", "component": "credit", "severity": "outage", "started_at": "2026-11-22T10:00:00+08:00"}]},
            ("incident_outage",),
        ),
        (
            {"maintenance": [{"id": "w", "starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-22T10:00:00+08:00"}]},
            (),
        ),
        # Bound elsewhere is its own cause, also without an account here.
        (baitiao(status="not_activated", bound_elsewhere=True), ("other_account",)),
        # Full payment is no exclusion; an excluded line among others is a mixed cart, whatever excludes it.
        (item(installment="full_payment"), ("full_payment_required",)),
        (item(tenors=[]), ("tenors_limited",)),
        (item(tenors=[3, 6, 12, 24, 36]), ()),
    ],
)
def test_edges(diagnosed: Diagnose, patch: Any, expected: tuple[str, ...]) -> None:
    assert diagnosed(patch).cause_ids == expected


@pytest.mark.parametrize(
    ("bill", "policies", "expected"),
    [
        ({"due_on": "2026-11-22"}, [], ()),
        ({"due_on": "2026-11-21"}, [], ("bill_past_due",)),
        ({"due_on": "2026-11-21", "status": "settled"}, [], ("bill_settled",)),
        ({"tenor": 3, "status": "settled"}, [], ("bill_settled", "bill_already_split")),
        # Exact: 111.11 × 0.9 is 99.999, which is below 100.
        ({"amount": Decimal("111.11")}, [("bill_max_ratio", {"ratio": Decimal("0.9")})], ("bill_amount_below_minimum",)),
        ({"amount": Decimal("111.12")}, [("bill_max_ratio", {"ratio": Decimal("0.9")})], ()),
        ({"amount": 100}, [], ()),
        ({"amount": 150, "in_installments": Decimal("50.01")}, [], ("bill_amount_below_minimum",)),
    ],
)
def test_bills(diagnosed: Diagnose, bill: Any, policies: Any, expected: tuple[str, ...]) -> None:
    rows = [("bill_min_amount", {"amount": 100}), *policies]
    patch = {
        "bills": [{"id": "b", **bill}],
        "policies": [{"id": f"p{n}", "kind": kind, "effective_from": "2026-01-01", **own} for n, (kind, own) in enumerate(rows)],
    }
    assert diagnosed(patch, bill="b").cause_ids == expected


@pytest.mark.parametrize("severity", ["outage", "degraded"])
@pytest.mark.parametrize(
    ("affects", "patch", "of_order", "of_bill"),
    [
        ({}, {}, True, True),
        ({"regions": [], "merchants": [], "categories": [], "channels": [], "app_below": None}, {}, True, True),
        ({"regions": ["北京", "广东"]}, {}, True, True),
        ({"regions": ["北京"]}, {}, False, False),
        ({"merchants": ["m"]}, {}, True, False),
        ({"merchants": ["m2"]}, {}, False, False),
        ({"merchants": ["m2"]}, TWO_LINES, True, False),
        ({"categories": ["c"]}, {}, True, False),
        ({"categories": ["c2"]}, TWO_LINES, True, False),
        ({"categories": ["c2"]}, {}, False, False),
        ({"channels": ["app"]}, {}, True, False),
        ({"channels": ["web", "wechat"]}, {}, False, False),
        ({"channels": ["web"]}, order(channel="web"), True, False),
        ({"app_below": "13.10"}, {}, True, True),
        ({"app_below": "13.2"}, {}, False, False),
        ({"app_below": "9.9.9"}, {}, False, False),
        ({"regions": ["广东"], "merchants": ["m"], "categories": ["c"], "channels": ["app"], "app_below": "14.0"}, {}, True, False),
        ({"regions": ["广东"], "merchants": ["m"], "categories": ["c"], "channels": ["web"], "app_below": "14.0"}, {}, False, False),
        ({"regions": ["北京"], "app_below": "14.0"}, {}, False, False),
    ],
)
def test_an_incident_holds_for_whom_it_affects(
    diagnosed: Diagnose, severity: str, affects: Any, patch: Any, of_order: bool, of_bill: bool
) -> None:
    incident = outage(**affects)
    incident["incidents"][0]["severity"] = severity
    cause = {"outage": "incident_outage", "degraded": "incident_degraded"}[severity]
    for subject, held in (({"order": "o"}, of_order), ({"bill": "b"}, of_bill), ({"order": None}, of_bill)):
        assert (diagnosed(patch, incident, **subject).cause_ids == (cause,)) is held, subject


def test_a_cause_that_several_lines_share_is_reported_once_with_all_its_evidence(diagnosed: Diagnose) -> None:
    patch = {
        "merchants": [{"id": "m", "installment": "not_enrolled"}, {"id": "m2", "installment": "not_enrolled"}],
        "items": [{"sku": "2", "category": "c", "merchant": "m2", "price": 1}],
        "orders": [{"id": "o", "lines": [{"sku": "1"}, {"sku": "2"}]}],
    }
    diagnosis = diagnosed(patch)
    assert diagnosis.cause_ids == ("merchant_not_enrolled",)
    assert {each.path for each in diagnosis.found[0].evidence} == {"merchants[m].installment", "merchants[m2].installment"}


def test_an_instant_from_before_time_zones_keeps_its_offset_of_seconds() -> None:
    long_ago = datetime(1900, 1, 1, tzinfo=SHANGHAI)
    assert parse_moment(long_ago.isoformat()) == long_ago
