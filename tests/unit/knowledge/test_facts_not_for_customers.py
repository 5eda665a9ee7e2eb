"""What customers must never see of what is known about them, whatever facts.yml and the causes come to say."""

from __future__ import annotations

from actions.core.names import path_of, world_names
from conversations.application import project_knowledge

NEVER = {
    "baitiao.credit_review",
    "baitiao.installment_eligible",
    "baitiao.monthly_spent",
    "baitiao.risk_block",
    "birth_date",
    "merchants.risk_block",
    "orders.lines",
    "policies.allowed",
    "policies.kind",
    "policies.ratio",
    "policies.types",
}


def test_what_is_not_for_customers_has_no_name_for_them_even_as_evidence() -> None:
    facts = {path_of(name): name for name in world_names()}
    assert facts.keys() >= NEVER
    assert project_knowledge().facts.names_for_customers(facts.values()).keys() & NEVER == set()
