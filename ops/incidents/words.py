"""What operators may write about an incident: for customers through the gate, for colleagues without personal numbers."""

from __future__ import annotations

from actions.core.signs import cleaned
from actions.gate import LONGEST_NOTICE, objections
from actions.knowledge.model import Knowledge
from actions.masking import mask
from ops.incidents.refusals import IncidentRefused


def public_text(knowledge: Knowledge, text: str | None, longest: int = LONGEST_NOTICE, by_a_person: bool = False) -> str | None:
    """A sentence for customers as it may be said; None where none is given.

    Args:
        longest, by_a_person: see the gate.

    Raises:
        IncidentRefused: it may not, with the words and why.
    """
    if text is None or not text.strip():
        return None
    words = cleaned(text.strip())
    found = objections(words, knowledge, longest=longest, by_a_person=by_a_person)
    if found:
        told = "; ".join(f"{each.words or words[:12]} ({each.why})" for each in found)
        raise IncidentRefused(422, "text-refused", f"customers cannot be told this: {told}", reasons=[each.to_data() for each in found])
    return words


def internal_text(text: str | None) -> str | None:
    """A sentence for colleagues, personal numbers masked."""
    return mask(cleaned(text.strip())).text if text and text.strip() else None
