"""The desk's list: who is to be answered first, since when they wait, what is found, and that each list reads by an index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from actions.state import conversations, handoff_cards, handoff_mending, handoffs
from actions.state.columns import real_now
from actions.state.conversations import MESSAGES, MessageDraft
from actions.state.database import Database
from actions.state.erasure import erase, purge
from actions.state.handoff_search import PAGE, Wanted, count_open, find_listed, said_in_open, urgent_waiting
from actions.state.handoffs import HANDOFFS

pytestmark = pytest.mark.broad

EVERYTHING = Wanted()
MINUTES = {"urgent": 2, "high": 10, "normal": 30, "low": 120}


def case(session: Session, user: str, priority: str = "normal", minutes_ago: float = 1, said: str = "你好", **payload: Any) -> str:
    conversations.append(session, user, [MessageDraft(role="user", text=said)])
    made = handoffs.create(session, user, user, "requested", payload.pop("queue", "general"), payload, priority=priority)
    _back(session, made.id, user, minutes_ago)
    return made.id


def say(session: Session, user: str, role: Any, minutes_ago: float = 0, words: str = "您好") -> None:
    (message,) = conversations.append(session, user, [MessageDraft(role=role, text=words)])
    one = (MESSAGES.c.conversation_id == user, MESSAGES.c.seq == message.seq)
    session.execute(update(MESSAGES).where(*one).values(at=real_now() - timedelta(minutes=minutes_ago)))


def _back(session: Session, handoff_id: str, user: str, minutes_ago: float) -> None:
    at = real_now() - timedelta(minutes=minutes_ago)
    session.execute(update(HANDOFFS).where(HANDOFFS.c.id == handoff_id).values(created_at=at))


def found(session: Session, wanted: Wanted = EVERYTHING, page: int = 1) -> list[str]:
    return [each.id for each in find_listed(session, wanted, MINUTES, page)[0]]


def test_the_customer_who_waits_comes_before_the_one_answered_last_then_urgent_late_priority_and_time(database: Database) -> None:
    with database.session() as session:
        answered = case(session, "u-a", "urgent", 50)
        handoffs.take(session, answered, "agent-1")
        say(session, "u-a", "agent")
        low = case(session, "u-l", "low", 3)
        late_low = case(session, "u-ll", "low", 121)
        normal = case(session, "u-n", minutes_ago=5)
        older = case(session, "u-o", minutes_ago=6)
        high = case(session, "u-h", "high", 1)
        urgent = case(session, "u-u", "urgent", 0.1)
        late_urgent = case(session, "u-lu", "urgent", 3)
        assert found(session) == [late_urgent, urgent, late_low, high, older, normal, low, answered]
        assert found(session, Wanted(late=True)) == [late_urgent, late_low]
        assert found(session, Wanted(waiting=True))[-1] == low
        counts = count_open(session, "agent-1", MINUTES)
        assert (counts.open, counts.waiting, counts.soon, counts.late, counts.mine) == (8, 7, 0, 2, 1)
        assert urgent_waiting(session) == (late_urgent, urgent)


def test_a_customer_waits_again_from_the_first_message_after_the_agents_last(database: Database) -> None:
    with database.session() as session:
        one = case(session, "u-1", "high", 40)
        (listed,), _ = find_listed(session, Wanted(), MINUTES)
        assert listed.since == listed.created_at and listed.due is not None and listed.late
        assert listed.due == (listed.since + timedelta(minutes=10), listed.since + timedelta(minutes=10) * 2 / 3)
        handoffs.take(session, one, "agent-1")
        say(session, "u-1", "system", 30)
        (listed,), _ = find_listed(session, Wanted(), MINUTES)
        assert listed.since == listed.created_at, "taking a case is no answer"
        say(session, "u-1", "agent", 25)
        (listed,), _ = find_listed(session, Wanted(), MINUTES)
        assert (listed.since, listed.due, listed.late) == (None, None, False)
        say(session, "u-1", "user", 8)
        say(session, "u-1", "user", 1)
        (listed,), _ = find_listed(session, Wanted(), MINUTES)
        assert listed.since is not None and timedelta(minutes=7.9) < real_now() - listed.since < timedelta(minutes=8.1) and not listed.late


def test_what_an_agent_said_in_an_earlier_handoff_is_no_answer_in_this_one(database: Database) -> None:
    with database.session() as session:
        case(session, "u-1", minutes_ago=100)
        first = handoffs.open_handoff(session, "u-1")
        assert first is not None and handoffs.take(session, first.id, "agent-1")
        say(session, "u-1", "agent", 90)
        handoffs.close(session, first.id)
        second = case(session, "u-1", minutes_ago=10)
        handoffs.take(session, second, "agent-2")
        (listed,), _ = find_listed(session, Wanted(), MINUTES)
        assert listed.id == second and listed.since == listed.created_at


WORDS = {"summary": {"headline": "客户要求人工：订单 o-7", "situation": ["白条有逾期"]}, "customer": {"reference": "c-abc"}}


@pytest.mark.parametrize(
    ("words", "called", "hit"),
    [("c-abc", (), True), ("o-7", (), True), ("有逾期", (), True), ("灰的", (), True), ("100%_", (), True), ("1000_", (), False), ("c-ab", (), False),
     ("逾期原因", ("overdue",), True), ("没有说过", (), False)],
)  # fmt: skip
def test_words_find_reference_summary_conversation_and_cause(database: Database, words: str, called: Sequence[str], hit: bool) -> None:
    with database.session() as session:
        other = case(session, "u-2", said="别的事")
        one = case(session, "u-1", said="按钮是灰的 100%_", diagnosis={"causes": [{"id": "overdue"}]}, **WORDS)
        assert found(session, Wanted(words=words, called=tuple(called))) == ([one] if hit else [])
        assert found(session, Wanted(words=other[:-1])) == [other], "by the beginning of a number"
        handoffs.close(session, one, resolved_by="person", root_cause="overdue", note=None)
        # With words, what has ended is found too.
        assert found(session, Wanted(words=words, called=tuple(called))) == ([one] if hit else [])
        assert found(session, Wanted(words=words, called=tuple(called), closed=True)) == ([one] if hit else [])


def test_each_filter_narrows(database: Database) -> None:
    with database.session() as session:
        one = case(session, "u-1", "high", queue="risk", diagnosis={"causes": [{"id": "overdue"}, {"id": "frozen"}]})
        two = case(session, "u-2", diagnosis={"causes": [{"id": "frozen_by_court"}]})
        handoffs.take(session, two, "agent-1")
        assert found(session, Wanted(queue="risk")) == found(session, Wanted(priority="high")) == [one]
        assert found(session, Wanted(cause="frozen")) == [one], "not those whose name only begins so"
        assert found(session, Wanted(taken_by="agent-1")) == [two] and found(session, Wanted(closed=True)) == []
        handoffs.close(session, two, resolved_by="person", root_cause="low_credit", note=None)
        assert found(session, Wanted(closed=True, cause="low_credit")) == [two] and found(session) == [one]


def test_pages_are_bounded_and_follow_one_another(database: Database) -> None:
    with database.session() as session:
        made = [case(session, f"u-{number}", minutes_ago=20 - number / 100) for number in range(PAGE + 3)]
        first, more = find_listed(session, Wanted(), MINUTES, 1)
        second, last = find_listed(session, Wanted(), MINUTES, 2)
        assert [each.id for each in (*first, *second)] == made and (len(first), more, last) == (PAGE, True, False)


def test_the_mark_moves_with_whatever_is_said_in_an_open_case(database: Database) -> None:
    with database.session() as session:
        one = case(session, "u-1")
        conversations.append(session, "u-other", [MessageDraft(role="user", text="不在队列里")])
        marks = [said_in_open(session)]
        conversations.append(session, "u-other", [MessageDraft(role="user", text="还是不在")])
        assert said_in_open(session) == marks[0]
        say(session, "u-1", "user")
        marks.append(said_in_open(session))
        handoffs.close(session, one)
        marks.append(said_in_open(session))
    assert len(set(marks)) == 3


def test_no_list_reads_the_whole_table(database: Database) -> None:
    """A desk has hundreds of open cases and years of closed ones."""
    with database.session() as session:
        case(session, "u-1")
        statements: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            statements.append((statement, parameters))

        event.listen(database.engine, "before_cursor_execute", note)
        for wanted in (Wanted(), Wanted(closed=True), Wanted(words="c-abc"), Wanted(words="c-abc", closed=True)):
            find_listed(session, wanted, MINUTES)
        count_open(session, "agent-1", MINUTES)
        urgent_waiting(session)
        said_in_open(session)
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(statements) == 7
        connection = session.connection().connection.cursor()
        for statement, parameters in statements:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()]
            whole = [
                step for step in plan if step.startswith("SCAN") and any(name in step for name in ("handoff", "messages", "conversations"))
            ]
            assert [step for step in whole if "USING" not in step and "(subquery" not in step] == [], plan


def test_a_card_follows_its_payload_and_goes_with_its_handoff(database: Database) -> None:
    reason = {"words": "密码 123"}
    summary = {"headline": "头", "asked_for": ["客户原话：“密码 123”"]}
    with database.session() as session:
        one = case(session, "u-1", reason=reason, summary=summary, transcript=[{"number": 1, "text": "密码 123"}])
        handoff_mending.mend_payload(session, "u-1", 1, "密码 123", "密码 ***")
        cards = session.execute(text("SELECT handoff_id, words FROM handoff_cards")).all()
        assert [tuple(card) for card in cards] == [(one, "头\n客户原话：“密码 ***”")]
        two = case(session, "u-2")
        assert erase(session, "u-1", "cli")["handoff_cards"] == 1
        handoffs.close(session, two)
        assert purge(session, real_now() + timedelta(days=1), "cli")["handoff_cards"] == 1


def test_odd_payloads_of_former_versions_have_cards_too() -> None:
    card = handoff_cards.card_of("h-1", {"transcript": ["a"], "summary": {"headline": "x", "more": {"deep": ["y", 3, None]}}})
    assert (card.headline, card.words, card.causes, card.reference) == ("x", "x\ny", "", "")


def test_handoffs_from_before_get_their_cards_when_the_schema_is_brought_up_to_date(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    from tests.unit.state.test_database import MIGRATIONS

    with database.session() as session:
        one = case(session, "u-1", diagnosis={"causes": [{"id": "overdue"}, {"id": "frozen"}]}, **WORDS)
        before = session.execute(text("SELECT * FROM handoff_cards")).all()
    config = Config(str(MIGRATIONS / "alembic.ini"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0013")
    database.migrate()
    with database.session() as session:
        assert session.execute(text("SELECT * FROM handoff_cards")).all() == before and before[0][0] == one
