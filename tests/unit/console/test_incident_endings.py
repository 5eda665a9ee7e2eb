"""Before an incident is ended or withdrawn its operator reads how many customers will be told what, and nothing happens until they confirm it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.core.subject import Subject
from actions.state import subscriptions
from actions.state.conversations import MessageDraft, append
from actions.state.incidents import link_case
from actions.state.world.loading import load_world_data
from tests.unit.console.conftest import Caller
from tests.unit.console.test_incidents import declared, shown
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
CAUSE = "incident_outage"


def wait(house: House, incident: str, user: str, order: str) -> None:
    with house.database.session() as session:
        subscriptions.subscribe(session, user, user, Subject.of(order), CAUSE, incident)


def three_who_wait(house: House, incident: str) -> None:
    """One whose option will be there, one who orders in a shop without installments, one whose order has expired."""
    world: dict[str, Any] = {
        "users": [{"id": name} for name in ("clear", "other", "late")],
        "orders": [
            {"id": "o-clear", "user": "clear", "lines": [{"sku": "100001"}]},
            {"id": "o-other", "user": "other", "lines": [{"sku": "100001"}], "channel": "offline"},
            {"id": "o-late", "user": "late", "lines": [{"sku": "100001"}], "pay_before": "2026-11-22T09:59:00+08:00"},
        ],
    }
    load_world_data(house.database, world)
    for name in ("clear", "other", "late"):
        wait(house, incident, name, f"o-{name}")


def test_the_end_says_how_many_will_be_told_what_and_waits_for_a_yes(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    three_who_wait(house, incident)
    with house.database.session() as session:
        link_case(session, incident, house.handed_over().id)
    found = operator.get(f"/incidents/{incident}/resolve").json()["ending"]
    assert (found["waiting"], found["diagnosed"], found["cases"]) == (3, 3, 1)
    assert found["left"] == {"clear": 1, "other": 1, "late": 1, "still": 0}
    page = operator.look(f"/console/incidents/{incident}/resolve").text
    assert "3 位等通知的客户" in page and "1 位：能分期了" in page and "1 位：订单已经过期" in page and "1 件关联的工单" in page
    assert shown(operator, incident)["stage"] == "investigating"
    assert operator.submit(f"/console/incidents/{incident}/resolve", f"/console/incidents/{incident}/resolve").status_code == 303
    assert shown(operator, incident)["stage"] == "resolved"


def test_who_waits_for_another_incident_too_is_not_told_of_the_end(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    wait(house, incident, "u-1001", "o-1")
    load_world_data(
        house.database,
        {"incidents": [{"id": "i-2", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"}]},
    )
    assert operator.get(f"/incidents/{incident}/resolve").json()["ending"]["left"]["still"] == 1


def test_the_withdrawal_says_how_many_were_told_of_it(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    page = f"/console/incidents/{incident}/withdraw"
    assert "还没有告诉过任何客户" in operator.look(page).text
    wait(house, incident, "u-1001", "o-1")
    evidence = [{"fact": f"incidents[{incident}].severity", "value": "outage", "source": "incident", "read_at": "x"}]
    for user in ("u-1001", "u-1002"):
        data = {"type": "diagnosis", "order": "o-1", "bill": None, "causes": [{"id": CAUSE, "kind": "block", "evidence": evidence}]}
        with house.database.session() as session:
            append(session, user, [MessageDraft("bot", "x", data=data)])
    assert operator.get(f"/incidents/{incident}/withdraw").json()["ending"]["told"] == 2
    assert "2 位告诉过的客户" in operator.look(page).text


@pytest.mark.parametrize(("step", "problem"), [("resolve", "stage-not-possible"), ("withdraw", "stage-not-possible")])
def test_what_is_over_is_not_ended_again(step: str, problem: str, call: Call) -> None:
    operator = call("operator")
    incident = declared(operator)
    operator.post(f"/incidents/{incident}/resolve", {})
    refused = operator.get(f"/incidents/{incident}/{step}")
    assert (refused.status_code, refused.json()["type"]) == (409, f"urn:baitiao:problem:{problem}")
    assert operator.get(f"/incidents/i-none/{step}").status_code == 404


def test_a_banner_looked_at_as_nobody_asks_whom(call: Call) -> None:
    operator = call("operator")
    incident = declared(operator)
    refused = operator.post("/incidents", {"component": "account", "severity": "outage", "preview": "1"})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:baitiao:problem:customer-missing")
    page = operator.submit("/console/incidents", component="account", severity="outage", preview="1", customer="")
    assert 'id="customer-wrong"' in page.text and "请先选一位客户" in page.text and f"例如：{refused.json()['offered'][0]}" in page.text
    assert "例如：" in operator.look(f"/console/incidents/{incident}", params={"customer": "u-none"}).text
