"""What only the desk's forms hold: a reason why they are not obeyed that is the desk's own, and a root cause as agents type it."""

from __future__ import annotations

from collections.abc import Mapping

from actions.handoff.ownership import OTHER_CAUSE
from actions.knowledge.model import Knowledge
from bot.staff.forms import PageRefused


class DeskRefused(PageRefused):
    """A request that is not obeyed; ``why`` is a key of ``refusal.html``."""


def root_cause_of(typed: str, knowledge: Knowledge) -> str | None:
    """The id of what was typed: a title or an id, or the one title that holds it; None if that names no cause, or several."""
    titles: Mapping[str, str] = {
        **{cause.id: cause.title for cause in knowledge.causes.values()},
        OTHER_CAUSE: knowledge.briefing.other_cause,
    }
    typed = typed.strip()
    if not typed:
        return None
    exact = [name for name, title in titles.items() if typed in (name, title)]
    found = exact or [name for name, title in titles.items() if typed in title]
    return found[0] if len(found) == 1 else None
