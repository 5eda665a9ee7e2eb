"""What an incident came to: orders it may cost, figures with their number, and a review that needs nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from actions.bootstrap import Application
from actions.core.moments import SHANGHAI
from actions.core.subject import Subject
from actions.state.alerts import ALERT_MEMBERS
from actions.state.conversations import MessageDraft, append
from actions.state.incidents import now_ms
from actions.state.observations import OBSERVATIONS
from actions.state.world.loading import load_world_data
from ops.incidents.at_risk import orders_at_risk, orders_lost
from ops.incidents.measures import IncidentMeasures, measured, medians, proposes_end, trend
from ops.incidents.pulse import pulse_of
from ops.incidents.reading import find_incident
from ops.incidents.review import review
from tests.unit.ops.incidents.desk import SAID, Duty
from tests.unit.ops.test_outgoing import alert_in

pytestmark = pytest.mark.broad

NOON = "2026-11-22T12:00:00+08:00"


def orders(here: Application) -> None:
    line = [{"sku": "1"}]
    made = {"soon": "2026-11-22T11:00:00+08:00", "later": "2026-11-22T13:00:00+08:00", "never": None}
    load_world_data(
        here.database,
        {
            "merchants": [{"id": "m2"}],
            "items": [{"sku": "2", "category": "c", "merchant": "m2", "price": "10.00"}],
            "orders": [{"id": name, "user": "u", "lines": line, "pay_before": until} for name, until in made.items()]
            + [{"id": "paid", "user": "u", "lines": line, "status": "paid", "pay_before": made["soon"]}]
            + [{"id": "elsewhere", "user": "u", "lines": [{"sku": "2"}], "pay_before": made["soon"]}],
        },
    )


def at_risk(here: Application, incident: str, lost: bool = False) -> Any:
    with here.database.session() as session:
        now = here.world_now(session)
        row = find_incident(session, incident, now).row
        assert row is not None
        return (orders_lost if lost else orders_at_risk)(session, here.facts(session), row, now)


def test_orders_at_risk_are_unpaid_in_scope_and_expire_before_the_expected_end(here: Application, duty: Duty) -> None:
    orders(here)
    incident = duty.declare(eta=NOON, affects={"merchants": ["m"]})
    found = at_risk(here, incident)
    assert [(each.order, each.merchants) for each in found.orders] == [("soon", ("m",))] and found.amount == 529_900
    assert found.to_csv().splitlines() == ["order,user,pay_before,payable,merchants", "soon,u,2026-11-22T11:00:00+08:00,5299.0,m"]
    duty.update(incident, eta="")
    assert [each.order for each in at_risk(here, incident).orders] == ["soon", "later"], "nobody knows when it ends"
    load_world_data(here.database, {"now": NOON})
    duty.update(incident, stage="resolved")
    assert [each.order for each in at_risk(here, incident, lost=True).orders] == ["soon"]


def found_in(here: Application, user: str, incident: str) -> None:
    evidence = [{"fact": f"incidents[{incident}].severity", "value": "outage", "source": "incident", "read_at": "x"}]
    told = {"type": "diagnosis", "order": "o", "bill": None, "causes": [{"id": "incident_outage", "kind": "block", "evidence": evidence}]}
    with here.database.session() as session:
        append(session, user, [MessageDraft("user", "没有分期", intent="installment_missing")])
        append(session, user, [MessageDraft("bot", "x", data=told)])


def test_the_figures_of_an_incident(here: Application, duty: Duty) -> None:
    incident = duty.declare(notice=SAID)
    found_in(here, "u", incident)
    duty.wait()
    load_world_data(here.database, {"users": [{"id": "u2"}], "orders": [{"id": "o2", "user": "u2", "lines": [{"sku": "1"}]}]})
    found_in(here, "u2", incident)
    with here.database.session() as session:
        handed = {"type": "handoff", "handoff_id": "h-1", "reason": "requested", "queue": "general"}
        append(session, "u2", [MessageDraft("bot", "x", data=handed)])
    duty.wait("u2", Subject.of("o2"))
    duty.update(incident, stage="resolved")
    duty.watcher.look()
    with here.database.session() as session:
        append(session, "u", [MessageDraft("bot", "x", data={"type": "resolved", "order": "o", "bill": None, "plans": []})])
        now = here.world_now(session)
        figures = measured(session, here.knowledge.current, here.facts(session), find_incident(session, incident, now), now)
    assert (figures.complaints, figures.without_a_person) == (2, 0.5)
    assert (figures.subscribed, figures.told, figures.came_back) == (2, 2, 1)
    steps = [figures.declared, figures.first_affected, figures.fixed, figures.most_told]
    assert None not in steps and steps == sorted(steps, key=lambda at: at or 0)


def test_two_incidents_at_once_each_have_their_own_figures(here: Application, duty: Duty) -> None:
    load_world_data(here.database, {"users": [{"id": "u2", "region": "上海"}, {"id": "u3", "region": "上海"}]})
    incidents = [duty.declare(component=component, affects={"regions": ["上海"]}) for component in ("installment", "credit")]
    for user, incident in (("u", incidents[0]), ("u2", incidents[1]), ("u3", incidents[1])):
        found_in(here, user, incident)
    for incident in incidents:
        duty.update(incident, stage="monitoring")
    with here.database.session() as session:
        now, knowledge = here.world_now(session), here.knowledge.current
        views = [find_incident(session, incident, now) for incident in incidents]
        figures = [measured(session, knowledge, here.facts(session), view, now) for view in views]
        session.execute(update(OBSERVATIONS).values(at=OBSERVATIONS.c.at + 60_000))
        later = now_ms() + 10 * 60_000
        pulses = [pulse_of(session, knowledge, incident, None, None, later) for incident in incidents]
    assert [each.complaints for each in figures] == [1, 2]
    assert [sum(step.affected for step in each.steps) for each in pulses] == [1, 2]


def test_the_minutes_count_from_what_happened_first_and_say_from_what(here: Application, duty: Duty) -> None:
    """The first customers complain before anybody has declared anything; a declaration may also come before the first complaint."""
    begun = now_ms() - 20 * 60_000
    alert_in(here.database, since=begun, opened_at=begun + 9 * 60_000, acknowledged_at=begun + 11 * 60_000)
    rows = [{"alert_id": "a-test", "ref": f"r-{number}", "stream": "none", "at": begun + number * 60_000} for number in (2, 1)]
    with here.database.session() as session:
        session.execute(insert(ALERT_MEMBERS), rows)
        seen = {"episode": 1, "seq": 1, "kind": "found", "value": "none", "dims": {}, "rolled": True}
        session.execute(insert(OBSERVATIONS), [{**seen, "at": row["at"], "ref": row["ref"]} for row in rows])
    alarmed, unheard = duty.declare(from_alert="a-test"), duty.declare("credit", affects={"channels": ["web"]})
    found_in(here, "u", unheard)
    told = {}
    with here.database.session() as session:
        now, knowledge = here.world_now(session), here.knowledge.current
        for incident in (alarmed, unheard):
            view = find_incident(session, incident, now)
            figures = measured(session, knowledge, here.facts(session), view, now)
            told[incident] = figures, review(session, knowledge, here.facts(session), view, now, "md")
    figures, text = told[alarmed]
    assert (figures.complaints, figures.without_a_person) == (2, 1.0), "they complained before their diagnosis could say of what"
    assert figures.first_affected == begun + 60_000 and "从 第一次受影响的咨询 起算" in text
    assert (figures.minutes["alerted"], figures.minutes["acknowledged"]) == (8, 10)
    assert figures.minutes["declared"] == pytest.approx(19, abs=0.2)
    figures, text = told[unheard]
    assert figures.first_affected is not None and figures.minutes["declared"] == 0 and "从 宣布 起算" in text


def figures_of(minutes: float, number: int = 0) -> IncidentMeasures:
    begun = number * 1_000_000_000
    nothing: dict[str, Any] = dict.fromkeys(IncidentMeasures.__dataclass_fields__, 0)
    times = {"first_affected": None, "alerted": None, "acknowledged": None, "first_notice": None, "most_told": None}
    return IncidentMeasures(**{**nothing, **times, "incident": "i", "declared": begun, "fixed": begun + int(minutes * 60_000)})


def test_medians_carry_their_number_and_a_trend_takes_eight() -> None:
    some = [figures_of(minutes, number) for number, minutes in enumerate((10, 20, 60))]
    assert medians(some)["fixed"] == (20, 3) and "alerted" not in medians(some)
    assert trend([figures_of(10, number) for number in range(7)]) is None
    assert trend([figures_of(40 if number < 4 else 10, number) for number in range(8)]) == (40, 10)


@pytest.mark.parametrize(
    ("counts", "expected", "proposed"),
    [
        ([0] * 14, 1.0, None),
        ([1] * 15, 1.0, True),
        ([9] * 15 + [1] * 15, 1.0, True),
        ([5] * 15 + [9] * 15, 1.0, False),
        ([9] * 15 + [5] * 15, 1.0, None),
        ([9] * 15, 1.0, None),
    ],
)
def test_the_end_is_proposed_when_complaints_are_what_is_usual(counts: list[int], expected: float, proposed: bool | None) -> None:
    assert proposes_end(counts, expected) is proposed


@pytest.mark.broad
@pytest.mark.parametrize("form", ["md", "html"])
def test_the_review_is_drafted_whole(here: Application, duty: Duty, form: Any) -> None:
    incident = duty.declare(notice=SAID, affects={"merchants": ["m"]}, internal="db-3 | <b>")
    found_in(here, "u", incident)
    duty.wait()
    duty.update(incident, eta=NOON, severity="degraded")
    duty.update(incident, eta="")
    duty.update(incident, stage="monitoring")
    duty.update(incident, stage="resolved")
    duty.watcher.look()
    with here.database.session() as session:
        now = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)
        text = review(session, here.knowledge.current, here.facts(session), find_incident(session, incident, now), now, form)
    for part in (incident, SAID, "店铺 云帆数码专营店", "已修复、观察中", "已结束", "事件不到 8 个，不画趋势", "原因（由人写）"):
        assert part in text
    for part in ("预计恢复 11-22 12:00；程度 变慢", "预计恢复：还不知道", "范围 店铺 云帆数码专营店"):
        assert part in text
    assert len(re.findall(r"data:image/svg\+xml;base64,[\w+/=]{400,}", text)) == 2
    assert not re.search(r"""(src|href)=["'](?!data:)""", text)
    assert ("db-3 | &lt;b&gt;" if form == "html" else "db-3 \\| &lt;b&gt;") in text
