"""Plans add up to the fen, and their annual rate is the internal rate of return."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.core.plans import annual_rate, plans_for, price_amount, price_plan
from actions.core.platform import Plan
from tests.unit.core.conftest import Diagnose

AMOUNTS = st.integers(min_value=1, max_value=10_000_000)
TENORS = st.sampled_from([3, 6, 12, 24])
RATES = st.decimals(min_value="0", max_value="0.012", places=4)


@given(AMOUNTS, TENORS, RATES)
def test_payments_add_up_to_amount_and_fee(amount: int, tenor: int, rate: Decimal) -> None:
    plan = price_plan(amount, tenor, rate)
    assert len(plan.payments) == tenor
    assert sum(plan.payments) == plan.total == amount + plan.fee_total
    assert max(plan.payments) - min(plan.payments) < tenor


@given(st.integers(min_value=100_00, max_value=10_000_000), TENORS, st.decimals(min_value="0.001", max_value="0.012", places=4))
def test_the_annual_rate_discounts_the_payments_to_the_amount(amount: int, tenor: int, rate: Decimal) -> None:
    plan = price_plan(amount, tenor, rate)
    monthly = plan.apr / 12
    present = sum(payment / (1 + monthly) ** month for month, payment in enumerate(plan.payments, start=1))
    assert present == pytest.approx(amount, rel=1e-6)


@pytest.mark.parametrize(
    ("fee", "rates"),
    [("0.005", [8.98, 10.21, 10.90, 11.13]), ("0.010", [17.91, 20.29, 21.46, 21.57]), ("0.012", [21.47, 24.28, 25.60, 25.59])],
)
def test_flat_fees_have_the_annual_rates_worked_out_by_hand(fee: str, rates: list[float]) -> None:
    computed = [price_plan(10_000_000, tenor, Decimal(fee)).apr * 100 for tenor in (3, 6, 12, 24)]
    assert computed == pytest.approx(rates, abs=0.011)


def test_no_fee_is_no_rate() -> None:
    assert annual_rate(1000, (500, 500)) == 0.0
    assert price_plan(530000, 6, Decimal("0.005"), free_amount=530000).fee_total == 0


def test_an_unknown_tenor_has_no_price() -> None:
    assert price_amount(100000, [Plan(tenor=3)], tenor=5) == ()
    assert [plan.tenor for plan in price_amount(100000, [Plan(tenor=12), Plan(tenor=3)])] == [3, 12]


def test_an_order_offers_what_all_its_lines_offer(diagnosed: Diagnose) -> None:
    patch = {
        "items": [{"sku": "2", "category": "c", "merchant": "m", "price": 100, "tenors": [3, 12]}],
        "orders": [{"id": "o", "lines": [{"sku": "1"}, {"sku": "2"}]}],
    }
    plans = plans_for(diagnosed(patch).facts)
    assert [plan.tenor for plan in plans] == [3, 12] and plans[0].amount == 539900


def test_the_down_payment_is_not_financed_and_is_rounded_up(diagnosed: Diagnose) -> None:
    patch = {"items": [{"sku": "1", "price": Decimal("100.01"), "min_down_payment": Decimal("0.333")}]}
    # 0.333 × 10001 fen is 3330.333 fen: the customer pays 33.31 and finances 66.70.
    assert plans_for(diagnosed(patch).facts)[0].amount == 6670


@pytest.mark.parametrize(("until", "fee"), [("2026-11-22", 0), ("2026-11-21", 7949), ("2026-11-22T10:00:00+08:00", 7949)])
def test_an_interest_free_offer_carries_the_fee_until_its_last_day(diagnosed: Diagnose, until: str, fee: int) -> None:
    patch = {"items": [{"sku": "1", "interest_free": {"tenors": [3], "until": until}}]}
    assert [plan.fee_total for plan in plans_for(diagnosed(patch).facts) if plan.tenor == 3] == [fee]


def test_a_discount_is_not_financed_and_is_taken_off_what_is_free_in_proportion(diagnosed: Diagnose) -> None:
    patch = {
        "items": [
            {"sku": "1", "price": 300, "interest_free": {"tenors": [3], "until": None}},
            {"sku": "2", "category": "c", "merchant": "m", "price": 100},
        ],
        "orders": [{"id": "o", "lines": [{"sku": "1"}, {"sku": "2"}], "discount": 200}],
        "plans": [{"tenor": 3, "fee_rate_per_period": "0.01"}],
    }
    plan = plans_for(diagnosed(patch).facts)[0]
    # 200.00 are left to finance, three quarters of it without a fee: 50.00 × 0.01 × 3.
    assert (plan.tenor, plan.amount, plan.fee_total) == (3, 20000, 150)
    assert plans_for(diagnosed(patch, {"orders": [{"id": "o", "discount": 400}]}).facts) == ()


def test_a_bill_is_priced_by_what_of_it_may_be_split(diagnosed: Diagnose) -> None:
    patch = {
        "bills": [{"id": "b", "in_installments": 200}],
        "policies": [{"id": "p", "kind": "bill_max_ratio", "ratio": Decimal("0.9"), "effective_from": "2026-01-01"}],
    }
    assert {plan.amount for plan in plans_for(diagnosed(patch, bill="b").facts)} == {90000}


def test_the_account_alone_has_no_plans(diagnosed: Diagnose) -> None:
    assert plans_for(diagnosed(order=None).facts) == ()
