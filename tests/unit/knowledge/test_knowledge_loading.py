"""The loader: all of a folder is right, or it is refused with file, line and reason."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import get_args

import pytest

from actions.core.causes import Nature
from actions.core.handoff import GivenReason
from actions.core.topics import CaseMove
from actions.knowledge import DEFAULT_ROOT, load
from actions.knowledge.loading import check
from actions.knowledge.phrases import PHRASES as DECLARED
from actions.knowledge.phrases import THANKS
from actions.yaml_source import SourceError
from tests.unit.knowledge.minimal import NO_CAUSE

pytestmark = pytest.mark.slow

CAUSE = """\
id: low_amount
position: 10
title: 金额不够
level: item
kind: block
brief: [C22]
fixed_by: user
when:
  all:
    - {fact: baitiao.overdue, equals: 0}
    - some: policy
      kind: min_amount
      where: {fact: order.amount, less_than: {fact: policy.amount}}
evidence: [order.amount, policy.amount]
summary: 低于 {policy.amount} 元
explanation:
  - 订单 {order.amount} 元。
  - 起点 {policy.amount} 元。
steps:
  - text: 看一看订单。
    path: 我的 → 待付款
    hint: 搜索“待付款”。
still: 还是不够。
alternatives: [pay_by_card]
never: [凑一凑]
"""

ANSWERS = """\
intent: faq_fee
topics:
  - id: pay_by_card
    title: 用银行卡付
    kind: action
    answers:
      - text: [收银台里选银行卡。]
  - id: fee
    title: 分期费用
    kind: rule
    answers:
      - when: {fact: order.status, equals: unpaid}
        evidence: [order.amount]
        text: ["这单 {order.amount} 元要收。"]
      - text: [支付页会写明, 以页面为准]
    causes: [low_amount]
    follow_up: [pay_by_card]
    aspects:
      why: [规则如此。]
"""

MATTERS = """\
intent: null
topics:
  - id: no_option
    title: 没有分期
    kind: failure
    answers:
      - when: {some: policy, kind: min_amount, where: {fact: order.amount, less_than: {fact: policy.amount}}}
        text: ["差在 {policy.amount} 元这一条。"]
    nothing_found: [没有查到。]
  - id: scammed
    title: 被骗了
    kind: emergency
    reason: fraud
    answers:
      - text: [先别转账。]
  - {id: case_why, title: 为什么, kind: case, aspect: why}
  - {id: next_step, title: 怎么办, kind: case, move: next_step}
  - {id: hello, title: 您好, kind: dialogue}
"""

ASPECTS = """\
why:
  asked: [为什么]
  answers:
    none: [没有查到。]
    any: [规则如此。]
how_fix:
  answers:
    any: []
"""

CLAIMS = """\
paid:
  said: [还清了]
  when: {some: repayment, where: {fact: repayment.status, equals: posted}}
  unknown: {fact: order.id, is_set: false}
  agreed: ["还了 {repayment.amount} 元。"]
  contradicted: ["还有 {baitiao.overdue} 元。"]
"""

REASON = """\
{name}:
  queue: risk
  priority: urgent
  said: ["编号 {{number}}。"]
  agents: {{title: 被骗, asked_for: 被骗, questions: [何时？], action: 核实。}}
"""
HANDOFFS = "".join(REASON.format(name=name) for name in get_args(GivenReason))

FORBIDDEN = """\
warnings: [不要]
sentences:
  - {text: 包过, why: promises}
  - {pattern: "把?(验证码|密码)(发给|告诉)", why: secret, warning: true}
  - {text: 上征信, why: untrue, unless: [上不上征信]}
