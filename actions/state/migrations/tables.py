"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import (
    alerts,
    audit,
    census,
    conversations,
    desk_views,
    feedback,
    handoff_cards,
    handoffs,
    notes,
    outbox,
    pictures,
    plots,
    presence,
    ratings,
    references,
    sign_outs,
    subscriptions,
)
from actions.state.columns import metadata
from actions.state.world import changes, tables

__all__ = [
    "alerts",
    "audit",
    "census",
    "changes",
    "conversations",
    "desk_views",
    "handoff_cards",
    "feedback",
    "handoffs",
    "metadata",
    "notes",
    "outbox",
    "pictures",
    "plots",
    "presence",
    "ratings",
    "references",
    "sign_outs",
    "subscriptions",
    "tables",
]
