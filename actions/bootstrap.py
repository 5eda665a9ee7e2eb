"""The one place that composes: from the settings to everything a turn, a watcher or a command needs, made once and handed on.

A deployment with account and order services of its own plugs them in here, for everything at once: ``bootstrap(facts_source=…)``, or the
setting ``BAITIAO_FACTS_SOURCE``, which gives the same argument to every process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.core.effects import Effect
from actions.core.facts import FactsSource, missing_methods
from actions.dialogue.arms import ArmedAssistant
from actions.dialogue.assistant import Answering, Assistant
from actions.experiments.remembered import RememberedFacts
from actions.experiments.running import LOOK_SECONDS as EXPERIMENTS_SECONDS
from actions.experiments.running import RunningExperiments
from actions.handoff.delivery import LOOK_SECONDS, LatenessWatcher
from actions.handoff.sql_handoffs import SqlDesk
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.recovery.reminders import SqlReminders
from actions.recovery.watcher import RecoveryWatcher, SqlNotices
from actions.setting_values import MINIMUM_SECRET
from actions.settings import Settings, SettingsError
from actions.state.database import Database, SchemaTooNew
from actions.state.experiments import met_by
from actions.state.policy_versions import approved_policies
from actions.state.world.facts import FactsFactory, SqlFacts
from actions.state.world.tables import facts_now
from actions.threads import writing

if TYPE_CHECKING:
    from actions.handoff.delivery import Target


log = structlog.get_logger()


class CannotStart(RuntimeError):
    """Something that is needed cannot be used; the message says what."""


async def repeat(work: Callable[[], object], seconds: float, failed: str) -> None:
    """Does the same work again and again, in a thread, until cancelled; whatever goes wrong is logged and tried again.

    Args:
        work: one look for something to do.
        seconds: between two of them.
        failed: what a failure is called in the log.
    """
    while True:
        try:
            await writing(work)
        except Exception as error:
            log.warning(failed, error=type(error).__name__)
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Application:
    """What a process is made of.

    Attributes:
        settings: as they were when the process began.
        database: conversations, handoffs and subscriptions; and the world, unless the facts come from elsewhere.
        knowledge: what the assistant knows.
        facts: makes the source of the customers' state within a session.
        experiments: those that run, once somebody has looked.
    """

    settings: Settings
    database: Database
    knowledge: KnowledgeStore
    facts: FactsFactory
    experiments: RunningExperiments

    def migrate(self) -> None:
        """Brings the database's schema up to date.

        Raises:
            CannotStart: the database cannot be used.
        """
        try:
            self.database.migrate()
        except (SQLAlchemyError, SchemaTooNew, OSError, ValueError) as error:
            # What SQLAlchemy adds to the driver's words would fill the screen.
            reason = " ".join(str(getattr(error, "orig", None) or error).split())
            raise CannotStart(f"the database cannot be used: {reason}") from None

    @contextmanager
    def assistant(self) -> Iterator[Answering]:
        """An assistant on one database transaction, which ends with the turn."""
        with self.database.session() as session:
            yield self.assistant_on(session)

    def assistant_on(self, session: Session) -> Answering:
        """An assistant on a session of the caller's, which it only reads: its response says what the turn changes."""
        source, arms = self.facts(session), self.experiments.arms
        if arms is None:
            return self._assistant(session, self.knowledge.current, source)
        remembered = RememberedFacts(source)
        return ArmedAssistant(arms, lambda said: self._assistant(session, said, remembered), lambda user: met_by(session, user))

    def _assistant(self, session: Session, knowledge: Knowledge, source: FactsSource) -> Assistant:
        effects: list[Effect] = []
        reminders = SqlReminders(session, effects, lambda: self.world_now(session))
        desk = SqlDesk(session, knowledge, source, self.settings.retention_days, effects)
        return Assistant(knowledge, source, desk, SqlNotices(session, effects), effects, lambda: approved_policies(session), reminders)

    def world_now(self, session: Session) -> datetime:
        """The clock of the world in the database."""
        return facts_now(session, self.settings.now)

    def recovery_watcher(self) -> RecoveryWatcher:
        """Tells customers that what they wait for is over."""
        return RecoveryWatcher(self.database, self.knowledge, self.facts, self.settings.notice_rate, self.experiments.texts)

    def lateness_watcher(self) -> LatenessWatcher:
        """Tells customers that nobody has come."""
        return LatenessWatcher(self.database, self.knowledge, self.settings.handoff_patience)

    def delivery_target(self) -> Target | None:
        """Where handoffs are delivered; None: nowhere.

        Raises:
            SettingsError: there is a receiver, and nothing to sign deliveries with.
        """
        return self._target("handoff_webhook", "handoff_webhook_secret")

    def push_target(self) -> Target | None:
        """The shop's push service; None: there is none.

        Raises:
            SettingsError: there is one, and nothing to sign calls with.
        """
        return self._target("push_webhook", "push_webhook_secret")

    def _target(self, where: str, signed_with: str) -> Target | None:
        address, secret = getattr(self.settings, where), getattr(self.settings, signed_with)
        if address is None:
            return None
        if secret is None:
            needed, because = Settings.variable(signed_with), Settings.variable(where)
            raise SettingsError([f"{needed} must be set, {MINIMUM_SECRET} characters or more, because {because} is"])
        # Commands deliver nothing and need not wait for an HTTP client to be imported.
        from actions.handoff.delivery import Target

        return Target(address, secret.get_secret_value().encode(), self.settings.handoff_format)

    def experiments_watched(self) -> Coroutine[Any, Any, None]:
        """Looks again and again which experiments run, so that no turn has to; every process that answers customers runs it."""
        return repeat(self.experiments.look, EXPERIMENTS_SECONDS, "experiments.look_failed")

    def workers(self) -> list[Coroutine[Any, Any, None]]:
        """What runs beside the action server until it is cancelled.

        Raises:
            SettingsError: see ``delivery_target``.
        """
        settings = self.settings
        working = [
            repeat(self.recovery_watcher().look, settings.recovery_interval, "recovery.failed"),
            repeat(self.lateness_watcher().look, LOOK_SECONDS, "handoff.lateness_failed"),
            self.experiments_watched(),
        ]
        target = self.delivery_target()
        if target is not None:
            from actions.handoff.delivery import Dispatcher

            working.append(Dispatcher(self.database, self.knowledge, target).run())
        push = self.push_target()
        if push is not None:
            from actions.handoff.pushing import PushDispatcher

            working.append(PushDispatcher(self.database, self.knowledge, push).run())
        return working


