"""The first screen of a chat: what is known before the customer has said anything, read in one look that stores nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from actions.core.case import CASE_SLOT, Case
from actions.dialogue.opening import Opening
from actions.knowledge.model import Knowledge
from bot.channel.tokens import Claims

if TYPE_CHECKING:
    from bot.channel.store import ChannelStore


def opening(store: ChannelStore, knowledge: Knowledge, claims: Claims) -> dict[str, Any]:
    """The first screen of the token's customer; blocking, call it in a thread."""
    with store.look(claims.user) as (source, tracker):
        return Opening(knowledge, source).of(claims.user, claims.order, case_in(tracker))


def case_in(tracker: str | None) -> Case:
    """The case that Rasa's working state holds."""
    events = json.loads(tracker).get("events", []) if tracker else []
    kept = (each.get("value") for each in reversed(events) if each.get("event") == "slot" and each.get("name") == CASE_SLOT)
    return Case.from_json(next(kept, None))
