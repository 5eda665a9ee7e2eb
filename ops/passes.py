"""The passes of the worker: the one list of what it does, and how often."""

from __future__ import annotations

from ops.audit_head import tell_head
from ops.observing.retention import forget_old
from ops.observing.rollup import roll_up
from ops.observing.silence import end_abandoned
from ops.worker import Pass

PASSES: tuple[Pass, ...] = (
    Pass("roll-up", 5.0, roll_up),
    Pass("silence", 60.0, end_abandoned),
    Pass("retention", 3600.0, forget_old),
    Pass("audit-head", 86400.0, tell_head),
)
