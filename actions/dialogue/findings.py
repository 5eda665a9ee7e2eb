"""What a diagnosis is about and what it found: as message data, every cause with its evidence, and as what a list beside the talk shows."""

from __future__ import annotations

from typing import Any

from actions.core.amounts import order_amount
from actions.core.diagnosis import Diagnosis, Found
from actions.core.facts import Facts
from actions.core.fixers import changed_by
from actions.core.message_parts import FindingData, ShownData
from actions.core.messages import DiagnosisData
from actions.core.shown import shown_facts
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase


def diagnosis_data(diagnosis: Diagnosis, text: str = "", short: str = "") -> DiagnosisData:
    """The data of the message that tells a diagnosis.

    Args:
        text: what it says.
        short: the same without the causes that a list shows.
    """
    findings = [finding(found, diagnosis.facts) for found in diagnosis.found]
    return DiagnosisData(**diagnosis.to_data(), findings=findings, short=short if short and short != text else None)


def finding(found: Found, facts: Facts) -> FindingData:
    """What a list of causes shows of one."""
    shown = [ShownData(fact=each.fact, value=each.value) for each in shown_facts(found, facts)]
    return FindingData(cause=found.cause.id, by=changed_by(found, facts), shown=shown)


def subject_phrase(facts: Facts) -> tuple[Phrase, dict[str, Any]]:
    """What customers call the subject of a snapshot: the sentence, and its values."""
    if facts.bill is not None:
        return phrases.SUBJECT_BILL, {"month": int(facts.bill.month[-2:])}
    if facts.order is None:
        return phrases.SUBJECT_ACCOUNT, {}
    if not facts.lines or not facts.lines[0].item.title:
        return phrases.SUBJECT_EMPTY_ORDER, {}
    item, amount = facts.lines[0].item.title, order_amount(facts)
    if len(facts.lines) == 1:
        return phrases.SUBJECT_ORDER, {"item": item, "amount": amount}
    return phrases.SUBJECT_ORDER_OF_SEVERAL, {"item": item, "count": len(facts.lines), "amount": amount}
