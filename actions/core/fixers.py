"""Who can change something about a cause: the customer only where there is something to do for them now."""

from __future__ import annotations

from actions.core.causes import FixedBy
from actions.core.derived import View, scope_of
from actions.core.diagnosis import Found
from actions.core.facts import Facts
from actions.core.moments import Moment, end_of, is_over
from actions.core.names import value_of


def must_wait(found: Found, facts: Facts) -> bool:
    """Whether a moment is still ahead before which nothing can be done."""
    return end_of_wait(found, facts) is not None


def end_of_wait(found: Found, facts: Facts) -> Moment | None:
    """The moment still ahead before which nothing can be done, the last of several; None if there is none, or nobody knows it."""
    wait = found.cause.wait
    if wait is None or wait.until is None:
        return None
    scope = scope_of(wait.until)
    views = [View(facts)] if scope is None else [View(facts).at(scope, row) for matched, row in found.matches if matched == scope]
    moments = (value_of(wait.until, view) for view in views)
    ahead: list[Moment] = [until for until in moments if until is not None and not is_over(until, facts.now)]
    return max(ahead, key=end_of) if ahead else None


def changed_by(found: Found, facts: Facts) -> FixedBy:
    """Who can change a cause now."""
    changer = found.cause.changed_by
    return "time" if changer == "user" and must_wait(found, facts) else changer
