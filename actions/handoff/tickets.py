"""The payload for other support systems: ours, Chatwoot's API channel, and a ticket as Zendesk takes it. Data only; nothing is sent from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actions.core.handoff import TicketFormat
from actions.handoff.payload import Payload
from actions.handoff.rendering import as_markdown
from actions.knowledge.model import Knowledge

_CHATWOOT_ROLES = {"user": "incoming", "bot": "outgoing", "agent": "outgoing", "system": "outgoing"}
_LABEL_LENGTH = 40


def as_chatwoot(payload: Payload, state: dict[str, str], knowledge: Knowledge) -> dict[str, Any]:
    """The bodies of Chatwoot's application API, in the order in which they are posted below ``/api/v1/accounts/{account}``.

    The caller fills in the inbox and contact of its installation, and puts the id that the first call returns into the paths of the others.
    """
    messages: list[dict[str, Any]] = [
        {"content": line.text, "message_type": _CHATWOOT_ROLES[line.role], "private": False, "content_attributes": {"number": line.number}}
        for line in payload.transcript
    ]
    note = {"content": as_markdown(payload, state, knowledge), "message_type": "outgoing", "private": True}
    conversation = {
        "source_id": payload.conversation.reference,
        "status": "open",
        "custom_attributes": {
            "handoff_id": payload.id,
            "reason": payload.reason.code,
            "queue": state["queue"],
            "cause": payload.recommended.cause,
            "order": payload.order.id if payload.order else None,
            "bill": payload.bill.id if payload.bill else None,
            "schema": payload.schema_,
        },
    }
    return {
        "conversation": conversation,
        "messages": [*messages, note],
        "labels": {"labels": _tags(payload, state)},
        "status": {"status": "open"},
        "priority": {"priority": {"normal": "medium"}.get(state["priority"], state["priority"])},
    }


def as_zendesk(payload: Payload, state: dict[str, str], knowledge: Knowledge) -> dict[str, Any]:
    """One ticket, as ``POST /api/v2/tickets.json`` takes it; ``external_id`` finds it again."""
    return {
        "ticket": {
            "external_id": payload.id,
            "subject": payload.summary.headline,
            "comment": {"body": as_markdown(payload, state, knowledge), "public": False},
            "priority": state["priority"],
            "status": "new",
            "type": "problem",
            "tags": _tags(payload, state),
            "requester": {"name": payload.customer.display, "external_id": payload.customer.reference},
            "metadata": {"schema": payload.schema_, "conversation": payload.conversation.reference},
        }
    }


def _tags(payload: Payload, state: dict[str, str]) -> list[str]:
    causes = [cause.id for cause in payload.diagnosis.causes]
    return [tag[:_LABEL_LENGTH] for tag in dict.fromkeys(["baitiao", payload.reason.code, state["queue"], state["priority"], *causes])]


RENDERERS: Mapping[TicketFormat, Callable[[Payload, dict[str, str], Knowledge], dict[str, Any]]] = {
    "handoff": lambda payload, state, _knowledge: {"handoff": payload.to_data(), "state": state},
    "chatwoot": as_chatwoot,
    "zendesk": as_zendesk,
}
"""What is sent in each format."""
