"""Notes in the audit when the knowledge folder holds what must not be said or cannot be used otherwise: customers go on being answered by what was right last."""

from __future__ import annotations

import hashlib

from actions.knowledge.loading import load
from actions.state import audit, audit_search
from actions.state.audit_search import AuditWanted
from actions.yaml_source import SourceError
from ops.worker import Surroundings

REFUSED = "knowledge.refused"
_FORBIDDEN = "must never be said"


def note_refused_knowledge(here: Surroundings) -> bool:
    """Looks at the folder; whether something was noted, which it is once for the same trouble."""
    try:
        load()
    except SourceError as error:
        found = [str(problem) for problem in error.problems]
    else:
        return False
    digest = hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]
    with here.database.session() as session:
        last = audit_search.find(session, AuditWanted(action=REFUSED), 1)
        if last and last[0].detail.get("digest") == digest:
            return False
        forbidden = sum(_FORBIDDEN in problem for problem in found)
        audit.record(session, "worker", REFUSED, detail={"problems": len(found), "forbidden": forbidden, "digest": digest})
    return True
