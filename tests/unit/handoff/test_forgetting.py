"""What is taken out later, or erased, is gone from every table, from the file's free pages and from the write-ahead log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from actions.handoff.ownership import Outcome
from actions.state import audit, handoffs
from actions.state.audit import AUDIT
from actions.state.conversations import MessageDraft
from actions.state.erasure import erase
from bot.bootstrap import desk_work
from bot.channel.deadline import Deadline
from bot.channel.plain_text import read_together, without_parts
from bot.channel.store import ChannelStore
from bot.engine.turn_state import Turn
from bot.staff.sessions import Agent
from tests.unit.handoff.conftest import House

pytestmark = pytest.mark.broad

USER = "u-1013"
NOTE = "客户的表姐尉迟望舒来问"
AGENT = Agent("agent-1", "session", "csrf", 2e9)


def raw_bytes(house: House) -> bytes:
    """Everything that SQLite keeps on the disk."""
    file = Path(str(house.database.engine.url.database))
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))


def store_of(house: House) -> ChannelStore:
    return ChannelStore(house.database, house.application.facts)


def say(house: House, text: str, message_id: str) -> None:
    """A turn of the channel's in which the assistant says one word; Rasa's state keeps what the customer said."""
    store = store_of(house)
    start = store.start(USER, message_id)
    together = read_together(start.earlier, text)
    stored = start.tracker or '{"events": []}'
    state = json.loads(without_parts(stored, together.mended) if together.mended else stored)
    understood = {"text": together.text, "clauses": [{"text": together.text}], "second_intent": {"text": together.text}}
    state["events"].append({"event": "user", "message_id": message_id, "text": together.text, "parse_data": understood})
    turn = Turn(USER)
    turn.save_tracker(json.dumps(state, ensure_ascii=False))
    store.finish(
        turn, MessageDraft("user", together.text, id=message_id), [MessageDraft("bot", "好的")], start, Deadline(25.0), together.mended
    )


@pytest.mark.parametrize("said", [("手机号13977", "461", "608"), ("手机号13977", "等一下", "461608")], ids=" ".join)
def test_the_parts_of_a_divided_number_leave_tables_free_pages_and_log(house: House, said: tuple[str, ...]) -> None:
    for number, text in enumerate(said):
        assert number == 0 or b"13977" in raw_bytes(house)
        say(house, text, f"m-{number}")
    assert b"13977" not in raw_bytes(house) and b"608" not in "".join(message.text for message in house.history()).encode()


def test_a_value_that_is_explained_afterwards_leaves_them_too(house: House) -> None:
    say(house, "tiger-7741", "m-1")
    say(house, "这是我的支付密码", "m-2")
    assert [message.text for message in house.history() if message.role == "user"] == ["[密码]", "这是我的支付密码"]
    assert b"tiger-7741" not in raw_bytes(house)


def test_a_handoff_made_meanwhile_loses_its_part_wherever_it_is_quoted(house: House) -> None:
    case = house.turn(USER, "installment_missing", "怎么不能分期了", order="o-1013").case
    house.turn(USER, "request_human", "转人工，手机号13977", case, "o-1013")
    payload = json.dumps(house.open().payload, ensure_ascii=False)
    assert payload.count("13977") == 3
    say(house, "后面是461608", "m-1")
    mended = json.dumps(house.open().payload, ensure_ascii=False)
    assert "13977" not in mended and mended == payload.replace("手机号13977", "手机号*****")
    assert b"13977" not in raw_bytes(house)


def test_the_audit_keeps_no_words_of_an_agent(house: House) -> None:
    row = house.handed_over()
    work = desk_work(house.application)
    work.take(AGENT, row.id)
    work.reply(AGENT, row.id, "查到了")
    work.close(AGENT, row.id, Outcome("person", "overdue", NOTE))
    with house.database.session() as session:
        assert handoffs.get_handoff(session, row.id).note == NOTE  # type: ignore[union-attr]
        assert [entry.detail for entry in audit.entries(session, row.id)][-1] == {"resolved_by": "person", "root_cause": "overdue"}


def test_an_erased_customer_is_gone_from_the_bytes_of_the_files(house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        audit.record(session, AGENT.name, "desk.close", row.id, {"note": NOTE, "root_cause": "overdue"})
        session.execute(update(handoffs.HANDOFFS).where(handoffs.HANDOFFS.c.id == row.id).values(note=NOTE))
    assert NOTE.encode() in raw_bytes(house) and "怎么不能分期了".encode() in raw_bytes(house)
    with house.database.session() as session:
        erase(session, USER, "operator")
        assert session.execute(AUDIT.select().where(AUDIT.c.handoff_id == row.id)).first() is not None
    assert house.database.scrub()
    left = raw_bytes(house)
    assert NOTE.encode() not in left and "怎么不能分期了".encode() not in left and "尉迟".encode() not in left


def test_a_reader_keeps_the_log_from_being_emptied_and_that_is_said(house: House) -> None:
    with house.database.engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM messages")
        house.turn(USER, "request_human", "转人工")
        assert not house.database.scrub()
    assert house.database.scrub()
