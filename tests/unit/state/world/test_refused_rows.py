"""Rows refused for what they lack, for fields that contradict each other, and for what they refer to: the exact line and reason people get."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.core.platform import POLICY_FIELDS
from actions.state.database import Database
from actions.state.world.loading import load_world, load_world_data
from tests.unit.state.world.refusing import SECTION_NAMES, refusal

pytestmark = pytest.mark.broad

KINDS = ", ".join(POLICY_FIELDS)
CONTRACT = "{id: k, user: u-1, order: o-1, amount: 1, tenor: 3, fee_rate_per_period: 0.005, paid_periods: 0, status: settled%s}"
REPAYMENT = "{id: rp, user: u-1, amount: 1, at: 2026-11-20, method: auto, status: posted%s}"
REFUND = "{id: rf, order: o-1, amount: 1, status: approved, requested_at: 2026-11-20, to: card, posted: false%s}"

REFUSED = {
    "no price": (
        "items:\n  - sku: a\n    category: phones\n    merchant: m-1",
        ["2: items[a].price: is missing"],
    ),
    "everything missing": (
        "bills: [{id: b}]\nincidents: [{id: i}]\nmaintenance: [{id: w}]\norders: [{id: o}]",
        [
            "1: bills[b].user: is missing",
            "1: bills[b].month: is missing",
            "1: bills[b].amount: is missing",
            "1: bills[b].status: is missing",
            "2: incidents[i].component: is missing",
            "2: incidents[i].severity: is missing",
            "2: incidents[i].started_at: is missing",
            "3: maintenance[w].starts_at: is missing",
            "3: maintenance[w].ends_at: is missing",
            "4: orders[o].user: is missing",
            "4: orders[o].lines: is missing",
        ],
    ),
    "unknown policy": (
        "policies:\n  - id: p\n    effective_from: 2026-01-01\n    kind: odd",
        ["4: policies[p].kind: must be one of " + KINDS],
    ),
    "a policy without a kind": ("policies: [{id: p, effective_from: 2026-01-01}]", ["1: policies[p].kind: is missing"]),
    "a policy without its amount": (
        "policies: [{id: p, kind: min_amount, effective_from: 2026-01-01}]",
        ["1: policies[p]: a min_amount policy needs amount"],
    ),
    "a policy with another's field": (
        "policies:\n  - id: p\n    kind: student\n    effective_from: 2026-01-01\n    regions: []",
        ["5: policies[p]: a student policy has no field regions"],
    ),
    "a policy with an empty field": (
        "policies:\n  - id: p\n    kind: region\n    effective_from: 2026-01-01\n    regions: null",
        ["5: policies[p]: regions must not be empty"],
    ),
    "two faults of one policy": (
        "policies:\n  - id: p\n    kind: min_amount\n    colour: red\n    effective_from: 2026-01-01",
        ["2: policies[p]: a min_amount policy needs amount", "4: policies[p].colour: unknown field colour"],
    ),
    "everything missing of what is owed and comes back": (
        "contracts: [{id: k}]\nrepayments: [{id: rp}]\nrefunds: [{id: rf}]",
        [f"1: contracts[k].{name}: is missing" for name in ("user", "amount", "tenor", "fee_rate_per_period", "paid_periods", "status")]
        + [f"2: repayments[rp].{name}: is missing" for name in ("user", "amount", "at", "method", "status")]
        + [f"3: refunds[rf].{name}: is missing" for name in ("order", "amount", "status", "requested_at", "to", "posted")],
    ),
    "a contract of nothing": (
        "contracts:\n  - " + CONTRACT.replace("order: o-1, ", "") % "",
        ["2: contracts[k]: order or bill: a contract has exactly one of them"],
    ),
    "a contract of an order and a bill": (
        "contracts:\n  - id: k\n    user: u-1\n    order: o-1\n    bill: b-1\n    amount: 1\n    tenor: 3\n    fee_rate_per_period: 0.005\n"
        "    paid_periods: 3\n    status: settled",
        ["4: contracts[k]: order or bill: a contract has exactly one of them"],
    ),
    "an active contract that does not say what is next": (
        "contracts:\n  - " + CONTRACT.replace("settled", "active") % ", next_due_on: 2026-11-29",
        ["2: contracts[k]: next_amount is needed with status active"],
    ),
    "a settled contract with a next payment": (
        "contracts:\n  - " + CONTRACT % ", next_amount: 1",
        ["2: contracts[k]: next_amount is only for status active"],
    ),
    "a failed repayment without its reason": (
        "repayments:\n  - " + REPAYMENT.replace("posted", "failed") % "",
        ["2: repayments[rp]: failure is needed with status failed"],
    ),
    "a posted repayment that failed": (
        "repayments:\n  - " + REPAYMENT % ", failure: card",
        ["2: repayments[rp]: failure is only for status failed"],
    ),
    "a failed repayment with a reason that is none": (
        "repayments:\n  - " + REPAYMENT.replace("posted", "failed") % ", failure: mood",
        ["2: repayments[rp].failure: must be one of balance, card, limit, system"],
    ),
    "a refund that was made at no time": (
        "refunds:\n  - " + REFUND.replace("approved", "refunded") % "",
        ["2: refunds[rf]: refunded_at is needed with status refunded"],
    ),
    "a contract, a repayment and a refund of nobody": (
        "contracts:\n  - "
        + CONTRACT.replace("u-1", "u-9").replace("o-1", "o-9") % ""
        + "\nrepayments:\n  - "
        + REPAYMENT % ", bill: b-9, contract: k-9"
        + "\nrefunds:\n  - "
        + REFUND.replace("o-1", "o-9") % "",
        [
            "2: contracts[k].user: there is no u-9 in users",
            "2: contracts[k].order: there is no o-9 in orders",
            "4: repayments[rp].bill: there is no b-9 in bills",
            "4: repayments[rp].contract: there is no k-9 in contracts",
            "6: refunds[rf].order: there is no o-9 in orders",
        ],
    ),
    "an unknown customer": ("orders: [{id: o, user: u-9, lines: []}]", ["1: orders[o].user: there is no u-9 in users"]),
    "an unknown customer of a bill": (
        "bills: [{id: b, user: u-9, month: 2026-11, amount: 1, status: open}]",
        ["1: bills[b].user: there is no u-9 in users"],
    ),
    "unknown goods": (
        "orders:\n  - id: o\n    user: u-1\n    lines:\n      - {sku: '100001'}\n      - {sku: x}",
        ["6: orders[o].lines[1].sku: there is no x in items"],
    ),
    "an unknown category and merchant": (
        "items:\n  - sku: a\n    category: x\n    merchant: y\n    price: 1.00",
        ["3: items[a].category: there is no x in categories", "4: items[a].merchant: there is no y in merchants"],
    ),
    "a patch that leads nowhere": ("items: [{sku: '100001', merchant: y}]", ["1: items[100001].merchant: there is no y in merchants"]),
    "several faults": (
        "users:\n  - {id: a, colour: red}\n  - {id: b, bank_card: lost}\nitems:\n  - {sku: a, category: phones, merchant: y}\nodd: 1",
        [
            "2: users[a].colour: unknown field colour",
            "3: users[b].bank_card: must be one of none, ok, expired, name_mismatch",
            "5: items[a].price: is missing",
            "5: items[a].merchant: there is no y in merchants",
            "6: unknown section odd; there are " + SECTION_NAMES,
        ],
    ),
}


@pytest.mark.parametrize("text, expected", REFUSED.values(), ids=REFUSED)
def test_a_wrong_file_is_refused_with_line_and_reason(loaded: Database, tmp_path: Path, text: str, expected: list[str]) -> None:
    file = tmp_path / "world.yml"
    file.write_text(text, encoding="utf-8")
    assert refusal(loaded, file) == [f"{file}:{each}" for each in expected]


def test_every_file_is_reported_in_its_own_name(loaded: Database, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("b.yml", "a.yml", "none.yml"))
    first.write_text("users:\n  - {id: a, bank_card: lost}", encoding="utf-8")
    second.write_text("users:\n  - {id: a, bank_card: ok}\n  - {id: b, region: 1}", encoding="utf-8")
    choices = "must be one of none, ok, expired, name_mismatch"
    expected = [f"{first}:2: users[a].bank_card: {choices}", f"{second}:3: users[b].region: must be text; put 1 in quotes"]
    assert refusal(loaded, first, second) == expected
    assert refusal(loaded, first, third, second) == [f"{third}:1: cannot be read: No such file or directory", *expected]


def test_a_merged_row_is_faulted_where_it_was_last_touched(loaded: Database, tmp_path: Path) -> None:
    first, second = tmp_path / "1.yml", tmp_path / "2.yml"
    first.write_text("policies: [{id: p, kind: min_amount, amount: 1, effective_from: 2026-01-01}]", encoding="utf-8")
    load_world(loaded, [first])
    second.write_text("policies:\n\n  - id: p\n    kind: student", encoding="utf-8")
    assert refusal(loaded, second) == [f"{second}:3: policies[p]: a student policy has no field amount"]


def test_a_contract_that_a_patch_settles_must_have_nothing_next(loaded: Database, tmp_path: Path) -> None:
    running = CONTRACT.replace("settled", "active") % ", next_due_on: 2026-11-29, next_amount: 1"
    first, second = tmp_path / "1.yml", tmp_path / "2.yml"
    first.write_text(f"contracts:\n  - {running}", encoding="utf-8")
    load_world(loaded, [first])
    second.write_text("contracts:\n  - id: k\n    status: settled", encoding="utf-8")
    assert refusal(loaded, second) == [f"{second}:3: contracts[k]: next_due_on is only for status active"]
    second.write_text("contracts: [{id: k, status: settled, next_due_on: null, next_amount: null}]", encoding="utf-8")
    load_world(loaded, [second])


def test_replacing_does_not_refer_to_rows_that_are_going(loaded: Database, tmp_path: Path) -> None:
    file = tmp_path / "world.yml"
    file.write_text("orders: [{id: o-2, user: u-1, lines: []}]", encoding="utf-8")
    assert refusal(loaded, file, replace=True) == [f"{file}:1: orders[o-2].user: there is no u-1 in users"]
    load_world(loaded, [file])


def test_an_existing_row_that_is_replaced_must_be_whole_again(loaded: Database, tmp_path: Path) -> None:
    file = tmp_path / "world.yml"
    file.write_text("merchants: [{id: m-1}]\ncategories: [{id: phones}]\nitems:\n  - sku: '100001'", encoding="utf-8")
    assert [each.partition(": ")[2] for each in refusal(loaded, file, replace=True)] == [
        "items[100001].category: is missing",
        "items[100001].merchant: is missing",
        "items[100001].price: is missing",
    ]
    load_world(loaded, [file])


def test_free_labels_are_not_references(loaded: Database) -> None:
    load_world_data(
        loaded,
        {
            "users": [{"id": "u-1", "baitiao": {"exclusive_limit": {"skus": ["nowhere"]}, "monthly_spent": {"nothing": "1.00"}}}],
            "policies": [{"id": "p", "kind": "monthly_cap", "category": "nothing", "amount": "1.00", "effective_from": "2026-01-01"}],
        },
    )
