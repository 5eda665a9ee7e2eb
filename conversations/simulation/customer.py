"""The simulated customer: sees what a person sees and decides what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actions.core.causes import NO_CAUSE_FOUND
from actions.knowledge.model import Knowledge
from conversations.simulation.curiosity import Curiosity
from conversations.simulation.detours import DETOURS, OPENING
from conversations.simulation.moves import Away, Fix, Happening, Move, Press, Recover
from conversations.simulation.phrasings import Line, Phrasings
from conversations.simulation.scenario import Scenario
from conversations.simulation.sight import LEADING, Sight, after_aside, entities_of
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
        self._detours: dict[str, int] = {}
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
        self._faced: Sight | None = None

    def move(self, sight: Sight | None) -> Move:
        """What they do about what they see; None before anything was said."""
        if sight is None:
            return self._detour(OPENING, None) or self._complain()
        sight, self._asking = after_aside(sight, self._faced, self._asking), False
        if sight.kind in LEADING:
            self._faced = sight
        if sight.kind == "handed_over":
            return self._ask(sight.kind) or Move(None, end="handed_over")
        if self._closing:
            return Move(None, end=self._end)
        self._note(sight)
        asked = self._ask(sight.kind) if self._curiosity.wonders and not self._back else None
        if asked is not None:
            return asked
        if self._back:
            self._back = False
            return Move(self._line("back"), (Away(self._chance.choice((3, 20, 50))),))
        return self._detour(sight.kind, sight) or _FOLLOW.get(sight.kind, Customer._at_a_loss)(self, sight)

    def _note(self, sight: Sight) -> None:
        if sight.kind == "step":
            self._cause = sight.data["cause"]
        settled = SETTLED.get(sight.kind)
        if settled is not None:
            self._end = settled
        elif sight.kind in ("step", "offer", "confirm", "handoff_offer"):
            self._end = ""

    # --- questions -----------------------------------------------------------------------------------------------------------------------

    def _ask(self, kind: str) -> Move | None:
        line = self._curiosity.ask(kind)
        self._asking = line is not None
        return Move(line) if line is not None else None

    # --- beside the matter -------------------------------------------------------------------------------------------------------------

    def _detour(self, kind: str, sight: Sight | None) -> Move | None:
        if sum(self._detours.values()) >= self._persona.most:
            return None
        for name, likely in self._persona.detours.items():
            detour = DETOURS[name]
            spent = (detour.once and name in self._detours) or (name == "switch" and self._order != ORDER)
            if kind not in detour.within or spent or self._chance.random() >= likely:
                continue
            self._detours[name] = self._detours.get(name, 0) + 1
            if name == "switch":
                return self._switch()
            if name == "leave":
                return self._leave(sight)
            if name == "question":
                asked = [intent for intent in self._knowledge.intents if intent.startswith(_QUESTIONS) or intent == "plan_quote"]
                return Move(self._lines.hear(asked, "question", self._persona.name, self._chance))
            if name == "restart":
                self._opened, self._end = False, ""
                self._begun.clear()
            return Move(self._line(detour.act))
        return None

    def _switch(self) -> Move:
        self._order, self._end = OTHER_ORDER, ""
        return Move(self._line("wrong_order"))

    def _leave(self, sight: Sight | None) -> Move:
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

    def _at_a_loss(self, sight: Sight) -> Move:
        """Nothing that leads on was said: go if all is known already, otherwise say plainly what it is about."""
        if self._end:
            return self._close(sight)
        if not self._opened:
            return self._complain()
        return Move(self._line("bill_matter" if self._order is None else "order_matter"))

    def _asked(self, sight: Sight) -> Move:
        orders = sight.orders
        if orders:
            mine = next((payload for payload in orders if entities_of(payload)[1]["order"] == self._order), None)
            return Move(Press(mine)) if mine else self._at_a_loss(sight)
        if self._end:
            return self._close(sight)
        matter = sight.payload(BILL_COMPLAINT if self._order is None else "installment_missing")
        if matter and not self._types():
            self._opened = True
            return Move(Press(matter))
        return self._at_a_loss(sight)

    def _step(self, sight: Sight) -> Move:
        cause = self._cause
        if cause == NO_CAUSE_FOUND or cause is None or cause in self._fixed:
            return self._answer(sight, "done", "step_done")
        if cause in self._world.manageable:
            last = sight.data.get("step") == sight.data.get("steps")
            if last or cause in self._begun or self._chance.random() < 0.6:
                self._fixed.add(cause)
                return self._answer(sight, "done", "step_done", Fix(cause))
            self._begun.add(cause)
            return self._answer(sight, "done", "step_done")
        act, intent = self._chance.choice((("done", "step_done"), ("cannot", "step_failed"), ("lost", "cannot_find")))
        return self._answer(sight, act, intent)

    def _waiting(self, sight: Sight) -> Move:
        cause = sight.data["cause"]
        if sight.startable and cause not in self._begun:
            self._begun.add(cause)
            return self._answer(sight, "affirm", "affirm")
        if not sight.data["subscribed"]:
            if "notice" in self._begun or self._chance.random() < 0.2:
                return self._close(sight)
            self._begun.add("notice")
            notice = sight.payload("affirm", topic="wait_for_notice")
            # With something to start with, "yes" would mean that.
            return Move(Press(notice)) if notice and (sight.startable or not self._types()) else Move(self._line("affirm"))
        if self._world.ends and cause not in self._fixed:
            self._fixed.add(cause)
            return self._answer(sight, "back", "step_done", Recover(cause))
        return self._close(sight)

    def _explained(self, sight: Sight) -> Move:
        cause = sight.data["cause"]
        if sight.startable and cause not in self._begun:
            self._begun.add(cause)
            return self._answer(sight, "affirm", "affirm")
        others = [payload for payload in sight.payloads if "topic" in entities_of(payload)[1] and not payload.startswith("/request_human")]
        if others and cause not in self._fixed and self._chance.random() < 0.4:
            self._fixed.add(cause)
            return Move(Press(self._chance.choice(others)))
        return self._close(sight)

    def _resolved(self, sight: Sight) -> Move:
        if not self._world.sees and "resolved" not in self._begun:
            self._begun.add("resolved")
            return Move(Press("/step_failed")) if "/step_failed" in sight.payloads else Move(self._line("cannot"))
        return self._close(sight)

    def _confirm(self, sight: Sight) -> Move:
        if self._world.sees:
            self._end = "resolved"
            return self._answer(sight, "affirm", "affirm")
        return self._answer(sight, "cannot", "step_failed")

    def _offered_person(self, sight: Sight) -> Move:
        self._offers += 1
        if self._offers == 1 and self._chance.random() < 0.3:
            return self._answer(sight, "deny", "deny")
        return self._answer(sight, "affirm", "request_human")

    def _offered_start(self, sight: Sight) -> Move:
        return self._answer(sight, "affirm", "affirm")

    # --- how it is said ----------------------------------------------------------------------------------------------------------------

    def _answer(self, sight: Sight, act: str, intent: str, *before: Happening) -> Move:
        """Types or presses; whoever was not understood once presses from then on."""
        payload = sight.payload(intent)
        self._only_presses = self._only_presses or self._typed == sight.gist
        typed = self._types()
        self._typed = sight.gist if typed else None
        return Move(self._line(act) if typed or payload is None else Press(payload), before)

    def _close(self, sight: Sight) -> Move:
        # What was settled last is what there is to ask about, if the last words were about something else.
        settled = {end: kind for kind, end in SETTLED.items()}
        asked = None if self._curiosity.satisfied else self._ask(sight.kind) or self._ask(settled.get(self._end, sight.kind))
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


_FOLLOW: dict[str, Callable[[Customer, Sight], Move]] = {
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
"""What the customer does about each kind of sight; about all others they are at a loss, or content."""
