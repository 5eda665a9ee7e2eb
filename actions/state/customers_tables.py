"""Which tables hold customers' data, and by which columns a row is whose: read from the tables themselves, so that a new one is not forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Table

from actions.state.audit import AUDIT
from actions.state.conversations import CONVERSATIONS
from actions.state.handoffs import HANDOFFS
from actions.state.migrations import tables as every_table
from actions.state.world.tables import TABLES


def customers_tables(
    conversations: Collection[str], handoffs: Collection[str], users: Collection[str]
) -> Iterator[tuple[Table, tuple[tuple[Any, Collection[str]], ...]]]:
    """Every table with customers' data, those that refer to others first, with the columns that say whose a row is."""
    world = {table.name for table in TABLES.values()}
    whose = {"conversation_id": conversations, "handoff_id": handoffs, "user": users, "user_id": users}
    for table in reversed(every_table.metadata.sorted_tables):
        if table.name in world or table.name == AUDIT.name:
            continue
        own = {"id": conversations} if table is CONVERSATIONS else {"id": handoffs, "user": users} if table is HANDOFFS else whose
        columns = tuple((table.c[name], values) for name, values in own.items() if name in table.c and values)
        if columns:
            yield table, columns
