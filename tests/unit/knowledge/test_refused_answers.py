"""Wrong answers, sub-questions and claims, and what is said of each: file, line and reason."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import get_args

import pytest

from actions.core.causes import Nature
from actions.core.topics import CaseMove
from tests.unit.knowledge.small_folder import ANSWERS, ASPECTS, CAUSE, CLAIMS, FILES, MATTERS, refusals, write

pytestmark = pytest.mark.slow

ANSWER_REFUSALS = [
    ("id: fee", "id: pay_by_card", ["8: topic pay_by_card exists already"]),
    ("id: fee", "id: Fee", ["8: topics.id string does not match regex \"^[a-z][a-z0-9_]*$\""]),
    ("intent: faq_fee", "title: x", ["1: intent is missing", "1: title is not a field here"]),
    ("follow_up: [pay_by_card]", "follow_up: [pay]", ["17: unknown topic pay"]),
    ("causes: [low_amount]", "causes: [high_amount]", ["16: unknown cause high_amount"]),
    ("why: [规则如此。]", "whence: [规则如此。]", ["19: unknown aspect whence"]),
    ("kind: rule", "kind: rule\n    speaks_of: [poor]", ["11: unknown claim or aspect poor"]),
    ("why: [规则如此。]", "why: []", ["19: topics.aspects.why needs at least one"]),
    ("why: [规则如此。]", "why: [{when: {fact: phone_bound, equals: true}, say: 已经绑好了。}]",
     ["19: topics.aspects.why needs at least one without a condition, so that there always is one"]),
    ("why: [规则如此。]", "why: [{when: {fact: phone_bond, equals: true}, say: 已经绑好了。}, 规则如此。]", ["19: unknown fact phone_bond"]),
    ("why: [规则如此。]", "why: [{say: 已经绑好了。}, 规则如此。]", ["19: topics.aspects.why is a text, or a map of when and say"]),
    ("why: [规则如此。]", "why: [{when: {fact: phone_bound, equals: true}, say: '记录里是 {refund.amount}。'}, 规则如此。]",
     ["19: aspects: {refund.amount} needs a condition with 'some: refund'"]),
    ("why: [规则如此。]", "why: [分期包过。]", ["19: aspects: must never be said: 包过 (promises)"]),
    ("kind: rule", "kind: law", ["10: topics.kind must be one of state, rule, action, failure, emergency, case, dialogue"]),
    ("    kind: rule\n", "", ["8: topics.kind is missing"]),
    ("kind: rule", "kind: rule\n    about: [费用]", ["11: topics.about is not a field here"]),
    ("text: [支付页会写明, 以页面为准]", "text: []", ["8: topics an answer needs a text; only that of a failure may leave it to the cause, or say something behind it"]),
    ("      - text: [支付页会写明, 以页面为准]\n", "", ["8: topics the last answer has no condition, so that there always is one"]),
    ("    answers:\n      - text: [收银台里选银行卡。]\n", "", ["3: topics needs at least one answer"]),
    ("      - when: {fact: order.status, equals: unpaid}\n        evidence", "      - evidence",
     ["8: topics an answer without a condition comes last: none behind it is ever given"]),
    ("fact: order.status, equals", "fact: order.state, equals", ["12: unknown fact order.state"]),
    ("equals: unpaid", "equals: owed", ["12: order.status is one of cart, unpaid, paid; 'owed' is not"]),
    ("{fact: order.status, equals: unpaid}", "{fact: item.price, equals: 1}", ["12: item.price stands outside a 'some: line'"]),
    ("evidence: [order.amount]", "evidence: [order.amonut]", ["13: unknown fact order.amonut"]),
    ("evidence: [order.amount]", "evidence: [item.price]", ["13: item.price needs a condition with 'some: line'"]),
    ("evidence: [order.amount]", "evidence: [baitiao.risk_block]", ["13: baitiao.risk_block is shown to nobody, so it is no evidence"]),
    ("分期费用", "分期要多少费用这个按钮太长", ["9: title: 13 characters, at most 12 are allowed"]),
    ("支付页会写明", "每期百分之0.5", ["15: answers: the number 0.5 stands in the text; numbers come from the data by placeholder"]),
    ("支付页会写明", '"起点 {policy.amount} 元"', ["15: answers: {policy.amount} needs a condition with 'some: policy'"]),
    ("支付页会写明", "分期包过", ["15: answers: must never be said: 包过 (promises)"]),
    ("kind: rule", "kind: rule\n    nothing_found: [没有。]",
     ["8: topics a failure, and nothing else, needs nothing_found: what is said when no cause holds"]),
    ("kind: rule", "kind: rule\n    reason: fraud", ["8: topics an emergency has a reason, and nothing else has one"]),
    ("kind: rule", "kind: rule\n    move: give_up", ["8: topics only a topic about the case has an aspect or a move"]),
    ("kind: rule", "kind: rule\n    aspect: why", ["8: topics only a topic about the case has an aspect or a move"]),
]  # fmt: skip


@pytest.mark.parametrize("old, new, expected", ANSWER_REFUSALS, ids=[f"{n}-{row[1][:30]}" for n, row in enumerate(ANSWER_REFUSALS)])
def test_a_wrong_answer_file_is_refused(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert ANSWERS.count(old) == 1
    root = write(tmp_path, {**FILES, "answers/fee.yml": ANSWERS.replace(old, new)})
    assert refusals(root) == [f"knowledge/answers/fee.yml:{reason}" for reason in expected]


MATTER_REFUSALS = [
    ("    nothing_found: [没有查到。]\n", "", ["3: topics a failure, and nothing else, needs nothing_found: what is said when no cause holds"]),
    ("nothing_found: [没有查到。]", "nothing_found: [分期包过。]", ["9: nothing_found: must never be said: 包过 (promises)"]),
    ("nothing_found: [没有查到。]", "nothing_found: ['{policy.amount} 元。']",
     ["9: nothing_found: {policy.amount} needs a condition with 'some: policy'"]),
    ("    reason: fraud\n", "", ["10: topics an emergency has a reason, and nothing else has one"]),
    ("reason: fraud", "reason: fire", ["13: unknown reason fire"]),
    ("aspect: why", "aspect: whence", ["16: unknown aspect whence"]),
    (", aspect: why", "", ["16: topics a topic about the case has an aspect or a move"]),
    ("aspect: why", "aspect: why, move: next_step", ["16: topics a topic about the case has an aspect or a move"]),
    ("move: next_step", "move: dance", ["17: topics.move must be one of " + ", ".join(get_args(CaseMove))]),
]  # fmt: skip


@pytest.mark.parametrize("old, new, expected", MATTER_REFUSALS, ids=[f"{n}-{row[1][:30]}" for n, row in enumerate(MATTER_REFUSALS)])
def test_a_wrong_failure_emergency_or_question_about_the_case_is_refused(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert MATTERS.count(old) == 1
    root = write(tmp_path, {**FILES, "answers/matters.yml": MATTERS.replace(old, new)})
    assert refusals(root) == [f"knowledge/answers/matters.yml:{reason}" for reason in expected]


NATURES = ", ".join(get_args(Nature))


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("aspects.yml", ASPECTS.replace("    any: [规则如此。]\n", ""), "1: answers lack self, time, platform, shop, rule, or any"),
        ("aspects.yml", ASPECTS.replace("    any: []\n", "    none: []\n"), "6: answers lack self, time, platform, shop, rule, or any"),
        ("aspects.yml", ASPECTS.replace("    none:", "    nothing:"), f"1: answers are by {NATURES}, resolved, queued, noticed, answered, any, not nothing"),
        ("aspects.yml", ASPECTS.replace("规则如此。", "分期包过。"), "5: any: must never be said: 包过 (promises)"),
        ("aspects.yml", ASPECTS.replace("规则如此。", "要等 3 天。"), "5: any: the number 3 stands in the text; numbers come from the data by placeholder"),
        ("aspects.yml", ASPECTS.replace("规则如此。", '"起点 {policy.amount} 元。"'), "5: any: {policy.amount} needs a condition with 'some: policy'"),
        ("aspects.yml", ASPECTS.replace("[为什么]", "['(?<=为+)什么']"), "2: asked not a regular expression: look-behind requires fixed-width pattern"),
        ("aspects.yml", ASPECTS.replace("[为什么]", "['(为什么']"), "2: asked not a regular expression: missing ), unterminated subpattern at position 0"),
        ("claims.yml", CLAIMS.replace("fact: repayment.status", "fact: repayment.state"), "3: unknown fact repayment.state"),
        ("claims.yml", CLAIMS.replace("fact: order.id", "fact: order.number"), "4: unknown fact order.number"),
        ("claims.yml", CLAIMS.replace("baitiao.overdue", "repayment.amount"), "6: contradicted: {repayment.amount} needs a condition with 'some: repayment'"),
        ("claims.yml", CLAIMS.replace("还了 {", "包过 {"), "5: agreed: must never be said: 包过 (promises)"),
        ("claims.yml", CLAIMS.replace("  said: [还清了]\n", ""), "1: said is missing"),
        ("claims.yml", "- paid\n", "1: must be a map"),
        ("causes/low_amount.yml", CAUSE.replace("{why:", "{whence: [规则如此。], why:"), "26: unknown aspect whence"),
        ("causes/low_amount.yml", CAUSE.replace("why: [规定如此。]", "why: [分期包过。]"), "26: aspects: must never be said: 包过 (promises)"),
        ("causes/low_amount.yml", CAUSE.replace("why: [规定如此。]", "why: []"), "26: aspects.why needs at least one"),
        ("causes/low_amount.yml", CAUSE + "nature: bad\n", f"27: nature must be one of {NATURES}"),
    ],
    ids=map(str, itertools.count()),
)  # fmt: skip
def test_wrong_aspects_and_claims_are_refused(tmp_path: Path, name: str, text: str, expected: str) -> None:
    assert text != FILES[name]
    assert refusals(write(tmp_path, {**FILES, name: text})) == [f"knowledge/{name}:{expected}"]
