"""Who looks at the chat is told unasked that the cause of their step is gone: once, and read again only after something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from actions.bootstrap import Application
from actions.core.case import Case
from actions.core.subject import Subject
from actions.recovery.incident_ends import NOTICE
from actions.state import conversations, handoffs
from actions.state.database import Database
from actions.state.subscriptions import subscribe as subscribe_to
from actions.state.world.loading import load_world_data
from bot.channel import unasked
from bot.channel.feed import Feed
from bot.channel.locks import LocalLocks
from bot.channel.store import ChannelStore
from bot.channel.unasked import LOOKS, UnaskedChecks
from bot.engine.tracker_store import case_in, said_since_customer, with_said
from conversations.application import composed
from tests.databases import migrated
from tests.unit.handoff.conftest import WORLD

BOUND = {"users": [{"id": "u-1024", "phone_bound": True}]}
DOING = Case(phase="doing", subject=Subject("order", "o-1024"), token_order="o-1024", intent="installment_missing", cause="phone_unbound")


class Chat:
    """A customer whose phone is not bound, at the step that binds it, with a stream open; and one server that looks."""

    def __init__(self, database: Database) -> None:
        self.here: Application = composed(database)
        # Read beforehand: on a busy machine that takes longer than a look may.
        assert self.here.knowledge.current
        self.feed = Feed(ChannelStore(database, self.here.facts))
        self.checks = self.server()

    def server(self) -> UnaskedChecks:
        here = self.here
        return UnaskedChecks(here.database, here.knowledge, here.facts, here.assistant_on, here.world_now, LocalLocks(), self.feed)

    def at(self, case: Case = DOING, user: str = "u-1024") -> None:
        with self.here.database.session() as session:
            conversations.append(session, user, [conversations.MessageDraft("user", "x"), conversations.MessageDraft("bot", "step")])
            tracker = with_said('{"name":"u","events":[{"event":"user","text":"x"}]}', ["step"], case)
            conversations.save_tracker(session, user, tracker)

    def told(self, *servers: UnaskedChecks, users: tuple[str, ...] = ("u-1024",)) -> int:
        async def look() -> list[int]:
            try:
                return list(await asyncio.gather(*(server.look() for server in servers or (self.checks,))))
            finally:
                await self.feed.close()

        async def listening() -> list[int]:
            for user in users:
                self.feed._listeners.setdefault(user, set())
            return await look()

        return sum(asyncio.run(listening()))

    def news(self, user: str = "u-1024") -> list[Any]:
        with self.here.database.session() as session:
            return [each.data for each in conversations.history(session, user, after=2)]

    def case(self) -> Case:
        with self.here.database.session() as session:
            return case_in(conversations.load_tracker(session, "u-1024") or "")


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    database = migrated(f"sqlite:///{tmp_path}/unasked.db", WORLD)
    yield Chat(database)
    database.close()


def test_it_is_said_once_and_remembered(chat: Chat) -> None:
    chat.at()
    assert chat.told() == 0 and chat.news() == []
    load_world_data(chat.here.database, BOUND)
    assert [chat.told(), chat.told(), chat.told()] == [1, 0, 0]
    check, resolved = chat.news()
    assert check == {"type": "check", "cause": "phone_unbound", "passed": True, "blocked": False} and resolved["type"] == "resolved"
    assert (chat.case().phase, chat.case().told, chat.case().tried[-1].result) == ("resolved", "phone_unbound", "passed")
    with chat.here.database.session() as session:
        assert len(said_since_customer(conversations.load_tracker(session, "u-1024") or "")) == 3


def test_of_two_servers_one_says_it(chat: Chat) -> None:
    chat.at()
    load_world_data(chat.here.database, BOUND)
    first, second = chat.server(), chat.server()
    for _ in range(4):
        chat.told(first, second)
    assert [each["type"] for each in chat.news()] == ["check", "resolved"]


@pytest.mark.parametrize(
    "case",
    [
        DOING.but(phase="resolved", cause=None),
        DOING.but(phase="asking_subject"),
        DOING.but(cause="no_cause_found"),
        DOING.but(cause="cause_of_another_version"),
        DOING.but(subject=Subject("order", "o-1013")),
    ],
    ids=["resolved", "asking", "refreshing", "unknown cause", "order of somebody else"],
)
def test_without_a_step_that_the_state_could_end_nothing_is_said(case: Case, chat: Chat) -> None:
    chat.at(case)
    load_world_data(chat.here.database, BOUND)
    assert chat.told() == 0 and chat.news() == []


def test_while_a_person_has_the_case_nothing_is_said(chat: Chat) -> None:
    chat.at()
    with chat.here.database.session() as session:
        row = handoffs.create(session, "u-1024", "u-1024", "requested", "general", {}, Subject("order", "o-1024"), "normal", "h-1")
        assert handoffs.take(session, row.id, "agent-1")
    load_world_data(chat.here.database, BOUND)
    assert chat.told() == 0 and chat.news() == []


def subscribe(chat: Chat, *orders: str) -> None:
    with chat.here.database.session() as session:
        for order in orders:
            subscribe_to(session, "u-1024", "u-1024", Subject("order", order), "phone_unbound")


@pytest.mark.broad
@pytest.mark.parametrize("orders", [("o-1024",), ("o-1024", "o-1013")], ids=["this order", "another order as well"])
@pytest.mark.parametrize("first", ["unasked", "notice"])
def test_whoever_asked_for_a_notice_of_it_is_told_once(chat: Chat, first: str, orders: tuple[str, ...]) -> None:
    load_world_data(chat.here.database, {"orders": [{"id": "o-1013", "user": "u-1024"}]})
    chat.at()
    subscribe(chat, *orders)
    load_world_data(chat.here.database, BOUND)
    watcher = chat.here.recovery_watcher()
    if first == "unasked":
        assert (chat.told(), watcher.look()) == (1, 0)
        assert [each["type"] for each in chat.news()] == ["check", "resolved"]
    else:
        assert (watcher.look(), chat.told()) == (1, 0)
        assert [each["type"] for each in chat.news()] == ["check"]
    load_world_data(chat.here.database, {"users": [{"id": "u-1024", "region": "北京"}]})
    assert (chat.told(), watcher.look()) == (0, 0), "nor is it said after another change"


def test_a_notice_of_an_earlier_end_keeps_nobody_from_saying_the_next(chat: Chat) -> None:
    with chat.here.database.session() as session:
        data = {"type": "check", "cause": "phone_unbound", "passed": True}
        conversations.append(session, "u-1024", [conversations.MessageDraft("bot", "x", data=data, action=NOTICE)])
        step = {"type": "step", "cause": "phone_unbound", "step": 1, "steps": 2}
        conversations.append(session, "u-1024", [conversations.MessageDraft("bot", "y", data=step)])
    chat.at()
    load_world_data(chat.here.database, BOUND)
    assert chat.told() == 1


def test_a_notice_that_is_written_meanwhile_wins(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.at()
    subscribe(chat, "o-1024")
    load_world_data(chat.here.database, BOUND)
    watcher, decide = chat.here.recovery_watcher(), UnaskedChecks._response

    def slow(self: UnaskedChecks, *given: Any) -> Any:
        response = decide(self, *given)
        assert watcher.look() == 1
        return response

    with monkeypatch.context() as patched:
        patched.setattr(UnaskedChecks, "_response", slow)
        chat.told()
    assert [chat.told(), chat.told()] == [0, 0]
    assert [each["type"] for each in chat.news()] == ["check"]


def test_while_nothing_changes_nothing_is_read_but_the_mark(chat: Chat) -> None:
    chat.at()
    for _ in range(LOOKS):
        chat.told()
    with statements(chat.here.database) as seen:
        chat.told()
    assert len([each for each in seen if each.startswith("SELECT")]) <= 2 and not any("FROM users" in each for each in seen)
    load_world_data(chat.here.database, {"users": [{"id": "u-1024", "region": "北京"}]})
    with statements(chat.here.database) as seen:
        chat.told()
    assert any("FROM users" in each for each in seen)


def test_many_are_read_in_as_many_statements_as_one(chat: Chat) -> None:
    outage = {"id": "i-w", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"}
    load_world_data(chat.here.database, {"incidents": [outage]})
    many = tuple(f"u-{number}" for number in range(1036, 1056))
    for user in many:
        chat.at(DOING.but(subject=Subject("order", user.replace("u", "o")), cause="incident_outage"), user)
    counts = []
    for users in (many[:1], many):
        chat.feed._listeners.clear()
        with statements(chat.here.database) as seen:
            assert chat.told(chat.server(), users=users) == 0
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_at_most_so_many_are_read_in_one_look_and_the_others_in_the_next(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unasked, "MOST_AT_ONCE", 1)
    for user, cause in (("u-1013", "phone_unbound"), ("u-1024", "overdue")):
        chat.at(DOING.but(subject=Subject("order", user.replace("u", "o")), cause=cause), user)
    users = ("u-1013", "u-1024")
    assert [chat.told(users=users) for _ in range(2 * LOOKS)] == [1, 0, 1, 0]
