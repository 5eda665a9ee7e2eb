"""A diagnosis as message data: every cause with its evidence, and what a list of them beside the talk shows."""

from __future__ import annotations

from actions.core.diagnosis import Diagnosis, Found
from actions.core.facts import Facts
from actions.core.fixers import changed_by
from actions.core.message_parts import FindingData, ShownData
from actions.core.messages import DiagnosisData
from actions.core.shown import shown_facts


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
