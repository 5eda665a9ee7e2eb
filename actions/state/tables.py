"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import (
    audit,
    conversations,
    handoff_events,
    handoffs,
    outbox,
    ratings,
    references,
    subscriptions,
    world_changes,
    world_tables,
)
from actions.state.metadata import metadata

__all__ = [
    "audit",
    "conversations",
    "handoff_events",
    "handoffs",
    "metadata",
    "outbox",
    "ratings",
    "references",
    "subscriptions",
    "world_changes",
    "world_tables",
]
