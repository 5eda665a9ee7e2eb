"""GET /opening: what is known before the customer speaks, and that asking for it leaves no trace and costs little."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from sqlalchemy import event, func, select

from actions.state.columns import metadata
from bot.channel.opening import opening
from bot.channel.service import RateLimiter
from bot.channel.tokens import Claims
from conversations.application import STORE
from tests.widget.stand import Stand

MOST_MILLISECONDS = 20


def look(stand: Stand, token: str) -> requests.Response:
    return requests.get(f"{stand.address}/webhooks/widget/opening", headers={"Authorization": f"Bearer {token}"}, timeout=10)


def rows(stand: Stand) -> dict[str, int]:
    with stand.database.session() as session:
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables}


@contextmanager
def statements(stand: Stand) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(stand.database.engine, "before_cursor_execute", note)
    yield said
    event.remove(stand.database.engine, "before_cursor_execute", note)


def test_it_says_what_blocks_the_order_of_the_token(stand: Stand) -> None:
    seen = look(stand, stand.token("u-1055", "o-1055")).json()
    assert (seen["order"], seen["stands"], seen["text"]) == ("o-1055", "blocked", "您这单的分期被 1 件事挡住：可用额度不够。")
    assert seen["causes"][0]["shown"] == [{"fact": "limit.available", "value": 1800.0}, {"fact": "limit.missing", "value": 2199.0}]
    assert seen["start"] == {"title": "开始：补上差的额度", "text": "付款时没有分期选项"} and len(seen["questions"]) == 4


@pytest.mark.parametrize(
    ("user", "order", "found", "title"),
    [
        ("u-1001", "o-1", "clear", "还是看不到分期"),
        ("u-2004", "o-2004", "blocked", "看看怎么办"),
        ("u-2005", "o-2005", "limited", "看看能分几期"),
        ("u-2006", None, "unknown", "查查为什么不能分期"),
        ("u-1013", None, "blocked", "开始：还清逾期"),
        ("u-1031", None, "blocked", "看看怎么办"),
    ],
)
def test_the_next_step_is_the_one_that_the_state_allows(user: str, order: str | None, found: str, title: str, stand: Stand) -> None:
    seen = look(stand, stand.token(user, order)).json()
    assert (seen["stands"], seen["start"]["title"]) == (found, title)


def test_looking_leaves_nothing_behind(stand: Stand) -> None:
    before = rows(stand)
    for user, order in (("u-1013", "o-1013"), ("u-2006", None), ("u-1001", "o-1")):
        assert look(stand, stand.token(user, order)).status_code == 200
    assert rows(stand) == before and stand.heard == []


def test_it_takes_the_same_few_statements_whatever_the_customer_has_and_little_time(stand: Stand) -> None:
    counted = set()
    for user, order in (("u-1013", "o-1013"), ("u-2009", "o-2009"), ("u-3001", "o-3011")):
        with statements(stand) as said:
            look(stand, stand.token(user, order))
        counted.add(len(said))
        assert [each for each in said if not each.startswith(("SELECT", "BEGIN", "PRAGMA"))] == []
    assert len(counted) == 1 and counted.pop() <= 20
    claims, took, experiments = Claims("u-2002", "o-2002", None, 2**40), [], stand.service.store.experiments(STORE)
    for _ in range(21):
        # What others do on this machine meanwhile is not what the call costs.
        begun = time.thread_time()
        opening(stand.service.store, experiments, claims)
        took.append(1000 * (time.thread_time() - begun))
    assert statistics.median(took) <= MOST_MILLISECONDS, took


def test_it_asks_for_a_token_and_counts_like_a_message(stand: Stand) -> None:
    assert requests.get(f"{stand.address}/webhooks/widget/opening", timeout=5).status_code == 401
    assert look(stand, stand.token("u-1013", "o-1001")).status_code == 401
    assert look(stand, stand.token("a-1", None, role="agent")).status_code == 401
    stand.service._limiter = RateLimiter("2/minute")
    assert [look(stand, stand.token()).status_code for _ in range(3)] == [200, 200, 429]


def test_a_customer_whose_state_cannot_be_read_is_told_so(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channel.opening.Opening.of", lambda *_: 1 / 0)
    answer = look(stand, stand.token())
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (503, "unavailable")
