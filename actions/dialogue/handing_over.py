"""When a person takes over, why, and what the customer is told about it."""

from __future__ import annotations

from typing import Optional

from actions.core.case import Case
from actions.core.diagnosis import Diagnosis
from actions.dialogue.ports import HandoffDesk, HandoffRequest
from actions.dialogue.speech import Speaker
from actions.dialogue.turn import Turn
from actions.knowledge.model import Knowledge

_CUES = {
    "cue_distress": "distress",
    "cue_fraud": "fraud",
    "cue_money_taken": "money_taken",
    "cue_minor": "minor",
    "cue_hardship": "hardship",
    "cue_regulator": "complaint",
    "cue_person": "requested",
}
"""Cues that hand over at once whatever the intent (design §9), the most urgent first."""
_WARNINGS = ("fraud", "distress")
"""What must be heard even by customers who are queued already."""


def urgent_reason(turn: Turn) -> Optional[str]:
    """Why this message hands over at once, if it does."""
    # A child's purchase is often taken for a stranger's.
    if turn.intent == "fraud_suspected" and not turn.has("cue_minor"):
        return "fraud"
    return next((reason for cue, reason in _CUES.items() if turn.has(cue)), None)


class HandingOver:
    """Hands a case over and tells the customer."""

    def __init__(self, knowledge: Knowledge, desk: HandoffDesk, speaker: Speaker) -> None:
        self._knowledge = knowledge
        self._desk = desk
        self._speaker = speaker

    def is_open(self, user_id: str) -> bool:
        """Whether the customer's case is already with a person or in a queue."""
        return self._desk.open_handoff(user_id) is not None

    def hand_over(self, turn: Turn, case: Case, reason: str, diagnosis: Optional[Diagnosis], queue: Optional[str] = None) -> None:
        """Hands over, or names the handoff that is already open."""
        rule = self._knowledge.handoffs[reason]
        handoff = self._desk.hand_over(
            HandoffRequest(
                turn=turn,
                reason=reason,
                queue=queue or rule.queue,
                priority=rule.priority,
                case=case,
                diagnosis=diagnosis,
                said=tuple(self._speaker.replies),
            )
        )
        phrase = f"handoff.{reason}" if handoff.fresh or reason in _WARNINGS else "handoff.already"
        self._speaker.say(
            self._speaker.phrase(phrase, number=handoff.id),
            data={"type": "handoff", "handoff_id": handoff.id, "reason": handoff.reason, "queue": handoff.queue},
        )
