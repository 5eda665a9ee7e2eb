"""The context of one turn: what came in, the case as it changes, the customer's state, and what has been said so far."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from actions.core.case import Case
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts, FactsSource, UnknownSubject
from actions.core.handoff import HandoffDesk
from actions.core.messages import MessageData
from actions.core.notices import Notices
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import Button, Turn
from actions.core.walkthrough import Walkthrough
from actions.dialogue.buttons import Buttons
from actions.dialogue.speaker import Speaker
from actions.dialogue.wording import Wording
from actions.knowledge.model import Knowledge
from actions.knowledge.phrases import Phrase


class TurnContext:
    """One turn while it is answered.

    Args:
        knowledge: causes, answers and phrases.
        source: the customer's state, read anew in every turn.
        desk: where cases are handed over.
        notices: recovery notices.
        turn: what came in.

    Attributes:
        intent: what is answered; ``turn.intent`` is what the message was taken for.
        action: the name of the action that answers.
        introduced: whether the customer knows that this is a robot.
    """

    def __init__(self, knowledge: Knowledge, source: FactsSource, desk: HandoffDesk, notices: Notices, turn: Turn) -> None:
        self.knowledge, self.source, self.desk, self.notices = knowledge, source, desk, notices
        self.walkthrough = Walkthrough(dict(knowledge.causes))
        self.turn = turn
        self.intent = turn.intent
        self.action = ""
        self.speaker = Speaker(knowledge.phrases, turn.said)
        self.buttons = Buttons(knowledge)
        self.wording = Wording(self.speaker, self.buttons, knowledge.locale)
        self.introduced = not turn.first
        self._case = turn.case

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self._case

    @property
    def named_topics(self) -> tuple[tuple[str, float], ...]:
        """The matters of the turn by falling confidence: the one of the button that was pressed, or those that were understood."""
        pressed = self.turn.entity("topic")
        return ((pressed, 1.0),) if pressed else self.turn.topics

    def keep(self, case: Case) -> None:
        """Puts another case in place of the present one."""
        self._case = case

    def remember(self, **changes: Any) -> None:
        """Changes fields of the case."""
        self.keep(self._case.but(**changes))

    def diagnose(self) -> Diagnosis:
        """What blocks the subject right now."""
        try:
            facts = self.source.snapshot(self.turn.user_id, self._case.subject or ACCOUNT)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            self.keep(self._case.on_cause(None).but(subject=ACCOUNT, phase="idle"))
            facts = self.source.snapshot(self.turn.user_id)
        return diagnose(facts, self.knowledge.causes.values())

    def facts(self) -> Facts:
        """The customer's state, with what they look at: the subject of the case, else the token's order, else their only unpaid one."""
        case = self._case
        if case.subject is not None and case.subject != ACCOUNT and case.token_order == self.turn.token_order:
            subject = case.subject
        else:
            orders = self.source.orders(self.turn.user_id)
            unpaid = [order.id for order, _ in orders if order.status == "unpaid"]
            subject = Subject.of(order=self.turn.token_order or (unpaid[0] if len(unpaid) == 1 else None))
        try:
            return self.source.snapshot(self.turn.user_id, subject)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            return self.source.snapshot(self.turn.user_id)

    def say(self, phrase: Phrase, buttons: Optional[Sequence[Button]] = None, data: Optional[MessageData] = None, **values: Any) -> None:
        """Says a phrase, with a person within reach unless other buttons are given."""
        self.speaker.say(self.speaker.phrase(phrase, **values), (self.buttons.person(),) if buttons is None else buttons, data)
