"""Tells those who wait for the end of an incident: of its end, what is true of them then; before that, only what they can use.

With ten thousand waiting, a look at which nothing has changed costs a few statements. Each wait is claimed and told in one transaction, so that of
any number of watchers, killed at whatever moment, exactly one tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from actions.core.causes import Cause
from actions.core.effects import ArmMet
from actions.core.facts import Facts, FactsSource, UnknownCustomer, UnknownSubject
from actions.core.moments import Moment, end_of, is_over
from actions.core.platform import Incident
from actions.dialogue.outside_turns import ArmedTexts
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.recovery.incident_ends import UPDATE, end_for, end_message, holding, incident_causes, scope_word, subject_text
from actions.state import conversations, incident_waits, observations, subscriptions
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.experiments import note_met
from actions.state.incidents import now_ms, stage_of_incident
from actions.state.subscriptions import Subscription
from actions.state.world.changes import latest_change
from actions.state.world.facts import FactsFactory, SqlFacts, one_by_one

MOST_READ = 500
"""Waits whose customers' state is read in one look."""
MOST_AT_ONCE = 20
"""Customers who are told before the list of the soonest is read anew."""
MOST_LOOKED_AT = 200
"""Waits that have ended and may have begun anew, in one look."""
FIRST_BURST_SECONDS = 5
"""So much of the rate may be used at once after a start: one that is killed again and again still keeps up."""
LONGEST_BURST_SECONDS = 60
"""So much of the rate at most is made up for after a look that took long."""
HALF_AN_HOUR_MS = 30 * 60 * 1000
"""An expected end that moves by less is no news, and nobody is told of news more often."""
_PROBES = 20
"""Customers who are asked which incidents there are, where the state comes from elsewhere and does not know some of them."""


TextsFactory = Callable[[Session], ArmedTexts]


class NoticePace:
    """How many may be told now, so that the checkout is not met by everybody at once.

    Args:
        rate: customers a second.
        clock: seconds that only go forward.
    """

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate, self._clock = rate, clock
        self._at, self._left = clock(), max(1.0, rate * FIRST_BURST_SECONDS)

    def allowed(self) -> int:
        """How many."""
        now = self._clock()
        self._left = min(self._left + (now - self._at) * self._rate, max(1.0, self._rate * LONGEST_BURST_SECONDS))
        self._at = now
        return max(0, int(self._left))

    def used(self, many: int) -> None:
        """Notes that some were told, by whomever."""
        self._left -= many


@dataclass(frozen=True)
class _Under:
    """What a look goes by.

    Attributes:
        now: the clock of the facts.
        causes: those that come of incidents.
        incidents: those that are open, for whomever; ``scopes`` a word for the scope of each.
    """

    now: datetime
    knowledge: Knowledge
    causes: Mapping[str, Cause]
    incidents: Mapping[str, Incident]
    scopes: Mapping[str, str]


