"""The payload ``handoff/1``: everything a person needs to take a case over, and nothing they must not see.

Published as JSON Schema in ``docs/schemas/handoff-1.json``, which ``make generate`` writes. Fields may be added; a change of meaning is
a new version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from actions.core import handoff
from actions.core.case import Result
from actions.core.causes import CauseKind
from actions.core.subject import SubjectKind
from actions.handoff.blocks import PayloadBlock
from actions.handoff.claims_made import ClaimMade

SCHEMA = "handoff/1"


LONGEST_TRANSCRIPT = 400
"""Stored messages that are handed over: several times what an agent reads, and what a turn masks again without delay."""


class Conversation(PayloadBlock):
    """The conversation that is handed over."""

    reference: str = Field(..., description="Pseudonymous; the same for the customer's whole history.")
    channel: Literal["widget"] = "widget"
    started_at: str
    messages: int = Field(..., description=f"Messages of the conversation; the transcript holds the latest {LONGEST_TRANSCRIPT}.")


class Customer(PayloadBlock):
    """Who it is, as far as an agent may know."""

    reference: str = Field(..., description="Pseudonymous and random; it leads back to the customer only inside the assistant.")
    display: str = Field(..., description="The name with all but its first character masked.")
    region: str
    authenticated_by: Literal["token"] = Field(default="token", description="A token signed by the shop's login service.")


class Reason(PayloadBlock):
    """Why a person is needed."""

    code: str
    title: str
    words: str = Field(..., description="The customer's own words in the message that led here, masked.")


class Priority(PayloadBlock):
    """How urgent it was when it was handed over."""

    level: handoff.Priority
    why: str


class Routing(PayloadBlock):
    """Whose it is."""

    queue: str
    title: str
    skills: list[str]


class Summary(PayloadBlock):
    """The case in words, made from templates."""

    headline: str
    situation: list[str]
    asked_for: list[str]
    already_told: list[str]
    open_questions: list[str]


class Evidence(PayloadBlock):
    """A fact that proves a cause."""

    fact: str = Field(..., description="Dotted world path.")
    label: str
    value: Any
    source: str
    read_at: str


class FoundCause(PayloadBlock):
    """A cause that holds."""

    id: str
    title: str
    kind: CauseKind
    fixed_by: str
    evidence: list[Evidence]


class Diagnosis(PayloadBlock):
    """The state read at the moment of handing over."""

    subject: SubjectKind
    read_at: str
    causes: list[FoundCause]


class RuledOut(PayloadBlock):
    """A cause that was looked at and does not hold."""

    id: str
    title: str


class StepTried(PayloadBlock):
    """One thing the customer tried, with what the state said before and after."""

    cause: str
    title: str
    step: int
    text: str | None
    result: Result
    at: str = Field(..., description="Real time, not the facts' clock.")
    before: dict[str, Any]
    after: dict[str, Any]


class OrderLine(PayloadBlock):
    """An order line."""

    title: str
    category: str
    merchant: str
    quantity: int
    price: float


class Order(PayloadBlock):
    """The order on which installments are missing."""

    id: str
    status: str
    channel: str
    amount: float
    lines: list[OrderLine]


class Bill(PayloadBlock):
    """The bill that cannot be split."""

    id: str
    month: str
    status: str
    amount: float
    in_installments: float


class Plan(PayloadBlock):
    """A tenor with its cost, were nothing in the way."""

    tenor: int
    per_period: float
    fee_total: float
    total: float
    apr: float


class Incident(PayloadBlock):
    """An incident or maintenance window that is open now."""

    id: str
    kind: Literal["incident", "maintenance"]
    component: str
    severity: str | None
    since: str
    until: str | None


class Recommended(PayloadBlock):
    """The next action, and what it rests on."""

    action: str
    cause: str | None
    knowledge: list[str] = Field(..., description="Files of the knowledge base.")
    brief: list[str] = Field(..., description="Sections of docs/research.md.")


class RaisedLater(PayloadBlock):
    """A further reason for which a person is needed, given after the handover; only in a case as it stands, never in what is stored."""

    code: str
    title: str = ""
    at: str
    words: str | None = Field(..., description="The customer's own words in the message that gave it, masked.")


class Before(PayloadBlock):
    """How a case read when it was handed over, where a stronger reason has come since."""

    headline: str
    action: str
    why: str


class Line(PayloadBlock):
    """One message of the masked transcript."""

    number: int
    at: str | None = Field(..., description="None for messages of the turn that hands over.")
    role: Literal["user", "bot", "agent", "system"]
    text: str
    intent: str | None
    confidence: float | None
    buttons: list[str]
    action: str | None = Field(..., description="The action behind the bot's message.")


class Privacy(PayloadBlock):
    """What was done to protect the customer."""

    masking_rules: int = Field(..., description="Version of the masking rules.")
    retention_days: int = Field(..., description="Days after closing until this is deleted.")


class Resume(PayloadBlock):
    """Where the assistant can go on when it gets the case back."""

    phase: str
    cause: str | None
    step: int | None
    order: str | None
    bill: str | None
    text: str


class Payload(PayloadBlock):
    """A handoff, version 1."""

    schema_: Literal["handoff/1"] = Field(default=SCHEMA, alias="schema")
    id: str
    created_at: str
    conversation: Conversation
    customer: Customer
    reason: Reason
    priority: Priority
    routing: Routing
    summary: Summary
    diagnosis: Diagnosis
    ruled_out: list[RuledOut]
    steps_tried: list[StepTried]
    order: Order | None
    bill: Bill | None
    plans: list[Plan]
    incidents: list[Incident]
    recommended: Recommended
    do_not_ask: list[str]
    transcript: list[Line]
    privacy: Privacy
    resume: Resume
    do_not: list[str] = Field(default_factory=list, description="What must not be done in a case of this kind.")
    raised: list[RaisedLater] = Field(default_factory=list, description="Reasons that came after the handover.")
    before: Before | None = None
    claims: list[ClaimMade] = Field(default_factory=list, description="What the customer said against the record, the main one first.")

    class Config(PayloadBlock.Config):
        title = SCHEMA

    def to_data(self) -> dict[str, Any]:
        """Plain JSON, as it is stored and delivered."""
        return self.dict(by_alias=True)


class OldPayload(ValueError):
    """A payload stored before ``handoff/1``; only its JSON can be shown."""


def read_payload(data: Mapping[str, Any]) -> Payload:
    """A stored payload.

    Raises:
        OldPayload: it was stored by an earlier version.
    """
    if data.get("schema") != SCHEMA:
        raise OldPayload("this handoff was stored before handoff/1; --format json shows what there is")
    return Payload.parse_obj(data)


def schema_text() -> str:
    """The published JSON Schema."""
    return json.dumps(Payload.schema(by_alias=True), ensure_ascii=False, indent=2) + "\n"
