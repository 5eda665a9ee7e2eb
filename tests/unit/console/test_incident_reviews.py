"""The review of an incident: drafted by the worker once it is over, anew while people may come back, and got by operators alone."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import update

from actions.state.incident_reviews import INCIDENT_REVIEWS
from actions.state.incidents import INCIDENT_NOTES
from ops.incidents.review_drafts import draft_reviews
from ops.worker import Surroundings
from tests.unit.console.conftest import Caller
from tests.unit.console.test_incidents import declared
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
HOUR = 60 * 60 * 1000


def drafted(house: House) -> int:
    return draft_reviews(Surroundings.of(house.application))


def earlier(house: House, table: object, column: str, hours: int) -> None:
    with house.database.session() as session:
        session.execute(update(table).values({column: table.c[column] - hours * HOUR}))  # type: ignore[attr-defined, arg-type]


def test_once_it_is_over_a_review_is_there_for_operators(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    assert drafted(house) == 0
    refused = operator.get(f"/incidents/{incident}/review")
    assert refused.status_code == 404 and "起草" in refused.json()["detail"]
    assert operator.post(f"/incidents/{incident}/resolve", {}).status_code == 200
    assert "下载复盘" in operator.look(f"/console/incidents/{incident}").text
    assert drafted(house) == 1
    found = operator.look(f"/console/incidents/{incident}/review")
    assert found.status_code == 200 and found.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "attachment" in found.headers["Content-Disposition"] and incident in found.text
    assert found.text.count("没有可画的") == 2, "nobody was affected and nobody told"
    assert "下载复盘" not in call("viewer").look(f"/console/incidents/{incident}").text


def test_it_is_drafted_anew_for_a_day_and_then_left_alone(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    operator.post(f"/incidents/{incident}/resolve", {})
    assert [drafted(house), drafted(house)] == [1, 0]
    earlier(house, INCIDENT_REVIEWS, "made_at", 1)
    earlier(house, INCIDENT_NOTES, "at", 2)
    assert [drafted(house), drafted(house)] == [1, 0]
    earlier(house, INCIDENT_REVIEWS, "made_at", 2)
    earlier(house, INCIDENT_NOTES, "at", 30)
    assert drafted(house) == 0
