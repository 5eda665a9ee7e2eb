"""Customers for whom nobody has come yet, and customers whom a person has given back: what they choose, and going on."""

from __future__ import annotations

from typing import Dict

from actions.core.ownership import QUEUED, Event
from actions.dialogue.buttons import RESUME_TOPIC
from actions.dialogue.exchange import Exchange
from actions.dialogue.handing_over import urgent_reason
from actions.dialogue.ports import HandoffDesk

_CHOICES: Dict[str, Event] = {"handoff_wait": "wait", "handoff_message": "leave_message", "handoff_go_on": "go_on"}
_TYPED: Dict[str, Event] = {"affirm": "wait", "deny": "go_on"}
"""What an answer in words means while the choice is open and nothing else is."""


class Queueing:
    """Answers what concerns the queue, before anything else looks at the turn."""

    def __init__(self, exchange: Exchange, desk: HandoffDesk) -> None:
        self._exchange = exchange
        self._desk = desk

    def answers(self) -> bool:
        """Answers the turn if it is about waiting for a person; False leaves it to the rest of the dialogue."""
        exchange, turn = self._exchange, self._exchange.turn
        topic = turn.entity("topic") or ""
        if topic == RESUME_TOPIC:
            self._resume()
        elif topic in _CHOICES:
            self._choose(_CHOICES[topic])
        elif exchange.case.leaving_message:
            return self._is_noted()
        elif turn.intent in _TYPED and exchange.case.phase == "handed_over" and self._stage() == "offered":
            self._choose(_TYPED[turn.intent])
        else:
            return False
        return True

    def _stage(self) -> str:
        handoff = self._desk.open_handoff(self._exchange.turn.user_id)
        return handoff.stage if handoff is not None else "bot"

    def _choose(self, choice: Event) -> None:
        exchange = self._exchange
        if not self._desk.choose(exchange.turn.user_id, choice):
            exchange.remember(leaving_message=False)
            exchange.speaker.say(exchange.speaker.phrase("desk.no_choice"))
            self._resume()
            return
        exchange.remember(leaving_message=choice == "leave_message")
        if choice == "go_on":
            exchange.speaker.say(exchange.speaker.phrase("desk.gone_on"))
            self._resume()
        else:
            exchange.say("desk.waiting" if choice == "wait" else "desk.write", (*exchange.buttons.queued(), exchange.buttons.person()))

    def _is_noted(self) -> bool:
        """Whether the turn is part of a message for the person; alarms and the wish for a person are heard all the same."""
        exchange = self._exchange
        if self._stage() not in QUEUED:
            exchange.remember(leaving_message=False)
            return False
        if urgent_reason(exchange.turn) is not None or exchange.turn.intent == "request_human":
            return False
        exchange.say("desk.noted", (*exchange.buttons.queued(), exchange.buttons.person()))
        return True

    def _resume(self) -> None:
        """Goes on at the step, by the state as it is now."""
        exchange, case = self._exchange, self._exchange.case
        if case.subject is None:
            exchange.prompt_or_menu()
            return
        diagnosis = exchange.diagnose()
        exchange.take(exchange.walkthrough.resume(exchange.case, diagnosis), diagnosis)
