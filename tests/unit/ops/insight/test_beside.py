"""What stands beside conversations in a report: ratings, votes with their reasons, waits, root causes, the census and badges; and each as a plot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.knowledge.store import KnowledgeStore
from actions.state.conversations import MESSAGES
from actions.state.experiments import EXPERIMENTS
from actions.state.feedback import FEEDBACK, REASONS
from actions.state.handoffs import HANDOFFS
from actions.state.observations import OBSERVATIONS
from actions.state.opinions import matter
from actions.state.ratings import RATINGS
from bot.demo.remedies import DEMO_FILES
from ops.insight.cases import cases_of
from ops.insight.drawing import plots_of
from ops.insight.people import happenings
from ops.insight.periods import Period
from ops.insight.rendering import as_html, as_tables
from ops.insight.report import Ground, make_report
from tests.databases import migrated
from tests.unit.ops.insight.conftest import NOW, PERIOD, UNTIL, GeneratedMonth
from tools.evaluation.insight_month import Planted, SimulatedMonth, write
from tools.evaluation.insight_people import Beside, write_beside

pytestmark = pytest.mark.broad

LEAST = 5


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GeneratedMonth]:
    """Two months, of the second of which the report is, with cases, ratings, votes, a look of the census and pages with badges."""
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('beside') / 'x.db'}", DEMO_FILES / "world.yml")
    store = KnowledgeStore()
    with database.session() as session:
        for back, prefix in ((0, ""), (28, "before-")):
            write(session, SimulatedMonth(store.current, 5 + back, UNTIL - timedelta(days=back), 28, Planted()), 700, NOW, True, prefix)
        write_beside(session, 3, UNTIL, beside=Beside(agrees=0.2, votes=0.3))
        ask_after(session, sorted(topic for cause in store.current.causes.values() for topic in cause.alternatives)[0])
    with database.session() as session:
        data = make_report(Ground(session, store.current, NOW), PERIOD)
    yield GeneratedMonth(database, store, "", data)
    database.close()


def ask_after(session: Session, topic: str) -> None:
    """Lets some who were explained something ask for another way."""
    seen = OBSERVATIONS.c
    explained = select(OBSERVATIONS).where(seen.kind == "end", seen.value == "explained", seen.at >= PERIOD.begins_at)
    for row in session.execute(explained.order_by(seen.ref).limit(9)).all():
        asked = {"at": row.at + 1000, "ref": row.ref, "episode": row.episode, "seq": row.seq + 1, "kind": "asked", "value": topic}
        session.execute(insert(OBSERVATIONS).values({**asked, "dims": {}, "rolled": True}))


def rows_of(month: GeneratedMonth, table: Any) -> list[Any]:
    with month.database.session() as session:
        return list(session.execute(select(table)).all())


def bare(data: dict[str, Any], **tables: Any) -> dict[str, Any]:
    """A report in which nothing but these tables is left to draw."""
    return {**data, "work": [], "tables": {**{name: [] for name in data["tables"]}, **tables}}


def test_votes_and_their_reasons_are_those_that_customers_gave(month: GeneratedMonth) -> None:
    said = {(row.conversation_id, row.seq): row.data for row in rows_of(month, MESSAGES)}
    times: dict[str, Counter[str]] = defaultdict(Counter)
    who: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows_of(month, FEEDBACK):
        if UNTIL - timedelta(days=28) <= row.at < UNTIL:
            about = matter(said[row.conversation_id, row.seq]).name
            for given in [each for each in (row.vote, row.reason) if each]:
                times[about][given] += 1
                who[about, given].add(row.conversation_id)
    rows = month.data["tables"]["votes"]
    assert len(rows) > 8
    for row in rows:
        true, about = times[row["id"]], row["id"]
        assert row["votes"] == true["up"] + true["down"]
        if row["rate"]["rate"] is not None:
            assert (row["rate"]["hits"], row["rate"]["of"]) == (true["down"], row["votes"])
            assert all(len(who[about, vote]) >= LEAST or not who[about, vote] for vote in ("up", "down"))
        for reason in REASONS:
            assert row[reason] is None or row[reason] == true[reason] and (not true[reason] or len(who[about, reason]) >= LEAST)
        assert sum(row[reason] is None for reason in REASONS) != 1 or sum(bool(row[reason]) for reason in REASONS) == 0
    assert any(row["rate"]["rate"] and row["file"] == f"knowledge/causes/{row['id']}.yml" for row in rows)
    assert any(row[reason] for row in rows for reason in REASONS)


def test_behind_votes_root_causes_and_other_ways_stand_those_who_gave_had_and_asked_for_them(month: GeneratedMonth) -> None:
    tables = month.data["tables"]
    rows = {
        "disliked": next(row for row in tables["votes"] if row["place"]),
        "root": next(row for row in tables["roots"] if row["place"] and not row["agrees"]),
        "asked": tables["alternatives"][0],
    }
    with month.database.session() as session:
        users = {kind: cases_of(session, month.knowledge, PERIOD, row["place"]) for kind, row in rows.items()}
    assert all(row["place"].startswith(f"{kind}/") and len(users[kind]) == 5 == len(set(users[kind])) for kind, row in rows.items())
    said = {(row.conversation_id, row.seq): row.data for row in rows_of(month, MESSAGES)}
    down = {(row.conversation_id, matter(said[row.conversation_id, row.seq])) for row in rows_of(month, FEEDBACK) if row.vote == "down"}
    assert {(user, (rows["disliked"]["kind"], rows["disliked"]["id"])) for user in users["disliked"]} <= down
    written = {(row.user, row.root_cause) for row in rows_of(month, HANDOFFS) if row.created_at >= UNTIL - timedelta(days=28)}
    assert {(user, rows["root"]["root"]) for user in users["root"]} <= written
    asked = {(row.ref, row.value) for row in rows_of(month, OBSERVATIONS) if row.kind == "asked"}
    assert {(f"r-{user}", rows["asked"]["topic"]) for user in users["asked"]} <= asked


def test_ratings_are_those_that_customers_gave(month: GeneratedMonth) -> None:
    said = {(row.conversation_id, row.seq): (row.at, row.data) for row in rows_of(month, MESSAGES)}
    scores: dict[str, list[int]] = defaultdict(list)
    for row in rows_of(month, RATINGS):
        at, data = said[row.conversation_id, row.seq]
        if UNTIL - timedelta(days=28) <= at < UNTIL:
            scores[data["type"]].append(row.score)
    rows = {row["end"]: row for row in month.data["tables"]["ratings"]}
    assert set(rows) == set(scores) >= {"resolved", "explained", "handoff"}
    for end, given in scores.items():
        # An episode in which two ends were rated counts once, by the last end.
        assert rows[end]["rate"]["of"] == pytest.approx(len(given), abs=8)
        assert rows[end]["rate"]["rate"] == pytest.approx(sum(score >= 4 for score in given) / len(given), abs=0.05)


def test_waits_have_their_median_and_its_interval(month: GeneratedMonth) -> None:
    waited: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(month, HANDOFFS):
        if UNTIL - timedelta(days=28) <= row.created_at < UNTIL and row.taken_at is not None:
            waited[row.reason].append((row.taken_at - row.created_at).total_seconds() / 60)
    rows = {row["reason"]: row for row in month.data["tables"]["reasons"]}
    assert len(rows) >= 3
    for reason, row in rows.items():
        assert row["minutes"] == pytest.approx(median(waited[reason]), abs=0.06)
        if len(waited[reason]) < 6:
            assert row["minutes_low"] is row["minutes_high"] is None
            continue
        assert row["minutes_low"] <= row["minutes"] <= row["minutes_high"]
        assert {row["minutes_low"], row["minutes_high"]} <= {round(each, 1) for each in waited[reason]}


def test_complaints_are_told_for_a_thousand_pages_with_a_badge_beside_those_of_before(month: GeneratedMonth) -> None:
    (row,) = month.data["tables"]["badged"]
    claims: list[list[str]] = [[], []]
    for said in rows_of(month, MESSAGES):
        if said.action == "action_diagnose" and said.intent == "item_restricted":
            claims[said.at < UNTIL - timedelta(days=28)].append(said.conversation_id)
    assert (row["pages"], row["pages_before"]) == (28 * 900, 28 * 400)
    assert (row["complaints"], row["complaints_before"]) == (len(claims[0]), len(claims[1]))
    rate, before = row["per_thousand"], row["per_thousand_before"]
    assert rate["value"] == pytest.approx(1000 * len(claims[0]) / row["pages"], abs=0.01) and rate["low"] < rate["value"] < rate["high"]
    assert row["ratio"]["low"] < row["ratio"]["value"] < row["ratio"]["high"] < 1
    assert row["ratio"]["value"] == pytest.approx(rate["value"] / before["value"], abs=0.02)
    html = as_html(month.data, {})
    assert f"{row['ratio']['value']:g}（{row['ratio']['low']:g}–{row['ratio']['high']:g}）" in html and "badged.csv" in as_tables(
        month.data
    )


def test_experiments_that_were_decided_are_counted(month: GeneratedMonth) -> None:
    row = {"version": 1, "hash": "", "spec": {}, "files": {}, "stopped": []}
    ends = (("a", "decided", 1), ("b", "stopped", 1), ("c", "decided", 29))
    with month.database.session() as session:
        for name, state, ago in ends:
            ended = milliseconds(UNTIL - timedelta(days=ago))
            session.execute(insert(EXPERIMENTS).values(id=name, state=state, ended_at=ended, **row))
        assert happenings(session, PERIOD)["experiments"] == 1


def test_of_one_region_nothing_is_said_of_pages(month: GeneratedMonth) -> None:
    with month.database.session() as session:
        data = make_report(Ground(session, month.knowledge, NOW), Period(PERIOD.first, PERIOD.end, "广东"))
    assert data["tables"]["badged"] == []
    assert sum(row["votes"] for row in data["tables"]["votes"]) == 0


def test_what_is_told_beside_conversations_has_its_plots(month: GeneratedMonth) -> None:
    tables = month.data["tables"]
    assert any(row["census"] is not None for row in tables["causes"]) and any(row["agrees"] is False for row in tables["roots"])
    plots = plots_of({**month.data})
    assert {"ratings", "votes", "waiting", "waits", "late", "roots", "causes"} <= set(plots)
    html = as_html(month.data, plots)
    assert html.count('<figure class="plot">') == len(plots)


def test_on_a_phone_too_each_step_is_told_from_the_others_of_its_cause(month: GeneratedMonth) -> None:
    long = "一个比手机上放得下的还要长的原因"
    work = next(row for row in month.data["work"] if row["kind"] == "step")
    steps = [{**month.data["tables"]["steps"][0], "title": long, "step": step} for step in (7, 8)]
    works = [{**work, "title": f"让“{long}”走得通", "parts": ["x", str(step)]} for step in (1, 2)]
    plots = plots_of({**bare(month.data, steps=steps), "work": works})
    assert all(f"…·{step}步<" in plots["work"]["narrow"]["light"] for step in (1, 2))
    assert all(f"… {step}<" in plots["steps"]["narrow"]["light"] for step in (7, 8))


def test_a_heat_map_has_no_row_in_which_nothing_stands(month: GeneratedMonth) -> None:
    rows = [row for row in month.data["tables"]["roots"] if row["rate"]["rate"] is not None]
    apart = [
        {**rows[0], "title": f"说{number}", "root_title": f"写{number}", "rate": {**rows[0]["rate"], "hits": 20 - number}}
        for number in range(12)
    ]
    plots = plots_of(bare(month.data, roots=apart))
    assert [number for number in range(12) if f">说{number}<" in plots["roots"]["wide"]["light"]] == list(range(10))
    assert [number for number in range(12) if f">说{number}<" in plots["roots"]["narrow"]["light"]] == list(range(6))


def test_a_report_of_before_these_tables_is_shown_as_ever(month: GeneratedMonth) -> None:
    tables = {name: rows for name, rows in month.data["tables"].items() if name not in ("votes", "badged")}
    assert "有没有帮助：没有可以显示的" in as_html({**month.data, "tables": tables}, {})
