"""The places of what the law asks: the register with what is due, and one obligation or source with its controls, its reviews and the form for another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from actions.state.columns import real_now
from actions.state.database import Database
from actions.yaml_source import SourceError
from bot.channel.tokens import ROLE_APPROVER
from bot.console.places import ConsoleRefused, Done, Place, Returned, Shown, Visit
from bot.console.today import Item, Section
from ops.compliance.obligations import Obligation, ObligationBook, read_obligations
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.register import LOOKED, REVIEWED, check_data, one_of, record_check, register_of
from ops.compliance.reporting import compliance_texts
from ops.compliance.words import LONGEST, SHORTEST

_REVIEWERS = frozenset({ROLE_APPROVER})
_COMES_DAYS = 30
"""Before an obligation comes into force it stands on the first page."""


@contextmanager
def as_console_refusals() -> Iterator[None]:
    """Tells what compliance refuses as the console tells refusals."""
    try:
        yield
    except ComplianceRefused as refused:
        raise ConsoleRefused(refused.code, reason=refused.reason) from None


class ObligationPlaces:
    """Makes the places.

    Args:
        database: where reviews are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        return (
            Place("obligations", "/obligations", self._list, listed=True),
            Place("obligation", "/obligations/<id:str>", self._one),
            Place("obligation_checks", "/obligations/<id:str>/checks", act=self._check, acted_by=_REVIEWERS),
        )

    @property
    def section(self) -> Section:
        """What stands on the console's first page: one line, however much is due."""
        return Section("obligations", self._due)

    def _list(self, _visit: Visit) -> Shown:
        book = _book()
        with self._database.session() as session:
            data = register_of(session, book).to_data()
        return Shown(data, "obligations.html", {"said": compliance_texts()})

    def _one(self, visit: Visit) -> Shown:
        return self._page(visit, {})

    def _page(self, visit: Visit, given: dict[str, Any]) -> Shown:
        book, today = _book(), real_now().date()
        with self._database.session() as session, as_console_refusals():
            standing, checks = one_of(session, book, visit.parts["id"])
        outcomes = REVIEWED if isinstance(standing.what, Obligation) else LOOKED
        data = {**standing.to_data(today), "outcomes": list(outcomes), "checks": [check_data(each) for each in checks]}
        words = {"said": compliance_texts(), "given": given, "acts": not visit.who.roles.isdisjoint(_REVIEWERS)}
        return Shown(data, "obligation.html", {**words, "shortest": SHORTEST, "longest": LONGEST})

    def _check(self, visit: Visit) -> Done | Returned:
        name, book = visit.parts["id"], _book()
        try:
            with as_console_refusals(), self._database.session() as session:
                record_check(session, book, name, visit.given.get("outcome"), visit.given.get("note"), visit.who.name)
        except ConsoleRefused as refused:
            if refused.name == "not_found":
                raise
            return Returned(refused, self._page(visit, dict(visit.given)))
        return Done(f"/obligations/{name}", {"id": name}, 201)

    def _due(self) -> Sequence[Item]:
        try:
            book = read_obligations()
        except SourceError as error:
            return [{"unusable": str(error.problems[0])}]
        with self._database.session() as session:
            data = register_of(session, book).to_data()
        late = [each["id"] for each in data["sources"] if each["overdue"]]
        comes = [each for each in data["obligations"] if each["days_to_force"] is not None and 0 <= each["days_to_force"] <= _COMES_DAYS]
        if not (data["overdue"] or late or comes):
            return []
        named = [{"id": each["id"], "title": each["title"], "days": each["days_to_force"]} for each in comes]
        return [{"overdue": len(data["overdue"]), "sources": len(late), "comes": named, "link": "/console/obligations"}]


def _book() -> ObligationBook:
    try:
        return read_obligations()
    except SourceError as error:
        raise ConsoleRefused("obligations_unusable", problems=[str(each) for each in error.problems]) from None
