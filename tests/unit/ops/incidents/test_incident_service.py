"""Incidents are declared, changed and ended by people; what is wrong is refused with what would be right."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Application
from actions.core.moments import SHANGHAI
from actions.state.audit import entries
from actions.state.incidents import INCIDENT_NOTES, notes_of
from actions.state.world.changes import WORLD_CHANGES, latest_change
from actions.state.world.loading import load_world_data
from conversations.application import composed
from conversations.healthy_world import healthy
from ops.incidents import service
from ops.incidents.outside import note_outside
from ops.incidents.refusals import IncidentRefused
from ops.worker import Surroundings
from tests.unit.ops.incidents.desk import SAID, Duty

pytestmark = pytest.mark.broad


def test_what_is_declared_is_in_diagnoses_at_once_on_the_clock_of_the_facts(here: Application, duty: Duty) -> None:
    assert duty.causes() == ()
    incident = duty.declare(notice=SAID, eta="2026-11-22T12:00:00+08:00", affects={"merchants": ["m"]})
    assert duty.causes() == ("incident_outage",)
    data = duty.view(incident).to_data()
    assert (data["started_at"], data["eta"]) == ("2026-11-22T10:00:00+08:00", "2026-11-22T12:00:00+08:00")
    assert (data["stage"], data["affects"], data["notice"]) == ("investigating", {"merchants": ["m"]}, SAID)
    with here.database.session() as session:
        (change,) = session.execute(select(WORLD_CHANGES.c.rows).where(WORLD_CHANGES.c.id == latest_change(session))).scalars()
        assert [(row.section, row.key, row.before) for row in change] == [("incidents", incident, None)]
        assert [entry.action for entry in entries(session)] == ["incident.declare"]


def test_a_draft_is_not_in_the_world_until_it_is_declared(here: Application, duty: Duty) -> None:
    with here.database.session() as session:
        draft = service.make_draft(
            session,
            component="installment",
            severity=None,
            affects={"merchants": ["m"]},
            notice=SAID,
            evidence={"observed": 9},
            from_alert="a-1",
            by="watch",
        )
    assert duty.causes() == () and duty.view(draft).stage == "draft"
    assert duty.refused(component=None, severity=None, draft=draft).code == "unknown-severity"
    assert duty.declare(None, "outage", draft=draft) == draft  # type: ignore[arg-type]
    view = duty.view(draft)
    assert (view.stage, view.notice, view.from_alert, view.evidence) == ("investigating", SAID, "a-1", {"observed": 9})
    assert duty.causes() == ("incident_outage",)
    assert duty.refused(draft=draft).extra["possible"] == ["identified", "monitoring", "resolved", "withdrawn"]


@pytest.mark.parametrize(
    ("given", "status", "code", "nearest"),
    [
        ({"component": "instalment"}, 422, "unknown-component", "installment"),
        ({"severity": "outtage"}, 422, "unknown-severity", "outage"),
        ({"affects": {"regions": ["上海市"]}}, 422, "unknown-region", "上海"),
        ({"affects": {"merchants": ["mm"]}}, 422, "unknown-merchant", "m"),
        ({"affects": {"categories": ["cc"]}}, 422, "unknown-category", "c"),
        ({"affects": {"channels": ["we-chat"]}}, 422, "unknown-channel", "wechat"),
        ({"affects": {"app_below": "new"}}, 422, "unknown-version", None),
        ({"eta": "soon"}, 422, "eta-unreadable", None),
        ({"eta": "2026-11-22T10:00:00+08:00"}, 422, "eta-past", None),
        ({"eta": "2026-12-06T10:00:01+08:00"}, 422, "eta-too-far", None),
        ({"notice": "30分钟左右就修好"}, 422, "text-refused", None),
        ({"notice": "请打 13912345678"}, 422, "text-refused", None),
        ({"notice": "预计 {incident.eta} 好"}, 422, "text-refused", None),
        ({"notice": "长" * 201}, 422, "text-refused", None),
        ({"draft": "i-none"}, 404, "unknown-incident", None),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    here: Application, duty: Duty, given: dict[str, Any], status: int, code: str, nearest: str | None
) -> None:
    load_world_data(here.database, {"users": [{"id": "u", "region": "上海"}]})
    refused = duty.refused(**given)
    assert (refused.status, refused.code) == (status, code)
    assert nearest is None or nearest in refused.extra["nearest"]
    with here.database.session() as session:
        assert session.execute(select(INCIDENT_NOTES)).first() is None and entries(session) == ()
    assert duty.causes() == ()


def test_a_last_moment_of_fourteen_days_is_taken(duty: Duty) -> None:
    assert duty.declare(eta="2026-12-06T10:00:00+08:00")


def test_a_refused_text_says_which_words_and_why(duty: Duty) -> None:
    (reason,) = duty.refused(notice="很快恢复").extra["reasons"]
    assert "很快恢复" in reason["words"] and reason["why"]


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {"merchants": ["m"]}, True),
        ({"merchants": ["m"]}, {"merchants": ["m", "m2"]}, True),
        ({"merchants": ["m"]}, {"merchants": ["m2"]}, False),
        ({"merchants": ["m"]}, {"channels": ["app"]}, True),
        ({"channels": ["web"]}, {"channels": ["app"]}, False),
    ],
)
def test_the_same_trouble_cannot_be_declared_twice(here: Application, duty: Duty, one: Any, other: Any, meet: bool) -> None:
    load_world_data(here.database, {"merchants": [{"id": "m2"}]})
    first = duty.declare(affects=one)
    assert duty.declare(component="checkout", affects=other), "another component is another trouble"
    if not meet:
        assert duty.declare(affects=other)
        return
    refused = duty.refused(affects=other)
    assert (refused.status, refused.code, refused.extra["incident"]) == (409, "already-open", first)


def test_of_many_who_declare_at_once_exactly_one_wins(here: Application) -> None:
    won, lost = [], []

    def declare() -> None:
        try:
            won.append(Duty(here).declare())
        except IncidentRefused as error:
            lost.append(error.code)

    several = [threading.Thread(target=declare) for _ in range(8)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    assert len(won) == 1 and lost == ["already-open"] * 7
    with here.database.session() as session:
        assert len(session.execute(select(INCIDENT_NOTES)).all()) == 1


def test_a_scope_cannot_grow_into_that_of_another(here: Application, duty: Duty) -> None:
    load_world_data(here.database, {"merchants": [{"id": "m2"}]})
    first, second = duty.declare(affects={"merchants": ["m"]}), duty.declare(affects={"merchants": ["m2"]})
    with pytest.raises(IncidentRefused) as refused:
        duty.update(second, affects={})
    assert refused.value.extra["incident"] == first
    assert duty.update(second, affects={"merchants": ["m2"], "channels": ["app"]}).affects.channels == ("app",)


def test_stages_follow_the_table_and_text_and_end_can_change_meanwhile(duty: Duty) -> None:
    incident = duty.declare(notice=SAID)
    assert duty.update(incident, stage="identified", eta="2026-11-22T12:00:00+08:00").stage == "identified"
    assert duty.update(incident, notice="原因已找到。", internal="db-3 of 13912345678").notice == "原因已找到。"
    with pytest.raises(IncidentRefused) as refused:
        duty.update(incident, stage="withdrawn")
    assert (refused.value.status, refused.value.extra["possible"]) == (409, ["monitoring", "resolved"])
    assert duty.update(incident, stage="monitoring", eta="").eta is None
    assert duty.causes() == ("incident_outage",), "it is still watched"
    assert duty.update(incident, stage="resolved").stage == "resolved" and duty.causes() == ()
    with pytest.raises(IncidentRefused):
        duty.update(incident, notice="再说一句。")
    assert "13912345678" not in str(duty.view(incident).notes)


def test_what_is_over_for_less_than_a_day_can_be_opened_again(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    duty.update(incident, stage="resolved")
    assert duty.update(incident, stage="investigating").stage == "investigating" and duty.causes() == ("incident_outage",)
    duty.update(incident, stage="resolved")
    day = int(timedelta(hours=24).total_seconds() * 1000)
    with here.database.session() as session:
        session.execute(update(INCIDENT_NOTES).values(at=INCIDENT_NOTES.c.at - day - 1))
    with pytest.raises(IncidentRefused) as refused:
        duty.update(incident, stage="investigating")
    assert refused.value.extra["possible"] == []


def test_nothing_ends_before_it_has_begun(here: Application, duty: Duty) -> None:
    load_world_data(here.database, {"incidents": [{"id": "i-x", "component": "credit", "severity": "outage", "started_at": "2026-11-23"}]})
    with pytest.raises(IncidentRefused) as refused:
        duty.update("i-x", stage="resolved")
    assert (refused.value.status, refused.value.code) == (422, "ends-before-start")


def test_what_the_demo_or_a_file_does_is_seen_and_noted(here: Application, duty: Duty) -> None:
    incident, around = duty.declare(), Surroundings.of(here)
    assert note_outside(around) == 0
    load_world_data(here.database, {"incidents": [{"id": incident, "resolved_at": "2026-11-22T09:59:00+08:00"}]})
    assert (duty.view(incident).stage, duty.view(incident).outside) == ("resolved", "ended")
    assert [note_outside(around), note_outside(around)] == [1, 0]
    load_world_data(here.database, {"incidents": [{"id": incident, "resolved_at": None}]})
    assert [note_outside(around), duty.view(incident).stage] == [1, "investigating"]
    load_world_data(here.database, healthy(), replace=True)
    assert duty.view(incident).outside == "gone"
    with pytest.raises(IncidentRefused):
        duty.update(incident, stage="resolved")
    assert note_outside(around) == 1
    with here.database.session() as session:
        steps = [(note.stage, note.internal) for note in notes_of(session, incident)]
    assert steps[1:] == [
        ("resolved", "ended outside the console"),
        ("investigating", "opened outside the console"),
        ("resolved", "gone from the world"),
    ]
    assert duty.declare(), "the same can be declared anew"


def test_an_incident_of_a_world_file_can_be_carried_on_here(here: Application, duty: Duty) -> None:
    load_world_data(here.database, {"incidents": [{"id": "i-f", "component": "credit", "severity": "outage", "started_at": "2026-11-22"}]})
    assert duty.view("i-f").stage == "investigating"
    assert duty.update("i-f", stage="identified").stage == "identified"
    assert duty.update("i-f", stage="resolved").stage == "resolved"


def test_a_declaration_that_breaks_off_leaves_nothing(here: Application) -> None:
    with pytest.raises(RuntimeError), here.database.session() as session:
        service.declare(session, here.knowledge.current, here.world_now(session), component="credit", severity="outage", by="x")
        raise RuntimeError("the request breaks off")
    assert Duty(here).causes() == ()


def test_an_expected_end_is_on_the_clock_of_the_facts_also_where_it_stands(here: Application) -> None:
    frozen = Duty(composed(here.database, now=datetime(2036, 1, 1, 12, tzinfo=SHANGHAI)))
    refused = frozen.refused(eta="2035-12-31T12:00:00+08:00")
    assert (refused.code, refused.extra["now"]) == ("eta-past", "2036-01-01T12:00:00+08:00")
    assert frozen.refused(eta="2036-01-16T12:00:00+08:00").extra["latest"] == "2036-01-15T12:00:00+08:00"
    incident = frozen.declare(eta="2036-01-02T12:00:00+08:00")
    with pytest.raises(IncidentRefused, match="by the clock of the facts it is 2036-01-01T12:00:00"):
        frozen.update(incident, eta="2035-12-31T12:00:00+08:00")


def test_a_notice_that_stays_as_it_was_is_no_step_of_its_own(here: Application, duty: Duty) -> None:
    incident = duty.declare(notice=SAID)
    duty.update(incident, stage="identified", notice=SAID)
    duty.update(incident, notice="换个说法。")
    assert [note.public for note in duty.view(incident).notes] == [SAID, None, "换个说法。"]
    assert duty.view(incident).notice == "换个说法。"
