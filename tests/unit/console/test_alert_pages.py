"""The pages of alerts and the same for programs: what they show, who may decide, and who may read what customers said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from actions.bootstrap import Application
from actions.state import audit, census
from actions.state.alerts import (
    ALERT_MEMBERS,
    ALERT_MINUTES,
    AlertRow,
    add_alert,
    change_alert,
    get_alert,
    new_alert_id,
    now_millis,
)
from actions.state.incidents import all_notes
from actions.state.observations import OBSERVATIONS
from actions.state.world.loading import load_world_data
from bot.channel.tokens import CONSOLE_ROLES, ROLES, issue
from bot.console.conversation import READERS
from ops.watch.alert_plots import draw_alerts
from ops.watch.census_pass import run_census
from ops.worker import Surroundings
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.handoff.conftest import House
from tests.unit.ops.test_arms_of_complaints import started

MINUTE = 60_000
DRILL = {"dim": "merchant", "value": "m-1", "share": 0.87, "others": 0.03, "at_least": 0.71, "p": 1e-9}
Call = Callable[[str], Caller]


def keep_alert(here: Application, minutes: int = 90, **values: Any) -> AlertRow:
    """An alert of complaints that opened half an hour ago, with its minutes."""
    now = now_millis() // MINUTE * MINUTE
    row = AlertRow(
        id=new_alert_id(),
        key=new_alert_id(),
        source="complaints",
        level="alarm",
        streams=("merchant_integration_error",),
        title=None,
        opened_at=now - 30 * MINUTE,
        since=now - 40 * MINUTE,
        seen_at=now,
        closed_at=None,
        observed=23,
        expected=2.4,
        ratio_low=6.1,
        ratio_high=14.4,
        learning=False,
        drill=(DRILL,),
    )
    row = replace(row, **values)
    points = [
        {"alert_id": row.id, "at": now - back * MINUTE, "observed": 9 if back < 40 else 1, "expected": 1.2, "low": 0, "high": 4}
        for back in range(minutes, 0, -1)
    ]
    with here.database.session() as session:
        add_alert(session, row)
        session.execute(insert(ALERT_MINUTES), points)
    return row


@pytest.fixture(autouse=True)
def knowing(house: House) -> None:
    """A server has read what it knows before anybody asks it."""
    assert house.application.knowledge.current


@pytest.fixture
def alert(house: House) -> AlertRow:
    return keep_alert(house.application)


def test_the_list_has_what_is_open_first_and_says_what_it_is_worth(call: Call, house: House, alert: AlertRow) -> None:
    over = keep_alert(house.application, streams=("none",), closed_at=now_millis() - MINUTE, verdict="true")
    keep_alert(house.application, streams=("unclear",), closed_at=now_millis() - MINUTE, verdict="false")
    page = call("viewer").look("/console/alerts").text
    assert page.index("店铺对接异常") < page.index("已经结束") < page.index("查不出原因的投诉")
    assert "50%" in page and "95% 区间 9%–91%" in page and "1 次/周" in page and "发现得晚，或者发现不了" in page
    data = call("analyst").get("/alerts").json()
    assert [each["id"] for each in data["open"]] == [alert.id] and over.id in [each["id"] for each in data["past"]]
    assert data["precision"] == {
        "days": 90,
        "true": 1,
        "false": 1,
        "unjudged": 1,
        "rate": 0.5,
        "interval": pytest.approx([0.0945, 0.9055], abs=1e-3),
    }
    assert data["budget"] == {"false_alarms_a_week": 1.0}


def test_an_empty_list_says_so(call: Call) -> None:
    page = call("viewer").look("/console/alerts").text
    assert page.count("没有。") == 2 and "还没有人判定过" in page and "还没有做过" in page


def test_an_alert_says_where_it_sits_and_what_changed_before(call: Call, house: House, alert: AlertRow) -> None:
    load_world_data(house.database, {"merchants": [{"id": "m-1", "integration": "error"}], "users": [{"id": "u-1", "phone_bound": False}]})
    with house.database.session() as session:
        change_alert(session, alert.id, opened_at=now_millis() + MINUTE)
    page = call("viewer").look(f"/console/alerts/{alert.id}").text
    assert "87% 在“云帆数码专营店”下单（其他人 3%，至少高 71 个百分点）" in page
    assert "店铺 m-1：<code>integration</code> ok → error" in page and "客户自己的数据：客户 1 处" in page and "u-1" not in page
    assert "23 位客户，平时约 2.4 位（6.1–14.4 倍" in page and "曲线还没有画好" in page
    data = call("viewer").get(f"/alerts/{alert.id}").json()
    assert data["changes"]["rows"] == [{"section": "merchants", "key": "m-1", "is_new": False, "fields": {"integration": ["ok", "error"]}}]
    assert data["drill"] == [DRILL] and data["plot"] is None


def test_an_experiment_that_began_or_ended_in_the_hour_before_is_told_of(call: Call, house: House, alert: AlertRow) -> None:
    began, ended = alert.since - 20 * MINUTE, alert.since - 50 * MINUTE
    started(house.database, id="wording", started_at=began)
    started(house.database, id="steps", started_at=ended - 9 * 24 * 60 * MINUTE, ended_at=ended, state="stopped")
    started(house.database, id="longer-ago", started_at=alert.since - 70 * MINUTE)
    changes = call("viewer").get(f"/alerts/{alert.id}").json()["changes"]["experiments"]
    assert [(each["name"], each["change"]) for each in changes] == [("steps v2", "ended"), ("wording v2", "started")]
    page = call("viewer").look(f"/console/alerts/{alert.id}").text
    assert 'href="/console/experiments/wording">wording v2</a>' in page and "longer-ago" not in page and "没有记录到变化" not in page


def test_its_plot_is_a_file_for_day_and_night_with_its_numbers_below(call: Call, house: House, alert: AlertRow) -> None:
    assert draw_alerts(Surroundings.of(house.application)) == 1
    viewer = call("viewer")
    page = viewer.look(f"/console/alerts/{alert.id}").text
    assert f'src="/console/alerts/{alert.id}/plot/wide-light?' in page and "<svg" not in page and "表格（90 行）" in page
    drawn = {
        name: viewer.look(f"/console/alerts/{alert.id}/plot/{name}") for name in ("wide-light", "wide-dark", "narrow-light", "narrow-dark")
    }
    assert all(each.status_code == 200 and each.headers["Content-Type"] == "image/svg+xml" for each in drawn.values())
    assert len({each.text for each in drawn.values()}) == 4 and "正常范围" in drawn["wide-light"].text
    for wrong in ("wide-blue", "large-light", "wide"):
        assert viewer.look(f"/console/alerts/{alert.id}/plot/{wrong}").status_code == 404
    assert len(viewer.get(f"/alerts/{alert.id}").json()["plot"]["points"]) == 90


def test_who_decides_is_in_the_audit_and_the_list(call: Call, house: House, alert: AlertRow) -> None:
    operator, here = call("operator"), f"/console/alerts/{alert.id}"
    for path, fields in (("acknowledge", {}), ("verdict", {"verdict": "true"}), ("silence", {"days": "3", "reason": "已知的活动"})):
        answer = operator.submit(f"{here}/{path}", here, **fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, here)
    page = operator.look("/console/alerts").text
    assert "operator-1 已接手" in page and "真告警" in page and "已知的活动" in page
    decided = [audited_by(house.database, f"alert.{what}")[0][0] for what in ("acknowledged", "verdict", "silenced")]
    assert decided == ["operator-1"] * 3
    assert operator.post(f"/alerts/{alert.id}/verdict", {"verdict": "false"}).json()["verdict"] == "false"


@pytest.mark.parametrize(
    ("path", "body", "status", "problem"),
    [
        ("verdict", {"verdict": "maybe"}, 422, "verdict-unknown"),
        ("silence", {"days": 8, "reason": "x"}, 422, "silence-too-long"),
        ("silence", {"days": "soon", "reason": "x"}, 422, "silence-too-long"),
        ("silence", {"days": 1, "reason": " "}, 422, "reason-missing"),
        ("samples", {}, 422, "reason"),
        ("samples", {"reason": "看看"}, 422, "reason"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(call: Call, alert: AlertRow, path: str, body: Any, status: int, problem: str) -> None:
    answer = call("operator").post(f"/alerts/{alert.id}/{path}", body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:baitiao:problem:{problem}")


def test_what_is_over_or_only_informs_cannot_be_decided(call: Call, house: House) -> None:
    over = keep_alert(house.application, closed_at=now_millis())
    informs = keep_alert(house.application, level="info", streams=("all",))
    operator = call("operator")
    assert operator.post(f"/alerts/{over.id}/acknowledge", {}).json()["type"].endswith("alert-closed")
    assert operator.post(f"/alerts/{informs.id}/verdict", {"verdict": "true"}).json()["type"].endswith("only-informs")
    assert "是真告警" not in operator.look(f"/console/alerts/{informs.id}").text


@pytest.mark.parametrize("role", ROLES)
def test_operators_act_and_the_others_read(call: Call, house: House, alert: AlertRow, role: str) -> None:
    caller = call(role)
    reads, acts = role in CONSOLE_ROLES, role == "operator"
    for path in ("/alerts", f"/alerts/{alert.id}"):
        assert caller.get(path).status_code == (200 if reads else 403)
        assert caller.look(f"/console{path}").status_code == (200 if reads else 401)
    bodies: dict[str, Any] = {"acknowledge": {}, "verdict": {"verdict": "true"}, "silence": {"days": 1, "reason": "x"}, "draft": {}}
    for path, body in bodies.items():
        assert caller.post(f"/alerts/{alert.id}/{path}", body).status_code == (200 if acts else 403), path
    samples = caller.post(f"/alerts/{alert.id}/samples", {"reason": "核对投诉经过"})
    assert samples.status_code == (200 if role in READERS else 403)
    if reads:
        page = caller.look(f"/console/alerts/{alert.id}").text
        assert ("我来处理" in page or "静音" in page) == acts and ("您的角色不能看客户原话" in page) == (role not in READERS)
    with house.database.session() as session:
        kept = get_alert(session, alert.id)
    assert kept is not None and (kept.verdict is None) == (not acts)


def test_who_is_an_analyst_as_well_may_not_read_what_customers_said(call: Call, alert: AlertRow) -> None:
    both = Caller(call("viewer").address, "operator", issue(SECRET, "both-1", roles=["operator", "analyst"]))
    assert both.post(f"/alerts/{alert.id}/samples", {"reason": "核对投诉经过"}).status_code == 403
    assert "您的角色不能看客户原话" in both.look(f"/console/alerts/{alert.id}").text


def test_sample_complaints_are_masked_without_names_and_audited_with_the_reason(call: Call, house: House, alert: AlertRow) -> None:
    for number in range(1013, 1020):
        house.turn(f"u-{number}", "installment_missing", f"我手机 1380013{number}，第 {number} 单怎么不能分期了", order=f"o-{number}")
    with house.database.session() as session:
        seen = session.execute(select(OBSERVATIONS.c.ref, OBSERVATIONS.c.at).where(OBSERVATIONS.c.kind == "found")).all()
        members = {ref: at for ref, at in seen}
        rows = [{"alert_id": alert.id, "ref": ref, "stream": "overdue", "at": at} for ref, at in members.items()]
        session.execute(insert(ALERT_MEMBERS), rows)
    answer = call("operator").submit(f"/console/alerts/{alert.id}/samples", f"/console/alerts/{alert.id}", reason="核对是不是同一件事")
    assert answer.status_code == 200 and answer.text.count("<q>") == 5 and "怎么不能分期了" in answer.text
    assert "1380013" not in answer.text and "u-101" not in answer.text
    assert audited_by(house.database, "alert.samples") == [
        ("operator-1", None, {"alert": alert.id, audit.WORDS: "核对是不是同一件事", "shown": 5})
    ]


def test_a_draft_that_is_there_is_opened_and_one_that_is_not_is_written(call: Call, house: House, alert: AlertRow) -> None:
    operator = call("operator")
    assert "写故障草稿" in operator.look(f"/console/alerts/{alert.id}").text
    draft = operator.post(f"/alerts/{alert.id}/draft", {}).json()["draft"]
    assert operator.post(f"/alerts/{alert.id}/draft", {}).json()["draft"] == draft
    assert f"/console/incidents/new?draft={draft}" in operator.look(f"/console/alerts/{alert.id}").text
    with house.database.session() as session:
        assert all_notes(session)[draft][0].from_alert == alert.id


def test_what_the_census_found_is_said_in_words(call: Call, house: House) -> None:
    surroundings = Surroundings.of(house.application)
    run_census(surroundings)
    load_world_data(house.database, {"merchants": [{"id": "m-1", "integration": "error"}]})
    run_census(surroundings)
    viewer = call("viewer")
    page = viewer.look("/console/alerts").text
    assert "未付款订单新被“店铺对接异常”挡住" in page and "100% 在“云帆数码专营店”下单" in page and "到点就会发生的" in page
    (found,) = viewer.get("/alerts").json()["open"]
    assert found["source"] == "census" and "几条投诉原话" not in viewer.look(f"/console/alerts/{found['id']}").text
    today = viewer.look("/console").text
    assert "正在发生的告警" in today and "店铺对接异常" in today and "看不见的地方" not in today


def test_today_says_what_the_watch_cannot_see(call: Call, house: House) -> None:
    keep_alert(house.application, level="info", streams=("blind",), expected=31.0, drill=())
    with house.database.session() as session:
        census.note(session, now_millis() - 40 * MINUTE, "2026-11-22T10:00:00+08:00", 1, 900, {"begun": True})
    viewer = call("viewer")
    page = viewer.look("/console").text
    assert "看不见的地方" in page and "应有约 31 位客户，一位也没有" in page and "普查已经 40 分钟没有运行" in page
    assert "正在发生的告警" not in page
    assert "普查已经超过 15 分钟没有运行" in viewer.look("/console/alerts").text


def test_what_is_not_there_is_not_found(call: Call) -> None:
    viewer = call("viewer")
    assert viewer.look("/console/alerts/a-nothing").status_code == viewer.get("/alerts/a-nothing").status_code == 404
