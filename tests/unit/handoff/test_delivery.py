"""Every handoff arrives, and none twice, whatever the receiver and the machine do."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import update

from actions.core.handoff import TicketFormat
from actions.handoff.delivery import Dispatcher, Patience, Target
from actions.handoff.rendering import RENDERERS
from actions.masking import warm_up
from actions.settings import Settings
from actions.state import handoffs, outbox
from actions.state.columns import real_now
from tests.unit.handoff.conftest import House
from tests.unit.handoff.killed import POINTS, work
from tests.unit.handoff.receiver import SECRET, Receiver

pytestmark = pytest.mark.slow

HASTY = Patience(timeout=0.5, first=0.01, longest=0.05, attempts=30, idle=0.02)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def dispatcher(house: House, receiver: Receiver, patience: Patience = HASTY, at_once: int = 8) -> Dispatcher:
    return Dispatcher(house.database, house.application.knowledge, Target(receiver.url, SECRET.encode()), patience, at_once)


def status(house: House, handoff_id: str) -> outbox.Delivery:
    with house.database.session() as session:
        (delivery,) = outbox.of(session, handoff_id)
    return delivery


def many(house: House, count: int) -> set[str]:
    payload = house.handed_over().payload
    with house.database.session() as session:
        for number in range(count - 1):
            row = handoffs.create(session, f"u-x{number}", f"u-x{number}", "requested", "general", {**payload, "id": f"h-x{number}"})
            outbox.put(session, row.id, "handoff.created")
        return {row.id for row in handoffs.list_handoffs(session)}


def test_a_handoff_arrives_signed_with_its_payload(house: House, receiver: Receiver) -> None:
    row = house.handed_over()
    asyncio.run(dispatcher(house, receiver).drain())
    ((key, message),) = receiver.taken.items()
    assert receiver.forged == 0
    assert (message["event"], message["key"], message["handoff"]["id"]) == ("handoff.created", key, row.id)
    assert message["handoff"] == row.payload
    assert status(house, row.id).status == "delivered"


def test_a_raised_priority_arrives_as_news_of_the_same_handoff(house: House, receiver: Receiver) -> None:
    row = house.handed_over()
    house.turn("u-1013", "fraud_suspected", "被骗了")
    asyncio.run(dispatcher(house, receiver).drain())
    assert {message["event"]: message["state"]["priority"] for message in receiver.taken.values()} == {
        "handoff.created": "normal",
        "handoff.raised": "urgent",
    }
    assert {message["handoff"]["id"] for message in receiver.taken.values()} == {row.id}


@pytest.mark.parametrize("shape, part", [("chatwoot", "conversation"), ("zendesk", "ticket")])
def test_it_is_delivered_in_the_shape_of_the_settings(house: House, receiver: Receiver, shape: str, part: str) -> None:
    house.handed_over()
    asyncio.run(Dispatcher(house.database, house.application.knowledge, Target(receiver.url, SECRET.encode(), shape), HASTY).drain())
    assert [part in message for message in receiver.taken.values()] == [True]


def test_hundreds_of_handoffs_with_a_receiver_that_fails_half_of_the_time(house: House) -> None:
    receiver = Receiver("unreliable")
    wanted = many(house, 200)
    try:
        asyncio.run(dispatcher(house, receiver, at_once=32).drain())
    finally:
        receiver.close()
    with house.database.session() as session:
        assert outbox.dead_letters(session) == ()
        sent = [delivery for each in wanted for delivery in outbox.of(session, each)]
    assert {delivery.handoff_id for delivery in sent if delivery.status == "delivered"} == wanted
    assert {delivery.key for delivery in sent} == set(receiver.taken)
    assert len(receiver.taken) == 200 and sum(receiver.requests.values()) > 300


def test_several_dispatchers_deliver_each_once(house: House, receiver: Receiver) -> None:
    wanted = many(house, 60)
    # An answer that a busy machine is late with would be asked for again, as it should be.
    patient = replace(HASTY, timeout=30)
    workers = [threading.Thread(target=lambda: asyncio.run(dispatcher(house, receiver, patient).drain())) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(receiver.taken) == len(wanted) and set(receiver.requests.values()) == {1}


def test_a_receiver_that_hangs_is_given_up_on_and_tried_again(house: House, receiver: Receiver) -> None:
    row = house.handed_over()
    receiver.mode = "hangs"
    threading.Timer(1.2, lambda: setattr(receiver, "mode", "good")).start()
    begun = time.monotonic()
    asyncio.run(dispatcher(house, receiver).drain())
    assert time.monotonic() - begun < 10
    delivery = status(house, row.id)
    assert delivery.status == "delivered" and delivery.attempts > 1
    assert len(receiver.taken) == 1


def test_a_receiver_that_is_away_gets_everything_when_it_is_back(house: House, receiver: Receiver) -> None:
    wanted = many(house, 20)
    receiver.stop()
    threading.Timer(0.6, receiver.start).start()
    asyncio.run(dispatcher(house, receiver, Patience(timeout=0.5, first=0.05, longest=0.2, attempts=50, idle=0.02)).drain())
    assert len(receiver.taken) == len(wanted)


def test_what_is_never_taken_is_a_dead_letter_that_can_be_sent_again(house: House, receiver: Receiver) -> None:
    row = house.handed_over()
    receiver.mode = "fails"
    asyncio.run(dispatcher(house, receiver, Patience(timeout=0.5, first=0.01, longest=0.01, attempts=3, idle=0.01)).drain())
    with house.database.session() as session:
        (dead,) = outbox.dead_letters(session)
        assert (dead.handoff_id, dead.attempts, dead.error) == (row.id, 3, "HTTP 500")
        assert outbox.resend(session, dead.id) and not outbox.resend(session, dead.id)
    receiver.mode = "good"
    asyncio.run(dispatcher(house, receiver).drain())
    assert list(receiver.taken) == [dead.key] and status(house, row.id).status == "delivered"


def test_a_handoff_that_was_erased_meanwhile_is_not_tried_for_ever(house: House, receiver: Receiver) -> None:
    with house.database.session() as session:
        outbox.put(session, "h-gone", "handoff.created")
    asyncio.run(dispatcher(house, receiver).drain())
    assert status(house, "h-gone").status == "dead" and not receiver.requests


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_each_handoff_arrives_exactly_once(house: House, receiver: Receiver, point: str) -> None:
    warm_up()
    # Read before the fork, for both: what is read first in a thread that delivers may take longer than that may.
    assert house.application.knowledge.current.causes
    # Forked, because a new interpreter would spend seconds on importing spaCy.
    killed = multiprocessing.get_context("fork").Process(target=work, args=(point, str(house.database.engine.url), receiver.url))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    if point in ("before_row", "before_commit"):
        # The turn failed as a whole: the customer is told so, and nothing is half there.
        with house.database.session() as session:
            assert handoffs.list_handoffs(session) == () and not outbox.has_pending(session)
        house.turn("u-1013", "request_human", "转人工", order="o-1013")
    asyncio.run(dispatcher(house, receiver).drain())
    row = house.open()
    assert [message["handoff"]["id"] for message in receiver.taken.values()] == [row.id]
    assert status(house, row.id).status == "delivered"


def test_pauses_grow_and_end() -> None:
    patience = Patience(first=2, longest=600, attempts=20)
    pauses = [patience.pause(number) for number in range(1, 20)]
    assert all(pause is not None and 0.5 * 2 * 2**index <= pause <= 2 * 2**index for index, pause in enumerate(pauses[:8]))
    assert all(pause is not None and pause <= 600 for pause in pauses) and patience.pause(20) is None


@pytest.mark.parametrize("shape", get_args(TicketFormat))
def test_every_format_that_can_be_made_can_be_set_and_is_described(shape: str) -> None:
    assert Settings.read(handoff_format=shape).handoff_format == shape and shape in RENDERERS
    field = Settings.__fields__["handoff_format"]
    assert shape == field.default or f"`{shape}`" in field.field_info.description


def test_what_is_shared_with_the_receiver_is_never_shown() -> None:
    assert SECRET not in repr(Target("http://127.0.0.1:1/in", SECRET.encode(), "zendesk"))


def test_what_was_put_off_while_the_clock_was_ahead_is_due_at_once(house: House) -> None:
    house.handed_over()
    with house.database.session() as session:
        (claimed,) = outbox.claim_due(session, 20, 9)
        assert outbox.claim_due(session, 20, 9) == ()
        for hours, due in ((48, 1), (0, 0)):
            session.execute(update(outbox.OUTBOX).values(due=real_now() + timedelta(hours=hours, seconds=300)))
            assert len(outbox.claim_due(session, 20, 9)) == due
        outbox.failed(session, claimed.id, "HTTP 500", 10**9)
        (waiting,) = outbox.of(session, claimed.handoff_id)
    assert (waiting.due - real_now()).total_seconds() <= outbox.LONGEST_PAUSE
