from __future__ import annotations

import threading
from datetime import datetime, timezone

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from actions.state.conversations import (
    DuplicateMessage,
    MessageDraft,
    append,
    history,
    load_tracker,
    offered_buttons,
    replies_to,
    save_tracker,
)
from actions.state.database import Database

NOON = datetime(2026, 11, 22, 4, 0, 0, 123456, tzinfo=timezone.utc)
HELP = {"title": "Help", "payload": "/request_human"}
DONE = {"title": "Done", "payload": "/step_done"}


def texts(database: Database, after: int = 0) -> list[tuple[int, str]]:
    with database.session() as session:
        return [(message.seq, message.text) for message in history(session, "u-1", after)]


@time_machine.travel(NOON, tick=False)
def test_a_message_has_the_shape_that_clients_know(database: Database) -> None:
    with database.session() as session:
        append(session, "u-1", [MessageDraft("user", "hi", id="c-1", intent="greet", confidence=0.5)])
        append(session, "u-1", [MessageDraft("bot", "hello", [HELP], {"type": "answer", "topic": "x"}, id="b-1")], reply_to="c-1")
    with database.session() as session:
        shown = [message.to_json() for message in history(session, "u-1")]
    at = "2026-11-22T12:00:00.123+08:00"
    assert shown == [
        {"seq": 1, "id": "c-1", "at": at, "role": "user", "text": "hi", "buttons": [], "data": None},
        {"seq": 2, "id": "b-1", "at": at, "role": "bot", "text": "hello", "buttons": [HELP], "data": {"type": "answer", "topic": "x"}},
    ]


def test_what_append_returns_is_what_history_reads(database: Database) -> None:
    with database.session() as session:
        written = append(session, "u-1", [MessageDraft("user", "a", id="c-1", intent="greet", confidence=0.25)])
        written += append(session, "u-1", [MessageDraft("bot", "b", [HELP], {"n": 1}, action="greet"), MessageDraft("bot", "c")], "c-1")
    with database.session() as session:
        assert history(session, "u-1") == written


def test_numbers_begin_at_one_in_every_conversation(database: Database) -> None:
    with database.session() as session:
        append(session, "u-1", [MessageDraft("user", "a"), MessageDraft("bot", "b")])
        append(session, "u-2", [MessageDraft("user", "x")])
        append(session, "u-1", [MessageDraft("agent", "c")])
        assert append(session, "u-1", []) == ()
        assert [message.seq for message in history(session, "u-2")] == [1]
    assert texts(database) == [(1, "a"), (2, "b"), (3, "c")]
    assert texts(database, after=2) == [(3, "c")]
    with database.session() as session:
        assert [message.seq for message in history(session, "u-1", after=1, limit=1)] == [2]


def test_a_rolled_back_message_leaves_no_gap(database: Database) -> None:
    with database.session() as session:
        append(session, "u-1", [MessageDraft("user", "a")])
    with pytest.raises(RuntimeError), database.session() as session:
        append(session, "u-1", [MessageDraft("bot", "lost")])
        save_tracker(session, "u-1", "lost")
        raise RuntimeError
    with database.session() as session:
        append(session, "u-1", [MessageDraft("bot", "b")])
        assert load_tracker(session, "u-1") is None
    assert texts(database) == [(1, "a"), (2, "b")]


def test_numbers_stay_dense_whoever_writes(database: Database) -> None:
    failures: list[Exception] = []

    def write(name: int) -> None:
        try:
            for number in range(5):
                with database.session() as session:
                    history(session, "u-1")
                    append(session, "u-1", [MessageDraft("bot", f"{name}.{number}.{part}") for part in range(3)])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = texts(database)
    assert [seq for seq, _ in found] == list(range(1, 121))
    assert all(found[start + part][1][-1] == str(part) for start in range(0, 120, 3) for part in range(3))


