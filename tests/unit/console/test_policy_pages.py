"""Policies in the console: written by an author, approved by somebody else, refused at the field, rehearsed by the worker, seen in a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import update

from actions.core.moments import SHANGHAI
from actions.core.names import fact_type
from actions.core.observations import milliseconds
from actions.core.platform import POLICY_FIELDS, Policy
from actions.state.columns import real_now
from actions.state.experiments import change_experiment, put_experiment
from actions.state.policy_trials import POLICY_TRIALS, ask_for_trial, find_trial
from actions.state.world.loading import load_world_data
from actions.yaml_source import Problem, Source, SourceError
from bot.channel.tokens import issue
from bot.console import policy_views
from bot.console.policy_forms import body_of
from ops.policies.rules import RuleCode
from ops.policies.trials import do_asked
from ops.worker import Surroundings
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.handoff.conftest import House
from tests.unit.ops.experiments.conftest import Write, write

__all__ = ["write"]

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


@pytest.mark.parametrize("kind", sorted(POLICY_FIELDS))
def test_what_a_form_of_any_kind_sends_is_what_a_policy_takes(kind: str) -> None:
    typed = {"money": "300.00", "number": "1", "version": "13.2.0", "text": "1", "flag": "true", "moment": "2026-12-31"}
    known = {name: fact_type(f"policy.{name}") for name in POLICY_FIELDS[kind]}
    sent = {name: typed.get(each.kind, "、".join(each.choices[-1:]) or "广东、北京") for name, each in known.items()}
    body = body_of({"id": "p", "kind": kind, "effective_from": "2026-12-01", **sent})
    assert Policy.parse_obj(body).kind == kind


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
    assert page.status_code == 422 and 'id="amount-wrong"' in page.text and "内部通知 12 号" in page.text
    assert "规定金额：写成元，最多两位小数" in page.text
    page = author.submit("/console/policies", **{**FORM, "amount": "", "effective_from": "morgen"})
    assert 'id="id-wrong"' in page.text and "规定生效：写成日期，例如 2026-12-01" in page.text and "缺了这一类规定要有的内容" in page.text
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "words", "english"),
    [
        ({**ROW, "effective_from": "2026-11-01"}, "p-min-2 的生效日已经过了", "starts in the past"),
        ({**ROW, "effective_to": "2026-11-30"}, "p-min-2 的到期日早于生效日", "ends before it starts"),
        (ROW, "p-min-2 和 p-min 同类，又都没有到期日", "are both open"),
        ({**ROW, "effective_to": "2026-12-31"}, "p-min-2 和 p-min 同类，有几天会同时生效", "overlaps"),
        ({**ROW, "id": "p-min"}, "p-min 已经生效，不能改", "is edited"),
        (
            {"id": "p-adj", "kind": "adjustment", "regions": ["广冬"], "notice": "调整。", "effective_from": "2026-12-01"},
            "p-adj：现在没有“广冬”这个地区的客户；最接近的：广",
            "in this world",
        ),
        (
            {"id": "p-adj", "kind": "adjustment", "regions": ["广东"], "notice": "", "effective_from": "2026-12-01"},
            "p-adj 没有公告",
            "has no notice",
        ),
    ],
)
def test_a_rehearsal_warns_people_in_their_language_and_programs_as_ever(
    call: Call, house: House, row: dict[str, str], words: str, english: str
) -> None:
    with house.database.session() as session:
        trial = ask_for_trial(session, row["id"], "2026-12-01", {"policies": [row]}, "author-1", 0)
    do_asked(Surroundings.of(house.application))
    viewer = call("viewer")
    page = viewer.look(f"/console/policies/trial/{trial}").text
    assert words in page and english not in page
    assert any(english in each for each in viewer.get(f"/policies/trial/{trial}").json()["outcome"]["warnings"])


def test_every_warning_has_words_for_people_and_a_rehearsal_of_before_is_told_as_it_was(call: Call, house: House) -> None:
    words = Source.read(Path(policy_views.__file__).with_name("places.yml")).data["policies"]["findings"]
    assert set(words) == set(get_args(RuleCode))
    with house.database.session() as session:
        trial = ask_for_trial(session, "p-min-2", "2026-12-01", {"policies": [ROW]}, "author-1", 0)
    do_asked(Surroundings.of(house.application))
    with house.database.session() as session:
        outcome = dict(find_trial(session, trial).outcome)  # type: ignore[union-attr,arg-type]
        del outcome["findings"]
        session.execute(update(POLICY_TRIALS).values(outcome=outcome))
    assert '<p class="box warn" lang="en">p-min-2 and p-min are both open' in call("viewer").look(f"/console/policies/trial/{trial}").text


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


def entries(answer: Any) -> dict[tuple[str, str], str]:
    """What stands in the month that was asked for: kind and id → day."""
    days = [day for week in answer.json()["weeks"] for day in week]
    return {(each["what"], each["about"]): day["day"] for day in days for each in day["entries"]}


def unfolded(feed: Any) -> str:
    """A calendar's lines whole."""
    return str(feed.text.replace("\r\n ", ""))


