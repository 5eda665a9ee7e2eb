"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import (
    audit,
    conversations,
    handoffs,
    outbox,
    ratings,
    references,
    subscriptions,
    world_changes,
    world_tables,
)
from actions.state.column_types import metadata

__all__ = [
    "audit",
    "conversations",
    "handoffs",
    "metadata",
    "outbox",
    "ratings",
    "references",
    "subscriptions",
    "world_changes",
    "world_tables",
]
