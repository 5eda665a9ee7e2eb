"""Watches queued handoffs and tells each customer once, when nobody has come in time, what they may do."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from actions.handoff.ownership import tell_late
from actions.services import Services
from actions.state import handoffs
from actions.state.real_time import real_now

LOOK_SECONDS = 2.0

log = structlog.get_logger()


def look(services: Services, patience: float) -> int:
    """Looks once; returns how many customers were told.

    Args:
        services: database and knowledge.
        patience: seconds a customer waits before being told.
    """
    before = real_now() - timedelta(seconds=patience)
    with services.database.session() as session:
        late = handoffs.untold(session, before)
    told = 0
    for row in late:
        with services.database.session() as session:
            told += tell_late(session, services.knowledge, row)
    return told


async def watch(services: Services, patience: float) -> None:
    """Looks again and again until cancelled; whatever goes wrong is logged and tried again."""
    while True:
        try:
            await asyncio.to_thread(look, services, patience)
        except Exception as error:
            log.warning("handoff.lateness_failed", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)
