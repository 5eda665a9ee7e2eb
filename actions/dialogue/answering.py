"""Questions: answers from the knowledge, and quotes computed from the plan table."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Optional

from actions.core.amounts import amount_to_finance
from actions.core.facts import Facts
from actions.core.money import parse_yuan, yuan_number
from actions.core.plans import plans_for, price_amount
from actions.dialogue.buttons import Buttons
from actions.dialogue.speech import Speaker
from actions.dialogue.telling import Teller
from actions.dialogue.turn import Turn
from actions.knowledge.model import Knowledge, Topic

QUOTE = "plan_quote"
OUT_OF_SCOPE = "out_of_scope"


class Answering:
    """Answers questions through a speaker."""

    def __init__(self, knowledge: Knowledge, speaker: Speaker, buttons: Buttons, teller: Teller) -> None:
        self._knowledge = knowledge
        self._speaker = speaker
        self._buttons = buttons
        self._teller = teller

    def answer(self, turn: Turn, intent: str, facts: Facts) -> None:
        """Answers a question intent, from the topic a button named or the one the text is about."""
        named = self._named_topic(turn)
        topic = named or self._knowledge.answers.choose(intent, turn.text)
        figures = turn.has("amount") or turn.has("tenor")
        if intent == QUOTE and (topic.id == QUOTE or (figures and named is None)):
            self._quote(turn, facts)
        else:
            self._say(topic, {"type": "answer", "topic": topic.id})

    def redirect(self, turn: Turn) -> bool:
        """Says where a known other product or matter belongs; False, and nothing said, if it is none that is known."""
        products = " ".join(turn.entities.get("product", ()))
        topic = self._named_topic(turn) or self._knowledge.answers.choose(OUT_OF_SCOPE, f"{turn.text} {products}")
        if topic is self._elsewhere:
            return False
        self._say(topic, {"type": "out_of_scope"})
        return True

    def redirect_anywhere(self) -> None:
        """Says that a matter is not for this assistant without knowing what it is."""
        self._say(self._elsewhere, {"type": "out_of_scope"})

    @property
    def _elsewhere(self) -> Topic:
        return self._knowledge.answers.by_intent[OUT_OF_SCOPE][0]

    def _named_topic(self, turn: Turn) -> Optional[Topic]:
        named = turn.entity("topic")
        return self._knowledge.answers.topics.get(named) if named else None

    def _say(self, topic: Topic, data: dict[str, str]) -> None:
        first, *others = topic.text
        buttons = (*self._buttons.topics(topic.follow_up), self._buttons.person())
        self._speaker.say(self._with_path(first, topic), buttons, data, variants=[self._with_path(text, topic) for text in others])

    def _with_path(self, text: str, topic: Topic) -> str:
        return f"{text}\n{self._speaker.phrase('step.path', path=topic.path)}" if topic.path else text

    def _quote(self, turn: Turn, facts: Facts) -> None:
        amount = _fen(turn.entity("amount"))
        tenor = _whole(turn.entity("tenor"))
        if amount is None and facts.order is None:
            self._say(self._knowledge.answers.topic(QUOTE), {"type": "answer", "topic": QUOTE})
            return
        if amount is None:
            amount = amount_to_finance(facts)
            plans = tuple(plan for plan in plans_for(facts) if tenor in (None, plan.tenor))
        else:
            plans = price_amount(amount, facts.plans, tenor)
        if not plans:
            table = "、".join(str(plan.tenor) for plan in sorted(facts.plans, key=lambda plan: plan.tenor))
            phrase = "quote.no_such_tenor" if table and tenor else "quote.no_plans"
            self._speaker.say(self._speaker.phrase(phrase, tenors=table), (self._buttons.person(),))
            return
        self._speaker.say(
            f"{self._teller.plans(amount, plans)}\n{self._speaker.phrase('quote.not_an_offer')}",
            (*self._buttons.topics(self._knowledge.answers.topic(QUOTE).follow_up), self._buttons.person()),
            {"type": "plans", "amount": yuan_number(amount), "plans": [plan.to_data() for plan in plans]},
        )


def _fen(text: Optional[str]) -> Optional[int]:
    try:
        return parse_yuan(Decimal(text)) if text else None
    except (InvalidOperation, ValueError):
        return None


def _whole(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isdigit() else None
