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
    incidents,
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
    tallies,
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
    "incidents",
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
    "tallies",
]
