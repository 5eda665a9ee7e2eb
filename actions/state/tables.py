"""Every table of the database, for migrations."""

from __future__ import annotations

from actions.state import audit, conversations, handoffs, ratings, subscriptions, world_tables
from actions.state.metadata import metadata

__all__ = ["audit", "conversations", "handoffs", "metadata", "ratings", "subscriptions", "world_tables"]
