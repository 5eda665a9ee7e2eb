"""The intents: what a text can want, in the three groups that are treated alike."""

from __future__ import annotations

from typing import Tuple

COMPLAINTS: Tuple[str, ...] = (
    "installment_missing",
    "item_restricted",
    "merchant_restricted",
    "terms_missing",
    "bill_installment_missing",
    "limit_insufficient",
    "baitiao_unusable",
    "service_error",
    "account_restricted",
    "activation",
    "verification",
    "credit_declined",
    "policy_restricted",
)
"""Lead to a diagnosis."""

QUESTIONS: Tuple[str, ...] = (
    "faq_how_to",
    "faq_fee",
    "faq_early_repayment",
    "faq_refund",
    "faq_repayment",
    "faq_limit_increase",
    "faq_cancel_or_change",
    "faq_credit_impact",
    "plan_quote",
)
"""Lead to an answer."""

DIALOGUE_ACTS: Tuple[str, ...] = (
    "greet",
    "goodbye",
    "thanks",
    "affirm",
    "deny",
    "step_done",
    "step_failed",
    "cannot_find",
    "repeat",
    "restart",
    "bot_challenge",
    "fraud_suspected",
    "complaint_angry",
)
"""Are about the talk itself, or go to a person at once."""

OUT_OF_SCOPE = "out_of_scope"
REQUEST_HUMAN = "request_human"
INTENTS: Tuple[str, ...] = COMPLAINTS + QUESTIONS + (REQUEST_HUMAN, OUT_OF_SCOPE) + DIALOGUE_ACTS
