"""Auditors find who did what, take it with them, and see whether it is as it was written; nobody else does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import get_args

import pytest
from sqlalchemy import delete, update

from actions.core.handoff import Stage
from actions.state import audit
from actions.state.audit import AUDIT
from actions.state.erasure import erase
from actions.state.world.loading import load_world_data
from actions.yaml_source import Source
from bot.console.audit_look import PAGE
from bot.console.pages import HERE
from bot.desk.lead_panels import Panels
from bot.desk.pages import HERE as DESK
from bot.staff import STAFF_TEMPLATES
from tests.unit.console.conftest import Caller
from tests.unit.console.test_alert_pages import keep_alert
from tests.unit.desk.conftest import audited_by
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]


@pytest.fixture
def auditor(call: Call, house: House) -> Caller:
    """Somebody who may, with an audit of three days' work before them."""
    with house.database.session() as session:
        for number in range(PAGE + 5):
            audit.record(session, f"agent-{number % 2}", "desk.take" if number % 3 else "desk.close", f"h-{number}", {"number": number})
        audit.record(session, "op-1", "incident.update", detail={"incident": "i-7", "before": {"eta": None}, "after": {"eta": "15:00"}})
        audit.record(session, "=cmd()", "show", detail={"words": "<script>alert(1)</script>"})
    return call("auditor")


def found(auditor: Caller, query: str = "") -> list[dict[str, object]]:
    entries: list[dict[str, object]] = auditor.get(f"/audit{query}").json()["entries"]
    return entries


def test_the_latest_stands_first_and_older_ones_on_further_pages(auditor: Caller) -> None:
    first = auditor.get("/audit").json()
    assert len(first["entries"]) == PAGE and first["entries"][0]["actor"] == "=cmd()"
    rest = auditor.get(f"/audit?before={first['next']}").json()
    assert rest["next"] is None and len({entry["id"] for entry in first["entries"] + rest["entries"]}) == PAGE + 7
    page = auditor.look("/console/audit").text
    assert re.search(r'audit\?before=[0-9]+"', page) and "<script>alert" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [("?actor=agent-0", 28), ("?action=desk.take", 36), ("?action=desk.", 50), ("?about=h-7", 1), ("?about=i-7", 1), ("?actor=nobody", 0)],
)
def test_it_is_searched_by_who_and_what_and_about_what(auditor: Caller, query: str, count: int) -> None:
    assert len(found(auditor, query)) == count


def test_it_is_searched_by_days_the_last_of_which_counts(auditor: Caller) -> None:
    day = str(found(auditor)[0]["at"])[:10]
    assert len(found(auditor, f"?from={day}&to={day}")) == PAGE
    assert found(auditor, "?to=2020-01-01") == [] == found(auditor, "?from=2999-01-01")


@pytest.mark.parametrize(
    "query", ["?from=gestern", "?to=2026-13-01", "?before=x", "?actor=" + "a" * 101, "?to=9999-12-31", "?from=0001-01-01"]
)
def test_a_filter_that_means_nothing_is_refused(auditor: Caller, query: str) -> None:
    answer = auditor.get(f"/audit{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:baitiao:problem:audit-filter")


def test_what_was_before_stands_beside_what_is_after(auditor: Caller) -> None:
    page = auditor.look("/console/audit?about=i-7").text
    assert re.search(r"<dt>预计恢复</dt><dd>– → 15:00</dd>", page)


def test_the_file_holds_what_was_searched_and_nothing_that_calculates(auditor: Caller) -> None:
    answer = auditor.look("/console/audit/export?actor=%3Dcmd()")
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert dict(zip(header, row))["actor"] == "'=cmd()" and len(dict(zip(header, row))["hash"]) == 64
    assert "attachment" in answer.headers["Content-Disposition"]
    assert auditor.get("/audit/export?actor=agent-0").content.count(b"\r\n") == 29


def test_verifying_says_that_it_holds_and_is_audited_itself(auditor: Caller, house: House) -> None:
    answer = auditor.submit("/console/audit/verify", "/console/audit")
    assert answer.status_code == 200 and "都和写入时一样" in answer.text
    ((actor, _, detail),) = audited_by(house.database, "console.audit_verify")
    assert actor == "auditor-1" and detail["holds"] and detail["broken"] is None


def test_verifying_names_the_entry_that_was_changed(auditor: Caller, house: House) -> None:
    with house.database.session() as session:
        session.execute(update(AUDIT).where(AUDIT.c.id == 4).values(actor="somebody else"))
    told = auditor.post("/audit/verify", {}).json()["verified"]
    assert (told["holds"], told["broken"]["entry"]) == (False, 4)
    assert "从第 4 条起和写入时不一样" in auditor.submit("/console/audit/verify", "/console/audit").text


def test_verifying_against_a_head_that_was_noted_shows_a_cut_tail(auditor: Caller, house: House) -> None:
    noted = auditor.get("/audit").json()["head"]
    assert auditor.post("/audit/verify", {"head": noted}).json()["verified"]["holds"]
    with house.database.session() as session:
        session.execute(delete(AUDIT).where(AUDIT.c.id > PAGE))
    assert "缺少您填的链尾" in auditor.submit("/console/audit/verify", "/console/audit", head=noted).text


def test_what_is_no_head_is_refused(auditor: Caller) -> None:
    assert auditor.post("/audit/verify", {"head": "abc"}).json()["type"] == "urn:baitiao:problem:audit-head"


