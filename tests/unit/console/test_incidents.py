"""Incidents in the console: declared with two inputs, changed, ended, each by operators only, and refused at the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.state.columns import real_now
from actions.state.incidents import INCIDENT_NOTES
from actions.state.world.changes import WORLD_CHANGES
from bot.channel.tokens import CONSOLE_ROLES
from ops.incidents import service
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import audited_by
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]

TWO = {"component": "installment", "severity": "outage"}
LATER = "2026-11-22T18:00"


def declared(operator: Caller, **more: Any) -> str:
    answer = operator.post("/incidents", {**TWO, **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def shown(caller: Caller, incident: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"/incidents/{incident}").json()
    return found


def test_two_inputs_declare_and_customers_have_it_in_their_diagnosis(call: Call, house: House) -> None:
    operator = call("operator")
    page = operator.submit("/console/incidents", **TWO)
    assert page.status_code == 303
    incident = page.headers["Location"].rpartition("/")[2]
    found = shown(call("viewer"), incident)
    assert (found["stage"], found["component"], found["severity"], found["affects"]) == ("investigating", "installment", "outage", {})
    assert operator.look(f"/console/incidents/{incident}").status_code == 200
    assert house.turn("u-1001", "installment_missing", order="o-1").replies[0].data.causes[0].id == "incident_outage"  # type: ignore[union-attr]
    assert [row[0] for row in audited_by(house.database, "incident.declare")] == ["operator-1"]


def test_all_of_it_can_be_said_at_once(call: Call) -> None:
    scope = {"regions": ["上海"], "channels": ["app"], "app_below": "13.0.0"}
    incident = declared(call("operator"), affects=scope, eta=LATER, notice="分期服务中断，技术人员在处理。", internal="网关 502")
    found = shown(call("viewer"), incident)
    assert found["affects"] == scope and found["eta"] == "2026-11-22T18:00:00+08:00"
    assert (found["notice"], found["notes"][0]["internal"]) == ("分期服务中断，技术人员在处理。", "网关 502")


def test_a_scope_calls_shops_and_categories_by_their_names(call: Call) -> None:
    operator = call("operator")
    incident = declared(operator, affects={"merchants": ["m-2", "m-3"], "categories": ["phones"]})
    operator.post(f"/incidents/{incident}/updates", {"affects": {"merchants": ["m-5"]}})
    page, form = operator.look(f"/console/incidents/{incident}").text, operator.look("/console/incidents/new").text
    assert "涉及商家：素白衣橱（m-5）" in page, "as it is now"
    assert "涉及商家：山岚家电旗舰店（m-2）、拾光家居生活馆（m-3）；涉及类目：手机（phones）" in page, "as it was at a step"
    assert "素白衣橱（m-5）" in operator.look("/console/incidents").text
    assert '<option value="m-5" label="素白衣橱（m-5）">' in form


def test_a_form_says_a_scope_in_words_between_signs(call: Call) -> None:
    operator = call("operator")
    answer = operator.submit("/console/incidents", **TWO, regions="上海、北京", channels="app web", merchants="", eta="", notice="")
    assert shown(operator, answer.headers["Location"].rpartition("/")[2])["affects"] == {
        "regions": ["上海", "北京"],
        "channels": ["app", "web"],
    }


@pytest.mark.parametrize(
    ("given", "status", "problem", "field"),
    [
        ({"component": ""}, 422, "unknown-component", "component"),
        ({"component": "cellar"}, 422, "unknown-component", "component"),
        ({"severity": ""}, 422, "unknown-severity", "severity"),
        ({"regions": "沪"}, 422, "unknown-region", "regions"),
        ({"merchants": "m-0"}, 422, "unknown-merchant", "merchants"),
        ({"categories": "gadgets"}, 422, "unknown-category", "categories"),
        ({"channels": "fax"}, 422, "unknown-channel", "channels"),
        ({"app_below": "new"}, 422, "unknown-version", "app_below"),
        ({"eta": "2026-11-22T09:00"}, 422, "eta-past", "eta"),
        ({"eta": "2026-12-22T09:00"}, 422, "eta-too-far", "eta"),
        ({"eta": "soon"}, 422, "eta-unreadable", "eta"),
        ({"notice": "30分钟左右就好"}, 422, "text-refused", "notice"),
        ({"notice": "请打 13800138000"}, 422, "text-refused", "notice"),
        ({"notice": "分期{order.id}坏了"}, 422, "text-refused", "notice"),
        ({"notice": "坏" * 201}, 422, "text-refused", "notice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_declared(
    given: Mapping[str, str], status: int, problem: str, field: str, call: Call
) -> None:
    operator = call("operator")
    refused = operator.post("/incidents", {**TWO, **given})
    assert (refused.status_code, refused.json()["type"]) == (status, f"urn:baitiao:problem:{problem}")
    assert refused.headers["Content-Type"] == "application/problem+json"
    page = operator.submit("/console/incidents", **{**TWO, **given})
    assert page.status_code == status and f'id="{field}-wrong"' in page.text
    assert refused.json()["detail"] in page.text
    assert operator.get("/incidents").json() == {"incidents": []}


def test_the_nearest_words_are_named_and_what_was_filled_in_stays(call: Call) -> None:
    operator = call("operator")
    refused = operator.post("/incidents", {**TWO, "affects": {"regions": ["上海市"]}}).json()
    assert "上海" in refused["nearest"]
    page = operator.submit("/console/incidents", **TWO, regions="上海市", notice="分期服务中断。").text
    assert "最接近的：上海" in page and "分期服务中断。" in page and '<option value="outage" selected>' in page


def test_the_words_that_must_not_be_said_are_named_with_the_reason(call: Call) -> None:
    reasons = call("operator").post("/incidents", {**TWO, "notice": "很快恢复"}).json()["reasons"]
    assert reasons and all(each["why"] for each in reasons)


def test_the_same_trouble_is_declared_once(call: Call) -> None:
    operator = call("operator")
    first = declared(operator, affects={"regions": ["上海"]})
    again = operator.post("/incidents", TWO)
    assert (again.status_code, again.json()["incident"]) == (409, first)
    assert f"/console/incidents/{first}" in operator.submit("/console/incidents", **TWO).text
    declared(operator, affects={"regions": ["北京"]})


def test_it_goes_through_its_stages_and_no_other_way(call: Call, house: House) -> None:
    operator = call("operator")
    incident = declared(operator)
    for stage in ("identified", "monitoring", "investigating"):
        answer = operator.post(f"/incidents/{incident}/updates", {"stage": stage})
        assert (answer.status_code, answer.json()) == (200, {"id": incident, "stage": stage})
    refused = operator.post(f"/incidents/{incident}/updates", {"stage": "draft"})
    assert refused.status_code == 409 and "resolved" in refused.json()["possible"]
    page = operator.submit(f"/console/incidents/{incident}/updates", stage="draft")
    assert page.status_code == 409 and 'id="stage-wrong"' in page.text and "已结束" in page.text
    assert operator.post(f"/incidents/{incident}/resolve", {}).json() == {"id": incident, "stage": "resolved"}
    assert operator.post(f"/incidents/{incident}/resolve", {}).status_code == 409
    assert operator.submit(f"/console/incidents/{incident}/updates", stage="investigating").status_code == 303
    assert operator.submit(f"/console/incidents/{incident}/withdraw").status_code == 303
    assert shown(operator, incident)["stage"] == "withdrawn"
    assert len(audited_by(house.database, "incident.update")) == 4
    assert house.turn("u-1001", "installment_missing", order="o-1").replies[0].data.causes == []  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "value", "now"),
    [("eta", LATER, "2026-11-22T18:00:00+08:00"), ("eta", "", None), ("notice", "换个说法。", "换个说法。"), ("notice", "", "")],
)
def test_what_customers_are_told_is_changed_field_by_field(field: str, value: str, now: str | None, call: Call) -> None:
    operator = call("operator")
    incident = declared(operator, eta="2026-11-22T20:00", notice="分期服务中断。", affects={"regions": ["上海"]})
    assert operator.submit(f"/console/incidents/{incident}/updates", **{field: value}).status_code == 303
    found = shown(operator, incident)
    assert found[field] == now and found["affects"] == {"regions": ["上海"]}
    assert operator.submit(f"/console/incidents/{incident}/updates", regions="", channels="app").status_code == 303
    assert shown(operator, incident)["affects"] == {"channels": ["app"]}


def test_an_update_that_is_wrong_is_said_at_its_field(call: Call) -> None:
    operator = call("operator")
    incident = declared(operator)
    page = operator.submit(f"/console/incidents/{incident}/updates", eta="2026-11-22T09:00")
    assert page.status_code == 422 and 'id="eta-wrong"' in page.text and 'value="2026-11-22T09:00"' in page.text
    assert "状态数据的时钟现在是 2026-11-22 10:00，最晚可填 2026-12-06 10:00" in page.text
    assert "状态数据的时钟现在是 2026-11-22 10:00" in operator.look("/console/incidents/new").text


@pytest.mark.parametrize("path", ["", "/updates", "/resolve", "/withdraw"])
def test_what_is_not_there_is_a_404(path: str, call: Call) -> None:
    operator = call("operator")
    answer = operator.post(f"/incidents/i-none{path}", {}) if path else operator.get("/incidents/i-none")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:baitiao:problem:unknown-incident")
    assert operator.look("/console/incidents/i-none").status_code == 404


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_everybody_in_the_console_reads_and_only_operators_act(role: str, call: Call) -> None:
    incident = declared(call("operator"))
    caller, may = call(role), role == "operator"
    assert caller.get("/incidents").status_code == caller.get(f"/incidents/{incident}").status_code == 200
    assert caller.look("/console/incidents").status_code == caller.look(f"/console/incidents/{incident}").status_code == 200
    assert caller.look("/console/incidents/new").status_code == (200 if may else 403)
    assert caller.post("/incidents", {}).status_code == (422 if may else 403)
    for path in ("updates", "resolve"):
        assert caller.post(f"/incidents/{incident}/{path}", {}).status_code == (200 if may else 403)
    assert caller.post(f"/incidents/{incident}/withdraw", {}).status_code == (409 if may else 403)


@pytest.mark.parametrize(
    "body", [{"component": 1}, {"affects": []}, {"affects": {"planets": ["mars"]}}, {"affects": {"regions": [1]}}, {"notice": {}}]
)
def test_json_of_the_wrong_types_is_refused(body: Any, call: Call) -> None:
    answer = call("operator").post("/incidents", {**TWO, **body})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:baitiao:problem:malformed")


def test_the_banner_is_looked_at_before_anything_is_declared(call: Call, house: House) -> None:
    operator = call("operator")
    wanted = {**TWO, "regions": "上海", "notice": "分期服务中断。", "eta": LATER, "preview": "1"}
    with house.database.session() as session:
        region = house.application.facts(session).snapshot("u-1013").user.region
    page = operator.submit("/console/incidents", **{**wanted, "regions": region}, customer="u-1013")
    assert page.status_code == 200 and '<section class="box warn seen"' in page.text and "预计 2026-11-22 18:00 恢复" in page.text
    assert region != "青海"
    page = operator.submit("/console/incidents", **{**wanted, "regions": "青海"}, customer="u-1013")
    assert page.status_code == 200 and "u-1013 不在范围里" in page.text
    refused = operator.submit("/console/incidents", **{**wanted, "regions": ""}, customer="u-none")
    assert refused.status_code == 422 and 'id="customer-wrong"' in refused.text
    assert operator.get("/incidents").json() == {"incidents": []}
    assert audited_by(house.database, "incident.declare") == []


def test_an_open_incident_is_seen_as_a_chosen_customer_sees_it(call: Call) -> None:
    viewer = call("viewer")
    incident = declared(call("operator"), notice="分期服务中断。")
    seen = viewer.get(f"/incidents/{incident}", params={"customer": "u-1013"}).json()["preview"]
    assert (seen["customer"], seen["notice"]["text"]) == ("u-1013", "分期服务中断。")
    assert viewer.get(f"/incidents/{incident}", params={"customer": "u-none"}).status_code == 422
    assert 'id="customer-wrong"' in viewer.look(f"/console/incidents/{incident}", params={"customer": "u-none"}).text


def test_today_tells_of_what_is_open_with_the_minutes_since_anybody_said_anything(call: Call, house: House) -> None:
    viewer, operator = call("viewer"), call("operator")
    incident = declared(operator)
    with house.database.session() as session:
        session.execute(update(INCIDENT_NOTES).values(at=INCIDENT_NOTES.c.at - 7 * 60_000))
        session.execute(update(WORLD_CHANGES).values(at=real_now() - timedelta(minutes=9)))
    (item,) = viewer.get("/today").json()["sections"]["incidents"]
    assert (item["incident"], item["minutes_since_update"]) == (incident, 7)
    operator.post(f"/incidents/{incident}/updates", {"internal": "还在查"})
    (item,) = viewer.get("/today").json()["sections"]["incidents"]
    assert item["minutes_since_update"] == 0 and f"/console/incidents/{incident}" in viewer.look("/console").text
    operator.post(f"/incidents/{incident}/resolve", {})
    assert "incidents" not in viewer.get("/today").json()["sections"]


def test_a_draft_waits_on_todays_page_fills_the_form_in_and_becomes_the_incident(call: Call, house: House) -> None:
    operator = call("operator")
    with house.database.session() as session:
        scope = {"regions": ["上海"]}
        draft = service.make_draft(
            session, component="checkout", severity="outage", affects=scope, notice=None, evidence={"n": 3}, from_alert="a-1", by="watch"
        )
    assert [each["id"] for each in operator.get("/today").json()["sections"]["drafts"]] == [draft]
    assert draft in operator.look("/console").text and "草稿" in operator.look("/console/incidents").text
    assert house.turn("u-1001", "installment_missing", order="o-1").replies[0].data.causes == []  # type: ignore[union-attr]
    page = operator.look("/console/incidents/new", params={"draft": draft}).text
    assert '<option value="checkout" selected>' in page and 'value="上海"' in page
    assert operator.submit("/console/incidents", component="checkout", severity="outage", regions="上海", draft=draft).status_code == 303
    found = shown(operator, draft)
    assert (found["stage"], found["from_alert"], found["affects"]) == ("investigating", "a-1", scope)
    assert operator.get("/incidents/new", params={"draft": draft}).status_code == 409
    assert "drafts" not in operator.get("/today").json()["sections"]
