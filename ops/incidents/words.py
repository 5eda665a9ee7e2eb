"""What operators may tell customers about an incident."""

from __future__ import annotations

from actions.core.signs import cleaned
from actions.knowledge.model import Knowledge
from actions.masking import mask
from ops.incidents.refusals import IncidentRefused

MOST_SIGNS = 200
"""A notice is read at a glance, above everything else."""


def public_text(knowledge: Knowledge, text: str | None) -> str | None:
    """A sentence for customers as it may be said; None where none is given.

    Raises:
        IncidentRefused: it may not, and why.
    """
    if text is None or not text.strip():
        return None
    words = cleaned(text.strip())
    reasons = [*knowledge.forbidden.found_in(words)]
    if mask(words).text != words:
        reasons.append("holds a personal number")
    if len(words) > MOST_SIGNS:
        reasons.append(f"is longer than {MOST_SIGNS} characters")
    if "{" in words or "}" in words:
        reasons.append("holds a placeholder, which nothing fills here")
    if reasons:
        raise IncidentRefused(422, "text-refused", f"customers cannot be told this: {'; '.join(reasons)}", reasons=reasons)
    return words


def internal_text(text: str | None) -> str | None:
    """A sentence for colleagues, personal numbers masked."""
    return mask(cleaned(text.strip())).text if text and text.strip() else None
