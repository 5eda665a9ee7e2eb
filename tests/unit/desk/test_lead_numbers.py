"""What a lead reads is counted right: whose case it was, how long it took, what is proven, and nothing about too few customers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from actions.core.moments import SHANGHAI
from actions.state import reporting
from actions.state.columns import real_now
from actions.state.conversations import CONVERSATIONS, MESSAGES
from actions.state.database import Database
from actions.state.handoffs import HANDOFFS
from actions.state.opinions import opinions
from actions.state.ratings import RATINGS
from bot.desk.lead_numbers import LeadReport, NumberTable, Period, Spread
from bot.desk.lead_panels import Panels
from bot.desk.lead_work import LeadWork
from bot.web.spreadsheets import harmless
from conversations.application import STORE
from tests.databases import migrated
from tests.load.desk_history import fill

DAY = date(2026, 11, 20)
PANELS = Panels()


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


class History:
    """A database into which a test writes what happened."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def say(
        self, user: str, when: datetime, role: str = "user", text: str = "怎么不能分期", intent: str = "installment_missing", **more: Any
    ) -> None:
        with self.database.session() as session:
            number = len(session.execute(MESSAGES.select().where(MESSAGES.c.conversation_id == user)).all()) + 1
            if number == 1:
                session.execute(insert(CONVERSATIONS).values(id=user, last_seq=0, created_at=when, updated_at=when))
            row = {
                "conversation_id": user,
                "seq": number,
                "id": f"m{number}",
                "at": when,
                "role": role,
                "text": text,
                "buttons": (),
                **more,
            }
            session.execute(insert(MESSAGES).values(**row, intent=intent if role == "user" else None))

    def hand_over(self, user: str, made: datetime, taken: datetime | None = None, closed: datetime | None = None, **more: Any) -> None:
        given = {"reason": "requested", "queue": "general", "priority": "normal", "payload": {}, **more}
        status = "closed" if closed else "taken" if taken else "queued"
        with self.database.session() as session:
            given = {"id": f"h-{user}-{made:%H%M}", "conversation_id": user, "user": user, "status": status, **given}
            session.execute(insert(HANDOFFS).values(created_at=made, taken_at=taken, closed_at=closed, **given))

    def rate(self, user: str, score: int, when: datetime) -> None:
        with self.database.session() as session:
            session.execute(insert(RATINGS).values(conversation_id=user, seq=1, score=score, at=when))

    def report(self, first: date = DAY, last: date = DAY) -> LeadReport:
        return LeadWork(self.database, STORE, PANELS).report(Period(first, last))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    database = migrated(f"sqlite:///{tmp_path}/lead.db")
    yield History(database)
    database.close()


def test_a_customer_counts_once_and_as_solved_only_if_that_is_proven_and_no_person_was_needed(history: History) -> None:
    for user in ("proven", "proven-then-person", "withdrew", "asked-only", "waits"):
        history.say(user, at(10))
        history.say(user, at(11))
    for user in ("proven", "proven-then-person", "withdrew"):
        history.say(user, at(10, 5), "bot", data={"type": "resolved"})
    history.say("asked-only", at(10, 5), "bot", data={"type": "diagnosis"})
    history.hand_over("proven-then-person", at(10, 30), at(10, 40), at(11))
    history.hand_over("withdrew", at(10, 1), closed=at(10, 3), ending="withdrawn")
    history.hand_over("waits", at(10, 30))
    report = history.report()
    assert report.outcomes == {"solved": 2, "handed": 2, "neither": 1}
    assert dict((row[0], row[1:]) for row in report.tables["solved"].rows)["10:00"] == (2, 2, 1)
    assert history.report(date(2026, 11, 19), date(2026, 11, 19)).outcomes == {"solved": 0, "handed": 0, "neither": 0}


def test_days_begin_at_midnight_in_shanghai(history: History) -> None:
    history.say("late", at(23, 59, day=19))
    history.say("early", at(0))
    report = history.report(date(2026, 11, 19), DAY)
    assert report.tables["solved"].rows == (("11-19", 0, 0, 1), ("11-20", 0, 0, 1))


