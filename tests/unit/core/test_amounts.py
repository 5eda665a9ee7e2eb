"""What of an order is payable and what is financed, whatever its lines, down payments and discount."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.core.amounts import amount_to_finance, down_payment, line_financed, order_amount, payable_amount
from actions.core.facts import Facts
from actions.core.money import yuan_text
from actions.core.plans import plans_for
from tests.unit.knowledge.worlds import line, snapshot

LINES = st.lists(
    st.tuples(st.integers(0, 10**7), st.integers(1, 3), st.decimals(0, 1, places=3, allow_nan=False), st.booleans()), min_size=1, max_size=4
)


def order(lines: list[tuple[int, int, Decimal, bool]], discount: int) -> Facts:
    rows = [
        line(yuan_text(price), quantity, sku=str(number), min_down_payment=share, interest_free={"tenors": [3] if free else []})
        for number, (price, quantity, share, free) in enumerate(lines)
    ]
    return snapshot(lines=rows, order={"discount": yuan_text(discount)})


@given(lines=LINES, discount=st.integers(0, 10**7))
@settings(deadline=None)
def test_what_is_payable_is_the_down_payment_and_what_is_financed_as_long_as_the_discount_leaves_something(
    lines: list[tuple[int, int, Decimal, bool]], discount: int
) -> None:
    facts = order(lines, discount)
    assert payable_amount(facts) == max(0, order_amount(facts) - discount)
    assert amount_to_finance(facts) == max(0, sum(map(line_financed, facts.lines)) - discount)
    if amount_to_finance(facts) > 0:
        assert down_payment(facts) + amount_to_finance(facts) == payable_amount(facts)


@given(lines=LINES, discount=st.integers(0, 10**7))
@settings(deadline=None)
def test_no_discount_makes_a_fee_negative_or_a_free_line_cost_something(lines: list[tuple[int, int, Decimal, bool]], discount: int) -> None:
    facts = order(lines, discount)
    for plan in plans_for(facts):
        assert plan.amount == amount_to_finance(facts) and plan.fee_total >= 0
        if plan.tenor == 3 and all(free for *_, free in lines):
            assert plan.fee_total == 0
