"""The channel's parts one by one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import yaml

from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from bot.channel.buttons import MalformedPayload, parsed
from bot.channel.locks import LocalLocks
from bot.channel.plain_text import spoken, trimmed
from bot.channel.requests import envelope, position
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from bot.engine.turn_state import Turn, current_turn, open_turn
from bot.web.responses import ProblemError

WORLD = """
users: [{id: u-1}, {id: u-2}]
merchants: [{id: m-1}]
categories: [{id: c-1}]
items: [{sku: s-1, category: c-1, merchant: m-1, price: '100.00'}]
orders:
  - {id: o-1, user: u-1, lines: [{sku: s-1}]}
  - {id: o-2, user: u-2, lines: [{sku: s-1}]}
"""


@pytest.mark.parametrize(
    ("user", "order", "known"),
    [("u-1", None, True), ("u-1", "o-1", True), ("u-1", "o-2", False), ("u-1", "o-9", False), ("u-9", None, False), ("u-9", "o-1", False)],
)
def test_a_token_is_held_against_the_state(database: Database, user: str, order: Any, known: bool) -> None:
    load_world_data(database, yaml.safe_load(WORLD))
    assert ChannelStore(database, SqlFacts).knows(Claims(user, order, None, 0)) is known


@pytest.mark.parametrize("name", list(ProblemError.catalogue.kinds))
def test_every_refusal_has_its_texts(name: str) -> None:
    kind = ProblemError.catalogue.kinds[name]
    assert 400 <= kind.status < 600 and kind.title.isascii() and not kind.detail.isascii() and len(kind.detail) <= 40


@pytest.mark.parametrize(
    ("payload", "intent", "entities"),
    [
        ("/greet", "greet", []),
        ('/ask{"order": "o-1", "topic": "fee"}', "ask", [("order", "o-1"), ("topic", "fee")]),
        ('/ask {"item": ["a", "b"]}', "ask", [("item", "a"), ("item", "b")]),
        ("/ask{}", "ask", []),
    ],
)
def test_payloads_are_parsed(payload: str, intent: str, entities: Any) -> None:
    data = parsed(payload, "title")
    assert data["intent"] == {"name": intent, "confidence": 1.0} == data["intent_ranking"][0] and data["text"] == "title"
    assert [(entity["entity"], entity["value"]) for entity in data["entities"]] == entities


@pytest.mark.parametrize("payload", ["", "greet", "/", "/1", '/greet{"a"}', "/greet[1]", "/greet{} more", "//greet", "/greet{1}"])
def test_other_payloads_are_not(payload: str) -> None:
    with pytest.raises(MalformedPayload):
        parsed(payload, "title")


@pytest.mark.parametrize("text", ["请问/分期/在哪", "a/b", "👨‍👩‍👧 家庭", "第一行\n第二行", "５０００元分12期", "\\restart", "⁄restart"])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert spoken(trimmed(text)) == text


def test_blanks_at_the_ends_do_not_count() -> None:
    assert trimmed("\u3000\u200b 你好 \ufeff\n") == "你好"


@pytest.mark.parametrize(
    ("values", "last", "expected"), [([], None, 0), (["0"], None, 0), (["7"], None, 7), (["7"], "9", 9), ([], "3", 3), (["7"], "", 7)]
)
def test_positions(values: Any, last: Any, expected: int) -> None:
    assert position(values, last) == expected


def test_the_largest_sound_message_is_read() -> None:
    body = b'{"id": "6f1c3a52-0000-4000-8000-000000000000", "text": "' + b"\\ud83d\\ude00" * 500 + b'"}'
    assert trimmed(envelope(body).fields["text"]) == "😀" * 500


def test_a_problem_about_nothing_kept_says_when_to_come_back() -> None:
    problem = ProblemError("turn_failed", retry_after=0, kept=False)
    assert problem.headers()["Retry-After"] == "1" and b'"kept": false' in problem.body()


async def holding(locks: LocalLocks, name: str, order: list[str]) -> None:
    async with locks.hold("u-1"):
        order.append(name)
        await asyncio.sleep(0)
        order.append(name)


@pytest.mark.asyncio
async def test_locks_are_first_come_first_served_and_leave_nothing_behind() -> None:
    locks = LocalLocks()
    order: list[str] = []
    await asyncio.gather(*(holding(locks, name, order) for name in "abc"))
    assert order == ["a", "a", "b", "b", "c", "c"] and not locks._locks and not locks._users


@pytest.mark.asyncio
async def test_turns_of_different_tasks_do_not_see_one_another() -> None:
    async def within(conversation: str) -> None:
        with open_turn(Turn(conversation)) as turn:
            await asyncio.sleep(0)
            assert current_turn() is turn and current_turn(conversation) is turn and current_turn("other") is None

    await asyncio.gather(within("u-1"), within("u-2"))
    assert current_turn() is None
