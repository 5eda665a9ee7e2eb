"""Which order or bill a complaint is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.core.case import Case
from actions.core.facts import Line
from actions.core.platform import Category, Item, Merchant
from actions.core.records import Bill, Order
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import Turn
from actions.dialogue.subjects import Ask, resolve


def own(order_id: str, title: str = "星云手机 12 Pro", price: int = 5299, status: str = "unpaid") -> Any:
    item = Item(sku=f"s-{order_id}", title=title, category="c", merchant="m", price=price)
    order = Order(id=order_id, user="u", lines=[{"sku": item.sku}], status=status)
    return order, (Line(item, Category(id="c", name="数码"), Merchant(id="m"), 1),)


def bill(bill_id: str, month: str, status: str, tenor: int | None = None) -> Bill:
    return Bill(id=bill_id, user="u", month=month, amount=100, status=status, tenor=tenor)


def turn(token: str | None = None, case: Case | None = None, **entities: str) -> Turn:
    found = {name: (value,) for name, value in entities.items()}
    return Turn("u", "installment_missing", entities=found, token_order=token, case=case or Case())


PHONE, FRIDGE, PAID = own("o-1"), own("o-2", "山岚冰箱", 3999), own("o-3", "旧耳机", 99, status="paid")
ASKED = Case(phase="asking_subject", intent="installment_missing")
CHOSEN = Case(subject=Subject("order", "o-2"))


@pytest.mark.parametrize(
    ("said", "orders", "expected"),
    [
        # The token's order wins, also over a description.
        (turn("o-1"), [PHONE, FRIDGE], "o-1"),
        (turn("o-1", item="冰箱"), [PHONE, FRIDGE], "o-1"),
        # Without one: what is described, by goods or by amount.
        (turn(item="冰箱"), [PHONE, FRIDGE], "o-2"),
        (turn(amount="5299"), [PHONE, FRIDGE], "o-1"),
        (turn(amount="5299.00", item="冰箱"), [PHONE, FRIDGE], None),
        # Else the only unpaid one; else it is asked.
        (turn(), [PHONE, PAID], "o-1"),
        (turn(), [PHONE, FRIDGE], None),
        (turn(), [PAID], None),
        # A correction moves away from the order in hand.
        (turn("o-1", cue_not_this_order="不是这个订单"), [PHONE, FRIDGE], None),
        (turn("o-1", cue_not_this_order="不是这个", item="冰箱"), [PHONE, FRIDGE], "o-2"),
        # A button names an order; nobody can name somebody else's.
        (turn("o-1", order="o-2"), [PHONE, FRIDGE], "o-2"),
        (turn("o-1", order="o-99"), [PHONE, FRIDGE], "o-1"),
        # In answer to the question which one: by its place in the list, or by its price.
        (turn(case=ASKED, choice="2"), [PHONE, FRIDGE], "o-2"),
        (turn(case=ASKED, choice="last"), [PHONE, FRIDGE], "o-2"),
        (turn(case=ASKED, choice="each"), [PHONE, FRIDGE], None),
        (turn(case=ASKED, choice="dearest"), [PHONE, FRIDGE], "o-1"),
        (turn(case=ASKED, choice="cheapest"), [PHONE, FRIDGE], "o-2"),
        (turn(case=ASKED, choice="3"), [PHONE, FRIDGE], None),
        (turn(case=ASKED, amount="4000"), [PHONE, FRIDGE], "o-2"),
        (turn(choice="dearest"), [PHONE, FRIDGE], None),
        # A choice holds for as long as the token stays the same.
        (turn(case=CHOSEN), [PHONE, FRIDGE], "o-2"),
        (turn("o-1", case=CHOSEN), [PHONE, FRIDGE], "o-1"),
        (turn("o-1", case=CHOSEN.but(token_order="o-1")), [PHONE, FRIDGE], "o-2"),
    ],
)
def test_orders(said: Turn, orders: Any, expected: str | None) -> None:
    found = resolve(said, "installment_missing", orders, [])
    assert found == Subject("order", expected) if expected else isinstance(found, Ask)


NOT_THIS = ASKED.but(turned_from=Subject("order", "o-1"), token_order="o-1")


def test_whoever_complains_on_when_asked_twice_means_the_order_on_the_page_or_the_newest() -> None:
    assert isinstance(resolve(turn("o-1", NOT_THIS.but(asked_for=1)), "installment_missing", [PHONE, FRIDGE], []), Ask)
    assert resolve(turn("o-1", NOT_THIS.but(asked_for=2)), "installment_missing", [PHONE, FRIDGE], []) == Subject("order", "o-1")
    assert resolve(turn(case=ASKED.but(asked_for=2)), "installment_missing", [FRIDGE, PHONE], []) == Subject("order", "o-2")


def test_whoever_asks_something_else_meanwhile_is_asked_again() -> None:
    beside = replace(turn("o-1", NOT_THIS.but(asked_for=2)), intent="about_case")
    assert isinstance(resolve(beside, "installment_missing", [PHONE, FRIDGE], []), Ask)


def test_without_orders_the_account_is_the_subject() -> None:
    assert resolve(turn(), "installment_missing", [], []) == ACCOUNT
    assert resolve(turn("o-1", order="none"), "installment_missing", [PHONE], []) == ACCOUNT


@pytest.mark.parametrize(
    ("bills", "expected"),
    [
        ([bill("b1", "2026-09", "issued"), bill("b2", "2026-10", "issued"), bill("b3", "2026-11", "open")], "b2"),
        ([bill("b1", "2026-09", "issued"), bill("b2", "2026-10", "issued", tenor=3)], "b1"),
        ([bill("b1", "2026-09", "issued", tenor=3), bill("b2", "2026-10", "issued", tenor=3)], "b2"),
        ([bill("b1", "2026-10", "settled"), bill("b2", "2026-11", "open")], "b2"),
        ([bill("b1", "2026-10", "settled"), bill("b2", "2026-11", "settled")], "b2"),
        ([bill("b2", "2026-11", "issued"), bill("b1", "2026-11", "issued")], "b1"),
    ],
)
def test_bills(bills: Any, expected: str) -> None:
    assert resolve(turn("o-1"), "bill_installment_missing", [PHONE], bills) == Subject("bill", expected)


def test_a_bill_complaint_without_bills_is_about_an_order() -> None:
    assert resolve(turn("o-1"), "bill_installment_missing", [PHONE], []) == Subject("order", "o-1")
