"""The head of the audit, told to the log once a day: a log that is kept elsewhere shows a tail that was cut off the audit."""

from __future__ import annotations

import structlog

from actions.state import audit, audit_search
from ops.worker import Surroundings

log = structlog.get_logger()


def tell_head(around: Surroundings) -> None:
    """Writes the head down; ``baitiao audit verify --head`` takes it."""
    with around.database.session() as session:
        log.info("audit.head", head=audit.head(session), entries=audit_search.count(session))
