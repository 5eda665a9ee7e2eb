"""What is missing, in facts: for a rule, for the limit, until a day; and moments held against each other or told only in their time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.core.causes import Cause
from actions.core.comparisons import Comparison
from actions.core.derived import View
from actions.core.names import value_of
from actions.knowledge.rendering import Values, fill
from conversations.application import project_knowledge
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401

LOCALE = project_knowledge().locale


def rule(kind: str, amount: int, **fields: Any) -> dict[str, Any]:
    return {"policies": [{"id": kind, "kind": kind, "amount": amount, "effective_from": "2026-01-01", **fields}]}


@pytest.mark.parametrize(
    ("patch", "bill", "missing", "excess"),
    [
        (rule("min_amount", 6000), None, 70100, None),
        (rule("min_amount", 5299), None, None, None),
        (rule("max_amount", 5000), None, None, 29900),
        (rule("max_amount", 6000), None, None, None),
        (rule("monthly_cap", 5000, category="c"), None, None, 29900),
        (rule("bill_min_amount", 1500), "b", 30000, None),
        (rule("bill_min_amount", 1000), "b", None, None),
        (rule("bill_min_amount", 1500), None, None, None),
    ],
)
def test_what_a_rule_lacks_or_is_exceeded_by(
    diagnosed: Diagnose,  # noqa: F811
    patch: dict[str, Any],
    bill: str | None,
    missing: int | None,
    excess: int | None,
) -> None:
    facts = diagnosed(patch, bill=bill).facts
    view = View(facts).at("policy", facts.policies_in_force[0])
    assert (value_of("policy.missing", view), value_of("policy.excess", view)) == (missing, excess)


@pytest.mark.parametrize(("limit", "within"), [(1000, ("电压力锅",)), (100, None), (6000, None)])
def test_the_goods_that_the_limit_covers_alone(diagnosed: Diagnose, limit: int, within: tuple[str, ...] | None) -> None:  # noqa: F811
    goods = {
        "items": [{"sku": "2", "category": "c", "merchant": "m", "price": 399, "title": "电压力锅"}],
        "orders": [{"id": "o", "user": "u", "lines": [{"sku": "1"}, {"sku": "2"}]}],
        "users": [{"id": "u", "baitiao": {"credit_limit": limit}}],
    }
    assert value_of("limit.goods_within", View(diagnosed(goods).facts)) == within


@pytest.mark.parametrize(("due", "days"), [("2026-11-29", 7), ("2026-11-23", 1), ("2026-11-22", None), ("2026-11-20", None)])
def test_the_days_until_a_bill_is_due(diagnosed: Diagnose, due: str, days: int | None) -> None:  # noqa: F811
    bill = {"bills": [{"id": "b", "user": "u", "month": "2026-11", "amount": 1200, "status": "issued", "due_on": due}]}
    assert value_of("due.days_left", View(diagnosed(bill).facts)) == days


@pytest.mark.parametrize(
    ("pay_before", "before", "after"),
    [
        ("2026-11-22T11:00:00+08:00", True, False),
        ("2026-11-22T12:00:00+08:00", False, False),
        ("2026-11-22", False, True),
        (None, False, False),
    ],
)
def test_a_moment_is_held_against_another(diagnosed: Diagnose, pay_before: str | None, before: bool, after: bool) -> None:  # noqa: F811
    window = {"id": "w", "component": "account", "starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-22T12:00:00+08:00"}
    order = {"id": "o", "user": "u", "lines": [{"sku": "1"}], "pay_before": pay_before}
    facts = diagnosed({"maintenance": [window], "orders": [order]}).facts
    view = View(facts).at("maintenance", facts.current_maintenance[0])
    ends = {"fact": "maintenance.ends_at"}
    assert bool(Comparison(fact="order.pay_before", over_before=ends).holds(view)) == before
    assert bool(Comparison(fact="order.pay_before", over_after=ends).holds(view)) == after


def test_a_moment_is_held_against_a_fact_only() -> None:
    with pytest.raises(ValueError, match="takes another moment"):
        Comparison(fact="order.pay_before", over_before="2026-11-22")


@pytest.mark.parametrize(("retry_after", "told"), [("2026-12-10", "12月10日 起可以"), ("2026-11-10", "11月10日 已过"), (None, "")])
def test_a_moment_is_told_only_in_its_time(diagnosed: Diagnose, retry_after: str | None, told: str) -> None:  # noqa: F811
    facts = diagnosed({"users": [{"id": "u", "baitiao": {"status": "rejected", "retry_after": retry_after}}]}).facts
    text = "{baitiao.retry_after.coming} 起可以\n{baitiao.retry_after.gone} 已过"
    assert fill(text, Values(facts), LOCALE) == told


def test_of_each_text_the_first_wording_that_holds_and_has_it_is_said(diagnosed: Diagnose) -> None:  # noqa: F811
    active = {"fact": "baitiao.status", "equals": "active"}
    cause = Cause(
        id="x", position=1, title="x", level="user", kind="block", brief=(), fixed_by="user", explanation=("usual",), summary="usual",
        wordings=(
            {"when": active, "aspects": {"why": ("first",)}},
            {"when": {**active, "equals": "rejected"}, "summary": "not said", "aspects": {"who": ("not said",)}},
            {"when": active, "summary": "second", "aspects": {"why": ("second",), "cost": ("second",)}},
        ),
    )  # fmt: skip
    worded = cause.worded_for(View(diagnosed({}).facts))
    assert (worded.summary, worded.explanation) == ("second", ("usual",))
    assert worded.aspects == {"why": ("first",), "cost": ("second",)}


def test_what_lies_in_the_past_is_not_promised_before_a_bill_is_issued(diagnosed: Diagnose) -> None:  # noqa: F811
    late = {"bills": [{"id": "b", "user": "u", "month": "2026-11", "amount": 1200, "status": "open", "issued_on": "2026-11-10"}]}
    diagnosis = diagnosed(late, bill="b")
    (found,) = (found for found in diagnosis.found if found.cause.id == "bill_not_issued")
    usual = project_knowledge().causes["bill_not_issued"]
    for name, variants in found.cause.aspects.items():
        said = [filled for text in variants if (filled := fill(text, Values(diagnosis.facts, found.matches), LOCALE))]
        assert said, name
        if variants == usual.aspects.get(name):
            assert not any("11月10日" in text for text in said), name
    assert diagnosis.facts.bill is not None and diagnosis.facts.bill.issued_on == date(2026, 11, 10)


@pytest.mark.parametrize(("method", "said"), [("auto", "自动还款扣了 1200.00 元"), ("manual", "手动还了 1200.00 元")])
def test_a_text_for_a_special_case_speaks_of_the_rows_of_that_case(diagnosed: Diagnose, method: str, said: str) -> None:  # noqa: F811
    paid = {"id": "r", "user": "u", "bill": "b", "amount": 1200, "at": "2026-11-18T06:05:00+08:00", "method": method, "status": "posted"}
    bill = {"id": "b", "user": "u", "month": "2026-11", "amount": 1200, "status": "settled"}
    diagnosis = diagnosed({"bills": [bill], "repayments": [paid]}, bill="b")
    (found,) = diagnosis.found
    (text,) = found.cause.aspects["since_when"]
    told = fill(text, Values(diagnosis.facts, found.matches), LOCALE)
    assert told.startswith("11月18日 06:05 还的") and said in told
