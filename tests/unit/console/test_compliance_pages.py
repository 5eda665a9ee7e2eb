"""Compliance in the console: what is due, clocks and their ends, looks for auditors, times of retention and monthly reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.core.observations import milliseconds
from actions.state.access_alerts import add_access_alert
from actions.state.answer_clocks import ANSWER_CLOCKS
from actions.state.columns import real_now
from ops.compliance.clocks import start_clocks
from ops.compliance.reporting import make_reports
from ops.worker import Surroundings
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import audited_by
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
NOTE = "付款页逐项看过，有年化和总额"


def complaint(house: House, days_left: float = 20) -> str:
    """A customer who wants to complain formally, and whose answer is due in some days; the case."""
    house.turn("u-1013", "complaint_angry", "我要向银保监会投诉你们", entities={"cue_regulator": "银保监会"})
    with house.database.session() as session:
        assert start_clocks(session, house.application.knowledge.current) == 1
        until = milliseconds(real_now() + timedelta(days=days_left))
        session.execute(update(ANSWER_CLOCKS).values(answer_by=until, begun_at=until - 15 * 86_400_000))
    return house.open().id


def watched(house: House) -> int:
    """Somebody opened far more cases than they usually do; the alert's number."""
    now = milliseconds(real_now())
    with house.database.session() as session:
        alert = add_access_alert(session, "agent-9", "not_taken", now - 3_600_000, now, 31, 2.0, "hour", now)
    assert alert is not None
    return alert.id


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


def test_the_register_shows_what_is_due_and_programs_read_the_same(call: Call) -> None:
    viewer = call("viewer")
    page, data = viewer.look("/console/obligations").text, viewer.get("/obligations").json()
    assert "没有控制" in page and "从未复核" in page and "assisted_lending" in data["without_control"]
    assert {"nfra", "pbc"} <= {each["id"] for each in data["sources"]}
    one = viewer.look("/console/obligations/all_in_cost").text
    assert "订单支付页" in one and "test_flat_fees" in one and "<form" not in one.partition("</header>")[2]
    assert kind(viewer.get("/obligations/taxes")) == (404, "not-found")


def test_an_approver_records_a_review_with_the_form_and_a_refusal_gives_it_back(call: Call, house: House) -> None:
    approver, path = call("approver"), "/console/obligations/all_in_cost"
    back = approver.submit(f"{path}/checks", path, outcome="met", note="好")
    assert back.status_code == 422 and "5 到 500 个字" in back.text and '<option value="met" selected' in back.text
    assert approver.submit(f"{path}/checks", path, outcome="met", note=NOTE).headers["Location"] == path
    page = approver.look(path).text
    assert NOTE in page and "approver-1" in page and "从未复核" not in page
    assert [actor for actor, _, _ in audited_by(house.database, "obligation.check")] == ["approver-1"]


@pytest.mark.parametrize(
    ("name", "body", "refusal"),
    [
        ("assisted_lending", {"outcome": "met", "note": NOTE}, (409, "without-control")),
        ("all_in_cost", {"outcome": "news", "note": NOTE}, (422, "outcome-unknown")),
        ("all_in_cost", {"outcome": "met"}, (422, "note-missing")),
        ("all_in_cost", {"outcome": {"met": 1}, "note": [1]}, (422, "outcome-unknown")),
        ("taxes", {"outcome": "met", "note": NOTE}, (404, "not-found")),
    ],
)
def test_programs_are_told_why_a_review_is_refused(call: Call, name: str, body: Any, refusal: tuple[int, str]) -> None:
    assert kind(call("approver").post(f"/obligations/{name}/checks", body)) == refusal


def test_a_complaint_that_is_soon_due_stands_on_todays_page(call: Call, house: House) -> None:
    case = complaint(house, 2.5)
    (item,) = call("viewer").get("/today").json()["sections"]["clocks"]
    assert (item["handoff"], item["state"], item["days_left"], item["link"]) == (case, "soon", 2, f"/desk/cases/{case}")
    page = call("viewer").look("/console").text
    assert "剩 2 天" in page and "快到或已过答复期限" in page


