"""What the channel reads and writes about incidents and maintenance: whom they hold for, and who wants to be told of their end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from actions.core.effects import ArmMet
from actions.core.facts import Facts, FactsSource
from actions.core.subject import ACCOUNT
from actions.dialogue.notices import MOST_NOTICES, PlatformNotice, first_looked_at, notices_of
from actions.dialogue.outside_turns import ArmedTexts, Worded
from actions.experiments.running import RunningExperiments
from actions.knowledge.model import Knowledge
from actions.state import observations, subscriptions
from actions.state.conversations import load_trackers
from actions.state.database import Database
from actions.state.experiments import note_met
from actions.state.incidents import latest_note, stage_of_incident
from actions.state.world.changes import latest_change
from actions.state.world.facts import FactsFactory, SqlFacts, one_by_one
from bot.channel.opening import case_in
from bot.web.responses import ProblemError


class Looker(NamedTuple):
    """Who looks at the chat, and the order on the page."""

    user: str
    order: str | None


@dataclass(frozen=True)
class ShownNotice:
    """A notice as one customer has it.

    Attributes:
        subscribed: whether they are told of its end.
        met: the arms of experiments that they meet by reading it; that they have met them since is nothing new to tell.
    """

    notice: PlatformNotice
    subscribed: bool
    met: tuple[ArmMet, ...] = field(default=(), compare=False)


Shown = tuple[ShownNotice, ...]


def to_json(shown: Shown) -> dict[str, Any]:
    """What a customer is shown, as clients receive it."""
    return {"notices": [each.notice.to_json(each.subscribed) for each in shown]}


class NoticeStore:
    """The channel's view of incidents; each function is one transaction and blocks: call it in a thread.

    Args:
        database: where conversations and subscriptions are.
        facts: makes the source of the customers' state.
        experiments: in whose words customers are told.
    """

    def __init__(self, database: Database, facts: FactsFactory, experiments: RunningExperiments) -> None:
        self._database, self._facts, self._experiments = database, facts, experiments

    def mark(self) -> tuple[int, int]:
        """What stays the same while nobody changes the world, or the stage of an incident."""
        with self._database.session() as session:
            return latest_change(session), latest_note(session)

    def shown(self, lookers: Collection[Looker]) -> dict[Looker, Shown]:
        """What holds for each of some customers; whom the state does not know has nothing."""
        with self._database.session() as session:
            found = {looker: _with_wishes(session, looker, told) for looker, told in self._holding(session, lookers).items()}
            # What is mended and only watched needs no banner any more, but for those who wait for its end.
            watched = _watched(session, {each.notice.id for shown in found.values() for each in shown})
            return {
                looker: tuple(each for each in shown if each.subscribed or each.notice.id not in watched)[:MOST_NOTICES]
                for looker, shown in found.items()
            }

    def note_shown(self, user: str, shown: Shown) -> None:
        """Observes what a customer was shown, each once however often they look."""
        with self._database.session() as session:
            for each in shown:
                observations.note(session, user, "notice", each.notice.id, seq=0)
                note_met(session, user, each.met, seq=0)

    def subscribe(self, looker: Looker, notice_id: str) -> None:
        """Notes that the customer wants to be told once it is over; noting it twice is noting it once.

        Raises:
            ProblemError: 404, it does not hold for this customer: not at all, or no longer.
        """
        with self._database.session() as session:
            held = (each.told for each in self._holding(session, [looker])[looker])
            found = next((each for each in held if each.id == notice_id), None)
            if found is None:
                raise ProblemError("no_such_notice")
            if not _is_wanted(session, looker.user, found):
                incident = found.id if found.kind == "incident" else ""
                subscriptions.subscribe(session, looker.user, looker.user, found.subject, found.cause, incident)

    def _holding(self, session: Session, lookers: Collection[Looker]) -> dict[Looker, tuple[Worded[PlatformNotice], ...]]:
        source, texts = self._facts(session), self._experiments.texts(session)
        if _calm(source):
            return dict.fromkeys(lookers, ())
        trackers = load_trackers(session, {looker.user for looker in lookers})
        states = _states(source, {looker.user for looker in lookers})
        found: dict[Looker, tuple[Worded[PlatformNotice], ...]] = {}
        for looker in lookers:
            facts = states.get(looker.user)
            about = facts and first_looked_at(facts, looker.order, case_in(trackers.get(looker.user)))
            found[looker] = tuple(_worded(texts, looker.user, about)) if about else ()
        return found


def _worded(texts: ArmedTexts, user: str, facts: Facts) -> Iterator[Worded[PlatformNotice]]:
    """What holds for a customer, each notice in the words of their arm."""
    for each in notices_of(facts, texts.usual):

        def say(said: Knowledge, name: str = each.id) -> PlatformNotice:
            return next(notice for notice in notices_of(facts, said) if notice.id == name)

        yield texts.told(user, say, lambda notice: (notice.cause,), about=(each.cause,))


def _with_wishes(session: Session, looker: Looker, told: Sequence[Worded[PlatformNotice]]) -> Shown:
    return tuple(ShownNotice(each.told, _is_wanted(session, looker.user, each.told), each.met) for each in told)


def _is_wanted(session: Session, user: str, notice: PlatformNotice) -> bool:
    """Whether the customer waits for the end: by the banner of this incident, or by the chat for what it keeps them from."""
    waiting = subscriptions.waiting_for(session, user, notice.cause)
    return any(each.incident == notice.id or (not each.incident and each.subject == notice.subject) for each in waiting)


def _watched(session: Session, incidents: Collection[str]) -> set[str]:
    return {each for each in incidents if stage_of_incident(session, each) == "monitoring"}


def _calm(source: FactsSource) -> bool:
    """Whether nothing is wrong with the platform, so that no customer need be looked at."""
    return isinstance(source, SqlFacts) and not source.has_trouble()


def _states(source: FactsSource, users: Collection[str]) -> dict[str, Facts]:
    wanted = [(user, ACCOUNT) for user in users]
    found = source.snapshots(wanted) if isinstance(source, SqlFacts) else one_by_one(source, wanted)
    return {user: facts for (user, _), facts in found.items()}
