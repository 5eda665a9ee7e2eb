"""The shipped causes: their order, their conditions, what they show and how they read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.core.causes import NO_CAUSE_FOUND, Cause, CauseWording
from actions.core.derived import View
from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.knowledge import Knowledge, Values, fill, fill_lines
from conversations.application import project_knowledge
from tests.unit.knowledge.holding import CAP, EXCLUDED_CATEGORY, HOLDS, policy
from tests.unit.knowledge.worlds import line, snapshot

LOCALE = project_knowledge().locale

WALKABLE = {
    "other_account", "not_activated", "activation_rejected", "closed_by_user", "self_locked", "overdue", "other_product_overdue", "realname_unverified",
    "id_document_expired", "profile_incomplete", "phone_unbound", "bank_card_unusable", "payment_password_locked", "agreement_outdated",
    "app_outdated", "channel_unsupported", "mixed_cart", "limit_insufficient", "bill_past_due", "enterprise_account", NO_CAUSE_FOUND,
}  # fmt: skip

FIXED_BY = {
    "time": {
        "incident_outage", "incident_degraded", "maintenance_window", "activation_reviewing", "restoration_pending", "bill_not_issued",
        "presale_deposit",
    },
    "merchant": {"merchant_not_enrolled", "merchant_paused", "merchant_contract_expired"},
    "platform": {
        "closed_by_system", "risk_blocked", "merchant_integration_error", "merchant_risk_blocked", "transaction_declined",
        "installment_not_eligible",
    },
    "nobody": {
        "age_restricted", "student_restricted", "id_document_unsupported", "order_already_paid", "bill_settled", "bill_already_split",
        "bill_amount_below_minimum", "amount_below_minimum", "interest_free_ended", "temporary_limit_expired", "region_restricted",
        "policy_adjusted",
    },
}  # fmt: skip
LIMITS = {"incident_degraded", "down_payment_required", "tenors_limited", "interest_free_ended"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return project_knowledge()


def found(facts: Facts) -> tuple[str, ...]:
    return diagnose(facts, project_knowledge().causes.values()).cause_ids


def contract(knowledge: Knowledge) -> list[Cause]:
    """The causes the contract names; others may be added without touching a test."""
    return [cause for cause in knowledge.causes.values() if cause.id in HOLDS or cause.id == NO_CAUSE_FOUND]


def test_every_cause_of_the_contract_is_there_in_its_order(knowledge: Knowledge) -> None:
    known = [cause for cause in knowledge.causes if cause in HOLDS or cause == NO_CAUSE_FOUND]
    assert known == [*HOLDS, NO_CAUSE_FOUND]


@pytest.mark.parametrize("cause", HOLDS)
def test_a_cause_is_found_alone_where_it_alone_holds(cause: str) -> None:
    assert found(HOLDS[cause][0]) == (cause,)


@pytest.mark.parametrize("cause", HOLDS)
def test_nothing_is_found_in_a_near_miss(cause: str) -> None:
    assert found(HOLDS[cause][1]) == ()


@pytest.mark.parametrize("subject", ["order", "bill", "account"])
def test_a_healthy_snapshot_has_no_cause(subject: str) -> None:
    assert found(snapshot(subject=subject)) == ()


@pytest.mark.parametrize(
    "facts, expected",
    [
        pytest.param(
            snapshot(lines=[line(category=EXCLUDED_CATEGORY), line("9.00", sku="2", promotion_excluded=True)]),
            ("category_excluded", "promotion_excluded"),
            id="two lines excluded for different reasons",
        ),
        pytest.param(
            snapshot(lines=[line(category=EXCLUDED_CATEGORY), line("9.00", sku="2", installment="full_payment")]),
            ("mixed_cart", "full_payment_required"),
            id="full payment does not exclude a line",
        ),
        pytest.param(
            snapshot(lines=[line(category=EXCLUDED_CATEGORY, installment="excluded", promotion_excluded=True), line("9.00", sku="2")]),
            ("mixed_cart",),
            id="a mixed cart is reported alone of the four",
        ),
        pytest.param(snapshot(policies=[{"kind": "max_amount", "amount": "5198.99"}]), ("amount_above_maximum",), id="one order too large"),
        pytest.param(
            snapshot(policies=[{"kind": "max_amount", "amount": "5000.00"}, {**CAP, "amount": "10.00", "category": "c-other"}]),
            ("amount_above_maximum",),
            id="a cap of another category says nothing",
        ),
        pytest.param(
            snapshot(baitiao={"credit_limit": "1.00", "temporary_limit": {"amount": "5000.00", "expires_on": "2026-11-01"}}),
            ("limit_insufficient",),
            id="an expired temporary limit that would not have been enough",
        ),
        pytest.param(
            snapshot(user={"birth_date": "1965-11-22"}, policies=policy("age", min=18, max=60)),
            ("age_restricted",),
            id="above the age range",
        ),
        pytest.param(snapshot(user={"birth_date": "1965-11-23"}, policies=policy("age", min=None, max=60)), (), id="ages are inclusive"),
        pytest.param(
            snapshot(lines=[line(interest_free={"tenors": [3], "until": None})]), (), id="an interest-free offer without an end is not over"
        ),
        pytest.param(
            snapshot(order={"status": "paid"}, baitiao={"status": "closed_by_system"}),
            ("closed_by_system", "order_already_paid"),
            id="causes are independent, also on a paid order",
        ),
        pytest.param(
            snapshot(baitiao={"status": "suspended", "overdue": "5.00", "risk_block": "risk"}),
            ("overdue", "risk_blocked"),
            id="restoration is pending only once the overdue amount is paid",
        ),
        pytest.param(
            snapshot(subject="bill", bill={"status": "settled", "tenor": 3, "due_on": "2026-11-01"}),
            ("bill_settled", "bill_already_split"),
            id="a settled bill is not past due",
        ),
        pytest.param(
            snapshot(subject="account", baitiao={"credit_limit": 0}, order={"status": "paid"}), (), id="order causes need an order"
        ),
        pytest.param(
            snapshot(subject="bill", user={"phone_bound": False}, policies=policy("region", regions=["广东"])),
            ("phone_unbound", "region_restricted"),
            id="account and region causes hold for a bill too",
        ),
        pytest.param(snapshot(subject="bill", policies=policy("min_amount", amount="9999.00")), (), id="order policies need an order"),
        pytest.param(
            snapshot(policies=policy("region", regions=["广东"], effective_to="2026-11-21")), (), id="a policy that is no longer in force"
        ),
    ],
)
def test_causes_together(facts: Facts, expected: tuple[str, ...]) -> None:
    assert found(facts) == expected


def test_kinds_and_who_fixes_follow_the_contract(knowledge: Knowledge) -> None:
    for cause in contract(knowledge):
        expected = next((fixer for fixer, causes in FIXED_BY.items() if cause.id in causes), "user")
        assert (cause.id, cause.fixed_by) == (cause.id, expected)
        assert (cause.id, cause.kind) == (cause.id, "limit" if cause.id in LIMITS else "block")


def test_positions_leave_room_for_new_causes(knowledge: Knowledge) -> None:
    positions = [knowledge.causes[name].position for name in HOLDS]
    assert all(later - earlier >= 5 for earlier, later in zip(positions, positions[1:]))


def test_exactly_the_causes_customers_can_remove_have_steps(knowledge: Knowledge) -> None:
    assert {cause.id for cause in contract(knowledge) if cause.steps} == WALKABLE
    # A cause may have steps that belong to one state each: what counts are those a customer sees.
    for facts, _ in HOLDS.values():
        shown = [found.cause for found in diagnose(facts, knowledge.causes.values()).found]
        assert [(cause.id, len(cause.steps)) for cause in shown if not (cause.id in WALKABLE) <= len(cause.steps) <= 3] == []


def test_a_non_credit_payment_is_the_first_alternative_of_order_causes(knowledge: Knowledge) -> None:
    for cause in contract(knowledge):
        if cause.when is not None and cause.subjects == {"order"}:
            expected = "repay_in_app" if cause.id == "order_already_paid" else "pay_by_card"
            assert (cause.id, cause.alternatives[0]) == (cause.id, expected)


def test_every_cause_but_the_internal_one_shows_evidence(knowledge: Knowledge) -> None:
    for name, (facts, _) in HOLDS.items():
        evidence = diagnose(facts, [knowledge.causes[name]]).found[0].evidence
        assert (name, bool(evidence)) == (name, name != "risk_blocked")
        assert all(fact.value is not None or name in ("merchant_paused", "limit_insufficient") for fact in evidence), name


def test_the_class_of_a_risk_block_is_shown_nowhere() -> None:
    shown = str(diagnose(snapshot(baitiao={"risk_block": "cashout"}), project_knowledge().causes.values()).to_data())
    assert "cashout" not in shown


def said(cause: Cause, facts: Facts) -> Iterator[str]:
    holding = cause.condition.holds(View(facts))
    assert holding
    values = Values(facts, holding.matches)
    cause = cause.worded_for(View(facts))
    yield from fill_lines(cause.explanation, values, LOCALE)
    yield fill(cause.summary, values, LOCALE)
    for step in cause.steps:
        yield fill(step.text, values, LOCALE)
        yield fill(step.hint, values, LOCALE)
    for text in (cause.still, cause.cannot_fix, cause.wait.text if cause.wait else None):
        if text is not None:
            yield fill(text, values, LOCALE)


@pytest.mark.parametrize("name", HOLDS)
def test_every_text_can_be_said_where_the_cause_holds(name: str) -> None:
    texts = list(said(project_knowledge().causes[name], HOLDS[name][0]))
    assert all(texts), texts
    assert not [text for text in texts if "{" in text or "None" in text]


def test_a_secured_account_without_limit_is_told_so() -> None:
    facts = snapshot(baitiao={"credit_limit": 0, "secured": True})
    explanation = project_knowledge().causes["limit_zero"].worded_for(View(facts)).explanation
    assert "担保" in explanation[0]
    assert found(facts) == ("limit_zero",)


@pytest.mark.parametrize(
    "cause, queue, at_once, on_objection",
    [
        ("account_compromised", "risk", True, False),
        ("merchant_contract_expired", "merchant", True, False),
        ("merchant_integration_error", "technical", True, False),
        ("risk_blocked", "risk", False, True),
        ("transaction_declined", "risk", False, True),
        ("installment_not_eligible", "credit", False, True),
        ("credit_review_failed", "credit", False, True),
        ("overdue", "general", False, False),
    ],
)
def test_when_a_cause_is_handed_to_a_person(knowledge: Knowledge, cause: str, queue: str, at_once: bool, on_objection: bool) -> None:
    rule = knowledge.causes[cause].handoff
    assert (rule.queue, rule.at_once, rule.on_objection) == (queue, at_once, on_objection)


@pytest.mark.parametrize("cleared, due", [("2026-11-22T08:00:00+08:00", True), ("2026-11-22T08:00:01+08:00", False), (None, False)])
def test_a_restoration_that_is_due_is_handed_over(knowledge: Knowledge, cleared: object, due: bool) -> None:
    facts = snapshot(baitiao={"status": "suspended", "overdue_cleared_at": cleared}, policies=policy("restoration_wait", hours=2))
    rule = knowledge.causes["restoration_pending"].handoff
    assert bool(rule.when.holds(View(facts))) is due  # type: ignore[union-attr]


def test_a_wording_answers_questions_in_place_of_the_cause() -> None:
    cause = project_knowledge().causes["overdue"]
    special = cause.copy(update={"wordings": (CauseWording(when={"fact": "phone_bound", "equals": True}, aspects={"why": ("x",)}),)})
    for bound in (True, False):
        worded = special.worded_for(View(snapshot(user={"phone_bound": bound})))
        assert (worded.aspects["why"] == ("x",)) == bound
        assert worded.aspects["how_long"] == cause.aspects["how_long"]