def test_the_end_is_moved_by_who_may_with_a_reason(call: Call, house: House) -> None:
    case = complaint(house, 5)
    (clock,) = call("viewer").get("/compliance").json()["clocks"]
    path = f"/compliance/clocks/{clock['id']}/extend"
    assert kind(call("operator").post(path, {})) == (422, "note-missing")
    back = call("operator").submit(f"/console{path}", "/console/compliance", note="忙")
    assert back.status_code == 422 and "<details open>" in back.text
    assert call("operator").submit(f"/console{path}", "/console/compliance", note="等合作方的流水").status_code == 303
    data = call("viewer").get("/compliance").json()
    assert (data["clocks"][0]["moves"], data["clocks"][0]["days_left"], data["clocks"][0]["next_days"]) == (1, 19, 60)
    assert data["tally"][0]["received"] == 1 == data["tally"][0]["moved"]
    ((actor, about, detail),) = audited_by(house.database, "compliance.extend")
    assert (actor, about, detail["days"]) == ("operator-1", case, 30)


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 20])
def test_what_there_is_not_is_neither_moved_nor_judged(call: Call, number: str) -> None:
    assert kind(call("operator").post(f"/compliance/clocks/{number}/extend", {"note": NOTE})) == (404, "not-found")
    assert kind(call("auditor").post(f"/compliance/accesses/{number}/verdict", {"verdict": "misuse", "note": NOTE})) == (404, "not-found")


def test_only_auditors_see_who_looked_too_much_and_judge_it_once(call: Call, house: House) -> None:
    number = watched(house)
    for role in ("viewer", "operator", "approver"):
        seen = call(role)
        assert "agent-9" not in seen.look("/console/compliance").text + seen.look("/console").text
        assert "accesses" not in seen.get("/compliance").json() and "accesses" not in seen.get("/today").json()["sections"]
    auditor, path = call("auditor"), f"/compliance/accesses/{number}/verdict"
    assert "agent-9" in auditor.look("/console").text
    assert kind(auditor.post(path, {"note": NOTE})) == (422, "access-verdict-unknown")
    assert auditor.submit(f"/console{path}", "/console/compliance", verdict="explained", note="当天补录旧单").status_code == 303
    assert kind(auditor.post(path, {"verdict": "misuse", "note": NOTE})) == (409, "access-judged")
    assert "当天补录旧单" in auditor.look("/console/compliance").text and "accesses" not in auditor.get("/today").json()["sections"]


def test_every_table_is_shown_with_its_days_and_the_setting_that_says_so(call: Call) -> None:
    data, page = call("viewer").get("/compliance/retention").json(), call("viewer").look("/console/compliance/retention").text
    kept = {each["table"]: each for each in data["tables"]}
    assert (kept["messages"]["days"], kept["messages"]["setting"]) == (180, "BAITIAO_RETENTION_DAYS")
    assert kept["audit"]["days"] is None and kept["audit"]["why"] in page and "BAITIAO_TALLY_DAYS" in page


def test_a_months_report_is_a_page_a_document_and_data_once_the_worker_has_made_it(call: Call, house: House) -> None:
    viewer, month = call("viewer"), f"{real_now():%Y-%m}"
    for missing in (month, "november", "2099-01"):
        assert kind(viewer.get(f"/compliance/{missing}")) == (404, "not-reported")
    make_reports(Surroundings.of(house.application))
    assert month in viewer.look("/console/compliance").text
    data, page = viewer.get(f"/compliance/{month}").json(), viewer.look(f"/console/compliance/{month}").text
    assert data["month"] == month and data["audit"]["head"] in page and "监管要求和证据" in page
    file = viewer.look(f"/console/compliance/{month}/file")
    assert "attachment" in file.headers["Content-Disposition"] and file.text.startswith("<!doctype html>")
