"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import (
    audit,
    conversations,
    handoffs,
    outbox,
    pictures,
    ratings,
    references,
    sign_outs,
    subscriptions,
)
from actions.state.columns import metadata
from actions.state.world import changes, tables

__all__ = [
    "audit",
    "changes",
    "conversations",
    "handoffs",
    "metadata",
    "outbox",
    "pictures",
    "ratings",
    "references",
    "sign_outs",
    "subscriptions",
    "tables",
]
