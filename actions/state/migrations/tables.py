"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import (
    audit,
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
    presence,
    ratings,
    references,
    sign_outs,
    subscriptions,
    tallies,
)
from actions.state.columns import metadata
from actions.state.world import changes, tables

__all__ = [
    "audit",
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
    "presence",
    "ratings",
    "references",
    "sign_outs",
    "subscriptions",
    "tables",
    "tallies",
]
