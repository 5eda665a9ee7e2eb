"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import audit, conversations, handoffs, subscriptions, world_changes, world_tables
from actions.state.metadata import metadata

__all__ = ["audit", "conversations", "handoffs", "metadata", "subscriptions", "world_changes", "world_tables"]
