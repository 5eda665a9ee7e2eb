"""The registry of facts: which files are refused, and what it lets be shown to whom."""

from __future__ import annotations

from typing import Any

import pytest

from actions.core.derived import DERIVED
from actions.core.names import world_names
from actions.core.platform import POLICY_FIELDS
from actions.knowledge import DEFAULT_ROOT
from actions.knowledge.facts import read_facts
from actions.yaml_source import Problem, Source
from conversations.application import project_knowledge

SHIPPED = (DEFAULT_ROOT / "facts.yml").read_text(encoding="utf-8")
OVERDUE = "baitiao.overdue: {title: 逾期未还, title_for_agents: 逾期金额, unit: yuan, show: everybody}\n"
SECURED = "baitiao.secured: {title: 保证金, show: agents, about: guaranteed by a deposit}\n"
STATUS = "order.status: {title: 订单状态, values: {paid: 已付款}, values_for_agents: {cart: 购物车, unpaid: 待付款}, show: everybody}\n"
KIND = "    min_amount: 最低金额\n"
AGE = 'age: {show: agents, about: "whole years, from `birth_date`"}\n'


def refusals(text: str) -> list[str]:
    problems: list[Problem] = []
    read_facts([Source("facts.yml", text)], project_knowledge().forbidden, problems)
    return [problem.reason for problem in problems]


def line_of(row: str) -> int:
    return SHIPPED[: SHIPPED.index(row)].count("\n") + 1


@pytest.mark.parametrize(
    "row, new, expected",
    [
        (OVERDUE, "", "baitiao.overdue is missing"),
        (OVERDUE, OVERDUE + "baitiao.overdoo: {title: 逾期, show: agents}\n", "unknown fact baitiao.overdoo"),
        (OVERDUE, OVERDUE.replace("everybody", "customers"), "show must be one of everybody, agents, nobody"),
        (OVERDUE, OVERDUE.replace(", show: everybody", ""), "show is missing"),
        (OVERDUE, OVERDUE.replace("title: 逾期未还, ", ""), "baitiao.overdue: title is missing"),
        (OVERDUE, OVERDUE.replace("title: 逾期未还", 'title: ""'), "title must not be empty"),
        (OVERDUE, OVERDUE.replace("逾期金额", "逾期未还"), "baitiao.overdue: only where it differs from title"),
        (OVERDUE, OVERDUE.replace("yuan", "fen"), "unit must be one of yuan, ratio, day, moment, periods"),
        (OVERDUE, OVERDUE.replace("yuan", "day"), "baitiao.overdue: day is for a moment, this is a money"),
        (OVERDUE, OVERDUE.replace("unit: yuan, ", ""), "baitiao.overdue: the unit of a money is yuan"),
        (OVERDUE, OVERDUE.replace("unit: yuan", "unit: yuan, values: {0: 没有}"), "baitiao.overdue: values are for choices and flags, this is a money"),
        (OVERDUE, OVERDUE.replace("unit: yuan", "unit: yuan, labels: true"), "baitiao.overdue: only lists are labels, this is a money"),
        (OVERDUE, OVERDUE.replace("unit: yuan", "unit: yuan, personal: true"), "baitiao.overdue: what is personal is not shown to everybody"),
        (OVERDUE, OVERDUE.replace("unit: yuan", "unit: yuan, secret: true"), "secret is not a field here"),
        (OVERDUE, OVERDUE.replace("逾期未还", "包过"), "baitiao.overdue: must never be said: 包过 (promises an approval)"),
        (OVERDUE, OVERDUE.replace("everybody", "nobody").replace("title_for_agents: 逾期金额, unit: yuan, ", ""), "baitiao.overdue: what nobody sees has no title"),
        (SECURED, SECURED.replace("show", "values: {yes: 有}, show"), "baitiao.secured: yes is none of true, false"),
        (STATUS, STATUS.replace("{paid: ", "{payed: "), "order.status: payed is none of cart, unpaid, paid"),
        (STATUS, STATUS.replace("{cart: 购物车", "{paid: 已付款"), "order.status: paid only where it differs from values"),
        (KIND, "", "policy.kind: values_for_agents lacks min_amount, which the console would show as it is"),
        (KIND, KIND + KIND.replace("min_", "least_"), f"policy.kind: least_amount is none of {', '.join(POLICY_FIELDS)}"),
        (AGE, AGE.replace("show", "title: 年龄, show"), "age: a computed fact has no title: evidence shows what it is computed from"),
    ],
)  # fmt: skip
def test_a_wrong_registry_is_refused(row: str, new: str, expected: str) -> None:
    assert SHIPPED.count(row) == 1
    assert refusals(SHIPPED.replace(row, new)) == [expected]


def test_a_refusal_names_the_line(tmp_path: Any) -> None:
    problems: list[Problem] = []
    read_facts([Source("facts.yml", SHIPPED.replace(OVERDUE, OVERDUE.replace("yuan", "day")))], project_knowledge().forbidden, problems)
    assert [problem.line for problem in problems] == [line_of(OVERDUE)]


def test_a_registry_that_is_no_map_is_refused() -> None:
    assert refusals("- baitiao.overdue\n")[0] == "a map of names of facts is expected"


def test_every_fact_has_an_entry() -> None:
    assert set(project_knowledge().facts.entries) == {*world_names(), *DERIVED}


def test_what_rests_on_a_fact_that_nobody_sees_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    problems: list[Problem] = []
    text = SHIPPED.replace("birth_date: {title: 出生年份, unit: day, show: agents, personal: true}", "birth_date: {show: nobody}")
    facts = read_facts([Source("facts.yml", text)], project_knowledge().forbidden, problems)
    assert problems == []
    assert facts.not_evidence("age") == "age rests on birth_date: birth_date is shown to nobody, so it is no evidence"
    assert facts.not_evidence("is_student") == ""


def test_customers_read_the_names_of_evidence_that_is_for_everybody() -> None:
    names = project_knowledge().facts.names_for_customers(["bill.amount_to_split", "birth_date", "phone_bound"])
    assert names == {
        "bills.amount": {"title": "账单金额", "unit": "yuan"},
        "bills.in_installments": {"title": "其中已分期", "unit": "yuan"},
        "phone_bound": {"title": "手机号", "values": {"false": "未绑定"}},
    }
