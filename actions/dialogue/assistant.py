"""Decides what kind of turn it is: the one place that says which part of the dialogue answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Dict, Optional

from actions.core.facts import FactsSource
from actions.dialogue import subject as subjects
from actions.dialogue.answering import OUT_OF_SCOPE, QUOTE
from actions.dialogue.asides import Asides
from actions.dialogue.complaints import Complaints
from actions.dialogue.exchange import Exchange
from actions.dialogue.handing_over import urgent_reason
from actions.dialogue.ports import HandoffDesk, Notices
from actions.dialogue.progress import Progress
from actions.dialogue.queueing import Queueing
from actions.dialogue.turn import Response, Turn
from actions.knowledge.model import Knowledge

_ALWAYS_SAID = ("requested", "fraud", "distress", "money_taken")
"""Reasons that are answered as such even while a handoff is open: the customer asks for it, or it makes the case more urgent."""
MOSTLY = 0.5
"""More than half of the confidence."""


class Assistant:
    """Answers one turn at a time; everything it remembers is in the case.

    Args:
        knowledge: causes, answers and phrases.
        source: the customer's state, read anew in every turn.
        desk: where cases are handed over.
        notices: recovery notices.
    """

    def __init__(self, knowledge: Knowledge, source: FactsSource, desk: HandoffDesk, notices: Notices) -> None:
        self._knowledge = knowledge
        self._source = source
        self._desk = desk
        self._notices = notices

    def respond(self, turn: Turn) -> Response:
        """Answers a turn.

        Raises:
            UnknownCustomer: nobody has that id.
        """
        exchange = Exchange(self._knowledge, self._source, self._desk, self._notices, turn)
        return _Routing(exchange, Queueing(exchange, self._desk)).run()


class _Routing:
    """One turn on its way to the part of the dialogue that answers it."""

    def __init__(self, exchange: Exchange, queueing: Queueing) -> None:
        self._exchange = exchange
        self._queueing = queueing
        self._complaints = Complaints(exchange)
        self._progress = progress = Progress(exchange, self._complaints)
        self._asides = asides = Asides(exchange, self._complaints, progress)
        self._acts: Dict[str, Callable[[], None]] = {
            "step_done": progress.done,
            "cannot_find": progress.not_found,
            "step_failed": progress.not_possible,
            "affirm": progress.agree,
            "deny": progress.decline,
            "repeat": progress.repeat,
            "restart": asides.start_over,
            "greet": asides.greet,
            "goodbye": asides.leave,
            "thanks": asides.thanked,
            "bot_challenge": asides.challenged,
            "complaint_angry": asides.calm,
            "fraud_suspected": asides.warn_of_fraud,
            "request_human": asides.ask_for_person,
            OUT_OF_SCOPE: asides.redirect,
            "nlu_fallback": asides.clarify,
        }
        """What each intent that is neither a complaint nor a question does; questions are answered."""

    def run(self) -> Response:
        exchange = self._exchange
        intent = self._settle()
        turn, urgent = exchange.turn, urgent_reason(exchange.turn)
        if intent != "nlu_fallback":
            exchange.case = exchange.case.but(misses=0)
        if intent != "complaint_angry":
            exchange.case = exchange.case.but(upsets=0)
        if not self._queueing.answers():
            self._route(intent, urgent)
        complaint = exchange.knowledge.intents[intent].complaint
        exchange.introduce(afterwards=not complaint and (urgent is not None or intent == "complaint_angry"))
        if turn.masked:
            exchange.speaker.say(exchange.speaker.phrase("masked"), at=min(1, len(exchange.speaker.replies)))
        return Response(exchange.speaker.done(), exchange.case)

    def _route(self, intent: str, urgent: Optional[str]) -> None:
        exchange, turn, case = self._exchange, self._exchange.turn, self._exchange.case
        if exchange.knowledge.intents[intent].complaint:
            self._complaints.complain(intent, urgent)
        elif urgent is not None and (urgent in _ALWAYS_SAID or not exchange.is_handed_over()):
            exchange.hand_over(urgent)
        elif turn.has("cue_not_this_order") and case.intent is not None:
            self._complaints.complain(case.intent)
        elif self._complaints.names_the_order(intent):
            self._complaints.complain(case.intent or "installment_missing")
        elif turn.has("cue_objection") and exchange.objectionable(case.causes):
            exchange.object_to(case.causes)
        elif turn.has("cue_later") and case.phase == "doing":
            self._progress.decline()
        else:
            self._acts.get(intent, self._asides.answer)()

    def _settle(self) -> str:
        """The intent that is answered; what stands beside it stays in the turn."""
        exchange, meanings = self._exchange, self._exchange.knowledge.intents
        turn = exchange.turn
        intent = self._intent(turn)
        if meanings[intent].denied_by(turn.text):
            entities = {name: values for name, values in turn.entities.items() if name != "cue_person"}
            exchange.turn = replace(turn, entities=entities)
            return "deny"
        if intent in (OUT_OF_SCOPE, "nlu_fallback") and turn.has("amount") and self._asked_for_amount(turn):
            exchange.turn = replace(turn, intent=QUOTE)
            return QUOTE
        corrected = self._corrected(turn, intent)
        if corrected is not None:
            # The other subject is named: it need not be found out.
            entities = {name: values for name, values in turn.entities.items() if name != "cue_not_this_order"}
            exchange.turn = replace(turn, entities=entities)
            return corrected
        second = turn.second_intent
        if second is not None and meanings[second].complaint and self._is_question(intent):
            # What is broken comes first, whichever was said first; the question is answered with it.
            exchange.turn = replace(turn, intent=second, second_intent=intent)
            return second
        return intent

    def _asked_for_amount(self, turn: Turn) -> bool:
        return any(asked in said for asked in self._exchange.knowledge.answers.topic(QUOTE).text for said in turn.said)

    def _corrected(self, turn: Turn, intent: str) -> Optional[str]:
        """The complaint to which the customer turns the case under way, if they do."""
        if self._exchange.case.intent is None or (self._is_question(intent) and turn.confidence >= MOSTLY):
            return None
        meanings = self._exchange.knowledge.intents
        return next((name for name, meaning in meanings.items() if meaning.corrected_by(turn.text)), None)

    def _is_question(self, intent: str) -> bool:
        return intent != OUT_OF_SCOPE and intent in self._exchange.knowledge.answers.by_intent

    def _intent(self, turn: Turn) -> str:
        """The intent, unless only which complaint it is was unsure: every complaint leads to the same diagnosis."""
        if not turn.has_words:
            return "nlu_fallback"
        complaints = [(name, weight) for name, weight in turn.ranking if self._exchange.knowledge.intents[name].complaint]
        surely_one = sum(weight for _, weight in complaints) >= MOSTLY
        intent = complaints[0][0] if turn.intent == "nlu_fallback" and surely_one else turn.intent
        doubtful = intent == subjects.BILL_COMPLAINT and turn.confidence < MOSTLY and turn.token_order is not None
        if doubtful and len(complaints) > 1 and complaints[1][1] > 0:
            # A bill is another subject than the order on the page: for that, the customer must have spoken of one.
            return next(name for name, _ in complaints if name != subjects.BILL_COMPLAINT)
        return intent
