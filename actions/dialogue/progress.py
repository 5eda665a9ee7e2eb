"""Going on with a case: everything said about the step, the offer or the question at hand."""

from __future__ import annotations

from actions.core.causes import NO_CAUSE_FOUND
from actions.core.subject import ACCOUNT
from actions.dialogue.buttons import NOTICE_TOPIC
from actions.dialogue.complaints import Complaints
from actions.dialogue.exchange import Exchange


class Progress:
    """Moves a case on; the walkthrough decides where to."""

    def __init__(self, exchange: Exchange, complaints: Complaints) -> None:
        self._exchange = exchange
        self._complaints = complaints

    def done(self) -> None:
        """The customer says the step is done, or asks to look again."""
        exchange = self._exchange
        if exchange.case.phase == "asking_subject" or exchange.case.subject is None:
            exchange.prompt_or_menu()
            return
        diagnosis = exchange.diagnose()
        exchange.take(exchange.walkthrough.check(exchange.case, diagnosis), diagnosis)

    def not_found(self) -> None:
        """The customer does not find what the step speaks of."""
        exchange = self._exchange
        if exchange.case.phase != "doing":
            self._complaints.complain(exchange.case.intent or "installment_missing")
            return
        diagnosis = exchange.diagnose()
        transition = exchange.walkthrough.lost(exchange.case, diagnosis)
        exchange.take(transition, diagnosis)
        if not transition[1]:
            exchange.teller.hint(exchange.case, diagnosis.facts, diagnosis)

    def not_possible(self) -> None:
        """The customer cannot do the step, or still sees no option."""
        exchange, case = self._exchange, self._exchange.case
        if case.subject is None or case.phase in ("idle", "handed_over", "asking_subject"):
            # No step is with the customer: what does not work is the installment itself.
            self._complaints.complain(case.intent or "installment_missing")
            return
        diagnosis = exchange.diagnose()
        if case.phase == "resolved":
            blocked = bool(diagnosis.blocks)
            exchange.take(exchange.walkthrough.begin(case, diagnosis) if blocked else exchange.walkthrough.refresh(case), diagnosis)
        elif case.phase == "handoff_offered" and case.cause != NO_CAUSE_FOUND:
            exchange.hand_over("cannot_do", diagnosis)
        else:
            exchange.take(exchange.walkthrough.stuck(case, diagnosis), diagnosis)

    def agree(self) -> None:
        """Yes, to whatever was asked."""
        exchange, case = self._exchange, self._exchange.case
        if exchange.turn.entity("topic") == NOTICE_TOPIC or (case.phase == "waiting" and not exchange.subscribed()):
            self._subscribe()
        elif case.phase == "offered":
            diagnosis = exchange.diagnose()
            exchange.take(exchange.walkthrough.start(case, diagnosis), diagnosis)
        elif case.phase == "handoff_offered":
            exchange.hand_over("agreed", exchange.diagnose())
        elif case.phase == "confirming":
            exchange.say("confirmed")
            exchange.case = case.on_cause(None).but(phase="resolved")
        elif case.phase in ("waiting", "explained", "resolved"):
            exchange.say("anything_else")
        else:
            exchange.prompt_or_menu()

    def decline(self) -> None:
        """No, or later."""
        exchange, case = self._exchange, self._exchange.case
        if case.phase == "confirming":
            self.not_possible()
            return
        if case.phase == "doing":
            exchange.case = case.but(paused=True)
            exchange.say("paused", exchange.buttons.step())
            return
        if case.phase == "handoff_offered" and case.cause is not None:
            diagnosis = exchange.diagnose()
            exchange.take(exchange.walkthrough.resume(case, diagnosis), diagnosis)
            return
        if case.phase == "offered":
            # What was declined is not offered again unasked.
            exchange.remember(phase="explained")
        exchange.say("declined")

    def repeat(self) -> None:
        """Once more, in other words."""
        exchange = self._exchange
        if exchange.case.phase == "handed_over" and not exchange.case.paused and exchange.is_handed_over():
            # What was said last is the number under which the case is waiting.
            exchange.hand_over("requested")
        elif not exchange.prompt(exchange.case, reworded=True):
            if exchange.case.subject is not None:
                diagnosis = exchange.diagnose()
                exchange.tell(diagnosis)
                exchange.take(exchange.walkthrough.begin(exchange.case, diagnosis), diagnosis)
            else:
                exchange.menu("menu")

    def _subscribe(self) -> None:
        exchange = self._exchange
        diagnosis = exchange.diagnose()
        waiting = next((found for found in diagnosis.blocks if found.cause.wait is not None), None)
        held = diagnosis.get(exchange.case.cause)
        found = held if held is not None and held.cause.wait is not None else waiting
        if found is None:
            exchange.take(exchange.walkthrough.check(exchange.case, diagnosis), diagnosis)
            return
        case = exchange.case
        exchange.notices.subscribe(exchange.turn.user_id, case.subject or ACCOUNT, found.cause.id)
        startable = exchange.walkthrough.can_start(diagnosis)
        exchange.case = case.on_cause(found.cause.id).but(phase="offered" if startable else "waiting")
        exchange.teller.wait(found, diagnosis.facts, subscribed=True, startable=startable, known=True)
