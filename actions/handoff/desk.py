"""The dialogue's port to handoffs, over SQL: one row with everything the person needs."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from sqlalchemy.orm import Session

from actions.dialogue.ports import Handoff, HandoffRequest
from actions.knowledge.model import Knowledge
from actions.masking import mask
from actions.state import conversations, handoffs


class SqlDesk:
    """Stores handoffs in the caller's transaction."""

    def __init__(self, session: Session, knowledge: Knowledge) -> None:
        self._session = session
        self._knowledge = knowledge

    def open_handoff(self, user_id: str) -> Optional[Handoff]:
        """The customer's open handoff."""
        row = handoffs.open_handoff(self._session, user_id)
        return Handoff(row.id, row.reason, row.queue, fresh=False) if row else None

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Stores a handoff; with one already open, that one is named."""
        existing = self.open_handoff(request.user_id)
        if existing is not None:
            return existing
        row = handoffs.create(
            self._session,
            conversation_id=request.user_id,
            user=request.user_id,
            reason=request.reason,
            queue=request.queue,
            priority=request.priority,
            order=request.case.order,
            bill=request.case.bill,
            payload=self._payload(request),
        )
        return Handoff(row.id, row.reason, row.queue, fresh=True)

    def _payload(self, request: HandoffRequest) -> Dict[str, Any]:
        diagnosis = request.diagnosis or {"order": request.case.order, "bill": request.case.bill, "causes": []}
        titles = {cause.id: cause.title for cause in self._knowledge.causes.values()}
        return {
            "version": 1,
            "customer": request.user_id,
            "reason": request.reason,
            "words": mask(request.words).text,
            "order": request.case.order,
            "bill": request.case.bill,
            "diagnosis": {
                **diagnosis,
                "causes": [{**cause, "title": titles.get(cause["id"], cause["id"])} for cause in diagnosis["causes"]],
            },
            "ruled_out": list(request.ruled_out),
            "steps_tried": [
                {
                    "cause": tried.cause,
                    "title": titles.get(tried.cause, tried.cause),
                    "step": tried.step,
                    "result": tried.result,
                    "at": tried.at,
                }
                for tried in request.case.tried
            ],
            "transcript": self._transcript(request),
        }

    def _transcript(self, request: HandoffRequest) -> List[Dict[str, Any]]:
        stored = conversations.history(self._session, request.user_id)
        lines = [
            {
                "seq": message.seq,
                "at": message.to_json()["at"],
                "role": message.role,
                "text": mask(message.text).text,
                "action": message.action,
            }
            for message in stored
        ]
        # The message that led here is stored only when the turn has ended well.
        last = stored[-1].seq if stored else 0
        return [*lines, {"seq": last + 1, "at": None, "role": "user", "text": mask(request.words).text, "action": None}]
