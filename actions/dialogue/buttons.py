"""The buttons of every kind of message: one for every expected answer, and a person always among them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from actions.core.causes import Cause
from actions.core.handoff import Event
from actions.core.records import Bill
from actions.core.turn import DONE, DONE_WITH_THIS, NOT_THIS, PERSON, Button
from actions.dialogue.subjects import BILL_COMPLAINT, MORE, NO_ORDER, OwnOrder
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.knowledge.phrases import Phrase

NOTICE_TOPIC = "wait_for_notice"
APPEAL_TOPIC = "appeal"
CANCEL_TOPIC = "cancel_person"
"""Taking the request for a person back."""
SEEN_TOPIC = "option_seen"
"""Seeing the option, after a case was resolved: a bare yes may be an answer to something else."""
RESUME_TOPIC = "handoff_resume"
"""Going on with the assistant after a person."""
ADVICE_TOPIC = "advice"
"""What topics of buttons about advice begin with; see ``dialogue.advice``."""
QUEUE_CHOICES: dict[str, tuple[Event, Phrase]] = {
    "handoff_wait": ("wait", phrases.BUTTON_HANDOFF_WAIT),
    "handoff_message": ("leave_message", phrases.BUTTON_HANDOFF_MESSAGE),
    "handoff_go_on": ("go_on", phrases.BUTTON_HANDOFF_GO_ON),
}
"""What a customer may choose for whom no person has come in time, by the topic of the button."""
_TITLE_LENGTH = 20
MOST_SUBJECTS = 5
"""Orders and bills among which the customer may choose at once."""


def payload(intent: str, **entities: str) -> str:
    """What a button sends: an intent, with entities as JSON."""
    return f"/{intent}" + (json.dumps(entities, ensure_ascii=False) if entities else "")


class Buttons:
    """Makes the buttons; titles come from the phrases."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def person(self) -> Button:
        """Asks for a person."""
        return self._of(phrases.BUTTON_PERSON, PERSON)

    def step(self, checked: bool = False, unasked: bool = False) -> tuple[Button, ...]:
        """For a step; after a failed check, looking again comes first.

        Args:
            unasked: the step came by itself, so that what is pressed below it must say that it is about this one.
        """
        look = (self._of(phrases.BUTTON_CHECK_AGAIN, payload("step_done")),) if checked else ()
        return (
            *look,
            self._of(phrases.BUTTON_DONE, DONE_WITH_THIS if unasked else DONE),
            self._of(phrases.BUTTON_NOT_FOUND, payload("cannot_find")),
            self._of(phrases.BUTTON_NOT_POSSIBLE, payload("step_failed")),
            self.person(),
        )

    def offered(self) -> tuple[Button, ...]:
        """For a walkthrough that must be started."""
        return (self._of(phrases.BUTTON_START, payload("affirm")), self.person())

    def explained(self, cause: Cause, startable: bool) -> tuple[Button, ...]:
        """For a cause the customer cannot fix: start with the others if there are any, then the alternatives."""
        start = (self._of(phrases.BUTTON_START, payload("affirm")),) if startable else ()
        return (*start, *self._alternatives(cause), self.person())

    def waiting(self, cause: Cause, subscribed: bool, startable: bool) -> tuple[Button, ...]:
        """For a cause that only time removes."""
        start = (self._of(phrases.BUTTON_START, payload("affirm")),) if startable else ()
        notice = () if subscribed else (self.notice(cause),)
        look = self._of(phrases.BUTTON_CHECK_AGAIN, payload("step_done"))
        return (*start, *notice, look, *self._alternatives(cause), self.person())

    def notice(self, cause: Cause) -> Button:
        """Asks to be told of the end of a cause."""
        return Button(self.notice_title(cause), payload("affirm", topic=NOTICE_TOPIC))

    def notice_title(self, cause: Cause | None) -> str:
        """What the button says that asks to be told of the end of a cause."""
        own = cause.wait.notice if cause is not None and cause.wait is not None else None
        return own or self._knowledge.phrases.title(phrases.BUTTON_NOTIFY)

    def recovered(self, startable: bool = False, order: str | None = None) -> tuple[Button, ...]:
        """For the notice that what was waited for is over.

        Args:
            startable: what is left begins with a step of the customer's.
            order: what it is about, for customers who have never spoken and so have nothing to go on with.
        """
        title = phrases.BUTTON_START if startable else phrases.BUTTON_CONTINUE
        goes_on = payload("step_done") if order is None else payload(self._knowledge.assumed_complaint, order=order)
        return (self._of(title, goes_on), self.person())

    def expired(self) -> tuple[Button, ...]:
        """For the notice that an order expired while its customer waited."""
        return (self.not_this(), self.person())

    def confirm(self) -> tuple[Button, ...]:
        """Is the option there now?"""
        return (
            self._of(phrases.BUTTON_VISIBLE, payload("affirm")),
            self._of(phrases.BUTTON_STILL_MISSING, payload("step_failed")),
            self.person(),
        )

    def resolved(self, seen: bool = False) -> tuple[Button, ...]:
        """After the end of a case: is the option there, unless the customer has said that it is?"""
        look = () if seen else (self._of(phrases.BUTTON_VISIBLE, payload("affirm", topic=SEEN_TOPIC)),)
        return (*look, self._of(phrases.BUTTON_STILL_MISSING, payload("step_failed")), self.person())

    def handoff_offer(self) -> tuple[Button, ...]:
        """Shall a person take over?"""
        return (
            self.person(),
            self._of(phrases.BUTTON_CHECK_AGAIN, payload("step_done")),
            self._of(phrases.BUTTON_NOT_NOW, payload("deny")),
        )

    def left_by_person(self) -> tuple[Button, ...]:
        """After a person has ended the case and the customer goes on: look again, or a person once more."""
        return (self._of(phrases.BUTTON_CHECK_AGAIN, payload("step_done")), self.person())

    def handed_over(self) -> tuple[Button, ...]:
        """While a person is awaited: look again, or take the wish back."""
        return (
            self._of(phrases.BUTTON_CHECK_AGAIN, payload("step_done")),
            self._of(phrases.BUTTON_CANCEL_PERSON, payload("about_case", topic=CANCEL_TOPIC)),
            self.person(),
        )

    def given_up(self) -> tuple[Button, ...]:
        """After a case was given up: it can be taken up again."""
        return (self._of(phrases.BUTTON_CHECK_AGAIN, payload("step_done")), self.person())

    def queued(self) -> tuple[Button, ...]:
        """For customers for whom nobody has come."""
        choices = [self._of(title, payload("affirm", topic=topic)) for topic, (_, title) in QUEUE_CHOICES.items()]
        return (*choices, self.person())

    def resume(self, title: Phrase) -> tuple[Button, ...]:
        """For customers whom a person has given back."""
        return (self._of(title, payload("affirm", topic=RESUME_TOPIC)), self.person())

    def offer_advice(self) -> Button:
        """Asks to be told before something blocks again."""
        return self._of(phrases.BUTTON_ADVICE, payload("affirm", topic=f"{ADVICE_TOPIC}_ask"))

    def advice_topics(self, topics: Sequence[str]) -> tuple[Button, ...]:
        """Of what to be told before it comes."""
        known = self._knowledge.advice.topics
        return tuple(Button(known[topic].title, payload("affirm", topic=f"{ADVICE_TOPIC}_on:{topic}")) for topic in topics)

    def advice_off(self, topic: str = "") -> Button:
        """Never more, of a topic or at all."""
        return self._of(phrases.BUTTON_ADVICE_OFF, payload("deny", topic=f"{ADVICE_TOPIC}_off:{topic}"))

    def advice(self, cause: str) -> tuple[Button, ...]:
        """For a message that tells what is to come: not this time, never more, at another time."""
        return (
            self._of(phrases.BUTTON_ADVICE_SKIP, payload("deny", topic=f"{ADVICE_TOPIC}_skip:{cause}")),
            self._of(phrases.BUTTON_ADVICE_WHEN, payload("affirm", topic=f"{ADVICE_TOPIC}_when:{cause}")),
            self.advice_off(self._knowledge.advice.topic_of(cause) or ""),
            self.person(),
        )

    def advice_times(self, cause: str, days: Sequence[int]) -> tuple[Button, ...]:
        """How many days before it begins."""
        return tuple(
            self._of(phrases.BUTTON_ADVICE_AT, payload("affirm", topic=f"{ADVICE_TOPIC}_at:{cause}:{day}"), days=day) for day in days
        )

    def not_this(self) -> Button:
        """Another order or bill than the one that was looked at."""
        return self._of(phrases.BUTTON_NOT_THIS, NOT_THIS)

    def subjects(self, intent: str, owned: Sequence[OwnOrder | Bill], after: int = 0) -> tuple[Button, ...]:
        """One button per order or bill, one for more of them, and one for none at all.

        Args:
            owned: among which the customer may choose, in their order.
            after: how many of them were offered before.
        """
        # About an order nobody complains as of a bill.
        of_order = self._knowledge.assumed_complaint if intent == BILL_COMPLAINT else intent
        named: list[Button] = []
        for each in owned[after : after + MOST_SUBJECTS]:
            if isinstance(each, Bill):
                named.append(self._of(phrases.BUTTON_BILL, payload(BILL_COMPLAINT, bill=each.id), month=int(each.month[-2:]), bill=each.id))
                continue
            order, lines = each
            title = f"{lines[0].item.title if lines else ''} {order.id}".strip()
            if len(title) > _TITLE_LENGTH and lines:
                title = f"{lines[0].item.title[: _TITLE_LENGTH - len(order.id) - 2]}… {order.id}"
            named.append(Button(title, payload(of_order, order=order.id)))
        offered = after + len(named)
        more = (self._of(phrases.BUTTON_MORE_SUBJECTS, payload(intent, order=f"{MORE}{offered}")),) if offered < len(owned) else ()
        return (*named, *more, self._of(phrases.BUTTON_NO_ORDER, payload(intent, order=NO_ORDER)), self.person())

    def intents(self, intents: Sequence[str]) -> tuple[Button, ...]:
        """What did you mean?"""
        return (*(Button(self._knowledge.intents[name].title or name, payload(name)) for name in intents), self.person())

    def topics(self, topics: Sequence[str]) -> tuple[Button, ...]:
        """Further answers."""
        found = [self._knowledge.answers.topic(topic) for topic in topics]
        return tuple(self._topic(topic.id, topic.title) for topic in found)

    def _alternatives(self, cause: Cause) -> tuple[Button, ...]:
        return self.topics([topic for topic in cause.alternatives if topic != NOTICE_TOPIC])

    def _topic(self, topic_id: str, title: str) -> Button:
        if topic_id == APPEAL_TOPIC:
            # Whoever asks for a review by a person gets the person, not a text on how to ask.
            return Button(title, payload("request_human", topic=topic_id))
        return Button(title, payload(self._knowledge.answers.intent_of(topic_id) or "faq_how_to", topic=topic_id))

    def _of(self, title: Phrase, sends: str, **values: Any) -> Button:
        return Button(self._knowledge.phrases.title(title, **values), sends)
