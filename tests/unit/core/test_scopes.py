"""Conditions over all that the customer has, and what the rows they hold for say in texts and as evidence."""

from __future__ import annotations

from typing import Any

import pytest

from actions.core.conditions import parse_condition
from actions.core.derived import SCOPES, View
from actions.core.facts import Facts
from actions.core.names import name_of, path_of, proofs_of, value_of, world_facts
from actions.knowledge.rendering import Values, fill
from conversations.application import project_knowledge
from tests.unit.knowledge.worlds import line, snapshot

CHANGES = [
    {"at": "2026-06-01", "from": "5000.00", "to": "8000.00", "reason": "request"},
    {"at": "2026-11-01", "from": "8000.00", "to": "6000.00", "reason": "review"},
]
FACTS = snapshot(
    subject="account",
    lines=[line(title="电饭煲"), line(title="水壶", sku="2")],
    order={"status": "paid", "tenor": 12, "discount": "10.00"},
    baitiao={"limit_changes": CHANGES},
    bills=[{"month": "2026-11"}, {"month": "2026-10", "status": "settled"}],
    contracts=[{"paid_periods": 3}, {"bill": "b-3", "status": "settled_early", "paid_periods": 6}],
    repayments=[{"amount": "300.00", "status": "failed", "failure": "balance", "method": "auto"}, {"amount": "20.00"}],
    refunds=[{"amount": "99.00", "status": "refunded", "refunded_at": "2026-11-18"}],
)


def filled(condition: Any, text: str, facts: Facts = FACTS) -> str:
    holding = parse_condition(condition).holds(View(facts))
    assert holding
    return fill(text, Values(facts, holding.matches), project_knowledge().locale)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_is_something_a_view_can_stand_at(scope: str) -> None:
    assert getattr(View(FACTS).at(scope, "row"), scope) == "row"


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        (
            {"some": "repayment", "where": {"fact": "repayment.failure", "equals": "balance"}},
            "{repayment.amount} 元在 {repayment.at} 没有扣到",
            "300.00 元在 11月20日 没有扣到",
        ),
        (
            {"some": "contract", "where": {"fact": "contract.status", "equals": "active"}},
            "{contract.goods}还剩 {contract.left_periods} 期，共 {contract.left_amount} 元，下一期 {contract.next_amount} 元",
            "电饭煲、水壶还剩 9 期，共 2385.00 元，下一期 1.00 元",
        ),
        (
            {"some": "refund", "where": {"all": [{"fact": "refund.status", "equals": "refunded"}, {"fact": "refund.posted", "equals": False}]}},
            "{refund.goods}的 {refund.amount} 元在 {refund.refunded_at} 退了",
            "电饭煲、水壶的 99.00 元在 11月18日 退了",
        ),
        ({"some": "own_bill", "where": {"fact": "own_bill.status", "equals": "issued"}}, "{own_bill.month} 还剩 {own_bill.left_amount} 元", "11月 还剩 1200.00 元"),
        ({"some": "own_order", "where": {"fact": "own_order.tenor", "is_set": True}}, "{own_order.goods} {own_order.amount}", "电饭煲、水壶 10398.00"),
        (
            {"some": "limit_change", "where": {"fact": "limit_change.to", "less_than": {"fact": "limit_change.from"}}},
            "{limit_change.at}从 {limit_change.from} 元变为 {limit_change.to} 元",
            "11月1日从 8000.00 元变为 6000.00 元",
        ),
    ],
)  # fmt: skip
def test_a_text_speaks_of_the_rows_for_which_a_condition_holds(condition: Any, text: str, expected: str) -> None:
    assert filled(condition, text) == expected


def test_rows_are_joined_by_what_they_name() -> None:
    of_the_same_order = {
        "some": "contract",
        "where": {"some": "refund", "where": {"fact": "refund.order", "equals": {"fact": "contract.order"}}},
    }
    assert filled(of_the_same_order, "{contract.left_periods} {refund.amount}") == "9 99.00"
    assert parse_condition(of_the_same_order).holds(View(FACTS)).matches == (("contract", FACTS.contracts[0]), ("refund", FACTS.refunds[0]))


def test_a_text_may_speak_of_the_first_row_only() -> None:
    matches = parse_condition({"some": "repayment"}).holds(View(FACTS)).matches
    values = Values(FACTS, matches)
    assert [fill("{repayment.amount}", each, project_knowledge().locale) for each in (values, values.of_first_rows)] == [
        "300.00、20.00",
        "300.00",
    ]


def test_the_bill_in_hand_and_one_of_many_are_told_apart() -> None:
    facts = snapshot(subject="bill", bill={"amount": "7.00"}, bills=[{"amount": "5.00"}])
    settled = View(facts).at("own_bill", facts.bills[1])
    assert (value_of("bill.amount", settled), value_of("own_bill.amount", settled)) == (700, 500)
    assert [world_facts(name, settled)[0].path for name in ("bill.amount", "own_bill.amount")] == ["bills[b-1].amount", "bills[b-2].amount"]


@pytest.mark.parametrize(
    ("name", "path", "source"),
    [
        ("contract.next_amount", "contracts[k-1].next_amount", "account"),
        ("repayment.status", "repayments[rp-1].status", "account"),
        ("refund.to", "refunds[rf-1].to", "order"),
        ("own_order.discount", "orders[o-1].discount", "order"),
        ("own_bill.due_on", "bills[b-2].due_on", "bill"),
        ("limit_change.from", "baitiao.limit_changes[1].from", "account"),
    ],
)
def test_evidence_has_the_path_of_its_row(name: str, path: str, source: str) -> None:
    scope = name.partition(".")[0]
    (fact,) = world_facts(name, View(FACTS).at(scope, SCOPES[scope](FACTS)[0]))
    assert (fact.path, fact.source) == (path, source)
    assert name_of(path) == name_of(path_of(name)) == proofs_of(name)[0]


def test_a_list_of_the_goods_of_an_order_is_proved_by_their_titles() -> None:
    view = View(FACTS).at("contract", FACTS.contracts[0])
    assert [fact.path for fact in world_facts("contract.goods", view)] == ["items[100001].title", "items[2].title"]
    assert value_of("contract.goods", View(FACTS).at("contract", FACTS.contracts[1])) is None, "a bill has no goods"


def test_an_unknown_scope_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="must be one of line, policy, .*, limit_change"):
        parse_condition({"some": "bill"})