"""

# Every sentence the code says has to be there; the first line stands on its own so that tests can spoil it.
HELLO = "thanks: [您好。, 又见面了。]\n"
PHRASES = HELLO + "".join(f"{name}: [好的。]\n" for name in DECLARED if name != "thanks")

FILES = {
    "causes/low_amount.yml": CAUSE,
    "causes/no_cause_found.yml": NO_CAUSE,
    "answers/fee.yml": ANSWERS,
    "answers/matters.yml": MATTERS,
    "aspects.yml": ASPECTS,
    "claims.yml": CLAIMS,
    "handoffs.yml": HANDOFFS,
    "forbidden.yml": FORBIDDEN,
    "phrases/all.yml": PHRASES,
    **{name: (DEFAULT_ROOT / name).read_text(encoding="utf-8") for name in ("locale.yml", "facts.yml", "briefing.yml")},
}


def write(folder: Path, files: dict[str, str]) -> Path:
    root = folder / "knowledge"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def refusals(root: Path) -> list[str]:
    with pytest.raises(SourceError) as error:
        load(root)
    return [str(problem) for problem in error.value.problems]


def test_a_folder_that_is_right_loads(tmp_path: Path) -> None:
    knowledge = load(write(tmp_path, FILES))
    assert list(knowledge.causes) == ["low_amount", "no_cause_found"]
    assert knowledge.answers.topic("fee").follow_up == ("pay_by_card",)
    assert knowledge.phrases.texts(THANKS) == ("您好。", "又见面了。")


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
            "is_empty, is_over, has_begun, is_set; found equals, differs_from"
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
    ("alternatives:", "wait: {text: 等等看。, until: order.amount}\nalternatives:", ["24: until is a moment, order.amount is a money"]),
    ("alternatives:", "wait: {text: 等等看。, until: item.presale_balance_from}\nalternatives:",
     ["24: item.presale_balance_from needs a condition with 'some: line'"]),
    ("alternatives:", "wait: {text: 等等看。, until: birth_date}\nalternatives:", ["24: birth_date is shown to agents, not to customers"]),
    ("alternatives:", "handoff: {when: {fact: restoration.dew, is_over: true}}\nalternatives:", ["24: unknown fact restoration.dew"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: 1}, summary: 好}]\nalternatives:",
     ["24: phone_bound is true or false, 1 is neither"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: true}, aspects: {whence: [好。]}}]\nalternatives:", ["24: unknown aspect whence"]),
    ("alternatives:", "wordings: [{when: {fact: phone_bound, equals: true}, aspects: {why: [分期包过。]}}]\nalternatives:",
     ["24: aspects: must never be said: 包过 (promises)"]),
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
        "knowledge/causes/no_cause_found.yml:11: every cause has a condition, only no_cause_found has none",
    ]


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("phrases/all.yml", PHRASES.replace(HELLO, "thanks: 您好\n"), "1: thanks takes a list of texts with at least one"),
        ("phrases/all.yml", PHRASES.replace("又见面了", "审核包过"), "1: thanks: must never be said: 包过 (promises)"),
        ("phrases/all.yml", PHRASES.replace("又见面了。", '"{name}又见面了。"'), "1: thanks: knows no placeholder {name}; there are: none"),
        ("phrases/all.yml", PHRASES.replace("plans.head: [好的。]", 'plans.head: ["共 {amont} 元"]'),
         f"{PHRASES[: PHRASES.index('plans.head')].count(chr(10)) + 1}: plans.head: knows no placeholder {{amont}}; there are: {{amount}}"),
        ("phrases/all.yml", PHRASES.replace(HELLO, ""), "1: thanks is missing"),
        ("phrases/more.yml", "hello: [您好。]\n", "1: hello is never said: no such phrase is declared"),
        ("phrases/more.yml", HELLO, "1: thanks exists already"),
        ("phrases/more.yml", "- 您好\n", "1: a phrase file is a map of ids to lists of texts"),
        ("forbidden.yml", FORBIDDEN.replace("text: 包过", 'pattern: "(包过"'),
         "3: sentences.pattern not a regular expression: missing ), unterminated subpattern at position 0"),
        ("forbidden.yml", FORBIDDEN.replace("text: 包过,", ""), "3: sentences needs either text or pattern"),
    ],
    ids=map(str, itertools.count()),
)  # fmt: skip
def test_other_wrong_files_are_refused(tmp_path: Path, name: str, text: str, expected: str) -> None:
    assert refusals(write(tmp_path, {**FILES, name: text})) == [f"knowledge/{name}:{expected}"]


ANSWER_REFUSALS = [
    ("id: fee", "id: pay_by_card", ["8: topic pay_by_card exists already"]),
    ("id: fee", "id: Fee", ["8: topics.id string does not match regex \"^[a-z][a-z0-9_]*$\""]),
    ("intent: faq_fee", "title: x", ["1: intent is missing", "1: title is not a field here"]),
    ("follow_up: [pay_by_card]", "follow_up: [pay]", ["17: unknown topic pay"]),
    ("causes: [low_amount]", "causes: [high_amount]", ["16: unknown cause high_amount"]),
    ("why: [规则如此。]", "whence: [规则如此。]", ["19: unknown aspect whence"]),
    ("kind: rule", "kind: rule\n    speaks_of: [poor]", ["11: unknown claim poor"]),
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
    ("text: [支付页会写明, 以页面为准]", "text: []", ["15: topics.answers.text needs at least one"]),
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
        ("aspects.yml", ASPECTS.replace("[为什么]", "['(为什么']"), "2: asked not a regular expression: missing ), unterminated subpattern at position 0"),
        ("claims.yml", CLAIMS.replace("fact: repayment.status", "fact: repayment.state"), "3: unknown fact repayment.state"),
        ("claims.yml", CLAIMS.replace("fact: order.id", "fact: order.number"), "4: unknown fact order.number"),
        ("claims.yml", CLAIMS.replace("baitiao.overdue", "repayment.amount"), "6: contradicted: {repayment.amount} needs a condition with 'some: repayment'"),
        ("claims.yml", CLAIMS.replace("还了 {", "包过 {"), "5: agreed: must never be said: 包过 (promises)"),
        ("claims.yml", CLAIMS.replace("  said: [还清了]\n", ""), "1: said is missing"),
        ("claims.yml", "- paid\n", "1: must be a map"),
        ("causes/low_amount.yml", CAUSE + "aspects: {whence: [规则如此。]}\n", "26: unknown aspect whence"),
        ("causes/low_amount.yml", CAUSE + "aspects: {why: [分期包过。]}\n", "26: aspects: must never be said: 包过 (promises)"),
        ("causes/low_amount.yml", CAUSE + "aspects: {why: []}\n", "26: aspects.why needs at least one"),
        ("causes/low_amount.yml", CAUSE + "nature: bad\n", f"26: nature must be one of {NATURES}"),
    ],
    ids=map(str, itertools.count()),
)  # fmt: skip
def test_wrong_aspects_and_claims_are_refused(tmp_path: Path, name: str, text: str, expected: str) -> None:
    assert text != FILES[name]
    assert refusals(write(tmp_path, {**FILES, name: text})) == [f"knowledge/{name}:{expected}"]


def test_a_refused_cause_does_not_make_others_of_the_references_to_it(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE.replace("title:", "titel:")})
    assert {reason.partition(":")[0] for reason in refusals(root)} == {"knowledge/causes/low_amount.yml"}


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "causes/low_amount.yml": CAUSE.replace("kind: block", "kind: wall").replace("baitiao.overdue", "baitiao.over"),
        "phrases/all.yml": PHRASES.replace(HELLO, "thanks: []\n"),
    }
    assert refusals(write(tmp_path, {**FILES, **wrong})) == [
        "knowledge/causes/low_amount.yml:5: kind must be one of block, limit",
        "knowledge/causes/low_amount.yml:10: unknown fact baitiao.over",
        "knowledge/phrases/all.yml:1: thanks takes a list of texts with at least one",
    ]


def test_the_end_of_the_line_of_causes_must_be_there(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if "no_cause" not in name}
    assert refusals(write(tmp_path, files)) == ["knowledge/causes:1: no_cause_found.yml is missing"]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}:1: is not a folder"]


def test_a_file_that_is_not_yaml_is_refused_where_it_breaks(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE.replace("brief: [C22]", "brief: [C22")})
    assert [reason.partition(" YAML")[0] for reason in refusals(root)] == ["knowledge/causes/low_amount.yml:7: not valid"]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    (root / "causes" / "low_amount.yml").write_bytes(b"\xff\xfe\x00")
    assert "knowledge/causes/low_amount.yml:1: is not UTF-8 text" in refusals(root)


def test_forbidden_wordings_know_warnings_and_harmless_neighbours(tmp_path: Path) -> None:
    forbidden = load(write(tmp_path, FILES)).forbidden
    assert list(forbidden.found_in("不要把验证码告诉任何人。")) == []
    assert list(forbidden.found_in("不要急。把验证码告诉我。")) == ["must never be said: 把验证码告诉 (secret)"]
    assert list(forbidden.found_in("用了上不上征信？")) == []
    assert list(forbidden.found_in("会上征信。")) == ["must never be said: 上征信 (untrue)"]


def test_knowledge_cannot_be_changed(tmp_path: Path) -> None:
    knowledge = load(write(tmp_path, FILES))
    with pytest.raises(TypeError):
        knowledge.causes["low_amount"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        knowledge.causes["low_amount"].title = "x"


def test_a_cause_without_a_conversation_test_is_reported(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    conversations = tmp_path / "conversations"
    conversations.mkdir()
    (conversations / "one.yml").write_text("expect: {causes: [low_amount]}\n", encoding="utf-8")
    report = check(root, conversations)
    assert [str(problem) for problem in report.problems] == [
        f"knowledge/causes/no_cause_found.yml:1: no conversation test in {conversations} names no_cause_found"
    ]
    assert check(root).lines == (f"2 causes, 7 topics, {len(DECLARED)} phrases, 0 terms, 3 forbidden wordings",)


def test_the_check_tells_what_the_loader_refuses(tmp_path: Path) -> None:
    report = check(write(tmp_path, {**FILES, "phrases/all.yml": PHRASES.replace(HELLO, "thanks: []\n")}))
    assert report.lines == ("knowledge/phrases/all.yml:1: thanks takes a list of texts with at least one",)


def test_every_shipped_file_loads() -> None:
    assert check(DEFAULT_ROOT).problems == ()
