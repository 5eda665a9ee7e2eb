"""The console's pages of experiments: two people start one, what is found is drawn and listed, and who may stops or decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.state.experiments import ExperimentRow, find_experiment, put_experiment
from bot.channel.tokens import issue
from ops.experiments import service
from ops.experiments.looking import look_at
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.handoff.conftest import House
from tests.unit.ops.experiments.conftest import Write, read_once, write
from tests.unit.ops.experiments.test_looking import NOW, _met
from tests.unit.ops.experiments.traffic import customers, rehearsal

__all__ = ["read_once", "write"]

DAY = 24 * 3_600_000


@pytest.fixture
def looked(house: House, write: Write) -> ExperimentRow:
    """An experiment that runs and in which the variant is better."""
    played = {"conversations": 300, "failed": 0, "problems": [], "differing": 280}
    row = write().row(
        state="running", started_at=NOW - 10 * DAY, started_by="author-1", rehearsal={"arms": {"control": played, "short": played}}
    )
    with house.database.session() as session:
        put_experiment(session, row)
    _met(house.database, {"control": 400, "short": 400}, {"control": 120, "short": 280})
    with house.database.session() as session:
        look_at(session, row, NOW)
    return row


@pytest.fixture
def rehearsed(house: House, write: Write, read_once: None) -> None:
    """An experiment that was rehearsed, and customers enough for it. The console has the register only, no folder."""
    folder = write()
    with house.database.session() as session:
        service.keep_rehearsal(session, folder, rehearsal(folder), "operator")
    customers(house.database, 200, ended=100)


def _state(house: House) -> Any:
    with house.database.session() as session:
        found = find_experiment(session, "shorter-step")
    return found and (found.state, found.decision, found.ended_by)


def test_the_page_shows_the_result_with_its_drawing_table_and_cautions(consoles: Callable[..., str], looked: ExperimentRow) -> None:
    analyst = Caller(consoles(), "analyst")
    page = analyst.look("/console/experiments/shorter-step").text
    for piece in ("更好", "短的步骤更容易做完", "随时看都成立的区间", "一过线就停", "模拟 300 段对话", "<table", "plot/dark?at="):
        assert piece in page, piece
    assert 'action="/console/experiments' not in page
    drawn = analyst.look("/console/experiments/shorter-step/plot/light")
    assert drawn.headers["Content-Type"] == "image/svg+xml" and "结果已知的客户数" in drawn.text
    assert analyst.get("/experiments/shorter-step").json()["results"]["verdict"] == "better"
    assert analyst.get("/experiments").json()["experiments"][0]["n"] == {"control": 400, "short": 400}
    assert "短的步骤更容易做完" in analyst.look("/console").text
    assert analyst.get("/experiments/nothing").status_code == 404 and analyst.get("/experiments/shorter-step/plot/x").status_code == 404


def test_an_author_stops_it_with_a_reason(house: House, consoles: Callable[..., str], looked: ExperimentRow) -> None:
    author, page = Caller(consoles(), "author"), "/console/experiments/shorter-step"
    refused = author.submit(f"{page}/stop", page, reason=" ")
    assert refused.status_code == 422 and "请写明为什么" in refused.text
    assert author.submit(f"{page}/stop", page, reason="不用再试了").status_code == 303
    assert _state(house) == ("stopped", None, "author-1")
    assert author.post("/experiments/shorter-step/stop", {"reason": "再停"}).json()["type"].endswith("not-running")
    assert author.post("/experiments/shorter-step/decide", {"arm": "short", "reason": "好"}).status_code == 403


def test_an_approver_decides_what_the_data_allow(house: House, consoles: Callable[..., str], looked: ExperimentRow) -> None:
    approver = Caller(consoles(), "approver")
    assert approver.post("/experiments/shorter-step/decide", {"arm": "long", "reason": "好"}).json()["type"].endswith("unknown-arm")
    assert approver.post("/experiments/shorter-step/decide", {"arm": "short", "reason": "更好"}).json()["decision"] == "short"
    assert _state(house) == ("decided", "short", "approver-1")


def _kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


@pytest.mark.usefixtures("rehearsed")
def test_an_author_asks_for_the_start_and_an_approver_starts(house: House, consoles: Callable[..., str]) -> None:
    address = consoles()
    author, approver, page = Caller(address, "author"), Caller(address, "approver"), "/console/experiments/shorter-step"
    assert "开始</button>" not in Caller(address, "analyst").look(page).text and "批准并开始" not in approver.look(page).text
    assert _kind(approver.post("/experiments/shorter-step/start", {})) == (409, "not-submitted")
    assert _kind(approver.post("/experiments/shorter-step/submit", {})) == (403, "forbidden")
    assert _kind(author.post("/experiments/shorter-step/start", {})) == (403, "forbidden")
    assert author.submit(f"{page}/submit", page).status_code == 303
    (item,) = approver.get("/today").json()["sections"]["experiments"]
    assert (item["id"], item["submitted_by"]) == ("shorter-step", "author-1")
    assert (
        "author-1 申请开始，等另一位批准人" in approver.look("/console").text
        and "等批准人开始" in approver.look("/console/experiments").text
    )
    assert approver.submit(f"{page}/start", page).status_code == 303
    with house.database.session() as session:
        row = find_experiment(session, "shorter-step")
    assert row is not None and (row.state, row.submitted_by, row.started_by) == ("running", "author-1", "approver-1")
    assert [[who for who, *_ in audited_by(house.database, f"experiment.{step}")] for step in ("submit", "start")] == [
        ["author-1"],
        ["approver-1"],
    ]
    assert "author-1 申请开始于" in approver.look(page).text
    assert _kind(author.post("/experiments/shorter-step/submit", {})) == (409, "already-running")


@pytest.mark.usefixtures("rehearsed")
def test_nobody_starts_what_they_have_asked_for_themselves(house: House, consoles: Callable[..., str]) -> None:
    address, page = consoles(), "/console/experiments/shorter-step"
    max_ = Caller(address, "author", issue(SECRET, "max", roles=["author", "approver"]))
    assert max_.post("/experiments/shorter-step/submit", {}).json()["submitted_by"] == "max"
    assert _kind(max_.post("/experiments/shorter-step/start", {})) == (403, "four-eyes")
    refused = max_.submit(f"{page}/start", page)
    assert refused.status_code == 403 and "另一位批准人" in refused.text
    assert _state(house) == ("rehearsed", None, None)


def test_a_gate_that_is_shut_is_told_with_what_so_many_customers_would_show(
    house: House, consoles: Callable[..., str], write: Write, read_once: None
) -> None:
    author, page = Caller(consoles(), "author"), "/console/experiments/shorter-step"
    assert _kind(author.post("/experiments/shorter-step/submit", {})) == (404, "unknown-experiment")
    folder = write()
    for variant, code in (
        ({"conversations": 4}, "not-rehearsed"),
        ({"problems": ["x"]}, "rehearsal-failed"),
        ({"differing": 0}, "never-differs"),
    ):
        with house.database.session() as session:
            service.keep_rehearsal(session, folder, rehearsal(folder, **variant), "operator")
        assert _kind(author.post("/experiments/shorter-step/submit", {})) == (422, code)
    with house.database.session() as session:
        service.keep_rehearsal(session, folder, rehearsal(folder), "operator")
    customers(house.database, 40, ended=20)
    refused = author.submit(f"{page}/submit", page)
    assert refused.status_code == 422 and "大约有 80 位，只看得出" in refused.text
    small = write(smallest_effect=0.05, planned_n=60)
    with house.database.session() as session:
        service.keep_rehearsal(session, small, rehearsal(small), "operator")
    refused = author.submit(f"{page}/submit", page)
    assert "位客户；计划的这些只看得出" in refused.text and _state(house) == ("rehearsed", None, None)
    bad = write({"short/causes/overdue.yml": "still: 没还清。\n"})
    with house.database.session() as session:
        service.keep_rehearsal(session, bad, rehearsal(bad), "operator")
    refused = author.submit(f"{page}/submit", page)
    assert (
        "有一组的话不能这样说" in refused.text and "experiments/shorter-step/short/causes/overdue.yml:1: must keep 转人工" in refused.text
    )
