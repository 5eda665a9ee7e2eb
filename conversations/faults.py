"""What can go wrong behind the assistant, made to go wrong."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from sqlalchemy import event

from actions.state.database import Database
from bot.engine.action_client import ActionCaller, HttpActions

SLOW_SECONDS = 0.5
NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing listens there."""


class FaultyActions:
    """Calls actions as another caller does, unless a fault is set.

    Args:
        caller: what is called when all is well.
    """

    def __init__(self, caller: ActionCaller) -> None:
        self._caller = caller
        self.faults: frozenset[str] = frozenset()

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """See ActionCaller."""
        if "slow" in self.faults:
            await asyncio.sleep(SLOW_SECONDS)
        if "actions_down" not in self.faults:
            return await self._caller.call(request)
        nobody = HttpActions(NOBODY, secret="nobody hears it")
        try:
            return await nobody.call(request)
        finally:
            await nobody.close()

    async def healthy(self) -> bool:
        """See ActionCaller."""
        return "actions_down" not in self.faults

    async def close(self) -> None:
        """See ActionCaller."""
        await self._caller.close()


class Breakable:
    """A switch that makes every statement of a database fail."""

    def __init__(self, database: Database) -> None:
        self.broken = False
        event.listen(database.engine, "before_cursor_execute", self._execute)

    def _execute(self, *_: Any) -> None:
        if self.broken:
            raise sqlite3.OperationalError("disk I/O error")
