"""The answer to one turn while it is being made: what every part of the dialogue shares."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

from actions.core.case import Case
from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts, FactsSource, UnknownSubject
from actions.core.subject import ACCOUNT, Subject
from actions.core.walkthrough import CheckFailed, CheckPassed, HandOver, Move, Transition, Wait, Walkthrough
from actions.dialogue import subject as subjects
from actions.dialogue.answering import Answering
from actions.dialogue.buttons import Buttons
from actions.dialogue.handing_over import HandingOver
from actions.dialogue.ports import HandoffDesk, Notices
from actions.dialogue.speech import Speaker
from actions.dialogue.telling import Teller
from actions.dialogue.turn import Button, Turn
from actions.knowledge.model import Knowledge


class Exchange:
    """A turn, the case as it changes, and the means to look, to speak and to hand over.

    Args:
        knowledge: causes, answers and phrases.
        source: the customer's state.
        desk: where cases are handed over.
        notices: recovery notices.
        turn: what came in.
    """

    def __init__(self, knowledge: Knowledge, source: FactsSource, desk: HandoffDesk, notices: Notices, turn: Turn) -> None:
        self.knowledge, self.source, self.notices = knowledge, source, notices
        self.walkthrough = Walkthrough(dict(knowledge.causes))
        self.turn = turn
        self.case: Case = turn.case
        self.speaker = Speaker(knowledge, turn.said)
        self.buttons = Buttons(knowledge)
        self.teller = Teller(knowledge, self.speaker, self.buttons)
        self.answering = Answering(knowledge, self.speaker, self.buttons, self.teller)
        self._handing_over = HandingOver(knowledge, desk, self.speaker)
        self.introduced = not turn.first

    def remember(self, **changes: Any) -> None:
        """Changes the case."""
        self.case = self.case.but(**changes)

    def say(self, phrase_id: str, buttons: Optional[Sequence[Button]] = None, data: Optional[Dict[str, Any]] = None) -> None:
        """Says a phrase, with a person within reach unless other buttons are given."""
        self.speaker.say(self.speaker.phrase(phrase_id), (self.buttons.person(),) if buttons is None else buttons, data)

    def introduce(self, afterwards: bool) -> None:
        """Says in the first message, unless it was said, that this is a robot; after words of comfort or warning, before all others."""
        if not self.introduced:
            self.speaker.extend_first(self.speaker.phrase("opening.robot"), afterwards)
            self.introduced = True

    # --- looking -----------------------------------------------------------------------------------------------------------------------

    def diagnose(self) -> Diagnosis:
        """What blocks the subject right now."""
        case = self.case
        try:
            facts = self.source.snapshot(self.turn.user_id, case.subject or ACCOUNT)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            self.case = case.on_cause(None).but(subject=ACCOUNT, phase="idle")
            facts = self.source.snapshot(self.turn.user_id)
        return diagnose(facts, self.knowledge.causes.values())

    def facts(self) -> Facts:
        """The customer's state, with the order at hand."""
        held = self.case.subject.order if self.case.subject is not None else None
        return self.source.snapshot(self.turn.user_id, Subject.of(order=held or self.turn.token_order))

    # --- telling -----------------------------------------------------------------------------------------------------------------------

    def tell(self, diagnosis: Diagnosis) -> None:
        """Tells a diagnosis."""
        self.teller.diagnosis(self.turn, diagnosis)
        self.case = self.case.but(causes=diagnosis.cause_ids)

    def take(self, transition: Transition, diagnosis: Diagnosis, reworded: bool = False) -> None:
        """Goes where the walkthrough says and says what it moves."""
        told = set(self.case.causes)
        self.case, moves = transition
        checks = tuple(move for move in moves if isinstance(move, (CheckPassed, CheckFailed)))
        said = tuple(move for move in moves if move not in checks and not isinstance(move, HandOver))
        self.teller.moves(checks, diagnosis, subscribed=False)
        if not told.issuperset(diagnosis.cause_ids):
            # What has come up since the last diagnosis is explained before anything is asked for.
            self.tell(diagnosis)
        self.teller.moves(said, diagnosis, self._subscribed_to(moves), reworded)
        for move in moves:
            if isinstance(move, HandOver):
                # Only what a cause itself asks for goes to the cause's queue; other reasons have queues of their own.
                own = move.found is not None and move.reason == "cause"
                self.hand_over(move.reason, diagnosis, move.found.cause.handoff.queue if own and move.found else None)

    # --- handing over ------------------------------------------------------------------------------------------------------------------

    def is_handed_over(self) -> bool:
        """Whether the customer's case is already with a person or in a queue."""
        return self._handing_over.is_open(self.turn.user_id)

    def hand_over(self, reason: str, diagnosis: Optional[Diagnosis] = None, queue: Optional[str] = None) -> None:
        """Hands the case over and says so."""
        if diagnosis is None and self.case.subject is not None:
            diagnosis = self.diagnose()
        self._handing_over.hand_over(self.turn, self.case, reason, diagnosis, queue)
        self.case = self.case.but(phase="handed_over", paused=False, misses=0, upsets=0, clarified=0)

    def object_to(self, cause_ids: Tuple[str, ...], diagnosis: Optional[Diagnosis] = None) -> None:
        """Hands over the objection to a decision of the platform."""
        self.hand_over("objection", diagnosis, self.objectionable(cause_ids)[0].handoff.queue)

    def objectionable(self, cause_ids: Tuple[str, ...]) -> List[Cause]:
        """Those of the causes a customer can object to."""
        known = [self.knowledge.causes[cause_id] for cause_id in cause_ids if cause_id in self.knowledge.causes]
        return [cause for cause in known if cause.handoff.on_objection]

    def subscribed(self) -> bool:
        """Whether the customer will be told when the cause at hand is gone."""
        return self.case.cause is not None and self._is_subscribed(self.case.cause)

    def _subscribed_to(self, moves: Tuple[Move, ...]) -> bool:
        waiting = next((move for move in moves if isinstance(move, Wait)), None)
        return waiting is not None and self._is_subscribed(waiting.found.cause.id)

    def _is_subscribed(self, cause: str) -> bool:
        return self.notices.is_subscribed(self.turn.user_id, self.case.subject or ACCOUNT, cause)

    # --- offering again ----------------------------------------------------------------------------------------------------------------

    def prompt(self, case: Case, reworded: bool = False) -> bool:
        """Offers again what the case is waiting for; False if it waits for nothing."""
        if case.phase == "doing" or (case.phase == "handed_over" and case.cause and case.paused):
            diagnosis = self.diagnose()
            self.take(self.walkthrough.resume(case, diagnosis), diagnosis, reworded)
        elif case.phase == "offered":
            self.say("offer_start", self.buttons.offered())
        elif case.phase == "handoff_offered":
            self.say("offer_handoff", self.buttons.handoff_offer())
        elif case.phase == "confirming":
            self.say("confirm", self.buttons.confirm())
        elif case.phase == "asking_subject":
            self.ask_subject(subjects.Ask(self.source.orders(self.turn.user_id)))
        else:
            return False
        return True

    def prompt_or_menu(self) -> None:
        """Offers the case again, or what the assistant can do."""
        if not self.prompt(self.case):
            self.menu("menu")

    def menu(self, phrase_id: str) -> None:
        """Offers what the assistant can do."""
        self.say(phrase_id, self.buttons.intents(self.knowledge.menu))

    def ask_subject(self, ask: subjects.Ask) -> None:
        """Asks which order is meant."""
        intent = self.case.intent or "installment_missing"
        buttons = self.buttons.orders(intent, ask.orders)
        text = self.speaker.phrase("ask_order" if ask.orders else "ask_order.none")
        self.speaker.say(text, buttons, {"type": "clarify", "choices": [button.to_json() for button in buttons]})
