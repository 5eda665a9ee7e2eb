"""The console's pages of insight, and the same for programs: what everybody sees, who may say who mends what, and who gets to real cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.state import insight
from actions.state.insight import InsightPlot, InsightReport
from bot.channel.tokens import CONSOLE_ROLES, issue
from tests.unit.console.conftest import Caller, call, consoles, demo_file, house
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.handoff.conftest import House
from tests.unit.ops.insight.conftest import PERIOD, GeneratedMonth
from tools.evaluation.insight_month import Planted, SimulatedMonth, midnight, write

pytestmark = pytest.mark.broad

__all__ = ["call", "consoles", "demo_file", "house"]

Call = Callable[[str], Caller]
WEEK = "2026-W47"
PAGE = f"/console/insight/{WEEK}"


@pytest.fixture
def kept(house: House, generated: GeneratedMonth) -> GeneratedMonth:
    """The report of a month as that of a week, in a house whose server has read what it knows."""
    assert house.application.knowledge.current
    report = InsightReport(WEEK, PERIOD.begins_at, PERIOD.ends_at, PERIOD.ends_at, generated.data)
    with house.database.session() as session:
        insight.keep_report(session, report, [InsightPlot(WEEK, "steps-wide", "light", "<svg/>")])
    return generated


def test_before_there_is_a_report_the_list_says_when_there_will_be(call: Call, house: House) -> None:
    assert house.application.knowledge.current
    assert "每周一由后台程序写" in call("viewer").look("/console/insight").text
    assert call("viewer").get(f"/insight/{WEEK}").json()["type"] == "urn:baitiao:problem:no-report"
    assert call("viewer").look(PAGE).status_code == 404


def test_everybody_in_the_console_sees_the_report_and_programs_its_data(call: Call, kept: GeneratedMonth) -> None:
    first = kept.data["work"][0]
    for role in CONSOLE_ROLES:
        page = call(role).look(PAGE)
        assert page.status_code == 200 and first["title"] in page.text.replace("&#34;", '"') and "每一步怎么样了" in page.text
    data = call("analyst").get(f"/insight/{WEEK}").json()
    assert data["week"] == WEEK and data["tables"] == kept.data["tables"] and data["work"][0]["place"] == first["place"]
    assert call("viewer").get("/insight").json()["weeks"][0]["week"] == WEEK
    assert first["title"] in call("viewer").look("/console").text
    listed = call("viewer").look("/console/insight").text
    assert f'href="{PAGE}"' in listed and first["title"] in listed


def test_plots_are_handed_out_as_files(call: Call, kept: GeneratedMonth) -> None:
    drawn = call("viewer").look(f"{PAGE}/plot/steps-wide-light")
    assert (drawn.status_code, drawn.headers["content-type"], drawn.text) == (200, "image/svg+xml", "<svg/>")
    assert call("viewer").look(f"{PAGE}/plot/steps-wide-dark").status_code == 404


def test_who_mends_what_is_said_audited_and_shown(call: Call, kept: GeneratedMonth, house: House) -> None:
    place = kept.data["work"][0]["place"]
    answer = call("analyst").submit(f"{PAGE}/work", page=PAGE, place=place, state="doing", owner="小林")
    assert answer.status_code == 303 and answer.headers["location"].startswith(PAGE)
    assert "小林" in call("viewer").look(PAGE).text and call("viewer").get(f"/insight/{WEEK}").json()["work"][0]["state"] == "doing"
    ((who, _, detail),) = audited_by(house.database, "insight.work")
    assert who == "analyst-1" and detail["before"] is None and detail["after"] == {"state": "doing", "owner": "小林"}
    assert call("viewer").post(f"/insight/{WEEK}/work", {"place": place, "state": "done", "owner": ""}).status_code == 403


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"place": "step/none/9", "state": "done", "owner": ""}, "unknown-place"),
        ({"state": "finished", "owner": ""}, "work-state"),
        ({"state": "done", "owner": "很" * 41}, "work-state"),
        ({"state": "done", "owner": "13800138000"}, "work-state"),
    ],
)
def test_what_cannot_be_said_of_work_is_refused(call: Call, kept: GeneratedMonth, given: dict[str, str], problem: str) -> None:
    body = {"place": kept.data["work"][0]["place"], **given}
    answer = call("operator").post(f"/insight/{WEEK}/work", body)
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:baitiao:problem:{problem}")


def test_real_cases_need_a_reason_and_no_analyst_gets_them(
    call: Call, kept: GeneratedMonth, house: House, consoles: Callable[..., str]
) -> None:
    place = kept.broken
    month = SimulatedMonth(kept.knowledge, 3, midnight(2026, 11, 23), 7)
    month.planted = Planted(broken=(place.split("/")[1], 1), comes_back=0.0)
    with house.database.session() as session:
        write(session, month, 200, midnight(2026, 11, 25), with_messages=True, prefix="w-")
    asked = {"place": place, "reason": "看看他们在哪里停下"}
    found = call("operator").post(f"/insight/{WEEK}/cases", asked).json()["cases"]
    assert found["place"] == place and len(found["references"]) == 5 and all(each.startswith("c-") for each in found["references"])
    page = call("operator").submit(f"{PAGE}/cases", page=PAGE, **asked).text
    assert f"/console/conversations/{found['references'][0]}" in page and "w-u-" not in page
    assert [detail["shown"] for _, _, detail in audited_by(house.database, "insight.cases")] == [5, 5]
    assert call("operator").post(f"/insight/{WEEK}/cases", {"place": place, "reason": "看"}).status_code == 422
    assert call("analyst").post(f"/insight/{WEEK}/cases", asked).status_code == 403
    both = Caller(consoles(), "both", issue(SECRET, "both", roles=["analyst", "operator"]))
    assert both.post(f"/insight/{WEEK}/cases", asked).status_code == 403


def test_from_each_row_a_way_leads_to_cases_for_whom_may_read_them(call: Call, kept: GeneratedMonth, house: House) -> None:
    row = next(row for row in kept.data["tables"]["causes"] if row["place"])
    month = SimulatedMonth(kept.knowledge, 3, midnight(2026, 11, 23), 7)
    with house.database.session() as session:
        write(session, month, 200, midnight(2026, 11, 25), with_messages=True, prefix="w-")
    asked = {"place": f"found/{row['cause']}", "reason": "看看他们是怎么说的"}
    assert row["place"] == asked["place"]
    assert 0 < len(call("operator").post(f"/insight/{WEEK}/cases", asked).json()["cases"]["references"]) <= 5
    option = f'<option value="{row["place"]}">原因：{row["title"]}</option>'
    assert option in call("auditor").look(PAGE).text and option not in call("viewer").look(PAGE).text
    for place in ("found/nothing_such", "found", ""):
        assert call("operator").post(f"/insight/{WEEK}/cases", {**asked, "place": place}).status_code == 422
    tables, page = kept.data["tables"], call("auditor").look(PAGE).text
    pair, owner = tables["pairs"][0], tables["owners"][0]
    walked = next(row for row in tables["survival"] if row["place"] and row["step"] is None)
    titles = {
        pair["place"]: f"一起出现的：{pair['title']} 和 {pair['other_title']}",
        owner["place"]: f"归谁：{owner['title']}",
        walked["place"]: f"走到哪一步：{walked['title']} 原因消失",
    }
    for place, title in titles.items():
        assert f'<option value="{place}">{title}</option>' in page
        shown = call("operator").post(f"/insight/{WEEK}/cases", {**asked, "place": place}).json()["cases"]["references"]
        # The week is one of the month, in which nobody may have had both.
        assert shown or place == pair["place"]
    assert [detail["place"] for _, _, detail in audited_by(house.database, "insight.cases")][-len(titles) :] == list(titles)
    # Who mends what is said of places of the work list alone.
    assert call("operator").post(f"/insight/{WEEK}/work", {"place": row["place"], "state": "doing"}).status_code == 422
