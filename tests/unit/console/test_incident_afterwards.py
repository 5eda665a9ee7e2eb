"""After an incident people write its cause and what shall be done, by whom and until when; of that they are reminded until it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from actions.state.columns import real_now
from actions.state.incident_afterwards import ACTIONS_DUE
from actions.state.outbox import OUTBOX
from conversations.application import project_knowledge
from ops.outgoing.news import news_of
from ops.outgoing.telling import tell_due
from tests.unit.console.conftest import Caller
from tests.unit.console.test_incident_reviews import drafted
from tests.unit.console.test_incidents import declared
from tests.unit.desk.conftest import audited_by
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
DAY_MS = 24 * 3_600_000


def day(after: int) -> str:
    return (real_now() + timedelta(days=after)).date().isoformat()


def over(operator: Caller) -> str:
    incident = declared(operator)
    assert operator.post(f"/incidents/{incident}/resolve", {}).status_code == 200
    return incident


def afterwards(caller: Caller, incident: str) -> Any:
    return caller.get(f"/incidents/{incident}/afterwards").json()


def later(house: House, days: int) -> None:
    with house.database.session() as session:
        session.execute(update(ACTIONS_DUE).values(due=ACTIONS_DUE.c.due - days * DAY_MS))


def reminders(house: House) -> list[Any]:
    with house.database.session() as session:
        tell_due(session)
        return list(session.execute(select(OUTBOX.c.event, OUTBOX.c.detail).where(OUTBOX.c.event == "incident.action")).all())


def test_cause_and_actions_are_written_shown_and_stand_in_the_review(call: Call, house: House) -> None:
    operator = call("operator")
    incident = over(operator)
    assert drafted(house) == 1
    page = f"/console/incidents/{incident}/afterwards"
    assert operator.submit(f"/console/incidents/{incident}/cause", page, text="网关证书过期，打 13800138000 问").status_code == 303
    wanted = {"what": "证书到期前 30 天告警", "owner": "网关组", "due": day(9)}
    assert operator.submit(f"/console/incidents/{incident}/actions", page, **wanted).status_code == 303
    found = afterwards(call("viewer"), incident)
    assert "13800138000" not in str(found) and found["cause"]["text"].startswith("网关证书过期")
    (action,) = found["actions"]
    assert (action["what"], action["owner"], action["until"], action["late"]) == ("证书到期前 30 天告警", "网关组", day(9), False)
    assert drafted(house) == 1, "what people wrote is taken into the review"
    review = operator.get(f"/incidents/{incident}/review").text
    assert "网关证书过期" in review and "证书到期前 30 天告警" in review and day(9) in review
    assert operator.post(f"/incidents/{incident}/actions/{action['number']}/done", {}).status_code == 200
    assert afterwards(operator, incident)["actions"][0]["done_by"] == "operator-1"
    again = operator.post(f"/incidents/{incident}/actions/{action['number']}/done", {})
    assert (again.status_code, again.json()["type"]) == (409, "urn:baitiao:problem:action-done")
    for step in ("cause", "action", "action_done"):
        assert [row[0] for row in audited_by(house.database, f"incident.{step}")] == ["operator-1"]


@pytest.mark.parametrize(
    ("path", "given", "problem", "field"),
    [
        ("cause", {"text": " "}, "cause-missing", "cause"),
        ("cause", {"text": "因" * 2001}, "cause-missing", "cause"),
        ("actions", {"what": "x", "owner": "", "due": day(1)}, "action-incomplete", "action"),
        ("actions", {"what": "改" * 201, "owner": "x", "due": day(1)}, "action-incomplete", "action"),
        ("actions", {"what": "x", "owner": "y", "due": day(-1)}, "due-wrong", "due"),
        ("actions", {"what": "x", "owner": "y", "due": day(400)}, "due-wrong", "due"),
        ("actions", {"what": "x", "owner": "y", "due": "soon"}, "due-wrong", "due"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    path: str, given: dict[str, str], problem: str, field: str, call: Call
) -> None:
    operator = call("operator")
    incident = over(operator)
    refused = operator.post(f"/incidents/{incident}/{path}", given)
    assert (refused.status_code, refused.json()["type"]) == (422, f"urn:baitiao:problem:{problem}")
    page = operator.submit(f"/console/incidents/{incident}/{path}", **given)
    assert page.status_code == 422 and f'id="{field}-wrong"' in page.text and refused.json()["detail"] in page.text
    assert all(value in page.text for value in given.values() if value.strip())


def test_what_is_not_there_is_a_404_and_drafts_have_no_cause(call: Call) -> None:
    operator = call("operator")
    assert operator.post("/incidents/i-none/cause", {"text": "x"}).status_code == 404
    assert operator.get("/incidents/i-none/afterwards").status_code == 404
    incident = over(operator)
    for number in ("99", "x"):
        assert operator.post(f"/incidents/{incident}/actions/{number}/done", {}).status_code == 404
    assert operator.post(f"/incidents/{incident}/cause", {"text": 1}).status_code == 400


@pytest.mark.slow
def test_an_action_is_reminded_of_on_its_day_and_weekly_until_it_is_done(call: Call, house: House) -> None:
    operator = call("operator")
    incident = over(operator)
    operator.post(f"/incidents/{incident}/actions", {"what": "加监控", "owner": "网关组", "due": day(5)})
    assert reminders(house) == [] and "actions" not in operator.get("/today").json()["sections"]
    later(house, 5)
    assert len(reminders(house)) == len(reminders(house)) == 1
    (item,) = operator.get("/today").json()["sections"]["actions"]
    assert (item["what"], item["late"]) == ("加监控", False) and "快到期" in operator.look("/console").text
    later(house, 2)
    assert len(reminders(house)) == len(reminders(house)) == 2
    assert operator.get("/today").json()["sections"]["actions"][0]["late"] and "过期" in operator.look("/console").text
    later(house, 7)
    event, detail = reminders(house)[-1]
    with house.database.session() as session:
        news = news_of(session, project_knowledge(), event, detail, "https://help.example")
        assert news.title == "【改进到期】加监控" and "网关组" in news.lines[0]
        assert news.lines[1].endswith(f"https://help.example/console/incidents/{incident}/afterwards")
    operator.post(f"/incidents/{incident}/actions/{detail['action']}/done", {})
    later(house, 7)
    assert len(reminders(house)) == 3 and "actions" not in operator.get("/today").json()["sections"]
    with house.database.session() as session, pytest.raises(LookupError):
        news_of(session, project_knowledge(), event, detail, None)
