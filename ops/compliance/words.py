"""What people write about compliance: long enough to say something, and masked before it is kept."""

from __future__ import annotations

from actions.core.signs import cleaned
from actions.masking import mask
from ops.compliance.refusals import ComplianceRefused

SHORTEST, LONGEST = 5, 500
"""Characters of a note or a reason: one word is none."""


def said(given: object) -> str:
    """A note or a reason as it is kept.

    Raises:
        ComplianceRefused: it says nothing, or too much.
    """
    text = cleaned(given).strip() if isinstance(given, str) else ""
    if not SHORTEST <= len(text) <= LONGEST:
        raise ComplianceRefused("note_missing", f"a note of {SHORTEST} to {LONGEST} characters is needed")
    return mask(text).text
