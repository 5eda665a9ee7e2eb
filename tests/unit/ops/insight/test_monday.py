"""The worker's report of a week: made once, kept with its plots, held against the one before, with the titles of its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actions.bootstrap import bootstrap
from actions.core.moments import SHANGHAI
from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.settings import Settings
from actions.state import insight
from actions.state.database import Database
from actions.state.world.loading import load_world
from bot.demo.remedies import DEMO_FILES
from ops.insight import monday
from ops.insight.figures import figure
from ops.insight.monday import make_week, make_weekly
from ops.insight.periods import PeriodRefused
from ops.insight.rendering import as_html
from ops.insight.titles import Titles, current_titles
from ops.insight.work import LosingPlace, work_list
from ops.worker import Surroundings
from tests.unit.ops.insight.conftest import PERIOD, UNTIL, GeneratedMonth
from tools.evaluation.insight_month import Planted, SimulatedMonth, write

pytestmark = pytest.mark.broad

MONDAY = UNTIL.astimezone(SHANGHAI) + timedelta(hours=3)


@pytest.fixture
def here(database: Database, generated: GeneratedMonth, monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    load_world(database, [DEMO_FILES / "world.yml"])
    monkeypatch.setattr(monday, "real_now", lambda: MONDAY)
    made = Surroundings.of(bootstrap(Settings.read(database_url=str(database.engine.url)), database=database))
    return replace(made, knowledge=generated.store)


def fill(here: Surroundings, lost: float, weeks_ago: int, customers: int = 160) -> SimulatedMonth:
    until = UNTIL - timedelta(days=7 * weeks_ago)
    month = SimulatedMonth(here.knowledge.current, 40 + weeks_ago, until, 7)
    month.planted = Planted(broken=(month.walkable[0].id, 1), lost_at_broken=lost, comes_back=0.0)
    with here.database.session() as session:
        write(session, month, customers, UNTIL + timedelta(days=1), prefix=f"w{weeks_ago}-")
    return month


@pytest.mark.slow
def test_a_week_is_told_once_it_is_over_and_held_against_the_one_before(here: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    month = fill(here, lost=0.9, weeks_ago=1)
    fill(here, lost=0.15, weeks_ago=0)
    with monkeypatch.context() as undrawn:
        undrawn.setattr("ops.insight.drawing.plots_of", lambda data: {})
        before = make_week(here, "2026-W46", MONDAY)
    broken = f"step/{month.walkable[0].id}/1"
    assert before.data["work"][0]["place"] == broken
    assert make_weekly(here) == "2026-W47"
    assert make_weekly(here) is None
    with here.database.session() as session:
        assert [week for week, _ in insight.weeks(session)] == ["2026-W47", "2026-W46"]
        report = insight.find_report(session, "2026-W47")
        assert insight.find_drawing(session, "2026-W47", "steps-wide", "dark") is not None
        assert "funnel" in insight.drawn_names(session, "2026-W47")
    assert report is not None and report.data["previous"] == "2026-W46"
    followed = next(row for row in report.data["followed"] if row["place"] == broken)
    assert followed["verdict"] == "better" and followed["before"]["rate"] > 0.7 and followed["rate"]["of"] >= 5
    assert "变好了" in as_html(report.data, {})


def test_a_week_that_is_not_over_is_not_told(here: Surroundings) -> None:
    with pytest.raises(PeriodRefused, match="is not over"):
        make_week(here, "2026-W48", MONDAY)


def test_a_week_without_traffic_says_that_it_is_too_few(here: Surroundings) -> None:
    assert make_weekly(here) == "2026-W47"
    with here.database.session() as session:
        report = insight.find_report(session, "2026-W47")
    assert report is not None and report.data["few"] and report.data["episodes"] == 0


def test_reports_are_forgotten_with_the_counts_that_they_are_made_of(here: Surroundings) -> None:
    make_week(here, "2025-W30", MONDAY)
    make_weekly(here)
    with here.database.session() as session:
        assert [week for week, _ in insight.weeks(session)] == ["2026-W47"]


def test_what_is_gone_from_the_knowledge_keeps_the_title_of_its_time(here: Surroundings) -> None:
    titles = {**current_titles(here.knowledge.current), "cause/gone": "已经删掉的原因", "step/gone/1": "做一件事"}
    then, now = milliseconds(MONDAY) - 10, milliseconds(MONDAY)
    with here.database.session() as session:
        insight.note_titles(session, then, titles)
        assert insight.note_titles(session, then + 1, titles) == 0
        insight.note_titles(session, now, {"cause/overdue": "新的叫法"})
        old, new = (Titles(session, here.knowledge.current, at, {}) for at in (then, now))
        assert (old.cause("gone"), old.of("step", "gone", "1")) == ("已经删掉的原因", "做一件事")
        assert (old.cause("overdue"), new.cause("overdue")) == ("有逾期待还", "新的叫法")
        assert new.cause("never_heard_of") == "never_heard_of"


def test_who_takes_care_of_a_place_stands_at_it(here: Surroundings) -> None:
    place = LosingPlace("step", ("overdue", "2"), 20, figure(20, 50), "f", "s", "t")
    with here.database.session() as session:
        insight.set_work(session, "step/overdue/2", "open", "", "ann")
        insight.set_work(session, "step/overdue/2", "doing", "小林", "ann")
        taken = insight.work_states(session)
    rows: list[dict[str, Any]] = work_list([place, replace(place, parts=("overdue", "1"), customers=5)], PERIOD, taken, None)
    assert [(row["rank"], row["place"], row["state"], row["owner"]) for row in rows] == [
        (1, "step/overdue/2", "doing", "小林"),
        (2, "step/overdue/1", "open", ""),
    ]


def test_every_title_is_short_enough_for_a_line(here: Surroundings) -> None:
    knowledge: Knowledge = here.knowledge.current
    titles = current_titles(knowledge)
    assert {f"cause/{name}" for name in knowledge.causes} <= set(titles)
    assert all(title and len(title) <= 30 and "{" not in title for title in titles.values())
