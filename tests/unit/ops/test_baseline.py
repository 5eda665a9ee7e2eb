"""Complaints are back at what is usual, or are not, or nobody can say."""

from __future__ import annotations

from sqlalchemy import insert

from actions.core.platform import Affects
from actions.state.database import Database
from actions.state.tallies import TALLIES
from ops.watch.baseline import calm
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.watching import Broken, minute_of
from tests.unit.ops.observed import write
from tools.evaluation.complaint_traffic import BEGIN

DAY = 86_400
NOW = BEGIN + 20 * DAY + 10 * 3600
EVERYWHERE = Affects()


def _complaints(end: float, count: int, merchant: str = "m-1", cause: str = "overdue") -> list[DiagnosedComplaint]:
    """So many customers in the quarter of an hour before an instant."""
    return [
        DiagnosedComplaint(
            end - 1 - number * 890 / max(1, count), f"c-{end}-{merchant}-{number}", (cause,), frozenset({("merchant", merchant)})
        )
        for number in range(count)
    ]


def _history(database: Database, days: int, usual: int, *merchants: str) -> None:
    with database.session() as session:
        session.execute(
            insert(TALLIES).values(bucket=(NOW - days * DAY - 3600) * 1000, kind="found", value="overdue", dim="", dim_value="", refs=1)
        )
    for day in range(1, days + 1):
        for merchant in merchants or ("m-1",):
            write(database, _complaints(NOW - day * DAY, usual, merchant))


def _calm(database: Database, affects: Affects = EVERYWHERE, broken: tuple[Broken, ...] = ()) -> tuple[int, float, bool, bool | None]:
    with database.session() as session:
        found = calm(session, NOW * 1000, affects, broken)
    return found.observed, found.expected, found.rising, found.back


def test_as_many_as_on_other_days_is_back_also_if_an_incident_explains_them(database: Database) -> None:
    _history(database, 10, 8)
    write(database, _complaints(NOW, 9, cause="incident_outage"))
    assert _calm(database) == (9, 8.0, False, True)


def test_far_more_is_not(database: Database) -> None:
    _history(database, 10, 8)
    write(database, _complaints(NOW, 30))
    assert _calm(database) == (30, 8.0, True, False)


def test_only_complaints_of_the_scope_are_looked_at(database: Database) -> None:
    _history(database, 10, 4, "m-1", "m-2")
    write(database, [*_complaints(NOW, 40, "m-1"), *_complaints(NOW, 3, "m-2")])
    assert _calm(database, Affects.parse_obj({"merchants": ["m-2"]})) == (3, 4.0, False, True)
    assert _calm(database)[3] is False


def test_days_with_incidents_are_no_measure(database: Database) -> None:
    _history(database, 10, 8)
    write(database, [*_complaints(NOW - DAY, 200, "m-9"), *_complaints(NOW, 20)])
    broken = Broken("i-1", minute_of(NOW - DAY - 3600), minute_of(NOW - DAY + 3600))
    assert _calm(database, broken=(broken,)) == (20, 8.0, True, False)


def test_a_deployment_that_is_too_young_cannot_say(database: Database) -> None:
    _history(database, 2, 8)
    write(database, _complaints(NOW, 9))
    assert _calm(database)[3] is None
