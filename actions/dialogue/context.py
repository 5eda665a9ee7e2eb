"""The context of one turn: what came in, the case as it changes, the customer's state, and what has been said so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from actions.core.asked import ABOUT_CASE, CERTAIN, CLEAR, SURE, Clause, Heard, heard_in
from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.core.conditions import facts_in
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts, FactsSource, UnknownSubject
from actions.core.handoff import HandoffDesk, Notices, Reminders
from actions.core.messages import MessageData
from actions.core.money import Fen, fen_named
from actions.core.named_amounts import bill_meant, payment_meant, what_if_paid, what_if_priced, what_if_taken_out
from actions.core.named_days import day_meant, what_of_day
from actions.core.named_months import what_of_month
from actions.core.planner import OPEN_PHASES, SETTLED
from actions.core.platform import Policy
from actions.core.subject import ACCOUNT, Subject
from actions.core.topics import Topic
from actions.core.turn import Button, Turn
from actions.core.walkthrough import Walkthrough
from actions.dialogue.buttons import Buttons
from actions.dialogue.speaker import Speaker
from actions.dialogue.subjects import lines_named
from actions.dialogue.wording import Wording
from actions.knowledge.model import Knowledge
from actions.knowledge.phrases import Phrase

_TOTAL = "cue_total"
"""The cue that an amount is what something comes to."""


class TurnContext:
    """One turn while it is answered.

    Args:
        knowledge: causes, answers and phrases.
        source: the customer's state, read anew in every turn.
        desk: where cases are handed over.
        notices: recovery notices.
        turn: what came in.
        approved: gives the policies that somebody has approved.
        reminders: what the customer wants to be told before it comes; None: nobody is told of anything.

    Attributes:
        intent: what is answered; ``turn.intent`` is what the message was taken for.
        action: the name of the action that answers.
        introduced: whether the customer knows that this is a robot.
        place: where in the app the last answer has sent the customer; None if it named no place.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        source: FactsSource,
        desk: HandoffDesk,
        notices: Notices,
        turn: Turn,
        approved: Callable[[], Sequence[Policy]] = tuple,
        reminders: Reminders | None = None,
    ) -> None:
        self.approved, self.reminders = approved, reminders
        self.knowledge, self.source, self.desk, self.notices = knowledge, source, desk, notices
        self.walkthrough = Walkthrough(dict(knowledge.causes), turn.at)
        self._case = turn.case
        self.heard = self._heard_in(turn)
        self.turn = replace(turn, aspects=self.heard.aspects)
        self.intent = turn.intent
        self.action = ""
        self.place: str | None = None
        self.speaker = Speaker(knowledge.phrases, turn.said)
        self.buttons = Buttons(knowledge)
        self.wording = Wording(self.speaker, self.buttons, knowledge.locale, knowledge.pages)
        self.introduced = not (turn.first or turn.case.unintroduced)
        self._diagnoses: dict[Subject, Diagnosis] = {}
        self._snapshots: dict[Subject, Facts] = {}

    def of_clause(self, clause: Clause, answered: str | None = None) -> TurnContext:
        """The same turn as if only one clause of the message had been said, to read and to plan by; nothing is to be said or remembered in it.

        Args:
            answered: the matter of the clause before, of which this one may ask further; None leaves it at what was answered last.
        """
        part = copy(self)
        if answered is not None and part.case.has_ended:
            part.remember(answered=answered)
        turn = replace(
            self.turn,
            intent=clause.intent,
            confidence=clause.confidence,
            text=clause.text,
            written=None,
            topics=clause.topics,
            aspects=clause.aspects,
            readings=clause.readings,
            second_intent=None,
            second_topic=None,
            clauses=(),
        )
        part.intent = clause.intent
        part.heard = part._heard_in(turn, CLEAR)
        part.turn = replace(turn, aspects=part.heard.aspects)
        return part

    def _heard_in(self, turn: Turn, sure: float = SURE) -> Heard:
        """The sub-questions of a message: of its likeliest matter, or of the one answered last where it names none, and of the case.

        Args:
            sure: the confidence that the likeliest matter needs.
        """
        topics, causes, case = self.knowledge.answers.topics, self.knowledge.causes, self._case
        name, confidence = next(iter(turn.topics), ("", 0.0))
        topic = topics.get(name)
        names_one = topic is not None and topic.kind not in ("case", "dialogue") and not topic.vague and confidence >= sure
        matters = [each for each in (name if names_one else case.answered, turn.second_topic) if each]
        spoken_of = [causes[each] for each in case.causes if each in causes] or [causes[NO_CAUSE_FOUND]]
        of_case = self.knowledge.asked_of_case(spoken_of) if case.phase in OPEN_PHASES else None
        of_any = [each for each in turn.aspects if each in self.knowledge.aspects and not self.knowledge.aspects[each].is_narrow]
        return heard_in(turn.aspects, turn.readings, matters, of_case, of_any)

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self._case

    @property
    def named_topics(self) -> tuple[tuple[str, float], ...]:
        """The matters of the turn by falling confidence: the one of the button that was pressed, or those that were understood."""
        pressed = self.turn.entity("topic")
        return ((pressed, 1.0),) if pressed else self.turn.topics

    @property
    def tenors(self) -> tuple[int, ...]:
        """The numbers of periods that the message names, each once."""
        return tuple(dict.fromkeys(int(text) for text in self.turn.entities.get("tenor", ()) if text.isdecimal()))

    @property
    def thread(self) -> Topic | None:
        """What was answered last, if a follow-up is about that: no case has begun since, or one that found nothing to go on with."""
        return self.knowledge.answers.topics.get(self.case.answered or "") if self.case.has_ended else None

    @property
    def price_of_bill(self) -> Topic | None:
        """The matter of what it costs to split a bill, if that or what leads to it was answered last."""
        topics = self.knowledge.answers.topics
        told = topics.get(self.case.answered or "")
        led = (topics.get(name) for name in (told.id, *told.follow_up)) if told is not None else ()
        return next((topic for topic in led if topic is not None and topic.quote == "bill"), None)

    @property
    def aside(self) -> Topic | None:
        """The matter beside the case under way that the last reply answered, if it did."""
        return self.knowledge.answers.topics.get(self.turn.case.answered or "") if self.thread is None else None

    def keep(self, case: Case) -> None:
        """Puts another case in place of the present one."""
        self._case = case

    def remember(self, **changes: Any) -> None:
        """Changes fields of the case."""
        self.keep(self._case.but(**changes))

    def diagnose(self) -> Diagnosis:
        """What blocks the subject right now; the state is read once in a turn."""
        try:
            return self.diagnosis_of(self._case.subject or ACCOUNT)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            self.keep(self._case.on_cause(None).but(subject=ACCOUNT, phase="idle"))
            return self.diagnosis_of(ACCOUNT)

    def diagnosis_of(self, subject: Subject) -> Diagnosis:
        """What blocks a subject that is there, whichever the case is about."""
        if subject not in self._diagnoses:
            self._diagnoses[subject] = diagnose(self._snapshot(subject), self.knowledge.causes.values())
        return self._diagnoses[subject]

    def facts(self) -> Facts:
        """The customer's state, with what they look at: the subject of the case, else the token's order, else their only unpaid one."""
        case = self._case
        if case.subject is not None and case.subject != ACCOUNT and case.token_order == self.turn.token_order:
            subject = case.subject
        else:
            subject = Subject.of(order=self.turn.token_order or self._only_unpaid_order)
        try:
            return self._snapshot(subject)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            return self._snapshot(ACCOUNT)

    @cached_property
    def _only_unpaid_order(self) -> str | None:
        unpaid = [order.id for order, _ in self.source.orders(self.turn.user_id) if order.status == "unpaid"]
        return unpaid[0] if len(unpaid) == 1 else None

    def _snapshot(self, subject: Subject) -> Facts:
        if subject not in self._snapshots:
            self._snapshots[subject] = self.source.snapshot(self.turn.user_id, subject)
        return self._snapshots[subject]

    def said(self, facts: Facts) -> Mapping[str, Any]:
        """The amount, the day, the month or the goods that the message names, and what they would change, by placeholder.

        Whoever names a bill and no amount speaks of what is left to pay of it.
        """
        named = (self.turn.entities.get(name, ()) for name in ("down_payment", "amount"))
        texts = next(filter(None, named), ())
        amounts = [Fen(amount) for amount in map(fen_named, texts) if amount is not None]
        months = self.turn.entities.get("month", ())
        amount = payment_meant(facts, amounts) if amounts else bill_meant(facts, months)
        return {
            **what_if_paid(facts, amount, named=bool(amounts)),
            **what_if_priced(facts, amount if amounts else None, self.turn.has(_TOTAL)),
            **what_if_taken_out(facts, lines_named(self.turn, facts.lines)),
            **what_of_day(facts, self.day_said(facts)),
            **what_of_month(facts, months),
        }

    def day_said(self, facts: Facts) -> date | None:
        """The day that the message tells of, beside those on record; None if it tells of none."""
        words, text = self.knowledge.locale.days, self.turn.text
        named = words.named_in(text)
        return day_meant(named, facts, words.tells_past(text)) if named else None

    def claims_something_of(self, cause: Cause) -> bool:
        """Whether the customer says of their own state something that proves or disproves a cause."""
        known = self.knowledge.claims
        return any(cause.is_about(facts_in(known[name].when)) for name in self.turn.claims if name in known)

    @property
    def sure_beside(self) -> float:
        """How sure it is that the message is about a matter that an answer settles, 0–1."""
        name, confidence = next(iter(self.named_topics), ("", 0.0))
        topic = self.knowledge.answers.topics.get(name)
        return confidence if topic is not None and topic.kind in SETTLED else 0.0

    @property
    def exactly_heard(self) -> tuple[str, ...]:
        """The sub-questions that the message asks so plainly that its topic need not say so, too.

        What is asked of any case is left to the topic.
        """
        known, worded, read = self.knowledge.aspects, self.heard.worded, (self.plainly_read, self.both_ways_heard)
        return tuple(name for name in self.turn.aspects if name in read or (name in worded and name in known and known[name].exact))

    @property
    def both_ways_heard(self) -> str:
        """The sub-question of the case that was read plainly and has its words in the message, too; empty if there is none.

        Either may err; both seldom do so in the same way. What the message does, or the other matter that it names, goes before it.
        """
        heard = self.heard
        topic = self.knowledge.answers.topics.get(next((name for name, _ in self.named_topics), ""))
        moves = topic is not None and topic.move is not None
        asks = self.turn.intent == ABOUT_CASE and self.sure_beside < SURE and not moves and self._case.phase != "handed_over"
        return heard.of_case if asks and heard.plain and heard.of_case in heard.worded else ""

    @property
    def plainly_read(self) -> str:
        """The sub-question of the case that was read so plainly that only what the customer wants done goes before it; empty if there is none."""
        known = self.knowledge.aspects.get(self.heard.of_case)
        name, confidence = next(iter(self.named_topics), ("", 0.0))
        topic = self.knowledge.answers.topics.get(name)
        moves = topic is not None and topic.move not in (None, "partly_done") and confidence >= CERTAIN
        surer = dict(self.turn.readings.get(ABOUT_CASE, ())).get(self.heard.of_case, 0.0) >= self.sure_beside
        return self.heard.of_case if self.heard.plain and known is not None and known.is_narrow and surer and not moves else ""

    def say(self, phrase: Phrase, buttons: Sequence[Button] | None = None, data: MessageData | None = None, **values: Any) -> None:
        """Says a phrase, with a person within reach unless other buttons are given."""
        self.speaker.say(self.speaker.phrase(phrase, **values), (self.buttons.person(),) if buttons is None else buttons, data)
