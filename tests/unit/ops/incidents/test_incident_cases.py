"""Cases that an incident alone has made are linked by the state, answered together, and closed by it."""

from __future__ import annotations

from typing import Any

import pytest

from actions.bootstrap import Application
from actions.core.subject import Subject
from actions.handoff import ownership
from actions.state import handoffs, notes
from actions.state.incidents import cases_of
from actions.state.world.loading import load_world_data
from ops.incidents.cases import LinkedCases, reply_to_linked
from ops.incidents.refusals import IncidentRefused
from ops.worker import Surroundings
from tests.unit.ops.incidents.desk import Duty


@pytest.fixture()
def cases(here: Application) -> LinkedCases:
    load_world_data(
        here.database,
        {
            "users": [{"id": "u2", "baitiao": {"overdue": "88.80"}}, {"id": "u3"}],
            "orders": [{"id": f"o{number}", "user": f"u{number}", "lines": [{"sku": "1"}]} for number in (2, 3)],
        },
    )
    return LinkedCases()


def call(here: Application, user: str, order: str, reason: str = "failed_checks") -> str:
    payload: dict[str, Any] = {"summary": {"headline": "x"}, "customer": {"reference": f"c-{user}"}}
    with here.database.session() as session:
        row = handoffs.create(session, user, user, reason, "general", payload, Subject.of(order))
        handoffs.append(session, row.id, "hand_over", "assistant")
        return row.id


def linked(here: Application, incident: str) -> dict[str, str | None]:
    with here.database.session() as session:
        return {each.handoff_id: each.outcome for each in cases_of(session, incident)}


def find(here: Application, handoff_id: str) -> handoffs.Handoff:
    with here.database.session() as session:
        return ownership.find(session, handoff_id)


def test_only_cases_without_another_block_are_linked_and_the_clear_ones_are_closed(
    here: Application, duty: Duty, cases: LinkedCases
) -> None:
    around = Surroundings.of(here)
    incident = duty.declare()
    waiting, other, taken = call(here, "u", "o"), call(here, "u2", "o2"), call(here, "u3", "o3")
    with here.database.session() as session:
        ownership.take(session, here.knowledge.current, taken, "agent-1")
    assert cases.look(around) == 2 and linked(here, incident) == {waiting: None, taken: None}
    assert cases.look(around) == 0, "nothing has changed"
    duty.update(incident, stage="resolved")
    assert cases.look(around) == 2 and linked(here, incident) == {waiting: "solved", taken: "solved"}
    for each, ending in ((waiting, "solved"), (taken, "closed")):
        row = find(here, each)
        assert (row.status, row.ending, row.resolved_by) == ("closed", ending, "incident")
    assert find(here, other).status == "queued"
    assert "系统故障已经恢复" in duty.told()[-1].text and "人工这边先结了" in duty.told("u3")[-1].text
    assert all(
        duty.told(user)[-1].data["type"] == "resolved" for user in ("u", "u3")
    ), "to machines, too, the case is over and nothing is left"
    assert LinkedCases().look(around) == 0, "a worker that begins anew does nothing twice"


def test_whoever_has_something_left_stays_with_a_person_who_is_told_what(here: Application, duty: Duty, cases: LinkedCases) -> None:
    around = Surroundings.of(here)
    incident = duty.declare()
    case = call(here, "u", "o")
    assert cases.look(around) == 1
    load_world_data(here.database, {"users": [{"id": "u", "phone_bound": False}]})
    duty.update(incident, stage="resolved")
    cases.look(around)
    assert find(here, case).status == "queued" and linked(here, incident) == {case: "left"}
    with here.database.session() as session:
        (note,) = notes.of_handoff(session, case)
    assert incident in note.text and here.knowledge.current.causes["phone_unbound"].title in note.text


@pytest.mark.parametrize("reason", ["complaint", "fraud"])
def test_a_complaint_does_not_end_with_the_incident(here: Application, duty: Duty, cases: LinkedCases, reason: str) -> None:
    around = Surroundings.of(here)
    incident = duty.declare()
    case = call(here, "u", "o", reason)
    cases.look(around)
    duty.update(incident, stage="resolved")
    cases.look(around)
    assert find(here, case).status == "queued" and linked(here, incident) == {case: "left"}


def test_another_block_unlinks_a_case_while_the_incident_goes_on(here: Application, duty: Duty, cases: LinkedCases) -> None:
    around = Surroundings.of(here)
    incident = duty.declare()
    call(here, "u", "o")
    cases.look(around)
    load_world_data(here.database, {"users": [{"id": "u", "phone_bound": False}]})
    assert cases.look(around) == 1 and linked(here, incident) == {}


def test_a_reply_to_all_passes_the_gate_and_reaches_open_cases_only(here: Application, duty: Duty, cases: LinkedCases) -> None:
    incident = duty.declare()
    call(here, "u", "o")
    closed = call(here, "u3", "o3")
    cases.look(Surroundings.of(here))
    with here.database.session() as session:
        handoffs.close(session, closed)
        knowledge = here.knowledge.current
        with pytest.raises(IncidentRefused) as refused:
            reply_to_linked(session, knowledge, incident, "保证马上恢复使用", "operator-1")
        assert refused.value.code == "text-refused"
        assert reply_to_linked(session, knowledge, incident, "故障还在修，订单都留着。", "operator-1") == 1
    assert [(message.role, message.text) for message in duty.told()] == [("agent", "故障还在修，订单都留着。")]
    assert duty.told("u3") == []
