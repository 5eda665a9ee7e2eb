"""Today tells of what needs somebody, each with where to go on, and of nothing else; the same for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from actions.state import handoffs
from actions.state.columns import real_now
from actions.state.handoff_cards import HANDOFF_CARDS
from actions.state.world.loading import load_world_data
from ops.compliance.obligations import read_obligations
from ops.compliance.register import record_check
from tests.unit.console.conftest import Caller
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
ENDED = "2026-10-01T00:00:00+08:00"


def sections(call: Call, role: str = "viewer") -> dict[str, Any]:
    found = call(role).get("/today")
    assert found.status_code == 200
    told: dict[str, Any] = found.json()["sections"]
    return told


def quiet(house: House) -> None:
    """Ends whatever the demo world has open or ahead."""
    with house.database.session() as session:
        from actions.state.world.rows import read_rows

        incidents, policies = read_rows(session, "incidents"), read_rows(session, "policies")
    load_world_data(
        house.database,
        {
            "incidents": [{"id": key, "resolved_at": ENDED} for key in incidents],
            "policies": [{"id": key, "effective_from": "2020-01-01"} for key, each in policies.items()],
        },
    )


def reviewed(house: House) -> None:
    """Somebody reviews whatever the law asks, and looks at every source."""
    book = read_obligations()
    with house.database.session() as session:
        for name in (*book.obligations, *book.sources):
            record_check(session, book, name, "partly" if name in book.obligations else "nothing_new", "看过了，没有变化", "approver-1")


def test_without_anything_to_do_it_says_so(call: Call, house: House) -> None:
    quiet(house)
    reviewed(house)
    assert sections(call) == {}
    assert "现在没有要处理的" in call("viewer").look("/console").text


def test_an_open_incident_stands_there_with_the_minutes_since_somebody_wrote_it(call: Call, house: House) -> None:
    quiet(house)
    load_world_data(
        house.database,
        {"incidents": [{"id": "i-1", "component": "installment", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"}]},
    )
    (incident,) = sections(call)["incidents"]
    assert incident["minutes_since_update"] == 0 and incident["link"] == "/console/incidents/i-1"
    page = call("viewer").look("/console").text
    assert "分期</a>" in page and "中断" in page and 'href="/console/incidents/i-1"' in page
    load_world_data(house.database, {"incidents": [{"id": "i-1", "resolved_at": "2026-11-22T09:30:00+08:00"}]})
    assert "incidents" not in sections(call)


def test_maintenance_that_should_be_over_stands_there_while_its_component_is_broken(call: Call, house: House) -> None:
    quiet(house)
    window = {"id": "w-9", "component": "account", "starts_at": "2026-11-22T01:00:00+08:00", "ends_at": "2026-11-22T05:00:00+08:00"}
    load_world_data(house.database, {"maintenance": [window]})
    assert "maintenance" not in sections(call)
    incident = {"id": "i-1", "component": "account", "severity": "degraded", "started_at": "2026-11-22T04:00:00+08:00"}
    load_world_data(house.database, {"incidents": [incident]})
    assert [item["id"] for item in sections(call)["maintenance"]] == ["w-9"]
    assert "同一系统的故障还没有结束" in call("viewer").look("/console").text


def test_policies_of_the_next_thirty_days_stand_there_the_next_first(call: Call, house: House) -> None:
    quiet(house)
    dates = {"p-far": "2027-03-01", "p-late": "2026-12-20", "p-soon": "2026-11-23", "p-old": "2026-11-01"}
    policies = [{"id": key, "kind": "student", "effective_from": day, "notice": f"通知 {key}"} for key, day in dates.items()]
    load_world_data(house.database, {"policies": policies})
    assert [item["id"] for item in sections(call)["policies"]] == ["p-soon", "p-late"]
    assert "通知 p-soon" in call("viewer").look("/console").text


def test_who_waits_too_long_or_soon_will_stands_there_the_latest_first(call: Call, house: House) -> None:
    late, soon = house.handed_over(), house.handed_over("u-1001", "o-1001")
    # Who has just begun to wait has time.
    house.handed_over("u-1014", "o-1014")
    allowed = house.application.knowledge.current.due_minutes

    def waiting(row: handoffs.Handoff, minutes: float) -> None:
        with house.database.session() as session:
            since = real_now() - timedelta(minutes=minutes)
            session.execute(update(handoffs.HANDOFFS).where(handoffs.HANDOFFS.c.id == row.id).values(created_at=since))

    waiting(late, allowed[late.priority] + 7.5)
    waiting(soon, allowed[soon.priority] - 2.5)
    items = sections(call)["handoffs"]
    assert [(item["id"], item["minutes_left"]) for item in items] == [(late.id, -8), (soon.id, 2)]
    page = call("viewer").look("/console").text
    assert "超时 8 分钟" in page and "剩 2 分钟" in page and f'href="/desk/cases/{late.id}"' in page
    waiting(late, allowed[late.priority] + 127.5)
    assert "超时 2 小时 8 分" in call("viewer").look("/console").text
    with house.database.session() as session:
        handoffs.close(session, late.id)
    assert [item["id"] for item in sections(call)["handoffs"]] == [soon.id]


def test_a_waiting_case_is_called_by_what_it_is_now(call: Call, house: House) -> None:
    row = house.handed_over()
    house.turn(row.user, "fraud_suspected", "我的白条被盗刷了", order=row.order)
    old = house.handed_over("u-1001", "o-1001")
    with house.database.session() as session:
        long_ago = real_now() - timedelta(days=1)
        session.execute(update(handoffs.HANDOFFS).values(created_at=long_ago))
        # Of an earlier version, in which nothing had a headline.
        session.execute(update(HANDOFF_CARDS).where(HANDOFF_CARDS.c.handoff_id == old.id).values(headline=""))
    named = {item["id"]: item["headline"] for item in sections(call)["handoffs"]}
    assert named[row.id].startswith("疑似诈骗或盗刷：") and named[old.id] == "客户要求人工"


def test_only_auditors_are_told_the_audits_head(call: Call) -> None:
    assert "audit" not in sections(call)
    (item,) = sections(call, "auditor")["audit"]
    assert len(item["head"]) == 64 and item["head"] != "0" * 64
