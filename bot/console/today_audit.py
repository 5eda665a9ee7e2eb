"""Today's audit: where its chain ends, to be noted somewhere else, so that a tail that was cut off shows."""

from __future__ import annotations

from collections.abc import Sequence

from actions.state import audit
from actions.state.database import Database
from bot.channel.tokens import ROLE_AUDITOR
from bot.console.today import Item, Section


def audit_section(database: Database) -> Section:
    """The section."""

    def items() -> Sequence[Item]:
        with database.session() as session:
            return [{"head": audit.head(session), "link": "/console/audit"}]

    return Section("audit", items, frozenset({ROLE_AUDITOR}))