def test_the_calendar_holds_from_when_the_law_asks_and_when_each_review_is_due(call: Call) -> None:
    viewer, approver = call("viewer"), call("approver")
    assert entries(viewer.get("/policies/calendar?month=2026-08"))["obligation_starts", "all_in_cost"] == "2026-08-01"
    page = viewer.look("/console/policies/calendar?month=2026-08").text
    assert '<a class="link" href="/console/obligations/all_in_cost">监管要求施行：个人贷款业务明示综合融资成本规定</a>' in page
    noted = {"outcome": "met", "note": "付款页逐项看过，有年化和总额"}
    assert approver.post("/obligations/all_in_cost/checks", noted).status_code == 201
    due = real_now().astimezone(SHANGHAI).date() + timedelta(days=90)
    assert entries(viewer.get(f"/policies/calendar?month={due:%Y-%m}"))["obligation_due", "all_in_cost"] == due.isoformat()
    feed = unfolded(viewer.look("/console/policies/calendar.ics"))
    assert "UID:obligation_due-all_in_cost-@baitiao\r\n" in feed and f"DTSTART;VALUE=DATE:{due:%Y%m%d}\r\n" in feed
    assert "SUMMARY:监管要求施行：个人贷款业务明示综合融资成本规定\r\n" in feed and "UID:source_due-nfra-@baitiao\r\n" in feed


def test_reviews_that_are_due_by_the_dozen_are_one_line_of_the_page(call: Call) -> None:
    page = call("viewer").look(f"/console/policies/calendar?month={real_now().astimezone(SHANGHAI):%Y-%m}").text
    assert (
        "监管要求复核：" in page
        and " 项</a></p>" in page
        and '<p class="obligation_due "><a class="link" href="/console/obligations/' not in page
    )


def test_the_calendar_holds_when_experiments_began_and_when_they_end(call: Call, house: House, write: Write) -> None:
    begun = datetime(2026, 11, 9, 10, 0, tzinfo=SHANGHAI)
    row = write().row(state="running", started_at=milliseconds(begun), started_by="author-1")
    with house.database.session() as session:
        put_experiment(session, row)
        put_experiment(session, write(id="not-begun").row())
    viewer = call("viewer")
    months = [entries(viewer.get(f"/policies/calendar?month={month}")) for month in ("2026-11", "2027-01")]
    assert months[0]["experiment_starts", "shorter-step"] == "2026-11-09" and months[1]["experiment_ends", "shorter-step"] == "2027-01-04"
    assert not any(about == "not-begun" for month in months for _, about in month)
    page = viewer.look("/console/policies/calendar?month=2027-01").text
    assert (
        '<a class="link" href="/console/experiments/shorter-step">试验结束：短的步骤更容易做完</a> <span class="quiet">最晚</span>' in page
    )
    with house.database.session() as session:
        ended = milliseconds(begun + timedelta(days=3))
        change_experiment(session, row, ("running",), state="stopped", ended_at=ended, ended_by="worker", reason="guardrail")
    assert entries(viewer.get("/policies/calendar?month=2026-11"))["experiment_ends", "shorter-step"] == "2026-11-12"
    feed = unfolded(viewer.look("/console/policies/calendar.ics"))
    assert "UID:experiment_ends-shorter-step-1@baitiao\r\n" in feed and "SUMMARY:试验结束：短的步骤更容易做完\r\n" in feed


def test_maintenance_stands_in_the_calendar_by_the_name_that_people_use(call: Call, house: House) -> None:
    window = {"id": "m-1", "component": "installment", "starts_at": "2026-12-05T01:00:00+08:00", "ends_at": "2026-12-06T03:00:00+08:00"}
    load_world_data(house.database, {"maintenance": [window]})
    page = call("viewer").look("/console/policies/calendar?month=2026-12").text
    assert page.count("维护：分期") == 3 and "维护：installment" not in page


def test_obligations_that_cannot_be_read_are_missed_aloud(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise SourceError([Problem("obligations.yml", 3, "is not a field here")])

    monkeypatch.setattr(policy_views, "read_obligations", broken)
    viewer = call("viewer")
    assert "监管要求读不了" in viewer.look("/console/policies/calendar?month=2026-12").text
    assert viewer.get("/policies/calendar.ics").json()["type"] == "urn:baitiao:problem:obligations-unusable"


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
