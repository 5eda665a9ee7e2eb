"""A diagnosis as the demo's checkout page and its panel show it."""

from __future__ import annotations

from typing import Any

from actions.core.amounts import amount_to_finance, bill_amount, down_payment, line_amount, payable_amount
from actions.core.diagnosis import Diagnosis, Found
from actions.core.facts import Facts
from actions.core.money import yuan_number
from actions.core.plans import plans_for
from actions.core.record import to_file
from actions.core.views import View
from actions.knowledge.rendering import Locale, Values, fill
from bot.demo.refusals import texts
from bot.demo.remedies import choose


def shown(diagnosis: Diagnosis, locale: Locale) -> dict[str, Any]:
    """The page's state: the subject, how the installment row looks, and what the panel can play; the locale writes the causes' summaries."""
    facts = diagnosis.facts
    amount = int(bill_amount(facts) or 0) if facts.bill else amount_to_finance(facts)
    plans = () if diagnosis.blocks else plans_for(facts)
    return {
        "user": {"id": facts.user.id, "name": facts.user.name, "region": facts.user.region},
        "order": _order(facts),
        "bill": _bill(facts),
        "installment": {
            "state": _row(diagnosis) if diagnosis.blocks else "offered" if plans else "missing",
            "slow": any(scope == "incident" for found in diagnosis.limits for scope, _ in found.matches),
            "amount": yuan_number(amount),
            "plans": [plan.to_data() for plan in plans],
        },
        "causes": [_cause(found, facts, locale) for found in diagnosis.found],
        "disturbances": _disturbances(facts),
    }


def _row(diagnosis: Diagnosis) -> str:
    """How a blocked row looks: ``failed`` to load, ``greyed`` with all of 白条, or ``missing`` below a 白条 that can pay."""
    if any(scope in ("incident", "maintenance") for found in diagnosis.blocks for scope, _ in found.matches):
        return "failed"
    of_the_account = (found for found in diagnosis.blocks if not found.cause.subjects and found.cause.level in ("user", "platform"))
    return "greyed" if any(of_the_account) else "missing"


def _order(facts: Facts) -> dict[str, Any] | None:
    if facts.order is None:
        return None
    lines: list[dict[str, Any]] = [
        {
            "title": line.item.title,
            "merchant": line.merchant.name,
            "category": line.category.name,
            "quantity": line.quantity,
            "amount": yuan_number(line_amount(line)),
        }
        for line in facts.lines
    ]
    return {
        "id": facts.order.id,
        "status": facts.order.status,
        "channel": facts.order.channel,
        "lines": lines,
        "discount": yuan_number(facts.order.discount),
        "amount": yuan_number(payable_amount(facts)),
        "down_payment": yuan_number(down_payment(facts)),
    }


def _bill(facts: Facts) -> dict[str, Any] | None:
    if facts.bill is None:
        return None
    bill = facts.bill
    return {
        "id": bill.id,
        "month": bill.month,
        "amount": yuan_number(bill.amount),
        "status": bill.status,
        "issued_on": to_file(bill.issued_on),
        "due_on": to_file(bill.due_on),
        "tenor": bill.tenor,
    }


def _cause(found: Found, facts: Facts, locale: Locale) -> dict[str, Any]:
    cause = found.cause.worded_for(View(facts))
    remedy = choose(cause.id, facts)
    played = {"title": remedy.title, "by": texts()["by"][remedy.by], "stand_in": remedy.stand_in} if remedy else None
    return {
        "id": cause.id,
        "kind": cause.kind,
        "title": cause.title,
        "summary": fill(cause.summary, Values(facts, found.matches), locale) or cause.title,
        "remedy": played,
    }


def _disturbances(facts: Facts) -> list[str]:
    open_now = {incident.severity for incident in facts.open_incidents}
    return sorted(open_now | ({"maintenance"} if facts.current_maintenance else set()))