def bootstrap(
    settings: Settings | None = None,
    facts_source: FactsFactory | None = None,
    database: Database | None = None,
    knowledge: KnowledgeStore | None = None,
) -> Application:
    """Composes an application. Nothing is connected to and no file is read before it is needed, unless a facts source of one's own does.

    Args:
        settings: default: those of the environment.
        facts_source: makes the source of the customers' state; default: the setting, else the world in the database.
        database: default: the one of the settings.
        knowledge: default: the project's own.

    Raises:
        SettingsError: the environment holds settings that cannot be used, or names a facts source that is none.
    """
    settings = settings or Settings.read()

    def world_facts(session: Session) -> FactsSource:
        return SqlFacts(session, settings.now)

    database = database or Database(settings.database_url)
    if facts_source is None and settings.facts_source is not None:
        facts_source = settings.facts_source
        _try_out(facts_source, database)
    knowledge = knowledge or KnowledgeStore()
    return Application(
        settings=settings,
        database=database,
        knowledge=knowledge,
        facts=facts_source or world_facts,
        experiments=RunningExperiments(database, knowledge),
    )


def _try_out(factory: FactsFactory, database: Database) -> None:
    variable = Settings.variable("facts_source")
    try:
        with database.session() as session:
            missing = missing_methods(factory(session))
    except (TypeError, SystemExit) as error:
        reason = error if isinstance(error, TypeError) else "it ends the program"
        raise SettingsError([f"{variable} must name something that makes a facts source of a database session; {reason}"]) from None
    except Exception:
        # A service that is away says so in every turn until it is back, and does not keep the servers from starting.
        return
    if missing:
        raise SettingsError([f"{variable} must make an object with the methods of core.facts.FactsSource; it lacks {', '.join(missing)}"])


_current: Application | None = None
# Reentrant: what a setting names is imported while the application is made, and may ask for it, which must not wait for itself.
_making = RLock()


def application() -> Application:
    """The application of this process, for what Rasa and its SDK make by class name and can be handed nothing: actions, channel, tracker store.

    Raises:
        SettingsError: it is not made yet, and cannot be.
    """
    global _current
    with _making:
        if _current is None:
            _current = bootstrap()
        return _current


def use(replacement: Application | None) -> None:
    """Makes an application the one of this process; None goes back to making one at next use."""
    global _current
    _current = replacement
