"""Who can change something about a cause: the customer only where there is something to do for them now."""

from __future__ import annotations

from actions.core.causes import FixedBy
from actions.core.derived import View
from actions.core.diagnosis import Found
from actions.core.facts import Facts
from actions.core.moments import is_over
from actions.core.names import value_of


def must_wait(found: Found, facts: Facts) -> bool:
    """Whether a moment is still ahead before which nothing can be done."""
    wait = found.cause.wait
    if wait is None or wait.until is None:
        return False
    until = value_of(wait.until, View(facts))
    return until is not None and not is_over(until, facts.now)


def changed_by(found: Found, facts: Facts) -> FixedBy:
    """Who can change a cause now."""
    changer = found.cause.changed_by
    return "time" if changer == "user" and must_wait(found, facts) else changer
