"""Watches what subscribed customers wait for and tells each of them once when it is over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.core.derived import View
from actions.core.diagnosis import diagnose
from actions.core.effects import Effect, NoticesEnded, NoticeWanted
from actions.core.facts import Facts, FactsSource, UnknownCustomer, UnknownSubject
from actions.core.messages import CheckData
from actions.core.moments import is_over
from actions.core.names import value_of
from actions.core.subject import Subject
from actions.dialogue.buttons import Buttons
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.knowledge.store import KnowledgeStore
from actions.recovery.incident_ends import NOTICE, end_for, incident_causes
from actions.recovery.incident_notices import IncidentNotices, TextsFactory
from actions.state import conversations, subscriptions
from actions.state.database import Database
from actions.state.experiments import note_met
from actions.state.world.facts import FactsFactory

_LATE = 50
"""Messages that are looked through for a notice."""
_GONE, _DUE = "gone", "due"


class RecoveryWatcher:
    """Looks for waits that are over.

    Args:
        database: where subscriptions and conversations are.
        knowledge: causes, and what customers are told.
        facts: makes the source of the customers' state.
        rate: how many customers a second are told of the end of an incident, for which many wait at once.
        texts: in which words each of them is told.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, facts: FactsFactory, rate: float, texts: TextsFactory) -> None:
        self._database = database
        self._knowledge = knowledge
        self._facts, self._texts = facts, texts
        self._incidents = IncidentNotices(database, knowledge, facts, rate, texts)

    def look(self) -> int:
        """Looks once; returns how many messages were sent.

        Subscriptions are claimed and their message is written in one transaction, so that of any number of watchers exactly one tells; who
        waits for the same cause with several orders is told once.
        """
        of_incidents = incident_causes(self._knowledge.current)
        with self._database.session() as session:
            waiting = subscriptions.open_subscriptions(session, without=of_incidents)
        together: dict[tuple[str, str], list[subscriptions.Subscription]] = {}
        for subscription in waiting:
            together.setdefault((subscription.conversation_id, subscription.cause), []).append(subscription)
        return sum(self._tell_if_over(group) for group in together.values()) + self._incidents.look()

    def _tell_if_over(self, group: Sequence[subscriptions.Subscription]) -> bool:
        knowledge = self._knowledge.current
        with self._database.session() as session:
            source = self._facts(session)
            claimed = claim_over(session, source, knowledge, group)
            if not claimed:
                return False
            subscription, end = claimed[0]
            # Read once, so that nothing but the words can differ.
            facts = source.snapshot(subscription.user, subscription.subject) if end == _GONE else None
            worded = self._texts(session).told(
                subscription.user,
                lambda said: _notice(said, subscription, facts),
                lambda _: (subscription.cause,),
            )
            stored = conversations.append(session, subscription.conversation_id, [worded.told])
            note_met(session, subscription.user, worded.met, stored[0].seq)
            return True


def claim_over(
    session: Session, source: FactsSource, knowledge: Knowledge, waiting: Sequence[subscriptions.Subscription]
) -> list[tuple[subscriptions.Subscription, str]]:
    """Claims those waits that are over, each with how it ended, for whoever is about to say so: nobody else will."""
    ends = [(each, _end(source, knowledge, each)) for each in waiting]
    return [(each, end) for each, end in ends if end and subscriptions.claim(session, each.id)]


def was_noticed(session: Session, conversation_id: str, cause: str) -> bool:
    """Whether the latest that was said about a cause, of late, is the notice that it is gone."""
    for message in reversed(conversations.latest(session, conversation_id, _LATE)):
        if (message.data or {}).get("cause") == cause:
            return message.action == NOTICE
    return False


def _notice(knowledge: Knowledge, subscription: subscriptions.Subscription, facts: Facts | None) -> conversations.MessageDraft:
    """What is told of a wait that is over; ``facts`` are those without the cause, None if the customer can do something about it now."""
    cause = knowledge.causes.get(subscription.cause)
    phrase = phrases.RECOVERED_DUE if facts is None else phrases.RECOVERED
    text: str = knowledge.phrases.texts(phrase, title=cause.title if cause else subscription.cause)[0]
    if facts is not None and cause is not None and cause.wait is not None and cause.wait.over is not None:
        text = fill(cause.wait.over, Values(facts), knowledge.locale) or text
    buttons = [button.to_json() for button in Buttons(knowledge).recovered()]
    data = None
    if facts is not None:
        data = CheckData(cause=subscription.cause, passed=True, blocked=end_for(facts, knowledge).left != "clear").to_data()
    return conversations.MessageDraft(role="bot", text=text, buttons=buttons, data=data, action=NOTICE)


def _end(source: FactsSource, knowledge: Knowledge, subscription: subscriptions.Subscription) -> str | None:
    """How the wait ended: the cause is gone, or the moment has come from which the customer can do something about it."""
    try:
        facts = source.snapshot(subscription.user, subscription.subject)
    except (UnknownCustomer, UnknownSubject):
        # Nobody is left to wait for this; claiming it without the customer's state would tell them something unproven.
        return None
    cause = knowledge.causes.get(subscription.cause)
    found = diagnose(facts, [cause]).get(cause.id) if cause is not None else None
    if found is None:
        return _GONE
    until = found.cause.wait.until if found.cause.wait else None
    moment = value_of(until, View(facts)) if until else None
    return _DUE if found.cause.steps and moment is not None and is_over(moment, facts.now) else None


class SqlNotices:
    """The wishes as one turn sees them: it reads the database, and notes what the turn changes for whoever stores the turn.

    Args:
        session: the turn's, which is only read.
        effects: where changes are noted; what is noted already counts as done.
    """

    def __init__(self, session: Session, effects: list[Effect]) -> None:
        self._session = session
        self._effects = effects

    def subscribe(self, user_id: str, subject: Subject, cause: str) -> None:
        """Notes a wish; noting it twice is noting it once."""
        self._effects.append(NoticeWanted(subject.order, subject.bill, cause))

    def is_subscribed(self, user_id: str, subject: Subject, cause: str) -> bool:
        """Whether the wish is noted for this subject."""
        for effect in reversed(self._effects):
            if effect == NoticeWanted(subject.order, subject.bill, cause):
                return True
            if isinstance(effect, NoticesEnded):
                return False
        return subscriptions.is_subscribed(self._session, user_id, subject, cause)

    def unsubscribe(self, user_id: str) -> None:
        """Forgets every wish of the customer's."""
        self._effects.append(NoticesEnded())
