"""The locale: what it writes, and which files are refused."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from actions.knowledge import DEFAULT_ROOT, load
from actions.knowledge.rendering import Locale, read_locale
from actions.yaml_source import Problem, Source, SourceError
from conversations.application import project_knowledge

pytestmark = pytest.mark.slow

SHIPPED = (DEFAULT_ROOT / "locale.yml").read_text(encoding="utf-8")


def read(text: str) -> tuple[Locale | None, list[str]]:
    problems: list[Problem] = []
    found = read_locale([Source("locale.yml", text)], problems)
    return found, [str(problem) for problem in problems]


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("list_separator: 、\n", "", "2: list_separator is missing"),
        ("list_separator: 、", 'list_separator: ""', "2: list_separator must not be empty"),
        ("nothing: 无", "nothing: 无\nperhaps: 也许", "16: perhaps is not a field here"),
        ("date: \"{month}月{day}日\"", 'date: "{month}月{dai}日"', "7: date takes exactly the placeholders day, month"),
        ("date: \"{month}月{day}日\"", 'date: "{month}月"', "7: date takes exactly the placeholders day, month"),
        ("{year}年{month}月{day}日", "", "8: date_with_year takes exactly the placeholders day, month, year"),
        ("{hour}:{minute}", "{hour}:{minute", "11: instant has a brace that belongs to no placeholder"),
        ("sentence_ends: ", "sentence_ends: []\nends: ", "18: sentence_ends must be text"),
    ],
)  # fmt: skip
def test_a_wrong_locale_is_refused(old: str, new: str, expected: str) -> None:
    assert SHIPPED.count(old) == 1
    assert f"locale.yml:{expected}" in read(SHIPPED.replace(old, new))[1]


def test_a_folder_without_a_locale_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DEFAULT_ROOT, tmp_path / "knowledge")
    (tmp_path / "knowledge" / "locale.yml").unlink()
    with pytest.raises(SourceError, match=r"knowledge/locale.yml:1: is missing or cannot be used"):
        load(tmp_path / "knowledge")


def test_another_locale_writes_lists_and_moments_its_own_way() -> None:
    text = (
        SHIPPED.replace("list_separator: 、", 'list_separator: ", "')
        .replace("{month}月{day}日", "{day}.{month}.")
        .replace("{year}年", "in {year} ")
    )
    locale, problems = read(text)
    assert locale is not None and problems == []
    assert locale.listed(["3", "6"]) == "3, 6"
    assert locale.moment(datetime(2026, 11, 22, 1, 5, tzinfo=timezone.utc), datetime(2026, 1, 1, tzinfo=timezone.utc)) == "22.11. 09:05"
    assert locale.moment(date(2026, 11, 22)) == "in 2026 22.11."


def test_a_sentence_ends_where_the_locale_says(tmp_path: Path) -> None:
    shutil.copytree(DEFAULT_ROOT, tmp_path / "knowledge")
    path = tmp_path / "knowledge" / "locale.yml"
    assert load(tmp_path / "knowledge").forbidden.sentence.findall("一|二。三") == ["一|二", "三"]
    path.write_text(SHIPPED.replace('"。！？', '"|。！？'), encoding="utf-8")
    assert load(tmp_path / "knowledge").forbidden.sentence.findall("一|二。三") == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("这单能分几期", 1),
        ("能不能改期数，改了要钱吗", 2),
        ("什么时候扣 扣多少", 2),
        ("我昨天还了一笔，今天再看", 0),
        ("试了好几次，还是不行怎么办", 1),
        ("上一笔还没还完", 0),
        ("袜子几十块钱，怎么分不了", 1),
        ("大概要多久，是谁在审", 2),
        ("复核要几天，是人工还是系统看", 2),
    ],
)
def test_a_message_asks_as_many_things_as_it_has_clauses_that_ask(text: str, questions: int) -> None:
    assert project_knowledge().locale.questions_in(text) == questions


@pytest.mark.parametrize(
    "clause, message, asks",
    [
        ("几天能好", "几天能好", True),
        ("年纪大就不能用", "年纪大就不能用?那算了", True),
        ("年纪大就不能用", "我年纪大就不能用，那算了吧？", False),
        ("尾款总可以分吧", "尾款总可以分吧", True),
        ("那就算了吧", "那就算了吧", False),
        ("要多大流量", "要多大流量", True),
    ],
)
def test_what_ends_in_a_question_mark_asks_whatever_its_words(clause: str, message: str, asks: bool) -> None:
    assert project_knowledge().locale.is_asked(clause, message) == asks