def test_details_are_told_in_words_with_links_and_without_what_says_nothing(call: Call) -> None:
    operator, auditor = call("operator"), call("auditor")
    scope = {"regions": ["上海"], "channels": ["app"]}
    two = {"component": "installment", "severity": "outage"}
    incident = operator.post("/incidents", {**two, "affects": scope, "eta": "2026-11-22T18:00"}).json()["id"]
    operator.post(f"/incidents/{incident}/updates", {"stage": "identified", "eta": "2026-11-22T20:00"})
    operator.post(f"/incidents/{incident}/updates", {"eta": ""})
    operator.submit(f"/console/incidents/{incident}/updates", eta="2026-11-22T09:00")
    page = auditor.look("/console/audit").text
    said = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert ("故障", f'<a href="/console/incidents/{incident}">分期中断（{incident}）</a>') in said
    assert {
        ("阶段", "已定位"),
        ("预计恢复", "2026-11-22 20:00"),
        ("预计恢复", "还不知道"),
        ("没有照办，因为", "预计恢复时间已经过了。"),
    } <= set(said)
    assert ("范围", "地区 上海；渠道 App") in said and ("系统", "分期") in said
    assert not re.search(r"\b1[0-9]{12}\b", page) and "None" not in page and ">–<" not in page.replace("<td>–</td>", "")


def test_an_alert_is_named_by_what_it_is_about(call: Call, house: House) -> None:
    alert = keep_alert(house.application, streams=("overdue",))
    call("operator").post(f"/alerts/{alert.id}/verdict", {"verdict": "false"})
    page = call("auditor").look("/console/audit").text
    assert f'<a href="/console/alerts/{alert.id}">有逾期待还（{alert.id}）</a>' in page and "<dd>误报</dd>" in page


def test_queues_are_called_by_their_titles(call: Call, house: House) -> None:
    with house.database.session() as session:
        audit.record(session, "agent-1", "desk.move", "h-1", {"from": "general", "to": "risk"})
    assert "<dt>从</dt><dd>综合</dd>" in call("auditor").look("/console/audit").text


def test_a_scope_names_shops_and_categories_beside_their_ids(call: Call, house: House) -> None:
    load_world_data(house.database, {"merchants": [{"id": "m-9", "name": "晴川数码"}], "categories": [{"id": "cat-9", "name": "茶具"}]})
    two, scope = {"component": "installment", "severity": "outage"}, {"merchants": ["m-9"], "categories": ["cat-9"]}
    incident = call("operator").post("/incidents", {**two, "affects": scope}).json()["id"]
    page = call("auditor").look(f"/console/audit?about={incident}").text
    assert "<dt>范围</dt><dd>店铺 晴川数码（m-9）；类目 茶具（cat-9）</dd>" in page


def test_what_agents_chose_and_searched_by_stands_in_their_words(call: Call, house: House) -> None:
    with house.database.session() as session:
        audit.record(session, "agent-1", "desk.close", "h-1", {"resolved_by": "unresolved", "root_cause": "overdue", "unanswered": 7})
        audit.record(session, "agent-1", "desk.search", detail={"queue": "risk", "late": "1", "words": "盗刷", "page": 1, "found": 2})
        rule = "promises an approval"
        audit.record(session, "agent-1", "desk.confirm", "h-1", {"reason": "quoted", "rules": [rule, "personal"]})
    said = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", call("auditor").look("/console/audit?actor=agent-1").text)
    assert said == [
        ("理由", "引用客户或官方公告的原话"),
        ("碰到的规则", "承诺通过、是个人号码，不能发给客户"),
        ("队列", "风险"),
        ("只看超时的", "是"),
        ("原话", "盗刷"),
        ("第几页", "1"),
        ("这一页几件", "2"),
        ("怎样处理的", "没有解决"),
        ("根本原因", "有逾期待还"),
        ("没有回复的第几条", "7"),
    ]


def test_what_was_refused_and_erased_is_told_in_words(call: Call, house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        audit.record(session, "agent-1", "desk.refused", "h-1", {"step": "close", "why": "unanswered"})
        audit.record(session, "op-1", "console.refused", detail={"step": "incident_updates", "why": "eta_past"})
        audit.record(session, "agent-1", "desk.lead_reasons", detail={"from": "2026-11-01", "to": "2026-11-28"})
        erase(session, row.user, "agent-1")
    page = call("auditor").look("/console/audit?actor=agent-1").text
    said = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert (said["想做"], said["没有照办，因为"]) == ("结束", "客户的话还没有人回复")
    assert "对话里的话（已打码） " in said["清掉的行数"] and not re.search("[a-z]_[a-z]", said["清掉的行数"])
    assert "下载坐席数字“为什么转人工”" in page
    assert "<dt>想做</dt><dd>更新故障</dd>" in call("auditor").look("/console/audit?actor=op-1").text


def test_every_download_and_every_refusal_of_the_desk_has_a_name() -> None:
    titles, words = (Source.read(HERE / name).data for name in ("places.yml", "audit.yml"))
    assert {f"desk.lead_{name}" for name in Panels().panels} <= {*titles["actions"]}
    for template in (DESK / "templates" / "refusal.html", STAFF_TEMPLATES / "sign_in.html"):
        assert {*re.findall(r'^ +"([a-z_.]+)": "', template.read_text(encoding="utf-8"), re.M)} <= {*words["values"]["why"]}
    assert {f"stage.{stage}" for stage in get_args(Stage)} <= {*words["values"]["why"]}