def test_the_first_reply_is_a_persons_after_the_handing_over_and_handling_ends_with_the_case(history: History) -> None:
    for number in range(10):
        user = f"u-{number}"
        history.say(user, at(9))
        history.say(user, at(9, 1), "agent")
        history.hand_over(user, at(10), at(10, 1), at(10, 11 + number))
        history.say(user, at(10, 2), "bot")
        history.say(user, at(10, 3 + number % 2), "agent")
        history.say(user, at(10, 9), "agent")
    history.hand_over("never-taken", at(10), closed=at(10, 30), ending="solved")
    history.hand_over("nothing-said", at(10), at(10, 1), at(10, 2))
    report = history.report()
    assert report.first_reply == Spread(10, 210.0, 240.0)
    assert (report.handling.count, report.handling.ninety) == (11, 18 * 60.0)
    assert [row for row in report.tables["first_reply"].rows if row[1]] == [("10:00", 10, 210.0, 240.0)]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], (0, None, None)),
        ([1.0] * 4, (4, None, None)),
        ([1, 2, 3, 4, 5], (5, 3, None)),
        (range(1, 11), (10, 5.5, 9)),
        (range(1, 101), (100, 50.5, 90)),
    ],
)
def test_a_spread_says_nothing_of_too_few(seconds: Any, expected: tuple[int, float | None, float | None]) -> None:
    assert Spread.of(seconds) == Spread(*expected)


def test_open_cases_stand_by_queue_and_age_whatever_the_period(history: History) -> None:
    now = real_now()
    for number, age in enumerate((1, 10, 30, 120, 300, 300)):
        history.hand_over(f"u-{number}", now - timedelta(minutes=age), queue="risk" if number == 5 else "general")
    report = history.report()
    assert report.tables["open"].rows == (("综合", 1, 1, 1, 1, 1, 5), ("风险", 0, 0, 0, 0, 1, 1))
    assert report.open_count == 6 and 300 * 60 <= report.oldest < 301 * 60


def test_what_too_few_customers_stand_behind_is_put_together_or_not_shown(history: History) -> None:
    for number in range(12):
        cause = "overdue" if number < 6 else "risk_blocked" if number < 9 else "merchant_paused"
        history.hand_over(f"u-{number}", at(10), at(10, 1), at(11), root_cause=cause, reason="requested" if number < 10 else "fraud")
    report = history.report()
    assert report.tables["causes"].rows == (("有逾期待还", 6, 6), (None, 6, 6))
    assert report.tables["reasons"].rows == (("客户要求人工", 10, 10), (None, None, None))
    assert "少于 5 位客户" in PANELS.csv(PANELS.panels["reasons"], report.tables["reasons"]).decode()


def test_one_customer_who_comes_often_is_still_one(history: History) -> None:
    for hour in range(8, 16):
        history.hand_over("u-1", at(hour), at(hour, 1), at(hour, 5))
    assert history.report().tables["reasons"].rows == ((None, None, None),)


def test_ratings_are_counted_by_score_and_averaged_when_there_are_enough(history: History) -> None:
    for number in range(7):
        history.say(f"u-{number}", at(10))
        history.rate(f"u-{number}", 5 if number < 5 else 1, at(10, number))
    report = history.report()
    assert report.tables["ratings"].rows == (("5", 5), ("4", 0), ("3", 0), ("2", 0), ("1", None))
    assert report.mean_score == pytest.approx(27 / 7) and report.ratings == 7


def test_what_was_not_understood_has_examples_masked_by_the_rules_of_today_and_only_of_enough_customers(history: History) -> None:
    for number in range(5):
        history.say(f"u-{number}", at(10), text="就上回\n那样弄" if number else "我电话 13800138000", intent="nlu_fallback")
    history.say("u-1", at(11), text="我的快递呢", intent="out_of_scope")
    report = history.report()
    assert report.tables["missed"].rows == (("没听懂", 5, 5), ("说的是其他业务", None, None))
    assert report.examples == {"nlu_fallback": ("就上回 那样弄", "我电话 138****8000")}


