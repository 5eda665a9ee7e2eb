"""The console's pages of experiments: what is found is drawn and listed, and who may stops or decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.state.experiments import ExperimentRow, find_experiment, put_experiment
from ops.experiments.looking import look_at
from tests.unit.console.conftest import Caller
from tests.unit.handoff.conftest import House
from tests.unit.ops.experiments.conftest import Write, write
from tests.unit.ops.experiments.test_looking import NOW, _met

__all__ = ["write"]

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
