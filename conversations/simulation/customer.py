"""The simulated customer: sees what a person sees and decides what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actions.core.causes import NO_CAUSE_FOUND
from actions.core.turn import NOT_THIS
from actions.knowledge.model import Knowledge
from conversations.simulation.curiosity import Curiosity
from conversations.simulation.digressions import DIGRESSIONS, OPENING
from conversations.simulation.moves import Away, Fix, Happening, Move, Press, Recover
from conversations.simulation.observation import LEADING, Observation, after_aside, entities_of
from conversations.simulation.phrasings import Line, Phrasings
from conversations.simulation.scenario import Scenario
from conversations.simulation.worlds import ORDER, OTHER_ORDER

BILL_COMPLAINT = "bill_installment_missing"
SETTLED = {"waiting": "waiting", "explained": "accepted", "resolved": "resolved"}
"""What a case has come to with what the customer sees; that a person takes over ends the conversation at once."""
_QUESTIONS = "faq_"


class Customer:
    """One customer in one conversation.

    Args:
        scenario: who they are, and what they will manage to do.
        knowledge: which complaints fit which causes.
        lines: what they can say.
        values: what their sentences may speak of: somebody else's ``order``, ``user`` and ``name``, and a personal ``number``.
    """

    def __init__(self, scenario: Scenario, knowledge: Knowledge, lines: Phrasings, values: dict[str, str]) -> None:
        self._persona, self._world = scenario.persona, scenario.world
        self._knowledge, self._lines, self._values = knowledge, lines, values
        self._chance = scenario.chance
        self._order: str | None = ORDER if scenario.world.subject == "order" else None
        self._digressions: dict[str, int] = {}
        self._before: tuple[Happening, ...] = ()
        self._end = ""
        self._closing = False
        self._opened = False
        self._fixed: set[str] = set()
        self._begun: set[str] = set()
        self._offers = 0
        self._typed: tuple[str, Mapping[str, Any]] | None = None
        self._only_presses = False
        self._back = False
        self._cause: str | None = None
        self._curiosity = Curiosity(self._persona.asks, self._chance, values)
        self._asking = False
        self._faced: Observation | None = None

    def move(self, observation: Observation | None) -> Move:
        """What they do about what they see; None before anything was said."""
        if observation is None:
            return self._digression(OPENING, None) or self._complain()
        observation, self._asking = after_aside(observation, self._faced, self._asking), False
        if observation.kind in LEADING:
            self._faced = observation
        if observation.kind == "handed_over":
            return self._ask(observation.kind) or Move(None, end="handed_over")
        if self._closing:
            return Move(None, end=self._end)
        self._note(observation)
        asked = self._ask(observation.kind) if self._curiosity.wonders and not self._back else None
        if asked is not None:
            return asked
        if self._back:
            self._back = False
            return Move(self._line("back"), (Away(self._chance.choice((3, 20, 50))),))
        return self._digression(observation.kind, observation) or _FOLLOW.get(observation.kind, Customer._at_a_loss)(self, observation)

    def _note(self, observation: Observation) -> None:
        if observation.kind == "step":
            self._cause = observation.data["cause"]
        settled = SETTLED.get(observation.kind)
        if settled is not None:
            self._end = settled
        elif observation.kind in ("step", "offer", "confirm", "handoff_offer"):
            self._end = ""

    # --- questions -----------------------------------------------------------------------------------------------------------------------

    def _ask(self, kind: str) -> Move | None:
        line = self._curiosity.ask(kind)
        self._asking = line is not None
        return Move(line) if line is not None else None

    # --- beside the matter -------------------------------------------------------------------------------------------------------------

    def _digression(self, kind: str, observation: Observation | None) -> Move | None:
        if sum(self._digressions.values()) >= self._persona.most:
            return None
        for name, likely in self._persona.digressions.items():
            digression = DIGRESSIONS[name]
            spent = (digression.once and name in self._digressions) or (name == "switch" and self._order != ORDER)
            if kind not in digression.within or spent or self._chance.random() >= likely:
                continue
            self._digressions[name] = self._digressions.get(name, 0) + 1
            if name == "switch":
                return self._switch()
            if name == "leave":
                return self._leave(observation)
            if name == "question":
                asked = [intent for intent in self._knowledge.intents if intent.startswith(_QUESTIONS) or intent == "plan_quote"]
                return Move(self._lines.hear(asked, "question", self._persona.name, self._chance))
            if name == "restart":
                self._opened, self._end = False, ""
                self._begun.clear()
            return Move(self._line(digression.act))
        return None

    def _switch(self) -> Move:
        self._order, self._end = OTHER_ORDER, ""
        return Move(self._line("wrong_order"))

    def _leave(self, observation: Observation | None) -> Move:
        if self._chance.random() < 0.5:
            return Move(self._line("back"), (Away(self._chance.choice((1, 8, 30))),))
        self._back = True
        return Move(self._line("later"))

    # --- the matter --------------------------------------------------------------------------------------------------------------------

    def _complain(self) -> Move:
        first, self._opened = not self._opened, True
        if not (first and self._curiosity.hurries):
            return Move(self._complaint())
        # What is asked beside a complaint of another kind may rightly be answered without a diagnosis.
        return Move(self._curiosity.ask_beside(self._line("bill_matter" if self._order is None else "order_matter")))

    def _complaint(self) -> Line:
        if self._order is None:
            return self._lines.hear([BILL_COMPLAINT], "complaint", self._persona.name, self._chance)
        fitting = [name for name, meaning in self._knowledge.intents.items() if set(meaning.causes) & set(self._world.causes)]
        intents = fitting if fitting and self._chance.random() < 0.5 else ["installment_missing", "baitiao_unusable"]
        return self._lines.hear(intents, "complaint", self._persona.name, self._chance)

    def _at_a_loss(self, observation: Observation) -> Move:
        """Nothing that leads on was said: go if all is known already, otherwise say plainly what it is about."""
        if self._end:
            return self._close(observation)
        if not self._opened:
            return self._complain()
        return Move(self._line("bill_matter" if self._order is None else "order_matter"))

    def _asked(self, observation: Observation) -> Move:
        orders = observation.orders
        if orders:
            mine = next((payload for payload in orders if entities_of(payload)[1]["order"] == self._order), None)
            return Move(Press(mine)) if mine else self._at_a_loss(observation)
        if self._end:
            return self._close(observation)
        matter = observation.payload(BILL_COMPLAINT if self._order is None else "installment_missing")
        if matter and not self._types():
            self._opened = True
            return Move(Press(matter))
        return self._at_a_loss(observation)

    def _step(self, observation: Observation) -> Move:
        cause = self._cause
        if cause == NO_CAUSE_FOUND or cause is None or cause in self._fixed:
            return self._answer(observation, "done", "step_done")
        if cause in self._world.manageable:
            last = observation.data.get("step") == observation.data.get("steps")
            if last or cause in self._begun or self._chance.random() < 0.6:
                self._fixed.add(cause)
                return self._answer(observation, "done", "step_done", Fix(cause))
            self._begun.add(cause)
            return self._answer(observation, "done", "step_done")
        act, intent = self._chance.choice((("done", "step_done"), ("cannot", "step_failed"), ("lost", "cannot_find")))
        return self._answer(observation, act, intent)

    def _waiting(self, observation: Observation) -> Move:
        cause = observation.data["cause"]
        if observation.startable and cause not in self._begun:
            self._begun.add(cause)
            return self._answer(observation, "affirm", "affirm")
        if not observation.data["subscribed"]:
            if "notice" in self._begun or self._chance.random() < 0.2:
                return self._close(observation)
            self._begun.add("notice")
            notice = observation.payload("affirm", topic="wait_for_notice")
            # With something to start with, "yes" would mean that.
            return Move(Press(notice)) if notice and (observation.startable or not self._types()) else Move(self._line("affirm"))
        if self._world.ends and cause not in self._fixed:
            self._fixed.add(cause)
            return self._answer(observation, "back", "step_done", Recover(cause))
        return self._close(observation)

    def _explained(self, observation: Observation) -> Move:
        cause = observation.data["cause"]
        if observation.startable and cause not in self._begun:
            self._begun.add(cause)
            return self._answer(observation, "affirm", "affirm")
        others = [
            payload
            for payload in observation.payloads
            if "topic" in entities_of(payload)[1] and payload != NOT_THIS and not payload.startswith("/request_human")
        ]
        if others and cause not in self._fixed and self._chance.random() < 0.4:
            self._fixed.add(cause)
            return Move(Press(self._chance.choice(others)))
        return self._close(observation)

    def _resolved(self, observation: Observation) -> Move:
        if not self._world.sees and "resolved" not in self._begun:
            self._begun.add("resolved")
            return Move(Press("/step_failed")) if "/step_failed" in observation.payloads else Move(self._line("cannot"))
        return self._close(observation)

    def _confirm(self, observation: Observation) -> Move:
        if self._world.sees:
            self._end = "resolved"
            return self._answer(observation, "affirm", "affirm")
        return self._answer(observation, "cannot", "step_failed")

    def _offered_person(self, observation: Observation) -> Move:
        self._offers += 1
        if self._offers == 1 and self._chance.random() < 0.3:
            return self._answer(observation, "deny", "deny")
        return self._answer(observation, "affirm", "request_human")

    def _offered_start(self, observation: Observation) -> Move:
        return self._answer(observation, "affirm", "affirm")

    # --- how it is said ----------------------------------------------------------------------------------------------------------------

    def _answer(self, observation: Observation, act: str, intent: str, *before: Happening) -> Move:
        """Types or presses; whoever was not understood once presses from then on."""
        payload = observation.payload(intent)
        self._only_presses = self._only_presses or self._typed == observation.gist
        typed = self._types()
        self._typed = observation.gist if typed else None
        return Move(self._line(act) if typed or payload is None else Press(payload), before)

    def _close(self, observation: Observation) -> Move:
        # What was settled last is what there is to ask about, if the last words were about something else.
        settled = {end: kind for kind, end in SETTLED.items()}
        asked = None if self._curiosity.satisfied else self._ask(observation.kind) or self._ask(settled.get(self._end, observation.kind))
        if asked is not None:
            return asked
        if self._chance.random() < self._persona.closes:
            self._closing = True
            return Move(self._line(self._chance.choice(("thanks", "bye"))))
        return Move(None, end=self._end)

    def _types(self) -> bool:
        return not self._only_presses and self._chance.random() < self._persona.types

    def _line(self, act: str) -> Line:
        return self._lines.say(act, self._persona.name, self._chance, **self._values)


_FOLLOW: dict[str, Callable[[Customer, Observation], Move]] = {
    "asked": Customer._asked,
    "step": Customer._step,
    "paused": Customer._step,
    "waiting": Customer._waiting,
    "explained": Customer._explained,
    "resolved": Customer._resolved,
    "confirm": Customer._confirm,
    "handoff_offer": Customer._offered_person,
    "offer": Customer._offered_start,
}
"""What the customer does about each kind of observation; about all others they are at a loss, or content."""
