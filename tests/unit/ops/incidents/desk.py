"""The operator on duty, and what customers have been told."""

from __future__ import annotations

from typing import Any

from actions.bootstrap import Application
from actions.core.diagnosis import diagnose
from actions.core.subject import Subject
from actions.recovery.watcher import RecoveryWatcher
from actions.state import conversations, subscriptions
from ops.incidents import service
from ops.incidents.reading import IncidentView, find_incident
from ops.incidents.refusals import IncidentRefused

ORDER = Subject.of("o")
SAID = "分期服务响应异常，技术人员正在修复。"


class Duty:
    """Does what operators do, each step in a transaction of its own."""

    def __init__(self, here: Application) -> None:
        self.here = here
        self.watcher: RecoveryWatcher = here.recovery_watcher()

    def declare(self, component: str = "installment", severity: str = "outage", **given: Any) -> str:
        """Declares an incident."""
        with self.here.database.session() as session:
            knowledge, now = self.here.knowledge.current, self.here.world_now(session)
            return service.declare(session, knowledge, now, component=component, severity=severity, by="operator-1", **given)

    def update(self, incident: str, **given: Any) -> IncidentView:
        """Changes an incident."""
        with self.here.database.session() as session:
            return service.update(session, self.here.knowledge.current, self.here.world_now(session), incident, by="operator-1", **given)

    def view(self, incident: str) -> IncidentView:
        """The incident as it stands."""
        with self.here.database.session() as session:
            return find_incident(session, incident, self.here.world_now(session))

    def refused(self, **given: Any) -> IncidentRefused:
        """Why a declaration is refused."""
        try:
            self.declare(**given)
        except IncidentRefused as error:
            return error
        raise AssertionError("it was declared")

    def causes(self, user: str = "u", subject: Subject = ORDER) -> tuple[str, ...]:
        """What a customer's diagnosis says."""
        with self.here.database.session() as session:
            return diagnose(self.here.facts(session).snapshot(user, subject), self.here.knowledge.current.causes.values()).cause_ids

    def wait(self, user: str = "u", subject: Subject = ORDER, cause: str = "incident_outage", incident: str = "") -> None:
        """Lets a customer wait for the end, and the watcher notice that."""
        with self.here.database.session() as session:
            subscriptions.subscribe(session, user, user, subject, cause, incident)
        self.watcher.look()

    def told(self, user: str = "u") -> list[conversations.Message]:
        """What a customer has been told."""
        with self.here.database.session() as session:
            return list(conversations.history(session, user))
