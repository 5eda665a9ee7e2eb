"""What a customer is told at the end of an incident: their state is diagnosed anew, and it decides which of three texts is true."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from actions.core.causes import Cause
from actions.core.conditions import facts_in
from actions.core.derived import scope_of
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts
from actions.core.fixers import changed_by
from actions.core.messages import CheckData
from actions.core.moments import Moment, is_over
from actions.core.platform import Incident
from actions.core.record import to_file
from actions.core.turn import Button
from actions.dialogue.buttons import Buttons
from actions.dialogue.findings import subject_phrase
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.state.conversations import MessageDraft

NOTICE = "recovery_notice"
"""The action of a message that tells the end of a wait."""
UPDATE = "incident_update"
"""The action of a message that tells what has changed while a wait goes on."""

Left = Literal["clear", "other", "late"]
"""What is left for the customer: nothing, something else that blocks, or an order that has expired meanwhile."""


@dataclass(frozen=True)
class IncidentEnd:
    """What an incident's end means for one customer and subject."""

    left: Left
    diagnosis: Diagnosis
    expired: Moment | None


def incident_causes(knowledge: Knowledge) -> dict[str, Cause]:
    """The causes that come of incidents, by id."""
    return {cause.id: cause for cause in knowledge.causes.values() if cause.when is not None and _is_of_incident(facts_in(cause.when))}


def _is_of_incident(names: Iterable[str]) -> bool:
    return any(scope_of(name) == "incident" for name in names)


def scope_word(incident: Incident) -> str:
    """A word that changes with what decides whom an incident holds for, and how."""
    told = [incident.component, incident.severity, to_file(incident.affects)]
    return hashlib.blake2s(json.dumps(told, sort_keys=True).encode(), digest_size=8).hexdigest()


def holding(facts: Facts, causes: Iterable[Cause]) -> dict[str, str]:
    """The incidents that hold for a customer and subject, by id, each with the cause that comes of it."""
    known, found = list(causes), {}
    for incident in facts.open_incidents:
        first = diagnose(replace(facts, incidents=(incident,)), known).first
        if first is not None:
            found[incident.id] = first.cause.id
    return found


def end_for(facts: Facts, knowledge: Knowledge) -> IncidentEnd:
    """What is left for a customer whose incident is over."""
    diagnosis, order = diagnose(facts, knowledge.causes.values()), facts.order
    if order is not None and order.status == "unpaid" and order.pay_before is not None and is_over(order.pay_before, facts.now):
        return IncidentEnd("late", diagnosis, order.pay_before)
    return IncidentEnd("other" if diagnosis.blocks else "clear", diagnosis, None)


def end_message(knowledge: Knowledge, end: IncidentEnd, cause: str, withdrawn: bool, first: bool) -> MessageDraft:
    """The text that is true, with what can be done next as buttons.

    Args:
        cause: the one that was waited for.
        withdrawn: the incident turned out not to have been one.
        first: nothing was said in the conversation before.
    """
    facts = end.diagnosis.facts
    titles = knowledge.locale.listed(found.cause.title for found in end.diagnosis.blocks)
    moment = knowledge.locale.moment(end.expired, facts.now) if end.expired is not None else None
    phrase = (phrases.WITHDRAWN if withdrawn else phrases.RECOVERED_FROM)[end.left]
    text = knowledge.phrases.texts(phrase, subject=subject_text(knowledge, facts), left=titles, pay_before=moment)[0]
    buttons = [button.to_json() for button in _buttons(knowledge, end, first)]
    data = CheckData(cause=cause, passed=True, blocked=end.left != "clear").to_data()
    return MessageDraft(role="bot", text=text, buttons=buttons, data=data, action=NOTICE)


def subject_text(knowledge: Knowledge, facts: Facts) -> str:
    """What the customer calls the subject of a snapshot."""
    phrase, values = subject_phrase(facts)
    text: str = knowledge.phrases.texts(phrase, **values)[0]
    return text


def _buttons(knowledge: Knowledge, end: IncidentEnd, first: bool) -> tuple[Button, ...]:
    buttons, facts = Buttons(knowledge), end.diagnosis.facts
    if end.left == "late":
        return buttons.expired()
    startable = end.left == "other" and any(changed_by(found, facts) == "user" for found in end.diagnosis.blocks)
    return buttons.recovered(startable, facts.subject.order if first else None)
