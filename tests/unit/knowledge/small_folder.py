"""A small knowledge folder that is right, and what is refused of one."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from actions.core.handoff import GivenReason
from actions.knowledge import DEFAULT_ROOT, load
from actions.knowledge.phrases import PHRASES as DECLARED
from actions.yaml_source import SourceError
from tests.unit.knowledge.minimal import NO_CAUSE

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
aspects: {why: [规定如此。]}
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
  agents: {{title: 被骗, asked_for: 被骗, questions: [何时？], action: 核实。, reply: 我来核实。}}
"""

HANDOFFS = "due_minutes: {urgent: 2, high: 10, normal: 30, low: 120}\n" + "".join(
    REASON.format(name=name) for name in get_args(GivenReason)
)

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