def test_a_limit_that_was_reached_is_said(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        history.say(f"u-{number}", at(10))
    assert not history.report().cut
    monkeypatch.setattr("bot.desk.lead_numbers.MOST_ROWS", 3)
    assert history.report().cut


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    table = NumberTable("reasons", ((text, 6, 6),))
    rows = [*csv.reader(io.StringIO(PANELS.csv(PANELS.panels["reasons"], table).decode("utf-8-sig")))]
    assert rows == [["原因", "件数", "客户数"], [f"'{text}", "6", "6"]]
    assert harmless("逾期 -2") == "逾期 -2"


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "少于 5 位客户"), (42, "42 秒"), (150, "2.5 分钟"), (1800, "30 分钟"), (7200, "2 小时")]
)
def test_times_are_said_as_exactly_as_somebody_reads_them(seconds: float | None, words: str) -> None:
    assert PANELS.duration(seconds) == words


def test_a_time_that_is_not_there_says_why() -> None:
    rows = (("00:00", 0, None, None), ("01:00", 3, None, None), ("02:00", 7, 60.0, None), ("03:00", 12, 60.0, 120.0))
    panel, table = PANELS.panels["first_reply"], NumberTable("first_reply", rows)
    said = [["–", "–"], ["少于 5 位客户"] * 2, ["60 秒", "不足 10 件"], ["60 秒", "2 分钟"]]
    assert [row[2:] for row in PANELS.rows(panel, table)] == said
    lines = PANELS.csv(panel, table).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["00:00,0,–,–", "01:00,3,少于 5 位客户,少于 5 位客户", "02:00,7,60.0,不足 10 件", "03:00,12,60.0,120.0"]


@pytest.mark.parametrize("days", [1, 7])
def test_every_panel_has_a_title_for_each_of_its_cells_and_draws_columns_that_it_has(history: History, days: int) -> None:
    fill(history.database, 200, 90, days=5, turns=3)
    now = real_now().date()
    report = history.report(now - timedelta(days=days - 1), now)
    assert list(report.tables) == list(PANELS.panels)
    for name, panel in PANELS.panels.items():
        assert {len(row) for row in report.tables[name].rows} <= {len(panel.columns)}, name
        assert {panel.plot["label"], *panel.plot["series"], *panel.kinds} <= set(panel.columns)
        assert len(panel.plot["series"]) == len(panel.plot["colours"])


def test_no_statement_reads_more_than_the_period(history: History) -> None:
    fill(history.database, 60, 20, days=20, turns=2)
    span = at(0), at(0) + timedelta(days=1)
    plans = []
    engine = history.database.engine
    with history.database.session() as session, engine.connect() as explaining:
        from sqlalchemy import event

        def explain(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.lstrip().upper().startswith("SELECT"):
                rows = explaining.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
                plans.append(" ".join(row[3] for row in rows))

        event.listen(engine, "before_cursor_execute", explain)
        opinions(session, *span)
        for read in (reporting.handed_over, reporting.first_said, reporting.first_resolved, reporting.said_by_agents, reporting.scores):
            read(session, *span)
        reporting.intents(session, *span, ("nlu_fallback",))
        reporting.said_as(session, *span, ("nlu_fallback",), 5)
        reporting.open_cases(session)
        event.remove(engine, "before_cursor_execute", explain)
    assert len(plans) == 10
    assert [plan for plan in plans if "SCAN" in plan and "uq_handoffs_open" not in plan] == []
    indexes = ("ix_messages_role_at", "ix_messages_proven", "ix_handoffs_created_at", "ix_ratings_at", "ix_feedback_at")
    # Of what the assistant said, only what is proven is read, however much it said.
    assert [sum(name in plan for plan in plans) for name in indexes] == [4, 1, 1, 2, 1]


def test_days_are_written_as_people_write_them_and_hours_as_clocks_do() -> None:
    assert [PANELS.slot(slot) for slot in ("11-01", "01-20", "08:00")] == ["11月1日", "1月20日", "08:00"]


@pytest.mark.parametrize("first, last", [(DAY, DAY), (date(2026, 10, 30), DAY)])
def test_every_instant_of_a_period_lies_in_the_slot_that_its_local_time_says(first: date, last: date) -> None:
    period = Period(first, last)
    steps = range(0, int((period.end - period.start).total_seconds()), 1799)
    instants = [*(period.start + timedelta(seconds=step) for step in steps), period.end - timedelta(microseconds=1)]
    said = "%H:00" if first == last else "%m-%d"
    assert [period.slot_of(each.astimezone(timezone.utc)) for each in instants] == [each.strftime(said) for each in instants]
