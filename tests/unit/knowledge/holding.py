"""For every cause a snapshot in which it alone holds, and a near miss in which nothing does."""

from __future__ import annotations

from actions.core.facts import Facts
from tests.unit.knowledge.worlds import line, snapshot

EXCLUDED_CATEGORY = {"id": "c-gold", "name": "黄金", "installment": "excluded"}
CAP = {"kind": "monthly_cap", "amount": "6000.00", "category": "c-phone"}
BILL_MINIMUM = {"kind": "bill_min_amount", "amount": "100.00"}


def policy(kind: str, **fields: object) -> list[dict[str, object]]:
    """The one policy of a snapshot."""
    return [{"kind": kind, **fields}]


HOLDS: dict[str, tuple[Facts, Facts]] = {
    "account_compromised": (snapshot(user={"security_alert": True}), snapshot(user={"security_alert": False})),
    "incident_outage": (
        snapshot(incidents=[{"component": "credit", "severity": "outage"}]),
        snapshot(incidents=[{"component": "credit", "severity": "outage", "resolved_at": "2026-11-22T10:00:00+08:00"}]),
    ),
    "incident_degraded": (
        snapshot(incidents=[{"component": "checkout", "severity": "degraded"}]),
        snapshot(incidents=[{"component": "checkout", "severity": "degraded", "started_at": "2026-11-22T10:00:01+08:00"}]),
    ),
    "maintenance_window": (
        snapshot(maintenance=[{"starts_at": "2026-11-22T10:00:00+08:00", "ends_at": "2026-11-22T11:00:00+08:00"}]),
        snapshot(maintenance=[{"starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-22T10:00:00+08:00"}]),
    ),
    "other_account": (snapshot(baitiao={"status": "not_activated", "bound_elsewhere": True}), snapshot()),
    "not_activated": (snapshot(baitiao={"status": "not_activated"}), snapshot(baitiao={"status": "active"})),
    "activation_reviewing": (snapshot(baitiao={"status": "reviewing"}), snapshot()),
    "activation_rejected": (snapshot(baitiao={"status": "rejected"}), snapshot(baitiao={"retry_after": "2026-12-01"})),
    "closed_by_user": (snapshot(baitiao={"status": "closed_by_user"}), snapshot()),
    "closed_by_system": (snapshot(baitiao={"status": "closed_by_system"}), snapshot()),
    "self_locked": (snapshot(baitiao={"status": "self_locked"}), snapshot()),
    "overdue": (snapshot(baitiao={"status": "suspended", "overdue": "0.01"}), snapshot(baitiao={"overdue": "0.00"})),
    "other_product_overdue": (snapshot(baitiao={"other_overdue": "0.01"}), snapshot(baitiao={"other_overdue": 0})),
    "restoration_pending": (snapshot(baitiao={"status": "suspended"}), snapshot(baitiao={"overdue_cleared_at": "2026-11-21"})),
    "risk_blocked": (snapshot(baitiao={"risk_block": "cashout"}), snapshot(baitiao={"risk_block": "none"})),
    "enterprise_account": (snapshot(user={"account_type": "enterprise"}), snapshot(user={"account_type": "personal"})),
    "age_restricted": (
        snapshot(user={"birth_date": "2008-11-23"}, policies=policy("age", min=18, max=60)),
        snapshot(user={"birth_date": "2008-11-22"}, policies=policy("age", min=18, max=None)),
    ),
    "student_restricted": (snapshot(user={"is_student": True}, policies=policy("student")), snapshot(user={"is_student": True})),
    "id_document_unsupported": (
        snapshot(user={"id_document": {"type": "temporary"}}, policies=policy("id_document", types=["mainland"])),
        snapshot(user={"id_document": {"type": "temporary"}}, policies=policy("id_document", types=["mainland", "temporary"])),
    ),
    "realname_unverified": (snapshot(user={"realname": "pending"}), snapshot(user={"realname": "verified"})),
    "id_document_expired": (
        snapshot(user={"id_document": {"expires_on": "2026-11-21"}}),
        snapshot(user={"id_document": {"expires_on": "2026-11-22"}}),
    ),
    "profile_incomplete": (snapshot(user={"profile_complete": False}), snapshot(user={"profile_complete": True})),
    "phone_unbound": (snapshot(user={"phone_bound": False}), snapshot(user={"phone_bound": True})),
    "bank_card_unusable": (snapshot(user={"bank_card": "expired"}), snapshot(user={"bank_card": "ok"})),
    "payment_password_locked": (
        snapshot(user={"payment_password_locked_until": "2026-11-22T10:00:01+08:00"}),
        snapshot(user={"payment_password_locked_until": "2026-11-22T10:00:00+08:00"}),
    ),
    "agreement_outdated": (
        snapshot(baitiao={"agreement_version": 2}, policies=policy("agreement", version=3)),
        snapshot(baitiao={"agreement_version": 3}, policies=policy("agreement", version=3)),
    ),
    "app_outdated": (
        snapshot(user={"app_version": "13.2.0"}, policies=policy("app_version", minimum="13.10")),
        snapshot(user={"app_version": "13.2"}, policies=policy("app_version", minimum="13.2.0")),
    ),
    "channel_unsupported": (
        snapshot(order={"channel": "wechat"}, policies=policy("channel", allowed=["app", "web"])),
        snapshot(order={"channel": "web"}, policies=policy("channel", allowed=["app", "web"])),
    ),
    "order_already_paid": (snapshot(order={"status": "paid"}), snapshot(order={"status": "cart"})),
    "bill_not_issued": (snapshot(subject="bill", bill={"status": "open", "issued_on": "2026-12-10"}), snapshot(subject="bill")),
    "bill_settled": (snapshot(subject="bill", bill={"status": "settled"}), snapshot(subject="bill")),
    "bill_past_due": (
        snapshot(subject="bill", bill={"due_on": "2026-11-21"}),
        snapshot(subject="bill", bill={"due_on": "2026-11-22"}),
    ),
    "bill_already_split": (snapshot(subject="bill", bill={"tenor": 6}), snapshot(subject="bill", bill={"tenor": None})),
    "bill_amount_below_minimum": (
        snapshot(subject="bill", bill={"amount": "111.11"}, policies=[BILL_MINIMUM, *policy("bill_max_ratio", ratio="0.9")]),
        snapshot(subject="bill", bill={"amount": "111.12"}, policies=[BILL_MINIMUM, *policy("bill_max_ratio", ratio="0.9")]),
    ),
    "category_excluded": (snapshot(lines=[line(category=EXCLUDED_CATEGORY)]), snapshot(lines=[line(category={"name": "黄金"})])),
    "item_excluded": (snapshot(lines=[line(installment="excluded")]), snapshot(lines=[line(installment="allowed")])),
    "promotion_excluded": (snapshot(lines=[line(promotion_excluded=True)]), snapshot(lines=[line(promotion_excluded=False)])),
    "mixed_cart": (
        snapshot(lines=[line("999.00"), line("100.00", sku="2", installment="excluded")]),
        snapshot(lines=[line("999.00"), line("100.00", sku="2")]),
    ),
    "full_payment_required": (snapshot(lines=[line(), line("10.00", sku="2", installment="full_payment")]), snapshot()),
    "down_payment_required": (snapshot(lines=[line(min_down_payment="0.3")]), snapshot(lines=[line(min_down_payment=0)])),
    "presale_deposit": (snapshot(lines=[line(presale="deposit")]), snapshot(lines=[line(presale="balance")])),
    "amount_below_minimum": (
        snapshot(lines=[line("49.99", quantity=2)], policies=policy("min_amount", amount="100.00")),
        snapshot(lines=[line("50.00", quantity=2)], policies=policy("min_amount", amount="100.00")),
    ),
    "amount_above_maximum": (
        snapshot(baitiao={"monthly_spent": {"c-phone": "801.01"}}, policies=[CAP]),
        snapshot(baitiao={"monthly_spent": {"c-phone": "801.00"}}, policies=[CAP]),
    ),
    "tenors_limited": (snapshot(lines=[line(tenors=[3, 6])]), snapshot(lines=[line(tenors=[24, 12, 6, 3])])),
    "interest_free_ended": (
        snapshot(lines=[line(interest_free={"tenors": [3], "until": "2026-11-21"})]),
        snapshot(lines=[line(interest_free={"tenors": [], "until": "2026-11-21"})]),
    ),
    "merchant_not_enrolled": (snapshot(lines=[line(merchant={"installment": "not_enrolled"})]), snapshot()),
    "merchant_paused": (
        snapshot(lines=[line(merchant={"installment": "paused"})]),
        snapshot(lines=[line(merchant={"installment": "paused", "paused_until": "2026-11-22T10:00:00+08:00"})]),
    ),
    "merchant_contract_expired": (snapshot(lines=[line(merchant={"contract": "expired"})]), snapshot()),
    "merchant_integration_error": (snapshot(lines=[line(merchant={"integration": "error"})]), snapshot()),
    "merchant_risk_blocked": (snapshot(lines=[line(merchant={"risk_block": True})]), snapshot()),
    "transaction_declined": (snapshot(order={"risk_decision": "decline"}), snapshot(order={"risk_decision": "approve"})),
    "limit_insufficient": (snapshot(baitiao={"credit_limit": "5198.99"}), snapshot(baitiao={"credit_limit": "5199.00"})),
    "temporary_limit_expired": (
        snapshot(baitiao={"credit_limit": "5000.00", "temporary_limit": {"amount": "199.00", "expires_on": "2026-11-21"}}),
        snapshot(baitiao={"credit_limit": "5000.00", "temporary_limit": {"amount": "199.00", "expires_on": "2026-11-22"}}),
    ),
    "limit_zero": (
        snapshot(baitiao={"credit_limit": 0, "temporary_limit": {"amount": "9999.00", "expires_on": "2026-11-21"}}),
        snapshot(baitiao={"credit_limit": 0, "temporary_limit": {"amount": "9999.00", "expires_on": "2026-11-22"}}),
    ),
    "installment_not_eligible": (snapshot(baitiao={"installment_eligible": False}), snapshot()),
    "credit_review_failed": (snapshot(baitiao={"credit_review": "fail"}), snapshot(baitiao={"credit_review": "pass"})),
    "region_restricted": (
        snapshot(policies=policy("region", regions=["广东", "广西"])),
        snapshot(policies=policy("region", regions=["广西"])),
    ),
    "policy_adjusted": (
        snapshot(policies=policy("adjustment", regions=["广东"], notice="规则调整")),
        snapshot(policies=policy("adjustment", regions=[], notice="规则调整")),
    ),
}
"""By cause id, in the order of diagnosis."""
