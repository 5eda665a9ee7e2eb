"""Wrong cause files, and what is said of each: file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.knowledge.minimal import NO_CAUSE
from tests.unit.knowledge.small_folder import CAUSE, FILES, refusals, write

pytestmark = pytest.mark.slow

CAUSE_REFUSALS = [
    ("id: low_amount", "id: other", ["1: the id is other but the file is low_amount.yml"]),
    ("position: 10", "position: ten", ["2: position must be a whole number"]),
    ("position: 10", "position: 1000", ["FILE:causes/no_cause_found.yml:2: no_cause_found comes last, after low_amount"]),
    ("position: 10", "position: 990", ["FILE:causes/no_cause_found.yml:2: position 990 is taken by low_amount"]),
    ("title: 金额不够\n", "", ["1: title is missing"]),
    ("title: 金额不够", "titel: 金额不够", ["1: title is missing", "3: titel is not a field here"]),
    ("title: 金额不够", "title: 这个标题写得实在是太长太长太长了啊", ["3: title: 17 characters, at most 16 are allowed"]),
    ("kind: block", "kind: wall", ["5: kind must be one of block, limit"]),
    ("baitiao.overdue, equals: 0", "baitiao.overdoo, equals: 0", ["10: unknown fact baitiao.overdoo"]),
    ("equals: 0}", "equals: none}", ["10: must be an amount in yuan with at most two decimals"]),
    ("equals: 0}", "is_over: true}", ["10: baitiao.overdue is a money, which is_over cannot compare"]),
    (
        "equals: 0}",
        "equals: 0, differs_from: 1}",
        [
            "10: a comparison needs exactly one of equals, differs_from, one_of, none_of, less_than, at_most, greater_than, at_least, contains, "
            "is_empty, is_over, has_begun, over_before, over_after, is_set; found equals, differs_from"
        ],
    ),
    ("{fact: baitiao.overdue, equals: 0}", "{fact: item.price, equals: 0}", ["10: item.price stands outside a 'some: line'"]),
    ("{fact: baitiao.overdue, equals: 0}", "{fact: policy.amount, equals: 0}", ["10: policy.amount stands outside a 'some: policy'"]),
    ("{fact: baitiao.overdue, equals: 0}", "overdue", ["10: a condition is a map with one of all, any, some, fact"]),
    ("kind: min_amount", "kind: minimum", ["11: unknown policy kind minimum"]),
    ("kind: min_amount", "kind: age", ["13: policy.amount is no field of a age policy", "14: policy.amount is no field of a age policy"]),
    ("less_than: {fact: policy.amount}", "less_than: {fact: policy.notice}", ["13: order.amount is a money but policy.notice is a text"]),
    ("less_than: {fact: policy.amount}", "less_than: {fact: policy.amout}", ["13: unknown fact policy.amout"]),
    ("evidence: [order.amount,", "evidence: [order.amonut,", ["14: unknown fact order.amonut"]),
    ("evidence: [order.amount,", "evidence: [item.price,", ["14: item.price needs a condition with 'some: line'"]),
    ("evidence: [order.amount,", "evidence: [baitiao.risk_block,", ["14: baitiao.risk_block is shown to nobody, so it is no evidence"]),
    ("summary: 低于 {policy.amount}", "summary: 低于 {policy.amonut}", ["15: summary: unknown fact {policy.amonut}"]),
    ("  - 订单 {order.amount} 元。", "  - 订单 {item.price} 元。", ["17: explanation: {item.price} needs a condition with 'some: line'"]),
    ("  - 订单 {order.amount} 元。", "  - 渠道 {order.channel}。", ["17: explanation: {order.channel} has no form for people"]),
    ("  - 订单 {order.amount} 元。", "  - 生于 {birth_date}。", ["17: explanation: birth_date is shown to agents, not to customers"]),
    ("  - 订单 {order.amount} 元。", "  - 顾客 {order.user}。", ["17: explanation: order.user is shown to nobody, not to customers"]),
    ("  - 订单 {order.amount} 元。", "  - 订单 {order.lines}。", ["17: explanation: {order.lines} has no form for people"]),
    ("  - 订单 {order.amount} 元。", "  - 订单 order.amount} 元。", ["17: explanation: a brace that belongs to no placeholder"]),
    ("  - 订单 {order.amount} 元。", "  - 起点 100 元。", ["17: explanation: the number 100 stands in the text; numbers come from the data by placeholder"]),
    ("  - 订单 {order.amount} 元。", "  - 您这单包 过。", ["17: explanation: must never be said: 包过 (promises)"]),
    ("  - 订单 {order.amount} 元。", "  - 凑一凑就好。", ["17: explanation: must never be said here: 凑一凑"]),
    ("  - 订单 {order.amount} 元。", "  - 一\n  - 二\n  - 三", ["16: one to 3 lines, not 4"]),
    ("  - text: 看一看订单。\n    path:", "  - path:", ["20: steps.text is missing"]),
    ("    hint: 搜索“待付款”。", "    hint: 把验证码发给我。", ["22: steps.hint: must never be said: 把验证码发给 (secret)"]),
    ("still: 还是不够。\n", "", ["19: steps need a text for a failed check: still"]),
    ("fixed_by: user", "fixed_by: nobody", ["19: steps are the customer's, but fixed_by is nobody"]),
    ("alternatives: [pay_by_card]", "alternatives: [pay_by_card, pay_by_cart]", ["24: unknown topic pay_by_cart"]),
    (
        "alternatives:",
        "ends: {days: [3], free_days: [1, 7], text: 快结束了。}\nalternatives:",
        ["24: telling of an end keeps no block away, so that there is nothing to try: its days are the same for all"],
    ),
    (
        "alternatives:",
        "ends: {days: [3], tried_days: [2], text: 快结束了。}\nalternatives:",
        ["24: is an arm's alone: what everybody is told stands in days"],
    ),
    (
        "alternatives:",
        "ahead: {days: [9, 3], free_days: [1, 7], text: 快开始了。}\nalternatives:",
        ["24: ahead.free_days goes from the fewest to the most days, and the usual ones lie between"],
    ),
    ("alternatives:", "wait: {text: 等等看。, until: order.amount}\nalternatives:", ["24: until is a moment, order.amount is a money"]),
    ("alternatives:", "wait: {text: 等等看。, until: item.presale_balance_from}\nalternatives:",
     ["24: item.presale_balance_from needs a condition with 'some: line'"]),
    ("alternatives:", "wait: {text: 等等看。, until: birth_date}\nalternatives:", ["24: birth_date is shown to agents, not to customers"]),
    ("alternatives:", "handoff: {when: {fact: restoration.dew, is_over: true}}\nalternatives:", ["24: unknown fact restoration.dew"]),
    ("still: 还是不够。", "still: 点“好的。”。", ["23: still: “好的。” is not the button of this cause, it has none"]),
    ("still: 还是不够。", "still: 点“好的。”。\nwait: {text: 等等看。, notice: 开了叫我}",
     ["23: still: “好的。” is not the button of this cause, it is called 开了叫我"]),
    ("aspects: {why: [规定如此。]}\n", "", ["1: aspects.why is missing: every cause answers it in words of its own"]),
    ("aspects: {why: [规定如此。]}", "aspects: {how_fix: [凑够。]}", ["26: aspects.why is missing: every cause answers it in words of its own"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: 1}, summary: 好}]\nalternatives:",
     ["24: phone_bound is true or false, 1 is neither"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: true}, aspects: {whence: [好。]}}]\nalternatives:", ["24: unknown aspect whence"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: true}, aspects: {why: [分期包过。]}}]\nalternatives:",
     ["24: aspects: must never be said: 包过 (promises)"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: true}, aspects: {why: ['{repayment.at} 还的。']}}]\nalternatives:",
     ["24: aspects: {repayment.at} needs a condition with 'some: repayment'"]),
]  # fmt: skip


@pytest.mark.parametrize("old, new, expected", CAUSE_REFUSALS, ids=[f"{n}-{row[1][:30]}" for n, row in enumerate(CAUSE_REFUSALS)])
def test_a_wrong_cause_file_is_refused(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert CAUSE.count(old) == 1
    root = write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE.replace(old, new)})
    shown = [
        f"knowledge/{reason[5:]}" if reason.startswith("FILE:") else f"knowledge/causes/low_amount.yml:{reason}" for reason in expected
    ]
    assert refusals(root) == shown


def test_a_cause_needs_a_way_out(tmp_path: Path) -> None:
    steps = CAUSE[CAUSE.index("steps:") : CAUSE.index("alternatives:")]
    root = write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE.replace(steps, "")})
    assert refusals(root) == ["knowledge/causes/low_amount.yml:1: without steps it needs cannot_fix or wait"]


def test_only_no_cause_found_has_no_condition(tmp_path: Path) -> None:
    when = CAUSE[CAUSE.index("when:") : CAUSE.index("evidence:")]
    root = write(
        tmp_path,
        {
            **FILES,
            "causes/low_amount.yml": CAUSE.replace(when, "").replace("{policy.amount}", "x").replace(", policy.amount]", "]"),
            "causes/no_cause_found.yml": NO_CAUSE + "when: {fact: phone_bound, equals: true}\n",
        },
    )
    assert refusals(root) == [
        "knowledge/causes/low_amount.yml:1: every cause has a condition, only no_cause_found has none",
        "knowledge/causes/no_cause_found.yml:12: every cause has a condition, only no_cause_found has none",
    ]
