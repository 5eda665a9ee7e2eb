"""Policies in the console: written by an author, approved by somebody else, refused at the field, rehearsed by the worker, seen in a calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channel.tokens import issue
from ops.policies.trials import do_asked
from ops.worker import Surroundings
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
ROW = {"id": "p-min-2", "kind": "min_amount", "amount": "300.00", "effective_from": "2026-12-01", "notice": "分期起点自12月1日起调整。"}
ABOUT = {"title": "分期起点", "source": "内部通知 12 号", "owner": "author", "rationale": "小额成本高", "review_on": "2027-06-01"}
FORM = {**ROW, **ABOUT, "supersedes": "p-min"}
GIVEN = {"policy": ROW, **ABOUT, "supersedes": "p-min"}


def test_a_form_becomes_a_policy_after_two_people_have_seen_it(call: Call, house: House) -> None:
    author, approver = call("author"), call("approver")
    assert "最低金额" in author.look("/console/policies/new?kind=min_amount&supersedes=p-min").text
    page = author.submit("/console/policies", **FORM)
    assert (page.status_code, page.headers["Location"]) == (303, "/console/policies/p-min-2")
    assert author.submit("/console/policies/p-min-2/submit").status_code == 303
    assert approver.post("/policies/p-min-2/approve", {}).json() == {"id": "p-min-2", "status": "scheduled", "registration": "registered"}
    before = call("viewer").get("/policies/p-min").json()
    assert before["to"] == "2026-11-30"
    shown = call("viewer").look("/console/policies/p-min-2").text
    assert "待生效" in shown and "author-1 提交于" in shown and "approver-1 批准于" in shown
    assert [row[0] for row in audited_by(house.database, "policy.approve")] == ["approver-1"]


def test_nobody_approves_their_own(call: Call, house: House) -> None:
    both = issue(SECRET, "max", roles=["author", "approver"])
    max_ = Caller(call("author").address, "author", both)
    assert max_.post("/policies", GIVEN).json() == {"id": "p-min-2", "version": 1, "status": "draft"}
    max_.post("/policies/p-min-2/submit", {})
    refused = max_.post("/policies/p-min-2/approve", {})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:baitiao:problem:four-eyes")
    page = max_.submit("/console/policies/p-min-2/approve")
    assert page.status_code == 403 and "另一位批准人" in page.text


def test_what_is_wrong_is_said_at_its_field_and_what_was_filled_in_stays(call: Call) -> None:
    author = call("author")
    page = author.submit("/console/policies", **{**FORM, "amount": "三百"})
    assert page.status_code == 422 and 'id="id-wrong"' in page.text and "内部通知 12 号" in page.text
    author.post("/policies", {**GIVEN, "policy": {**ROW, "effective_from": "2026-11-01"}})
    refused = author.post("/policies/p-min-2/submit", {})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:baitiao:problem:starts-in-past")
    assert author.post("/policies", {"policy": "p-min"}).status_code == 400
    assert call("viewer").get("/policies/p-none").status_code == 404


def test_a_rehearsal_is_asked_for_and_done_by_the_worker_and_names_nobody(call: Call, house: House) -> None:
    author = call("author")
    author.post("/policies", {**GIVEN, "policy": {**ROW, "amount": "3000.00"}})
    early = author.post("/policies/p-min-2/trial", {"day": "2026-11-25"})
    assert (early.status_code, early.json()["type"]) == (422, "urn:baitiao:problem:day-before-start")
    asked = author.post("/policies/p-min-2/trial", {})
    assert asked.status_code == 201
    trial = asked.json()["trial"]
    assert "正在试算" in author.look(f"/console/policies/trial/{trial}").text
    do_asked(Surroundings.of(house.application))
    data = author.get(f"/policies/trial/{trial}").json()
    assert data["outcome"]["counts"]["lose"] > 5 and data["current"]
    page = author.look(f"/console/policies/trial/{trial}").text
    assert "&lt;5" in page and "u-10" not in page and "低于" not in page.split("客户会被告知")[0]
    cells = [cell for dims in data["outcome"]["tables"]["by"].values() for rows in dims.values() for cell in rows]
    assert any(cell["customers"] == "<5" for cell in cells) and not any(cell["customers"] in range(5) for cell in cells)


def test_what_nobody_has_approved_is_shown_in_red_and_what_was_believed_can_be_asked(call: Call) -> None:
    viewer = call("viewer")
    listed = viewer.get("/policies").json()
    assert {each["registration"] for each in listed["policies"]} == {"unregistered"}
    assert {"p-min": "unregistered"}.items() <= {gap["policy"]: gap["code"] for gap in listed["gaps"]}.items()
    page = viewer.look("/console/policies?known=2026-11-11&on=2026-12-01")
    assert page.status_code == 200 and "未登记" in page.text
    assert viewer.look("/console/policies?known=gestern&on=2026-12-01").status_code == 422


def test_the_calendar_shows_what_begins_and_other_programs_can_have_it(call: Call, house: House) -> None:
    author, viewer = call("author"), call("viewer")
    author.post("/policies", GIVEN)
    author.post("/policies/p-min-2/submit", {})
    call("approver").post("/policies/p-min-2/approve", {})
    page = viewer.look("/console/policies/calendar?month=2026-12").text
    assert "生效：分期起点" in page and "大促：双十二" in page
    feed = viewer.look("/console/policies/calendar.ics")
    assert feed.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "UID:starts-p-min-2-@baitiao\r\n" in feed.text and "DTSTART;VALUE=DATE:20261201\r\n" in feed.text


def test_today_tells_of_overdue_reviews(call: Call, house: House) -> None:
    def sections() -> Any:
        return call("viewer").get("/today").json()["sections"]

    assert "policy_overdue" not in sections()
    author = call("author")
    author.post("/policies", {**GIVEN, "review_on": "2026-11-01"})
    author.post("/policies/p-min-2/submit", {})
    call("approver").post("/policies/p-min-2/approve", {})
    (item,) = sections()["policy_overdue"]
    assert (item["policy"], item["days"], item["link"]) == ("p-min-2", -21, "/console/policies/p-min-2")
    assert 'class="red">2026-11-01 就该复核了' in call("viewer").look("/console").text
