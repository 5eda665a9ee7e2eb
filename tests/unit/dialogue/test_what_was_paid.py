"""What the record holds of repayments, refunds and days is told to whoever asks about it, not what might be."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

PUT = injections()
MISSING = (("no_option_shown", 0.9),)
TOPICS = {"how_long": "case_how_long", "sure": "are_you_sure"}
"""The topics whose own sub-question comes before one that was only read."""


def repaid(amount: str, status: str, failure: str | None = None, at: str = "2026-11-21T08:30:00+08:00", **more: Any) -> dict[str, Any]:
    row = {"id": "rp", "user": "u", "bill": None, "contract": None, "amount": amount, "at": at, "method": "manual"}
    return {"repayments": [{**row, "status": status, "failure": failure, **more}]}


def refund(status: str, to: str, posted: bool, amount: str = "6000.00") -> dict[str, Any]:
    moment = "2026-11-20T12:00:00+08:00"
    row = {"id": "rf", "order": "o", "amount": amount, "status": status, "requested_at": moment, "to": to, "posted": posted}
    return {"refunds": [{**row, "refunded_at": moment if status == "refunded" else None}]}


OPEN_BILL = {
    "bills": [
        {
            "id": "b2",
            "user": "u",
            "month": "2026-12",
            "amount": "90.00",
            "status": "open",
            "issued_on": "2026-12-08",
            "due_on": "2026-12-27",
        }
    ]
}
CLEARED = {"users": [{"id": "u", "baitiao": {"overdue_cleared_at": "2026-05-03T09:00:00+08:00"}}]}
PAY_BEFORE = {"orders": [{"id": "o", "pay_before": "2026-11-22T18:30:00+08:00"}]}

TOLD = [
    ("overdue", repaid("300.00", "processing"), "just_did", ("11月21日 08:30 的 300.00 元还在处理", "别再付一遍"), ()),
    ("overdue", repaid("300.00", "processing"), "how_long", ("还在处理", "都没有写"), ()),
    ("overdue", repaid("300.00", "posted"), "just_did", ("300.00 元，已经算进去了", "还剩逾期"), ("可能在入账",)),
    ("overdue", repaid("300.00", "posted"), "sure", ("已经算进去了",), ()),
    ("overdue", repaid("300.00", "failed", "balance", method="auto"), "autopay_failed", ("11月21日 08:30 那次", "余额不足"), ("看那笔成没成",)),
    ("overdue", repaid("300.00", "failed", "card", method="auto"), "autopay_failed", ("卡用不了", "另一张卡"), ()),
    ("overdue", repaid("300.00", "failed", "limit"), "just_did", ("没成功", "扣款限额"), ()),
    ("overdue", repaid("300.00", "failed", "system"), "long_already", ("系统原因", "抱歉"), ()),
    ("overdue", None, "just_did", ("可能在入账",), ()),
    ("limit_insufficient", repaid("300.00", "processing"), "just_paid", ("300.00 元还在处理", "额度所以还没变"), ()),
    ("limit_insufficient", repaid("300.00", "posted"), "just_paid", ("已经算进去了", "先别再还"), ()),
    ("limit_insufficient", refund("refunded", "baitiao", False), "goods_back", ("11月20日", "6000.00", "按数够"), ()),
    ("limit_insufficient", refund("refunded", "baitiao", False, "1.00"), "goods_back", ("账单还没更新",), ("按数够",)),
    ("limit_insufficient", refund("refunded", "card", False), "goods_back", ("去了卡里",), ()),
    ("limit_insufficient", refund("refunded", "baitiao", True), "goods_back", ("已经放回了",), ()),
    ("limit_insufficient", refund("requested", "baitiao", False), "goods_back", ("还没退出来",), ()),
    ("limit_insufficient", refund("rejected", "baitiao", False), "goods_back", ("没有通过",), ()),
    ("order_already_paid", OPEN_BILL, "bill_later", ("12月8日", "12月27日", "不保证"), ()),
    ("closed_by_system", CLEARED, "own_guess", ("5月3日", "没有逾期", "不能说是"), ()),
    ("transaction_declined", {}, "combine", ("拆不成两单",), ()),
    ("incident_degraded", PAY_BEFORE, "how_long", ("说不准", "11月22日 18:30 前要付"), ()),
]  # fmt: skip


def asked(diagnosed: Diagnose, cause: str, patch: dict[str, Any] | None, aspect: str, claims: tuple[str, ...] = ()) -> str:  # noqa: F811
    talk = Talk({each: diagnosed(PUT[cause], *([patch] if patch else [])).facts for each in ("o", None)})
    talk.say("installment_missing", "没有分期", topics=MISSING)
    (first, *_) = talk.say("about_case", "text", topics=((TOPICS.get(aspect, "case_why"), 0.5),), aspects=(aspect,), claims=claims)
    return first.text


@pytest.mark.parametrize(
    ("cause", "patch", "aspect", "told", "untold"), TOLD, ids=[f"{cause}-{aspect}-{at}" for at, (cause, _, aspect, *_) in enumerate(TOLD)]
)
def test_what_is_on_record_is_told(
    cause: str,
    patch: dict[str, Any] | None,
    aspect: str,
    told: tuple[str, ...],
    untold: tuple[str, ...],
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    text = asked(diagnosed, cause, patch, aspect)
    assert all(each in text for each in told) and not any(each in text for each in untold), text


def test_only_the_latest_repayment_is_spoken_of(diagnosed: Diagnose) -> None:  # noqa: F811
    both = {
        "repayments": [
            *repaid("1.00", "failed", "balance", at="2026-11-02T08:00:00+08:00", id="old")["repayments"],
            *repaid("300.00", "posted")["repayments"],
        ]
    }
    text = asked(diagnosed, "overdue", both, "just_did")
    assert "300.00" in text and "1.00 元，没成功" not in text


@pytest.mark.parametrize(("patch", "doubted"), [(repaid("300.00", "posted"), False), (None, True)], ids=["on record", "not on record"])
@pytest.mark.parametrize("aspect", ["just_did", "page_says_done"])
def test_what_is_on_record_is_not_said_to_be_missing(patch: dict[str, Any] | None, doubted: bool, aspect: str, diagnosed: Diagnose) -> None:  # noqa: F811
    text = asked(diagnosed, "overdue", patch, aspect, ("paid_off",))
    assert ("没记上" in text.splitlines()[0] or "入账" in text.splitlines()[0]) and ("最近入账的是" in text) != doubted
    assert len(text.splitlines()) == 1 + doubted


def test_a_repayment_on_its_way_is_told_with_the_overdue(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], repaid("300.00", "processing")).facts})
    told = "\n".join(reply.text for reply in talk.say("installment_missing", "没有分期", topics=MISSING))
    assert "11月21日 08:30 的一笔 300.00 元还款还在处理" in told
