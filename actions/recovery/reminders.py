"""What customers want to be told before it comes, as one turn sees it: it reads the database, and notes what the turn changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from actions.core.effects import AdviceAnswered, ConsentGiven, ConsentWithdrawn, Effect
from actions.core.handoff import ToldAhead
from actions.core.moments import local
from actions.state import advice, consents


class SqlReminders:
    """``core.handoff.Reminders`` over the tables.

    Args:
        session: the turn's, which is only read.
        effects: where changes are noted; what is noted already counts as done.
        now: gives the facts' clock.
    """

    def __init__(self, session: Session, effects: list[Effect], now: Callable[[], datetime]) -> None:
        self._session = session
        self._effects = effects
        self._now = now

    def wanted(self, user_id: str) -> frozenset[str]:
        """The topics to which the customer has said yes."""
        topics = {consent.topic for consent in consents.consents_of(self._session, user_id)}
        for effect in self._effects:
            if isinstance(effect, ConsentGiven):
                topics.add(effect.topic)
            elif isinstance(effect, ConsentWithdrawn):
                topics = set() if effect.topic is None else topics - {effect.topic}
        return frozenset(topics)

    def give(self, user_id: str, topic: str, wording: str) -> None:
        """Notes a yes to a topic, asked in these words."""
        self._effects.append(ConsentGiven(topic, wording))

    def withdraw(self, user_id: str, topic: str | None) -> None:
        """Ends the consent to a topic, or to all."""
        self._effects.append(ConsentWithdrawn(topic))

    def told(self, user_id: str, cause: str) -> ToldAhead | None:
        """The latest that the customer was told of a cause, if they were."""
        row = advice.latest_told(self._session, user_id, cause)
        return None if row is None else ToldAhead(date.fromisoformat(row.event_on), local(self._now()).date())

    def answer(self, cause: str, answer: str, days: int | None = None) -> None:
        """Notes what the customer answers to it."""
        self._effects.append(AdviceAnswered(cause, answer, days))
