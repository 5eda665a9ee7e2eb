"""The console's places for experiments: all of them, one with its sequence of looks, and starting it by two people, stopping and deciding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from actions.knowledge.store import KnowledgeStore
from actions.masking import mask
from actions.state.database import Database
from actions.state.experiments import ExperimentRow, every_experiment
from bot.channel.tokens import ROLE_APPROVER, ROLE_AUTHOR, ROLE_OPERATOR
from bot.console.alert_reading import instant
from bot.console.places import ConsoleRefused, Done, Download, Place, Returned, Shown, Visit
from bot.console.today import Item, Section
from ops.experiments import service
from ops.experiments.folder import registered_folder
from ops.experiments.refusals import ExperimentRefused
from ops.experiments.reporting import caution_names, needs_decision, report_of, status_of
from ops.experiments.words import experiment_words

AUTHORS = frozenset({ROLE_AUTHOR})
"""Who may ask that an experiment be started."""
STOPPERS = frozenset({ROLE_AUTHOR, ROLE_OPERATOR})
"""Who may end an experiment: it can do no harm."""
DECIDERS = frozenset({ROLE_APPROVER})
"""Who starts what somebody else has asked for, and decides."""
_LONGEST_REASON = 300


class ExperimentPlaces:
    """What the console shows and does about experiments. Blocking: call it in a thread.

    Args:
        database: where they are kept.
        knowledge: over which their arms lie.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database, self._knowledge = database, knowledge

    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/experiments/<experiment:str>"
        return (
            Place("experiments", "/experiments", self._list, listed=True),
            Place("experiment", one, self._one),
            Place("experiment_plot", f"{one}/plot/<theme:str>", self._plot, audited=False),
            Place("experiment_submit", f"{one}/submit", act=self._submit, acted_by=AUTHORS),
            Place("experiment_start", f"{one}/start", act=self._start, acted_by=DECIDERS),
            Place("experiment_stop", f"{one}/stop", act=self._stop, acted_by=STOPPERS),
            Place("experiment_decide", f"{one}/decide", act=self._decide, acted_by=DECIDERS),
        )

    def section(self) -> Section:
        """What stands on the console's first page: those that need a decision."""
        return Section("experiments", self._undecided)

    def _undecided(self) -> list[Item]:
        with self._database.session() as session:
            return [_told(status_of(row)) for row in every_experiment(session) if needs_decision(row)]

    def _list(self, visit: Visit) -> Shown:
        with self._database.session() as session:
            rows = [_told(status_of(row)) for row in every_experiment(session)]
        return Shown({"experiments": rows}, "experiments.html", {"words": experiment_words()})

    def _one(self, visit: Visit) -> Shown:
        with _as_refusals(), self._database.session() as session:
            return self._page(visit, service.known(session, visit.parts["experiment"]))

    def _page(self, visit: Visit, row: ExperimentRow) -> Shown:
        roles, words = visit.who.roles, experiment_words()
        data = {**_told(report_of(row)), "plot": row.light is not None}
        shown = {
            "words": words,
            "cautions": [words["cautions"][name] for name in caution_names(row)],
            "submits": row.state == "rehearsed" and not roles.isdisjoint(AUTHORS),
            "starts": row.state == "rehearsed" and row.submitted_by is not None and not roles.isdisjoint(DECIDERS),
            "stops": row.state == "running" and not roles.isdisjoint(STOPPERS),
            "decides": row.state in ("running", "stopped") and not roles.isdisjoint(DECIDERS),
            "longest": _LONGEST_REASON,
            "given": dict(visit.given),
        }
        return Shown(data, "experiment.html", shown)

    def _plot(self, visit: Visit) -> Download:
        theme = visit.parts["theme"]
        with _as_refusals(), self._database.session() as session:
            row = service.known(session, visit.parts["experiment"])
        svg = {"light": row.light, "dark": row.dark}.get(theme)
        if svg is None:
            raise ConsoleRefused("not_found")
        return Download(svg.encode(), "image/svg+xml", f"{row.id}-{theme}.svg")

    def _submit(self, visit: Visit) -> Done | Returned:
        return self._begun(visit, service.submit)

    def _start(self, visit: Visit) -> Done | Returned:
        return self._begun(visit, service.start)

    def _begun(self, visit: Visit, step: Callable[[Session, service.RightFolder, str], ExperimentRow]) -> Done | Returned:
        """A step of an experiment as it was registered when it was rehearsed: the files are at whoever has a terminal."""
        name = visit.parts["experiment"]
        try:
            with _as_refusals():
                with self._database.session() as session:
                    folder = registered_folder(service.known(session, name))
                    service.require_unlocked(session, folder)
                right = service.require_right(folder, self._knowledge.current)
                with self._database.session() as session:
                    row = step(session, right, visit.who.name)
        except ConsoleRefused as refused:
            if refused.name == "unknown_experiment":
                raise
            return Returned(refused, self._one(visit))
        return Done(f"/experiments/{name}", _told(status_of(row)))

    def _stop(self, visit: Visit) -> Done | Returned:
        return self._step(visit, lambda session, name, reason: service.stop(session, name, reason, visit.who.name))

    def _decide(self, visit: Visit) -> Done | Returned:
        arm = visit.given.get("arm")
        if not isinstance(arm, str):
            raise ConsoleRefused("malformed")
        return self._step(visit, lambda session, name, reason: service.decide(session, name, arm, reason, visit.who.name))

    def _step(self, visit: Visit, step: Callable[[Session, str, str], ExperimentRow]) -> Done | Returned:
        reason = visit.given.get("reason", "")
        if not isinstance(reason, str) or len(reason) > _LONGEST_REASON or mask(reason).text != reason:
            raise ConsoleRefused("malformed")
        name = visit.parts["experiment"]
        try:
            with _as_refusals(), self._database.session() as session:
                row = step(session, name, reason)
        except ConsoleRefused as refused:
            if refused.name == "unknown_experiment":
                raise
            return Returned(refused, self._one(visit))
        return Done(f"/experiments/{name}", _told(status_of(row)))


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """With instants as the console writes them."""
    return {name: instant(value) if name.endswith("_at") and value is not None else value for name, value in found.items()}


@contextmanager
def _as_refusals() -> Iterator[None]:
    """Tells what is refused of experiments as the console tells refusals."""
    try:
        yield
    except ExperimentRefused as refused:
        raise ConsoleRefused(refused.code.replace("-", "_"), reason=refused.reason, **refused.extra) from None
