"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import (
    alerts,
    audit,
    census,
    conversations,
    desk_views,
    episodes,
    feedback,
    handoff_cards,
    handoffs,
    jobs,
    notes,
    observations,
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
    "episodes",
    "handoff_cards",
    "feedback",
    "handoffs",
    "jobs",
    "metadata",
    "notes",
    "observations",
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
