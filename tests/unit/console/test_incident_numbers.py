"""What an incident's page counts and does in bulk: who waits, what is usual, orders at risk, and one answer to all linked cases."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from actions.core.subject import Subject
from actions.state.incidents import INCIDENT_NOTES, link_case, now_ms
from actions.state.observations import OBSERVATIONS
from actions.state.subscriptions import subscribe
from actions.state.tallies import TALLIES
from ops.incidents import pulse
from tests.unit.console.test_incidents import Call, declared, shown
from tests.unit.desk.conftest import audited_by
from tests.unit.handoff.conftest import House


def test_those_who_wait_are_counted(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    for user, order in (("u-1013", "o-1013"), ("u-1055", "o-1055")):
        with house.database.session() as session:
            subscribe(session, user, user, Subject("order", order), "incident_outage", incident)
    house.turn("u-1013", "installment_missing", order="o-1013")
    numbers = shown(operator, incident)["numbers"]
    assert (numbers["subscribed"], numbers["told"], numbers["handed_over"], numbers["usual"]) == (2, 0, 0, None)
    assert len(numbers["steps"]) == 24


def test_orders_that_expire_before_it_ends_are_counted_and_listed_for_the_order_team(call: Call) -> None:
    operator = call("operator")
    incident = declared(operator, eta="2026-11-23T12:00")
    risk = shown(operator, incident)["at_risk"]
    assert risk["count"] == 1 and risk["amount"] > 0 and "orders" not in risk
    page = operator.look(f"/console/incidents/{incident}").text
    assert "1 单，共" in page and f"/console/incidents/{incident}/orders" in page
    for answer in (operator.look(f"/console/incidents/{incident}/orders"), operator.get(f"/incidents/{incident}/orders")):
        head, row = answer.content.decode("utf-8-sig").strip().splitlines()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="orders-{incident}.csv"'
        assert head.startswith("order,user,pay_before") and row.startswith("o-1,u-1001,2026-11-23T09:12:00+08:00")
    assert call("viewer").get(f"/incidents/{incident}/orders").status_code == 403
    assert "/orders" not in call("viewer").look(f"/console/incidents/{incident}").text
    operator.post(f"/incidents/{incident}/updates", {"eta": "2026-11-22T18:00"})
    assert shown(operator, incident)["at_risk"]["count"] == 0


def test_everybody_with_a_linked_case_is_answered_at_once_and_through_the_gate(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    path = f"/incidents/{incident}/replies"
    refused = operator.post(path, {"text": "您好，分期服务在修。"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:baitiao:problem:no-linked-cases")
    handoff = house.handed_over().id
    with house.database.session() as session:
        link_case(session, incident, handoff)
    assert [each["handoff"] for each in shown(operator, incident)["cases"]] == [handoff]
    for text, status, problem in (("", 422, "nothing-written"), ("很快恢复", 422, "text-refused"), ("好" * 501, 422, "text-refused")):
        refused = operator.post(path, {"text": text})
        assert (refused.status_code, refused.json()["type"]) == (status, f"urn:baitiao:problem:{problem}")
    page = operator.submit(f"/console{path}", text="很快恢复")
    assert page.status_code == 422 and page.text.count('role="alert"') == 1 and ">很快恢复</textarea>" in page.text
    before = len(house.history())
    assert operator.submit(f"/console{path}", text="您好，分期服务在修，好了在这里告诉您。").status_code == 303
    (said,) = house.history()[before:]
    assert (said.role, said.text) == ("agent", "您好，分期服务在修，好了在这里告诉您。")
    assert [row[0] for row in audited_by(house.database, "incident.reply")] == ["operator-1"]


@pytest.mark.parametrize(("minutes", "proposal"), [(3, None), (20, "resolve")])
def test_a_watched_incident_proposes_its_end_once_it_has_been_quiet_for_a_while(
    minutes: int, proposal: str | None, call: Call, house: House
) -> None:
    operator = call("operator")
    incident = declared(operator)
    assert shown(operator, incident)["numbers"]["proposal"] is None
    operator.post(f"/incidents/{incident}/updates", {"stage": "monitoring"})
    with house.database.session() as session:
        session.execute(update(INCIDENT_NOTES).values(at=INCIDENT_NOTES.c.at - minutes * 60_000))
    assert shown(operator, incident)["numbers"]["proposal"] == proposal
    assert ("可以结束" in operator.look(f"/console/incidents/{incident}").text) == (proposal is not None)


def test_episodes_that_meet_it_are_counted_by_five_minutes_against_what_is_usual(call: Call, house: House) -> None:
    incident = declared(call("operator"))
    for user, order in (("u-1013", "o-1013"), ("u-1055", "o-1055")):
        house.turn(user, "installment_missing", order=order)
    now = now_ms()
    with house.database.session() as session:
        session.execute(update(OBSERVATIONS).values(at=now - pulse.STEP_MS))
        # Twelve in the two hours that somebody counted before.
        begun = now - 4 * 3600_000
        for minute, refs in ((0, 6), (90, 6)):
            row = {"bucket": begun + minute * 60_000, "kind": "found", "value": "incident_outage", "dim": "", "dim_value": "", "refs": refs}
            session.execute(insert(TALLIES).values(**row))
        found = pulse.pulse_of(session, house.application.knowledge.current, incident, None, now - 2 * 3600_000, now)
    assert [each.affected for each in found.steps[:3]] == [2, 0, 0] and found.steps[0].unexplained == 0
    assert found.usual == pytest.approx(12 / 24, rel=0.1)
