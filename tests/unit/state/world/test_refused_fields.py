"""Refused values: the exact line and reason people get."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.state.database import Database
from actions.state.world.loading import load_world_data
from actions.yaml_source import SourceError
from tests.unit.state.world.refusing import SECTION_NAMES, refusal

MOMENT = "must be a date (2026-11-22) or an instant (2026-11-22T10:00:00+08:00)"
NOW = "1: now: must be an instant such as 2026-11-22T10:00:00+08:00, in a year from 2 to 9998"
YEARS = "must be an instant in a year from 2 to 9998; what never ends, ends on the date 9999-12-31"
ITEM = "items: [{sku: a, category: phones, merchant: m-1, price: 1.00%s}]"

REFUSED = {
    "not a map": ("- users", ["1: a world file is a map of sections: " + SECTION_NAMES]),
    "plain text": ("users", ["1: a world file is a map of sections: " + SECTION_NAMES]),
    "unknown section": ("\nusrs: []", ["2: unknown section usrs; there are " + SECTION_NAMES]),
    "a section that is a map": ("users: {id: u-1}", ["1: users must be a list of rows"]),
    "a row that is no map": ("users:\n  - u-1", ["2: users[0]: a row must be a map of fields"]),
    "no id": ("users:\n  - name: A", ["2: users[0]: id is missing"]),
    "a null id": ("users: [{id: null}]", ["1: users[0].id: must not be empty"]),
    "an empty id": ("users: [{id: ''}]", ["1: users[0].id: must not be empty"]),
    "a number for an id": ("users: [{id: 1001}]", ["1: users[0].id: must be text; put 1001 in quotes"]),
    "a number for a sku": ("items:\n  - {sku: 100001}", ["2: items[0].sku: must be text; put 100001 in quotes"]),
    "a text for a tenor": ("plans: [{tenor: '3'}]", ["1: plans[0].tenor: must be a whole number"]),
    "no periods": ("plans: [{tenor: 0}]", ["1: plans[0].tenor: must be at least 1"]),
    "an id given twice": ("users:\n  - id: a\n  - id: b\n  - id: a", ["4: users[a]: is given twice in this file, first in line 2"]),
    "a key given twice": ("users: []\nusers: []", ["2: users is given twice"]),
    "not YAML": ("users: [", ["2: not valid YAML: did not find expected node content"]),
    "unknown field": ("users:\n  - id: a\n    colour: red", ["3: users[a].colour: unknown field colour"]),
    "unknown nested field": (
        "users:\n  - id: a\n    baitiao:\n      temporary_limit:\n        size: 1",
        ["5: users[a].baitiao.temporary_limit.size: unknown field size"],
    ),
    "a list for a map": ("users: [{id: a, baitiao: []}]", ["1: users[a].baitiao: must be a map"]),
    "null for a map": ("users: [{id: a, baitiao: null}]", ["1: users[a].baitiao: must be a map"]),
    "a list for amounts": ("users: [{id: a, baitiao: {monthly_spent: []}}]", ["1: users[a].baitiao.monthly_spent: must be a map"]),
    "a wrong amount among amounts": (
        "users:\n  - id: a\n    baitiao:\n      monthly_spent:\n        x: 1.00\n        y: 1.001",
        ["6: users[a].baitiao.monthly_spent.y: has more than two decimals"],
    ),
    "bad enum": (
        "merchants:\n  - id: m\n    contract: ended",
        ["3: merchants[m].contract: must be one of active, expired"],
    ),
    "a list for an enum": ("merchants: [{id: m, contract: [active]}]", ["1: merchants[m].contract: must be text"]),
    "true in words": ("users: [{id: a, is_student: 'true'}]", ["1: users[a].is_student: must be true or false"]),
    "a number for a text": ("users: [{id: a, name: 12}]", ["1: users[a].name: must be text; put 12 in quotes"]),
    "a flag for a text": ("users: [{id: a, name: true}]", ["1: users[a].name: must be text; put true in quotes"]),
    "a list for a text": ("users: [{id: a, name: [b]}]", ["1: users[a].name: must be text"]),
    "null for a text": ("users: [{id: a, name: null}]", ["1: users[a].name: must not be empty"]),
    "three decimals": (ITEM % "" + "\nusers: [{id: a, baitiao: {used: 1.005}}]", ["2: users[a].baitiao.used: has more than two decimals"]),
    "a negative amount": ("users: [{id: a, baitiao: {used: -1}}]", ["1: users[a].baitiao.used: must not be negative"]),
    "an amount in words": (
        "users: [{id: a, baitiao: {used: lots}}]",
        ["1: users[a].baitiao.used: must be an amount in yuan with at most two decimals"],
    ),
    "an infinite amount": (
        "users: [{id: a, baitiao: {used: .inf}}]",
        ["1: users[a].baitiao.used: must be an amount in yuan with at most two decimals"],
    ),
    "an enormous amount": ("users: [{id: a, baitiao: {used: 100000000000000000}}]", ["1: users[a].baitiao.used: is too large"]),
    "an amount beyond all money": ("users: [{id: a, baitiao: {used: 1e39}}]", ["1: users[a].baitiao.used: is too large"]),
    "an amount beyond numbers": ("users: [{id: a, baitiao: {used: 1e999999}}]", ["1: a number of more than 40 digits"]),
    "an enormous whole number": ("plans: [{tenor: 9223372036854775808}]", ["1: plans[0].tenor: must be at most 120"]),
    "a ratio above one": (ITEM % ", min_down_payment: 1.5", ["1: items[a].min_down_payment: must be a number from 0 to 1"]),
    "a text in a list of numbers": (ITEM % ", tenors: [3, x]", ["1: items[a].tenors[1]: must be a whole number"]),
    "a text for a list": (ITEM % ", tenors: '3'", ["1: items[a].tenors: must be a list"]),
    "a ratio that nobody can calculate with": (
        ITEM % f", min_down_payment: '0.{'1' * 50}'",
        ["1: items[a].min_down_payment: is longer than 40 characters"],
    ),
    "an amount that nobody can calculate with": (
        "users: [{id: a, baitiao: {used: '1e-999999999'}}]",
        ["1: users[a].baitiao.used: has more than two decimals"],
    ),
    "an amount of a million digits": (
        f"users: [{{id: a, baitiao: {{used: '{'9' * 1_000_000}'}}}}]",
        ["1: users[a].baitiao.used: is longer than 40 characters"],
    ),
    "an endless version": (f"users: [{{id: a, app_version: '1.{'9' * 5000}'}}]", ["1: users[a].app_version: is longer than 40 characters"]),
    "a version in other digits": ("users: [{id: a, app_version: '١٣.٢'}]", ["1: users[a].app_version: must be a version such as 13.2.0"]),
    "a lock for ever": (
        "users: [{id: a, payment_password_locked_until: 9999-12-31T23:59:59+00:00}]",
        [f"1: users[a].payment_password_locked_until: {YEARS}"],
    ),
    "an incident since ever": (
        "incidents: [{id: i, component: credit, severity: outage, started_at: 0001-01-01T00:00:00+08:00}]",
        [f"1: incidents[i].started_at: {YEARS}"],
    ),
    "a wrong version": ("users: [{id: a, app_version: v13}]", ["1: users[a].app_version: must be a version such as 13.2.0"]),
    "a day that does not exist": ("users: [{id: a, birth_date: 1995-02-30}]", ["1: users[a].birth_date: " + MOMENT]),
    "a time for a day": (
        "users: [{id: a, birth_date: 1995-02-03T10:00:00+08:00}]",
        ["1: users[a].birth_date: must be a date without a time"],
    ),
    "a wrong month": (
        "bills: [{id: b, user: u-1, month: 2026-13, amount: 1, status: open}]",
        ["1: bills[b].month: must be a month such as 2026-11"],
    ),
    "a line that is no map": ("orders: [{id: o, user: u-1, lines: ['100001']}]", ["1: orders[o].lines[0]: must be a map"]),
    "a line without a sku": ("orders: [{id: o, user: u-1, lines: [{quantity: 1}]}]", ["1: orders[o].lines[0].sku: is missing"]),
    "unknown field in a line": (
        "orders: [{id: o, user: u-1, lines: [{sku: '100001', price: 1}]}]",
        ["1: orders[o].lines[0].price: unknown field price"],
    ),
    "none of it": (
        "orders: [{id: o, user: u-1, lines: [{sku: '100001', quantity: 0}]}]",
        ["1: orders[o].lines[0].quantity: must be at least 1"],
    ),
    "a change of the limit without its limits": (
        "users:\n  - id: a\n    baitiao:\n      limit_changes:\n        - {at: 2026-11-01, reason: review}",
        ["5: users[a].baitiao.limit_changes[0].from: is missing", "5: users[a].baitiao.limit_changes[0].to: is missing"],
    ),
    "a change of the limit with a wrong limit": (
        "users:\n  - id: a\n    baitiao:\n      limit_changes:\n        - at: 2026-11-01\n          from: 1.001\n          to: 0\n          reason: review",
        ["6: users[a].baitiao.limit_changes[0].from: has more than two decimals"],
    ),
    "a change of the limit for another reason": (
        "users: [{id: a, baitiao: {limit_changes: [{at: 2026-11-01, from: 2, to: 1, reason: mood}]}}]",
        ["1: users[a].baitiao.limit_changes[0].reason: must be one of review, temporary, overdue, request"],
    ),
    "a negative discount": ("orders: [{id: o-1, discount: -1}]", ["1: orders[o-1].discount: must not be negative"]),
    "an incident for a channel that is none": (
        "incidents: [{id: i, component: credit, severity: outage, started_at: 2026-11-01, affects: {channels: [app, post], app_below: new}}]",
        [
            "1: incidents[i].affects.channels[1]: must be one of app, web, wechat, offline",
            "1: incidents[i].affects.app_below: must be a version such as 13.2.0",
        ],
    ),
    "a clock without an hour": ("now: 2026-11-22", [NOW]),
    "a clock in words": ("now: soon", [NOW]),
    "a clock at the end of the calendar": ("now: 9999-12-31T23:59:59+00:00", [NOW]),
    "a sign that is not text": ('users: [{id: "a\\0b"}]', ["1: users[0].id: holds a sign that is not text"]),
    "a name that clears a terminal": ('users: [{id: a, name: "\\e[2J"}]', ["1: users[a].name: holds a sign that is not text"]),
    "a name that turns what follows": ('merchants: [{id: m, name: "x\\u202E"}]', ["1: merchants[m].name: holds a sign that is not text"]),
}


@pytest.mark.parametrize("text, expected", REFUSED.values(), ids=REFUSED)
def test_a_wrong_file_is_refused_with_line_and_reason(loaded: Database, tmp_path: Path, text: str, expected: list[str]) -> None:
    file = tmp_path / "world.yml"
    file.write_text(text, encoding="utf-8")
    assert refusal(loaded, file) == [f"{file}:{each}" for each in expected]


def test_data_given_by_the_program_is_checked_like_a_file(loaded: Database) -> None:
    with pytest.raises(SourceError) as refused:
        load_world_data(loaded, {"users": [{"id": "u-1", "baitiao": {"used": 1.5, "status": "odd"}}]})
    assert [problem.reason.partition(":")[0] for problem in refused.value.problems] == [
        "users[u-1].baitiao.used",
        "users[u-1].baitiao.status",
    ]
