"""Everything that is not about the case, after which the case is offered again where it stood."""

from __future__ import annotations

from itertools import islice
from typing import Iterable, List, Mapping

from actions.core.case import Case
from actions.dialogue.buttons import APPEAL_TOPIC
from actions.dialogue.complaints import Complaints
from actions.dialogue.exchange import Exchange
from actions.dialogue.progress import Progress
from actions.knowledge.meanings import IntentMeaning

CHOICES = 4
"""Intents that a clarification offers: with these the right one is among them nearly always (docs/understanding.md)."""
MOST_CLARIFICATIONS = 2
_STEP_PHASES = ("doing", "offered", "handoff_offered", "confirming", "asking_subject")


def choices(ranked: Iterable[str], intents: Mapping[str, IntentMeaning]) -> List[str]:
    """The likeliest intents that a button can name, best first."""
    return list(islice((name for name in ranked if intents[name].title), CHOICES))


class Asides:
    """Answers, small talk, anger, misunderstandings, and the wish for a person."""

    def __init__(self, exchange: Exchange, complaints: Complaints, progress: Progress) -> None:
        self._exchange = exchange
        self._complaints = complaints
        self._progress = progress

    def answer(self) -> None:
        """Answers a question."""
        exchange = self._exchange
        exchange.answering.answer(exchange.turn, exchange.turn.intent, exchange.facts())
        exchange.prompt(exchange.case)

    def redirect(self) -> None:
        """Says where another matter belongs."""
        exchange = self._exchange
        # What belongs to nobody is a misunderstanding as much as what has no intent: a second one in a row needs a person.
        if exchange.answering.redirect(exchange.turn):
            exchange.prompt(exchange.case)
        elif exchange.turn.case.misses:
            exchange.hand_over("misunderstood")
        else:
            exchange.answering.redirect_anywhere()
            exchange.remember(misses=1)
            exchange.prompt(exchange.case)

    def greet(self) -> None:
        """Greets."""
        exchange = self._exchange
        if exchange.case.phase in _STEP_PHASES:
            exchange.speaker.say(exchange.speaker.phrase("welcome_back"))
            exchange.prompt(exchange.case)
        else:
            exchange.menu("greeting")
            exchange.introduced = True

    def challenged(self) -> None:
        """Says that this is a robot."""
        exchange = self._exchange
        if exchange.case.phase in _STEP_PHASES:
            exchange.say("robot")
            exchange.prompt(exchange.case)
        else:
            exchange.menu("robot")
            exchange.introduced = True

    def thanked(self) -> None:
        """Answers thanks."""
        exchange = self._exchange
        if exchange.case.phase == "handoff_offered":
            # "No, thank you" and "yes, please" are thanks only to a classifier.
            likely = dict(exchange.turn.ranking)
            agrees = likely.get("affirm", 0.0) > likely.get("deny", 0.0)
            (self._progress.agree if agrees else self._progress.decline)()
            return
        if exchange.case.phase == "confirming":
            # Nobody gives thanks for an option that is still missing.
            self._progress.agree()
            return
        exchange.say("thanks")
        exchange.prompt(exchange.case)

    def leave(self) -> None:
        """Says goodbye; a step stays where it is."""
        exchange = self._exchange
        if exchange.case.phase == "doing":
            self._progress.decline()
        else:
            unfinished = exchange.case.phase in (*_STEP_PHASES, "waiting")
            exchange.say("goodbye.unfinished" if unfinished else "goodbye")

    def start_over(self) -> None:
        """Forgets the case."""
        exchange = self._exchange
        exchange.case = Case()
        exchange.menu("start_over")

    def calm(self) -> None:
        """Takes anger seriously; a second outburst goes to a person."""
        exchange = self._exchange
        if exchange.case.upsets:
            exchange.hand_over("complaint")
            return
        exchange.remember(upsets=1)
        exchange.say("calm")
        if not exchange.prompt(exchange.case) and exchange.case.phase == "idle":
            # Anger has a reason, and here there is but one it can have.
            self._complaints.complain("installment_missing")

    def clarify(self) -> None:
        """Asks back; a second misunderstanding in a row goes to a person, and so does a third in one conversation."""
        exchange, case = self._exchange, self._exchange.case
        if case.misses or case.clarified >= MOST_CLARIFICATIONS:
            exchange.hand_over("misunderstood")
            return
        exchange.remember(misses=1, clarified=case.clarified + 1)
        likely = choices((name for name, _ in exchange.turn.ranking), exchange.knowledge.intents)
        buttons = exchange.buttons.intents(likely if exchange.turn.has_words else exchange.knowledge.menu)
        data = {"type": "clarify", "choices": [button.to_json() for button in buttons]}
        exchange.say("clarify", buttons, data)
        exchange.prompt(exchange.case)

    def ask_for_person(self) -> None:
        """Hands over because the customer says so."""
        exchange = self._exchange
        if exchange.turn.entity("topic") == APPEAL_TOPIC and exchange.objectionable(exchange.case.causes):
            exchange.object_to(exchange.case.causes)
        else:
            exchange.hand_over("requested")

    def warn_of_fraud(self) -> None:
        """Warns and hands over."""
        self._exchange.hand_over("fraud")
