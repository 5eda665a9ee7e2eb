"""Complaints: whatever the customer believes the cause to be, the state is diagnosed."""

from __future__ import annotations

from typing import Optional

from actions.dialogue import subject as subjects
from actions.dialogue.exchange import Exchange

_BARE_ANSWERS = ("nlu_fallback", "out_of_scope", "affirm", "deny", "step_done")
"""What a few words such as the name of an item may be taken for."""


class Complaints:
    """Finds the subject of a complaint, tells what blocks it and begins with it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def complain(self, intent: str, urgent: Optional[str] = None) -> None:
        """Diagnoses the subject of a complaint, or asks for it; what is urgent goes to a person with the diagnosis."""
        exchange = self._exchange
        turn = exchange.turn
        found = subjects.resolve(turn, intent, exchange.source.orders(turn.user_id), exchange.source.bills(turn.user_id))
        exchange.remember(intent=intent, token_order=turn.token_order)
        if isinstance(found, subjects.Ask):
            exchange.remember(phase="asking_subject", subject=None)
            if urgent is not None:
                exchange.hand_over(urgent)
            else:
                exchange.ask_subject(found)
            return
        if found != exchange.case.subject:
            exchange.case = exchange.case.on_cause(None)
        exchange.remember(subject=found)
        diagnosis = exchange.diagnose()
        exchange.tell(diagnosis)
        if urgent is not None:
            exchange.hand_over(urgent, diagnosis)
            return
        if turn.has("cue_objection") and exchange.objectionable(diagnosis.cause_ids):
            exchange.object_to(diagnosis.cause_ids, diagnosis)
            return
        if turn.second_intent is not None:
            exchange.answering.answer(turn, turn.second_intent, exchange.facts())
        exchange.take(exchange.walkthrough.begin(exchange.case, diagnosis), diagnosis)

    def names_the_order(self, intent: str) -> bool:
        """Whether the message answers the question for the order in words instead of by button."""
        exchange = self._exchange
        if exchange.case.phase != "asking_subject" or intent not in _BARE_ANSWERS:
            return False
        return subjects.described(exchange.turn, exchange.source.orders(exchange.turn.user_id)) is not None