def test_the_same_id_twice_is_refused_and_nothing_is_written(database: Database) -> None:
    with database.session() as session:
        append(session, "u-1", [MessageDraft("user", "a", id="c-1")])
        append(session, "u-2", [MessageDraft("user", "a", id="c-1")])
    with pytest.raises(DuplicateMessage), database.session() as session:
        append(session, "u-1", [MessageDraft("user", "b", id="c-1"), MessageDraft("bot", "c")])
    assert texts(database) == [(1, "a")]


def test_replies_are_found_by_the_clients_id(database: Database) -> None:
    with database.session() as session:
        append(session, "u-1", [MessageDraft("user", "a", id="c-1"), MessageDraft("bot", "b", id="b-1"), MessageDraft("bot", "c")], "c-1")
        append(session, "u-1", [MessageDraft("user", "silent", id="c-2"), MessageDraft("system", "notice")])
    with database.session() as session:
        replies = replies_to(session, "u-1", "c-1")
        assert replies is not None and [reply.text for reply in replies] == ["b", "c"]
        assert replies_to(session, "u-1", "c-2") == ()
        assert replies_to(session, "u-1", "b-1") is None, "an id of the bot's is not one of the customer's"
        assert replies_to(session, "u-1", "c-3") is None
        assert replies_to(session, "u-2", "c-1") is None
        assert history(session, "u-1")[0].reply_to is None


def test_only_buttons_since_the_customers_latest_message_are_offered(database: Database) -> None:
    with database.session() as session:
        assert offered_buttons(session, "u-1") == ()
        append(session, "u-1", [MessageDraft("bot", "welcome", [HELP])])
        assert offered_buttons(session, "u-1") == (HELP,)
        append(session, "u-1", [MessageDraft("user", "a")])
        assert offered_buttons(session, "u-1") == ()
        append(session, "u-1", [MessageDraft("bot", "step", [DONE]), MessageDraft("agent", "hello"), MessageDraft("system", "x", [HELP])])
        append(session, "u-2", [MessageDraft("user", "x")])
        assert offered_buttons(session, "u-1") == (DONE, HELP)


def test_buttons_that_carry_the_same_payload_are_offered_each_with_its_title(database: Database) -> None:
    look = {**DONE, "title": "Look again"}
    with database.session() as session:
        append(session, "u-1", [MessageDraft("bot", "step", [look, DONE])])
        assert offered_buttons(session, "u-1") == (look, DONE)


def test_a_message_that_repeats_choices_is_stored_with_the_number_of_the_one_that_had_them(database: Database) -> None:
    step = {"type": "step", "cause": "overdue", "step": 1}
    answer = MessageDraft("bot", "b", [{"title": "More", "payload": "/more"}, DONE, HELP], {"type": "answer", "topic": "x"})
    with database.session() as session:
        append(session, "u-1", [MessageDraft("user", "a"), MessageDraft("bot", "step", [DONE, HELP], step)])
        append(session, "u-2", [MessageDraft("user", "a"), answer])
        written = append(session, "u-1", [MessageDraft("user", "b"), answer, MessageDraft("bot", "step again", [DONE, HELP], step)])
    with database.session() as session:
        assert history(session, "u-1")[2:] == written
        assert [message.choices_of for message in history(session, "u-1")] == [None, None, None, 2, 2]
        assert [message.to_json().get("choices_of", 0) for message in history(session, "u-1")] == [0, 0, 0, 2, 2]
        assert [message.choices_of for message in history(session, "u-2")] == [None, None]


def test_the_tracker_is_kept_as_it_is(database: Database) -> None:
    with database.session() as session:
        assert load_tracker(session, "u-1") is None
        save_tracker(session, "u-1", '{"a": 1}')
        append(session, "u-1", [MessageDraft("user", "a")])
        save_tracker(session, "u-1", '{"a": 2}')
    with database.session() as session:
        assert load_tracker(session, "u-1") == '{"a": 2}'
        assert load_tracker(session, "u-2") is None


def test_an_unknown_role_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        append(session, "u-1", [MessageDraft("stranger", "a")])
