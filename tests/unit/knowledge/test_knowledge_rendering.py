"""Facts in texts: how values are written, which rows speak, and which lines fall away."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from actions.core.conditions import parse_condition
from actions.core.derived import View
from actions.core.money import Fen
from actions.knowledge import Values, fill, fill_lines
from actions.knowledge.rendering import written
from conversations.application import project_knowledge
from tests.unit.knowledge.worlds import NOW, line, snapshot

LOCALE = project_knowledge().locale


@pytest.mark.parametrize(
    "value, expected",
    [
        (Fen(120000), "1200.00"),
        (Fen(-5), "-0.05"),
        (date(2026, 11, 29), "11月29日"),
        (date(2027, 1, 5), "2027年1月5日"),
        (datetime(2026, 11, 22, 2, 30, tzinfo=timezone.utc), "11月22日 10:30"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=timezone.utc), "2027年1月1日 00:00"),
        ((3, 6, 12), "3、6、12"),
        (["广东", "广西", "广东"], "广东、广西"),
        ("13.2.0", "13.2.0"),
        (18, "18"),
        (Decimal("0.30"), "30%"),
        (Decimal("0.125"), "12.5%"),
    ],
)
def test_values_are_written_as_people_write_them(value: Any, expected: str) -> None:
    assert written(value, LOCALE, NOW) == expected


@pytest.mark.parametrize("value", [None, "", (), []])
def test_what_says_nothing_is_written_as_nothing(value: Any) -> None:
    assert written(value, LOCALE) == ""


def test_a_line_of_a_cause_without_its_value_is_left_out() -> None:
    values = Values(snapshot(order={"pay_before": None}))
    assert fill("先说这句。\n到 {order.pay_before} 为止。\n再说这句。", values, LOCALE) == "先说这句。\n再说这句。"
    assert fill_lines(["到 {order.pay_before} 为止。", "好的。"], values, LOCALE) == ("好的。",)


def test_without_a_clock_a_moment_has_its_year() -> None:
    assert written(date(2026, 11, 29), LOCALE) == "2026年11月29日"


@pytest.mark.parametrize("value", [True, {"a": 1}])
def test_flags_and_maps_are_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        written(value, LOCALE)


def test_a_scoped_name_speaks_of_the_matched_rows_once_each() -> None:
    facts = snapshot(
        lines=[
            line(merchant={"id": "m-1", "name": "甲店", "contract": "expired"}),
            line("9.00", sku="2", merchant={"id": "m-1", "name": "甲店", "contract": "expired"}),
            line("9.00", sku="3", merchant={"id": "m-2", "name": "乙店", "contract": "expired"}),
            line("9.00", sku="4", merchant={"id": "m-3", "name": "丙店"}),
        ]
    )
    condition = parse_condition({"some": "line", "where": {"fact": "merchant.contract", "equals": "expired"}})
    matches = condition.holds(View(facts)).matches
    assert fill("“{merchant.name}”，共 {order.amount} 元", Values(facts, matches), LOCALE) == "“甲店、乙店”，共 5226.00 元"


def test_without_a_match_a_scoped_name_has_no_value() -> None:
    assert fill("{merchant.name}", Values(snapshot()), LOCALE) == ""


def test_an_exact_amount_is_shown_in_whole_fen() -> None:
    policies = [{"kind": "bill_max_ratio", "ratio": "0.9"}]
    facts = snapshot(subject="bill", bill={"amount": "111.11"}, policies=policies)
    assert fill("{bill.amount_to_split}", Values(facts), LOCALE) == "99.99"


@pytest.mark.parametrize("name", ["baitiao.status", "phone_bound", "baitiao.monthly_spent"])
def test_facts_for_machines_have_no_form_for_people(name: str) -> None:
    with pytest.raises(ValueError, match="has no form for people"):
        fill("{" + name + "}", Values(snapshot()), LOCALE)


def test_an_unknown_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{order.colour}", Values(snapshot()), LOCALE)
