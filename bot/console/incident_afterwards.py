"""The console's places for what follows an incident: its cause, and what shall be done, by whom and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.state.columns import real_now
from actions.state.incident_afterwards import DueAction, actions_of, cause_of, open_actions
from actions.state.incident_reviews import find_review
from actions.state.incidents import now_ms
from bot.channel.tokens import ROLE_OPERATOR
from bot.console.incident_forms import as_refusals
from bot.console.incident_views import Premises, line_of
from bot.console.places import ConsoleRefused, Done, Place, Returned, Shown, Visit
from bot.console.today import Item, Section
from ops.incidents.afterwards import add_action, finish_action, write_cause
from ops.incidents.reading import find_incident

_OPERATORS = frozenset({ROLE_OPERATOR})
_SOON_MS = 3 * 24 * 3_600_000
"""So long before its day something is told of on today's page."""
_FIELDS = ("text", "what", "owner", "due")


class AfterwardsPlaces:
    """Makes the places.

    Args:
        premises: what incidents are read from and written to.
    """

    def __init__(self, premises: Premises) -> None:
        self._at = premises

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/incidents/<incident:str>"
        return (
            Place("incident_afterwards", f"{one}/afterwards", self._show),
            Place("incident_cause", f"{one}/cause", act=self._cause, acted_by=_OPERATORS),
            Place("incident_actions", f"{one}/actions", act=self._action, acted_by=_OPERATORS),
            Place("incident_action_done", f"{one}/actions/<action:str>/done", act=self._done, acted_by=_OPERATORS),
        )

    @property
    def section(self) -> Section:
        """What today's page tells of: what is due soon, or should be done already."""
        return Section("actions", self._due)

    def _due(self) -> Sequence[Item]:
        with self._at.database.session() as session:
            return [_data(each) for each in open_actions(session, now_ms() + _SOON_MS)]

    def _show(self, visit: Visit) -> Shown:
        return self._page(visit.parts["incident"], {})

    def _page(self, incident: str, given: Mapping[str, Any]) -> Shown:
        with as_refusals(), self._at.database.session() as session:
            view = find_incident(session, incident, self._at.clock(session))
            cause, review = cause_of(session, incident), find_review(session, incident)
            data = {
                **line_of(session, view),
                "cause": None if cause is None else {"text": cause.text, "by": cause.by, "at": _written(cause.at)},
                "actions": [_data(each) for each in actions_of(session, incident)],
                "reviewed_at": None if review is None else _written(review.made_at),
            }
        return Shown(data, "incident_afterwards.html", {"given": dict(given), "today": real_now().date().isoformat()})

    def _cause(self, visit: Visit) -> Done | Returned:
        return self._step(visit, lambda session, now, incident, given, by: write_cause(session, now, incident, given["text"], by))

    def _action(self, visit: Visit) -> Done | Returned:
        def step(session: Session, now: datetime, incident: str, given: Mapping[str, str | None], by: str) -> object:
            return add_action(session, now, incident, given["what"], given["owner"], given["due"], by)

        return self._step(visit, step)

    def _done(self, visit: Visit) -> Done | Returned:
        number = visit.parts["action"]
        if not (number.isascii() and number.isdecimal() and len(number) < 16):
            raise ConsoleRefused("not_found")
        return self._step(visit, lambda session, now, incident, given, by: finish_action(session, now, incident, int(number), by))

    def _step(self, visit: Visit, step: Callable[[Session, datetime, str, Mapping[str, str | None], str], object]) -> Done | Returned:
        incident = visit.parts["incident"]
        given = {name: visit.given.get(name) for name in _FIELDS}
        if not all(value is None or isinstance(value, str) for value in given.values()):
            raise ConsoleRefused("malformed")
        try:
            with as_refusals(), self._at.database.session() as session:
                step(session, self._at.clock(session), incident, given, visit.who.name)
        except ConsoleRefused as refused:
            if refused.status == 404:
                raise
            return Returned(refused, self._page(incident, given))
        return Done(f"/incidents/{incident}/afterwards", {"id": incident})


def _data(action: DueAction) -> dict[str, Any]:
    return {
        "number": action.id,
        "incident": action.incident,
        "what": action.what,
        "owner": action.owner,
        "until": action.until,
        "late": action.done_at is None and now_ms() >= action.due,
        "done_by": action.done_by,
        "done_at": None if action.done_at is None else _written(action.done_at),
    }


def _written(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, SHANGHAI).isoformat(timespec="seconds")
