"""A shop's push service is told once that a customer who is away has something to read, and nothing of what it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.handoff import ownership
from actions.handoff.delivery import Patience, Target
from actions.handoff.pushing import LONGEST_USEFUL, PushDispatcher
from actions.state import conversations, erasure, outbox, pushes, references
from actions.state.columns import real_now
from actions.state.conversations import MessageDraft
from tests.unit.handoff.conftest import House
from tests.unit.handoff.receiver import SECRET, Receiver

HASTY = Patience(timeout=2.0, first=0.01, longest=0.05, attempts=30, idle=0.02)
USER = "u-1013"
RECOVERED = MessageDraft(role="bot", text="逾期 326.80 元已经还清", data={"type": "check", "cause": "overdue", "passed": True})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def called(house: House, receiver: Receiver) -> Callable[[], list[dict[str, Any]]]:
    """What the push service has been told, once the time is over in which the customer could have been there."""

    def deliver() -> list[dict[str, Any]]:
        with house.database.session() as session:
            session.execute(update(outbox.OUTBOX).where(outbox.OUTBOX.c.status == "pending").values(due=real_now()))
        asyncio.run(PushDispatcher(house.database, house.application.knowledge, Target(receiver.url, SECRET.encode()), HASTY).drain())
        return list(receiver.taken.values())

    return deliver


def tell(house: House, *drafts: MessageDraft) -> int:
    with house.database.session() as session:
        return conversations.append(session, USER, drafts)[-1].seq


def read(house: House, seq: int) -> None:
    with house.database.session() as session:
        conversations.read_through(session, USER, seq)


def test_an_agents_answer_calls_once_until_it_is_read(house: House, receiver: Receiver, called: Callable[[], list[dict[str, Any]]]) -> None:
    row = house.handed_over()
    read(house, len(house.history()))
    with house.database.session() as session:
        ownership.take(session, house.application.knowledge.current, row.id, "agent-1")
    joined = len(house.history())
    with house.database.session() as session:
        ownership.reply(session, row.id, "agent-1", "您的 326.80 元已经到账")
    (call,) = called()
    with house.database.session() as session:
        reference = references.find(session, USER)
    assert call == {
        "event": "push.due",
        "key": call["key"],
        "customer": reference,
        "text": "您有一条新回复",
        "kind": "notice",
        "seq": joined,
    }
    read(house, joined + 1)
    with house.database.session() as session:
        ownership.reply(session, row.id, "agent-1", "还有问题吗")
    assert [each["kind"] for each in called()] == ["notice", "reply"] and receiver.forged == 0


def test_nothing_of_the_message_and_not_the_customers_id_leaves_the_house(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    tell(house, RECOVERED)
    (call,) = called()
    assert call["kind"] == "recovery"
    sent = json.dumps(call, ensure_ascii=False)
    assert "326" not in sent and "逾期" not in sent and USER not in sent


def test_what_the_customer_asked_for_calls_nobody(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    with house.database.session() as session:
        said, answer = MessageDraft(role="user", text="在吗", id="one"), MessageDraft(role="bot", text="在的")
        conversations.append(session, USER, [said, answer], reply_to="one")
    assert called() == []


def test_what_came_over_an_open_stream_calls_nobody(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    read(house, tell(house, RECOVERED))
    assert called() == []


def test_reading_less_than_there_is_leaves_the_call_for_the_rest(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    first = tell(house, RECOVERED)
    last = tell(house, MessageDraft(role="agent", text="您好"))
    read(house, first)
    assert [(each["kind"], each["seq"]) for each in called()] == [("reply", last)]


def test_a_service_that_fails_is_called_again_with_the_same_key(
    house: House, receiver: Receiver, called: Callable[[], list[dict[str, Any]]]
) -> None:
    receiver.mode = "unreliable"
    tell(house, RECOVERED)
    assert len(called()) == 1
    assert list(receiver.requests) == list(receiver.taken)


def test_handoffs_and_calls_do_not_take_each_others_deliveries(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    house.handed_over()
    assert [each["event"] for each in called()] == ["push.due"]
    with house.database.session() as session:
        assert outbox.has_pending(session) and not outbox.has_pending(session, audience="shop")


def test_nobody_is_called_for_what_is_long_past(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    tell(house, RECOVERED)
    with house.database.session() as session:
        session.execute(update(outbox.OUTBOX).values(created_at=real_now() - LONGEST_USEFUL - timedelta(minutes=1)))
    assert called() == []
    with house.database.session() as session:
        assert [each.error for each in outbox.dead_letters(session)] == ["too old to call anybody for"]


def test_a_call_goes_with_the_customer(house: House, called: Callable[[], list[dict[str, Any]]]) -> None:
    tell(house, RECOVERED)
    with house.database.session() as session:
        assert erasure.erase(session, USER, "operator")["outbox"] == 1
        assert not pushes.is_called(session, USER)
    assert called() == []
