"""Decides what to say and do next: the one place where a turn is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Dict, List, Optional, Tuple

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts, FactsSource, UnknownSubject
from actions.core.walkthrough import CheckFailed, CheckPassed, HandOver, Move, Transition, Wait, Walkthrough
from actions.dialogue import subject as subjects
from actions.dialogue.answering import Answering
from actions.dialogue.buttons import APPEAL_TOPIC, NOTICE_TOPIC, Buttons
from actions.dialogue.handing_over import HandingOver, urgent_reason
from actions.dialogue.ports import HandoffDesk, Notices
from actions.dialogue.speech import Speaker
from actions.dialogue.telling import Teller
from actions.dialogue.turn import Response, Turn
from actions.knowledge.model import Knowledge

_ALWAYS_SAID = ("requested", "fraud")
"""Reasons that are answered as such even while a handoff is open: the customer asks for it, or must be warned."""
_BARE_ANSWERS = ("nlu_fallback", "out_of_scope", "affirm", "deny", "step_done")
"""What a few words such as the name of an item may be taken for."""
MOSTLY = 0.5
"""More than half of the confidence."""
_STEP_PHASES = ("doing", "offered", "handoff_offered", "confirming", "asking_subject")


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
        self._walkthrough = Walkthrough(dict(knowledge.causes))

    def respond(self, turn: Turn) -> Response:
        """Answers a turn.

        Raises:
            UnknownCustomer: nobody has that id.
        """
        return _Reaction(self._knowledge, self._source, self._desk, self._notices, self._walkthrough, turn).run()


class _Reaction:
    """The answer to one turn while it is being made."""

    def __init__(
        self,
        knowledge: Knowledge,
        source: FactsSource,
        desk: HandoffDesk,
        notices: Notices,
        walkthrough: Walkthrough,
        turn: Turn,
    ) -> None:
        self._knowledge, self._source, self._notices, self._walkthrough = knowledge, source, notices, walkthrough
        self._turn = turn
        self._case: Case = turn.case
        self._speaker = Speaker(knowledge, turn.said)
        self._buttons = Buttons(knowledge)
        self._teller = Teller(knowledge, self._speaker, self._buttons)
        self._answering = Answering(knowledge, self._speaker, self._buttons, self._teller)
        self._handing_over = HandingOver(knowledge, desk, self._speaker)

    def run(self) -> Response:
        intent = self._intent()
        urgent = urgent_reason(self._turn)
        if intent != "nlu_fallback":
            self._case = self._case.but(misses=0)
        if intent != "complaint_angry":
            self._case = self._case.but(upsets=0)
        if self._knowledge.intents[intent].complaint:
            self._complain(intent, urgent)
        elif urgent is not None and (urgent in _ALWAYS_SAID or not self._handing_over.is_open(self._turn.user_id)):
            self._hand_over(urgent)
        elif self._turn.has("cue_not_this_order") and self._case.intent is not None:
            self._complain(self._case.intent)
        elif self._names_the_order(intent):
            self._complain(self._case.intent or "installment_missing")
        elif self._turn.has("cue_objection") and self._objectionable(self._case.causes):
            self._object(self._case.causes)
        elif self._turn.has("cue_later") and self._case.phase == "doing":
            self._decline()
        else:
            _ACTS.get(intent, _Reaction._answer)(self)
        if self._turn.masked:
            self._speaker.say(self._speaker.phrase("masked"), at=min(1, len(self._speaker.replies)))
        return Response(self._speaker.done(), self._case)

    def _intent(self) -> str:
        """The intent, unless only which complaint it is was unsure: every complaint leads to the same diagnosis."""
        turn = self._turn
        if not turn.has_words:
            return "nlu_fallback"
        complaints = [(name, weight) for name, weight in turn.ranking if self._knowledge.intents[name].complaint]
        surely_one = sum(weight for _, weight in complaints) >= MOSTLY
        intent = complaints[0][0] if turn.intent == "nlu_fallback" and surely_one else turn.intent
        doubtful = intent == subjects.BILL_COMPLAINT and turn.confidence < MOSTLY and turn.token_order is not None
        if doubtful and len(complaints) > 1 and complaints[1][1] > 0:
            # A bill is another subject than the order on the page: for that, the customer must have spoken of one.
            return next(name for name, _ in complaints if name != subjects.BILL_COMPLAINT)
        return intent

    # --- complaints --------------------------------------------------------------------------------------------------------------------

    def _complain(self, intent: str, urgent: Optional[str] = None) -> None:
        turn = self._turn
        found = subjects.resolve(turn, intent, self._source.orders(turn.user_id), self._source.bills(turn.user_id))
        self._case = self._case.but(intent=intent, token_order=turn.token_order)
        if isinstance(found, subjects.Ask):
            self._case = self._case.but(phase="asking_subject", subject_known=False, order=None, bill=None)
            if urgent is not None:
                self._hand_over(urgent)
            else:
                self._ask_subject(found)
            return
        if (found.order, found.bill) != (self._case.order, self._case.bill):
            self._case = self._case.on_cause(None)
        self._case = self._case.but(order=found.order, bill=found.bill, subject_known=True)
        diagnosis = self._diagnose()
        self._tell(diagnosis)
        if urgent is not None:
            self._hand_over(urgent, diagnosis)
            return
        if turn.has("cue_objection") and self._objectionable(diagnosis.cause_ids):
            self._object(diagnosis.cause_ids, diagnosis)
            return
        if turn.second_intent is not None:
            self._answering.answer(turn, turn.second_intent, self._facts())
        self._take(self._walkthrough.begin(self._case, diagnosis), diagnosis)

    def _names_the_order(self, intent: str) -> bool:
        """Whether the message answers the question for the order in words instead of by button."""
        if self._case.phase != "asking_subject" or intent not in _BARE_ANSWERS:
            return False
        return subjects.described(self._turn, self._source.orders(self._turn.user_id)) is not None

    def _ask_subject(self, ask: subjects.Ask) -> None:
        intent = self._case.intent or "installment_missing"
        buttons = self._buttons.orders(intent, ask.orders)
        text = self._speaker.phrase("ask_order" if ask.orders else "ask_order.none")
        self._speaker.say(text, buttons, {"type": "clarify", "choices": [button.to_json() for button in buttons]})

    # --- going on with a case ----------------------------------------------------------------------------------------------------------

    def _done(self) -> None:
        if self._case.phase == "asking_subject" or not self._case.subject_known:
            self._prompt_or_menu()
            return
        diagnosis = self._diagnose()
        self._take(self._walkthrough.check(self._case, diagnosis), diagnosis)

    def _not_found(self) -> None:
        if self._case.phase != "doing":
            self._complain(self._case.intent or "installment_missing")
            return
        diagnosis = self._diagnose()
        transition = self._walkthrough.lost(self._case, diagnosis)
        self._take(transition, diagnosis)
        if not transition[1]:
            self._teller.hint(self._case, diagnosis.facts, diagnosis)

    def _not_possible(self) -> None:
        case = self._case
        if not case.subject_known or case.phase in ("idle", "handed_over", "asking_subject"):
            # No step is with the customer: what does not work is the installment itself.
            self._complain(case.intent or "installment_missing")
            return
        diagnosis = self._diagnose()
        if case.phase == "resolved":
            blocked = bool(diagnosis.blocks)
            self._take(self._walkthrough.begin(case, diagnosis) if blocked else self._walkthrough.refresh(case), diagnosis)
        elif case.phase == "handoff_offered" and case.cause != NO_CAUSE_FOUND:
            self._hand_over("cannot_do", diagnosis)
        else:
            self._take(self._walkthrough.stuck(case, diagnosis), diagnosis)

    def _agree(self) -> None:
        case = self._case
        if self._turn.entity("topic") == NOTICE_TOPIC or (case.phase == "waiting" and not self._subscribed()):
            self._subscribe()
        elif case.phase == "offered":
            diagnosis = self._diagnose()
            self._take(self._walkthrough.start(case, diagnosis), diagnosis)
        elif case.phase == "handoff_offered":
            self._hand_over("agreed", self._diagnose())
        elif case.phase == "confirming":
            self._speaker.say(self._speaker.phrase("confirmed"), (self._buttons.person(),))
            self._case = case.on_cause(None).but(phase="resolved")
        elif case.phase in ("waiting", "explained", "resolved"):
            self._speaker.say(self._speaker.phrase("anything_else"), (self._buttons.person(),))
        else:
            self._prompt_or_menu()

    def _decline(self) -> None:
        case = self._case
        if case.phase == "confirming":
            self._not_possible()
            return
        if case.phase == "doing":
            self._case = case.but(paused=True)
            self._speaker.say(self._speaker.phrase("paused"), self._buttons.step())
            return
        if case.phase == "handoff_offered" and case.cause is not None:
            diagnosis = self._diagnose()
            self._take(self._walkthrough.resume(case, diagnosis), diagnosis)
            return
        self._speaker.say(self._speaker.phrase("declined"), (self._buttons.person(),))

    def _repeat(self) -> None:
        if not self._prompt(self._case, reworded=True):
            if self._case.subject_known:
                diagnosis = self._diagnose()
                self._tell(diagnosis)
                self._take(self._walkthrough.begin(self._case, diagnosis), diagnosis)
            else:
                self._menu("menu")

    def _subscribe(self) -> None:
        diagnosis = self._diagnose()
        waiting = next((found for found in diagnosis.blocks if found.cause.wait is not None), None)
        held = diagnosis.get(self._case.cause)
        found = held if held is not None and held.cause.wait is not None else waiting
        if found is None:
            self._take(self._walkthrough.check(self._case, diagnosis), diagnosis)
            return
        case = self._case
        self._notices.subscribe(self._turn.user_id, case.order, case.bill, found.cause.id)
        startable = self._walkthrough.can_start(diagnosis)
        self._case = case.on_cause(found.cause.id).but(phase="offered" if startable else "waiting")
        self._teller.wait(found, diagnosis.facts, subscribed=True, startable=startable)

    # --- everything that is not about the case -----------------------------------------------------------------------------------------

    def _answer(self) -> None:
        self._answering.answer(self._turn, self._turn.intent, self._facts())
        self._prompt(self._case)

    def _redirect(self) -> None:
        # What belongs to nobody is a misunderstanding as much as what has no intent: a second one in a row needs a person.
        if self._answering.redirect(self._turn):
            self._prompt(self._case)
        elif self._turn.case.misses:
            self._hand_over("misunderstood")
        else:
            self._answering.redirect_anywhere()
            self._case = self._case.but(misses=1)
            self._prompt(self._case)

    def _greet(self) -> None:
        if self._case.phase in _STEP_PHASES:
            self._speaker.say(self._speaker.phrase("welcome_back"))
            self._prompt(self._case)
        else:
            self._menu("greeting")

    def _challenged(self) -> None:
        if self._case.phase in _STEP_PHASES:
            self._speaker.say(self._speaker.phrase("robot"), (self._buttons.person(),))
            self._prompt(self._case)
        else:
            self._menu("robot")

    def _thanked(self) -> None:
        if self._case.phase == "handoff_offered":
            # "No, thank you" is thanks only to a classifier.
            self._decline()
            return
        self._speaker.say(self._speaker.phrase("thanks"), (self._buttons.person(),))
        self._prompt(self._case)

    def _leave(self) -> None:
        if self._case.phase == "doing":
            self._decline()
        else:
            unfinished = self._case.phase not in ("idle", "resolved")
            self._speaker.say(self._speaker.phrase("goodbye.unfinished" if unfinished else "goodbye"), (self._buttons.person(),))

    def _start_over(self) -> None:
        self._case = Case()
        self._menu("start_over")

    def _calm(self) -> None:
        if self._case.upsets:
            self._hand_over("complaint")
            return
        self._case = self._case.but(upsets=1)
        calm = self._speaker.phrase("calm")
        if self._turn.first:
            calm = f"{calm}\n{self._speaker.phrase('opening.robot')}"
            self._turn = replace(self._turn, first=False)
        self._speaker.say(calm, (self._buttons.person(),))
        if not self._prompt(self._case) and self._case.phase == "idle":
            # Anger has a reason, and here there is but one it can have.
            self._complain("installment_missing")

    def _clarify(self) -> None:
        if self._case.misses:
            self._hand_over("misunderstood")
            return
        self._case = self._case.but(misses=1)
        ranked = [name for name, _ in self._turn.ranking if self._knowledge.intents[name].title][:3]
        likely = ranked if self._turn.has_words else self._knowledge.menu
        buttons = self._buttons.intents(likely)
        data = {"type": "clarify", "choices": [button.to_json() for button in buttons]}
        self._speaker.say(self._speaker.phrase("clarify"), buttons, data)
        self._prompt(self._case)

    def _ask_for_person(self) -> None:
        if self._turn.entity("topic") == APPEAL_TOPIC and self._objectionable(self._case.causes):
            self._object(self._case.causes)
        else:
            self._hand_over("requested")

    def _warn_of_fraud(self) -> None:
        self._hand_over("fraud")

    # --- shared ------------------------------------------------------------------------------------------------------------------------

    def _diagnose(self) -> Diagnosis:
        case = self._case
        try:
            facts = self._source.snapshot(self._turn.user_id, case.order, case.bill)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            self._case = case.on_cause(None).but(order=None, bill=None, phase="idle")
            facts = self._source.snapshot(self._turn.user_id)
        return diagnose(facts, self._knowledge.causes.values())

    def _facts(self) -> Facts:
        return self._source.snapshot(self._turn.user_id, self._case.order or self._turn.token_order, None)

    def _tell(self, diagnosis: Diagnosis) -> None:
        self._teller.diagnosis(self._turn, diagnosis)
        self._case = self._case.but(causes=diagnosis.cause_ids)

    def _take(self, transition: Transition, diagnosis: Diagnosis, reworded: bool = False) -> None:
        told = set(self._case.causes)
        self._case, moves = transition
        checks = tuple(move for move in moves if isinstance(move, (CheckPassed, CheckFailed)))
        said = tuple(move for move in moves if move not in checks and not isinstance(move, HandOver))
        self._teller.moves(checks, diagnosis, subscribed=False)
        if not told.issuperset(diagnosis.cause_ids):
            # What has come up since the last diagnosis is explained before anything is asked for.
            self._tell(diagnosis)
        self._teller.moves(said, diagnosis, self._subscribed_to(moves), reworded)
        for move in moves:
            if isinstance(move, HandOver):
                # Only what a cause itself asks for goes to the cause's queue; other reasons have queues of their own.
                own = move.found is not None and move.reason == "cause"
                self._hand_over(move.reason, diagnosis, move.found.cause.handoff.queue if own and move.found else None)

    def _hand_over(self, reason: str, diagnosis: Optional[Diagnosis] = None, queue: Optional[str] = None) -> None:
        if diagnosis is None and self._case.subject_known:
            diagnosis = self._diagnose()
        self._handing_over.hand_over(self._turn, self._case, reason, diagnosis, queue)
        self._case = self._case.but(phase="handed_over", paused=False, misses=0, upsets=0)

    def _object(self, cause_ids: Tuple[str, ...], diagnosis: Optional[Diagnosis] = None) -> None:
        self._hand_over("objection", diagnosis, self._objectionable(cause_ids)[0].handoff.queue)

    def _objectionable(self, cause_ids: Tuple[str, ...]) -> List[Cause]:
        known = [self._knowledge.causes[cause_id] for cause_id in cause_ids if cause_id in self._knowledge.causes]
        return [cause for cause in known if cause.handoff.on_objection]

    def _subscribed(self) -> bool:
        return self._case.cause is not None and self._notices.is_subscribed(self._turn.user_id, self._case.cause)

    def _subscribed_to(self, moves: Tuple[Move, ...]) -> bool:
        waiting = next((move for move in moves if isinstance(move, Wait)), None)
        return waiting is not None and self._notices.is_subscribed(self._turn.user_id, waiting.found.cause.id)

    def _prompt(self, case: Case, reworded: bool = False) -> bool:
        """Offers again what the case is waiting for; False if it waits for nothing."""
        if case.phase == "doing" or (case.phase == "handed_over" and case.cause and case.paused):
            diagnosis = self._diagnose()
            self._take(self._walkthrough.resume(case, diagnosis), diagnosis, reworded)
        elif case.phase == "offered":
            self._speaker.say(self._speaker.phrase("offer_start"), self._buttons.offered())
        elif case.phase == "handoff_offered":
            self._speaker.say(self._speaker.phrase("offer_handoff"), self._buttons.handoff_offer())
        elif case.phase == "confirming":
            self._speaker.say(self._speaker.phrase("confirm"), self._buttons.confirm())
        elif case.phase == "asking_subject":
            self._ask_subject(subjects.Ask(self._source.orders(self._turn.user_id)))
        else:
            return False
        return True

    def _prompt_or_menu(self) -> None:
        if not self._prompt(self._case):
            self._menu("menu")

    def _menu(self, phrase_id: str) -> None:
        self._speaker.say(self._speaker.phrase(phrase_id), self._buttons.intents(self._knowledge.menu))


_ACTS: Dict[str, Callable[[_Reaction], None]] = {
    "step_done": _Reaction._done,
    "cannot_find": _Reaction._not_found,
    "step_failed": _Reaction._not_possible,
    "affirm": _Reaction._agree,
    "deny": _Reaction._decline,
    "repeat": _Reaction._repeat,
    "restart": _Reaction._start_over,
    "greet": _Reaction._greet,
    "goodbye": _Reaction._leave,
    "thanks": _Reaction._thanked,
    "bot_challenge": _Reaction._challenged,
    "complaint_angry": _Reaction._calm,
    "fraud_suspected": _Reaction._warn_of_fraud,
    "request_human": _Reaction._ask_for_person,
    "out_of_scope": _Reaction._redirect,
    "nlu_fallback": _Reaction._clarify,
}
"""What each intent that is neither a complaint nor a question does; questions are answered."""
