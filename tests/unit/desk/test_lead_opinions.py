"""What a lead reads of votes: by what the answers spoke of, with reasons and masked words, and nothing that too few customers stand behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.state.columns import real_now
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database
from actions.state.feedback import vote
from actions.state.ratings import rate
from bot.desk.lead_numbers import LeadReport, Period
from bot.desk.lead_panels import Panels
from bot.desk.lead_work import LeadWork
from conversations.application import STORE
from tests.databases import migrated

PANELS = Panels()
RATE = {"type": "answer", "topic": "annual_rate"}
OVERDUE = {"type": "diagnosis", "causes": [{"id": "overdue"}]}
TITLE = STORE.current.answers.topics["annual_rate"].title


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path}/opinions.db")
    yield database
    database.close()


def voted(database: Database, users: range, data: Any, given: Any, reason: str | None = None, word: str | None = None) -> None:
    for number in users:
        with database.session() as session:
            (message,) = append(session, f"u-{number}", [MessageDraft(role="bot", text="x", data=data)])
            vote(session, f"u-{number}", message.seq, given, reason, word)


def report(database: Database, days_ago: int = 0) -> LeadReport:
    day = (real_now() - timedelta(days=days_ago)).date()
    return LeadWork(database, STORE, PANELS).report(Period(day - timedelta(days=1), day + timedelta(days=1)))


def rows(database: Database) -> tuple[Any, ...]:
    return report(database).tables["opinions"].rows


def test_votes_stand_by_what_the_answers_spoke_of_those_most_often_disliked_first(database: Database) -> None:
    voted(database, range(9), OVERDUE, "up")
    voted(database, range(6), RATE, "down", "wrong")
    voted(database, range(6, 11), RATE, "up")
    assert rows(database) == ((TITLE, 5, 6, 0, 0, 6, 0, 11), ("有逾期待还", 9, 0, 0, 0, 0, 0, 9))
    assert report(database, days_ago=9).tables["opinions"].rows == ()


def test_what_too_few_have_said_is_hidden_and_matters_of_too_few_are_put_together(database: Database) -> None:
    voted(database, range(5), RATE, "up")
    voted(database, range(5, 7), RATE, "down", "unclear")
    voted(database, range(3), OVERDUE, "up")
    voted(database, range(3, 6), {"type": "resolved"}, "up")
    assert rows(database) == ((TITLE, 5, None, 0, None, 0, 0, 7), (None, 6, 0, 0, 0, 0, 0, 6))


def test_one_customer_who_votes_often_is_still_one(database: Database) -> None:
    for _ in range(8):
        voted(database, range(1), RATE, "down", "wrong", "我的话")
    found = report(database)
    assert found.tables["opinions"].rows == ((None,) * 8,) and found.words == {}


def test_words_are_masked_by_the_rules_of_today_and_only_of_enough_customers(database: Database) -> None:
    voted(database, range(4), RATE, "down", None, "看不懂\n这个比例")
    voted(database, range(4, 5), RATE, "down", None, "打我电话 13800138000")
    voted(database, range(4), OVERDUE, "down", None, "只有四个人")
    assert report(database).words == {TITLE: ("打我电话 138****8000", "看不懂 这个比例")}


def test_a_matter_that_was_only_rated_has_words_and_no_row(database: Database) -> None:
    for number in range(5):
        with database.session() as session:
            (message,) = append(session, f"u-{number}", [MessageDraft(role="bot", text="x", data={"type": "resolved", "order": "o"})])
            rate(session, f"u-{number}", message.seq, 5, "很快")
    found = report(database)
    assert found.tables["opinions"].rows == () and found.words == {"限制已解除": ("很快",)}


def test_what_is_named_by_no_title_of_its_own_is_one_row(database: Database) -> None:
    voted(database, range(3), None, "up")
    voted(database, range(3, 6), {"type": "clarify"}, "up")
    assert [(row[0], row[1]) for row in rows(database)] == [("其他", 6)]


def test_a_spreadsheet_gets_the_same_rows(database: Database) -> None:
    voted(database, range(6), RATE, "down", "beside")
    found = report(database).tables["opinions"]
    table = [*csv.reader(io.StringIO(PANELS.csv(PANELS.panels["opinions"], found).decode("utf-8-sig")))]
    assert table == [
        ["讲的是", "有帮助", "没有帮助", "答非所问", "看不懂", "和实际不符", "没解决问题", "客户数"],
        [TITLE, "0", "6", "6", "0", "0", "0", "6"],
    ]