class IncidentNotices:
    """Looks for those who are to be told.

    Args:
        database: where subscriptions and conversations are.
        knowledge: causes, and what customers are told.
        facts: makes the source of the customers' state.
        rate: how many a second are told, by all who tell together.
        texts: in which words each of them is told.
        clock: see ``NoticePace``.
    """

    def __init__(
        self,
        database: Database,
        knowledge: KnowledgeStore,
        facts: FactsFactory,
        rate: float,
        texts: TextsFactory,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._knowledge, self._facts, self._texts = database, knowledge, facts, texts
        self._pace = NoticePace(rate, clock)
        self._counted_until = now_ms()
        self._change: int | None = None

    def look(self) -> int:
        """Looks once; returns how many customers were told something."""
        knowledge = self._knowledge.current
        causes = incident_causes(knowledge)
        with self._database.session() as session:
            change = latest_change(session)
            if change != self._change:
                incident_waits.forget_nobody(session, causes)
        with self._database.session() as session:
            under = _under(session, self._facts(session), knowledge, causes)
            self._read(session, under)
        with self._database.session() as session:
            incident_waits.mark_due(session, causes, under.incidents)
        told = self._tell_ends(under)
        told += sum(self._tell_eta(under, each) + self._tell_reached(under, each) for each in under.incidents.values())
        self._change = change
        return told

    def _tell_ends(self, under: _Under) -> int:
        """Tells as many as the pace allows, the soonest to expire first."""
        told = 0
        # Others tell the same ones at the same time: whom they were faster with is left out when the list is read anew.
        while True:
            with self._database.session() as session:
                due = incident_waits.soonest_due(session, min(self._allowed(session), MOST_AT_ONCE))
            if not due:
                return told
            told += sum(self._tell_end(under, conversation, cause) for conversation, cause in due)

    def _allowed(self, session: Session) -> int:
        """How many may be told now: what others have told meanwhile, on whichever server, counts as what was told here."""
        since, self._counted_until = self._counted_until, now_ms()
        self._pace.used(incident_waits.told_between(session, since, self._counted_until))
        return self._pace.allowed()

    def _read(self, session: Session, under: _Under) -> None:
        """Notes of new waits, and of those whose incident's scope has changed, what they wait for."""
        source = self._facts(session)
        waits = incident_waits.unread(session, under.causes, under.scopes, MOST_READ)
        wanted = {(wait.user, wait.subject) for wait in waits}
        states = source.snapshots(wanted) if isinstance(source, SqlFacts) else one_by_one(source, wanted)
        for wait in waits:
            facts = states.get((wait.user, wait.subject))
            if facts is None:
                incident_waits.note_read(session, wait, read_as=incident_waits.NOBODY)
                continue
            incident = _waited_for(wait, facts, under.causes)
            if incident is None:
                incident_waits.note_read(session, wait, read_as="", pay_before=_pay_before(facts), due_at=now_ms())
                continue
            eta = wait.told_eta if wait.read_as is not None else _ms(incident.eta)
            scope = under.scopes.get(incident.id, scope_word(incident))
            incident_waits.note_read(session, wait, incident=incident.id, read_as=scope, pay_before=_pay_before(facts), told_eta=eta)

    def _tell_end(self, under: _Under, conversation: str, cause: str) -> bool:
        """Tells what is true now of everything that a customer waited for; False if somebody else did, or it is not over after all."""
        with self._database.session() as session:
            source = self._facts(session)
            said: dict[str, conversations.MessageDraft] = {}
            over: set[str] = set()
            first = conversations.last_seq(session, conversation) == 0
            texts, met = self._texts(session), set[ArmMet]()
            for wait in incident_waits.due_of(session, conversation, cause):
                try:
                    facts = source.snapshot(wait.user, wait.subject)
                except (UnknownCustomer, UnknownSubject):
                    # Nobody is left to wait for this; claiming it without the customer's state would tell them something unproven.
                    incident_waits.note_read(session, wait, read_as=incident_waits.NOBODY, due_at=None)
                    continue
                if _waited_for(wait, facts, under.causes) is not None:
                    incident_waits.note_read(session, wait, read_as=None, due_at=None)
                elif subscriptions.claim(session, wait.id):
                    withdrawn = bool(wait.incident) and stage_of_incident(session, wait.incident) == "withdrawn"
                    worded = texts.told(wait.user, _end_of(facts, cause, withdrawn, first), lambda _: (cause,))
                    said.setdefault(worded.told.text, worded.told)
                    met.update(worded.met)
                    over.add(wait.incident)
            if said:
                stored = conversations.append(session, conversation, list(said.values()))
                note_met(session, conversation, met, stored[0].seq)
                for incident in filter(None, over):
                    observations.note(session, conversation, "told", incident, stored[0].seq)
        return bool(said)

    def _tell_eta(self, under: _Under, incident: Incident) -> int:
        """Tells who knows another expected end of the new one."""
        if incident.eta is None or is_over(incident.eta, under.now):
            return 0
        moved, before = _exactly(incident.eta), now_ms() - HALF_AN_HOUR_MS
        text = under.knowledge.phrases.texts(phrases.INCIDENT_ETA, eta=under.knowledge.locale.moment(incident.eta, under.now))[0]
        with self._database.session() as session:
            waiting = incident_waits.to_update(session, incident.id, moved, HALF_AN_HOUR_MS, before, self._allowed(session))
        told = 0
        for conversation in waiting:
            with self._database.session() as session:
                if incident_waits.note_update(session, incident.id, conversation, moved, before):
                    conversations.append(session, conversation, [conversations.MessageDraft(role="bot", text=text, action=UPDATE)])
                    told += 1
        return told

    def _tell_reached(self, under: _Under, incident: Incident) -> int:
        """Tells those to whom it was said that it is over, and for whom it holds again: its scope has grown, or it was opened anew."""
        before = now_ms() - HALF_AN_HOUR_MS
        with self._database.session() as session:
            most = min(MOST_LOOKED_AT, self._allowed(session))
            ended = incident_waits.told_of_the_end(session, incident.id, under.scopes[incident.id], before, most)
        return sum(self._tell_if_reached(under, incident, conversation) for conversation in ended)

    def _tell_if_reached(self, under: _Under, incident: Incident, conversation: str) -> bool:
        scope, reached = under.scopes[incident.id], None
        with self._database.session() as session:
            source = self._facts(session)
            for wait in incident_waits.take_ended(session, incident.id, conversation, scope):
                try:
                    facts = source.snapshot(wait.user, wait.subject)
                except (UnknownCustomer, UnknownSubject):
                    continue
                cause = holding(facts, under.causes.values()).get(incident.id)
                if cause is None:
                    continue
                again = subscriptions.subscribe(session, conversation, wait.user, wait.subject, cause, incident.id)
                known = {"read_as": scope, "pay_before": _pay_before(facts), "told_eta": _ms(incident.eta), "told_at": now_ms()}
                incident_waits.note_read(session, again, **known)
                reached = reached or facts
            if reached is not None:
                text = under.knowledge.phrases.texts(phrases.INCIDENT_REACHES, subject=subject_text(under.knowledge, reached))[0]
                conversations.append(session, conversation, [conversations.MessageDraft(role="bot", text=text, action=UPDATE)])
        return reached is not None


def _under(session: Session, source: FactsSource, knowledge: Knowledge, causes: Mapping[str, Cause]) -> _Under:
    now, rows = _open_incidents(session, source, causes)
    incidents = {each.id: each for each in rows}
    return _Under(now, knowledge, causes, incidents, {name: scope_word(each) for name, each in incidents.items()})


def _open_incidents(session: Session, source: FactsSource, causes: Collection[str]) -> tuple[datetime, Collection[Incident]]:
    """The clock, and every incident that is open by it; each snapshot holds all of them, whomever they affect."""
    if isinstance(source, SqlFacts):
        return source.under_way()
    for wait in incident_waits.some(session, causes, _PROBES):
        try:
            facts = source.snapshot(wait.user, wait.subject)
        except (UnknownCustomer, UnknownSubject):
            continue
        return facts.now, [each for each in facts.incidents if each.is_open(facts.now)]
    return real_now(), ()


def _waited_for(wait: Subscription, facts: Facts, causes: Mapping[str, Cause]) -> Incident | None:
    """The incident because of which a wait goes on: the one that it is for, else any other with the same cause; None: it is over."""
    held = holding(facts, causes.values())
    same = [incident for incident, cause in held.items() if incident == wait.incident or cause == wait.cause]
    same.sort(key=lambda incident: incident != wait.incident)
    return next((each for each in facts.incidents if each.id in same[:1]), None)


def _end_of(facts: Facts, cause: str, withdrawn: bool, first: bool) -> Callable[[Knowledge], conversations.MessageDraft]:
    return lambda said: end_message(said, end_for(facts, said), cause, withdrawn, first)


def _pay_before(facts: Facts) -> int | None:
    order = facts.order
    return None if order is None or order.status != "unpaid" else _ms(order.pay_before)


def _ms(moment: Moment | None) -> int | None:
    return None if moment is None else _exactly(moment)


def _exactly(moment: Moment) -> int:
    return int(end_of(moment).timestamp() * 1000)
