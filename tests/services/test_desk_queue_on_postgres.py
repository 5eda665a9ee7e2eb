"""The desk's list on PostgreSQL: the same order, the same findings, and the migration that fills the cards; what a lead's page reads there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from actions.state import reporting
from actions.state.columns import real_now
from actions.state.database import Database
from tests.load.desk_history import fill
from tests.unit.state.test_handoff_search import (
    test_a_customer_waits_again_from_the_first_message_after_the_agents_last,
    test_each_filter_narrows,
    test_handoffs_from_before_get_their_cards_when_the_schema_is_brought_up_to_date,
    test_pages_are_bounded_and_follow_one_another,
    test_the_customer_who_waits_comes_before_the_one_answered_last_then_urgent_late_priority_and_time,
    test_the_mark_moves_with_whatever_is_said_in_an_open_case,
    test_words_find_reference_summary_conversation_and_cause,
)

__all__ = [
    "test_a_customer_waits_again_from_the_first_message_after_the_agents_last",
    "test_each_filter_narrows",
    "test_handoffs_from_before_get_their_cards_when_the_schema_is_brought_up_to_date",
    "test_pages_are_bounded_and_follow_one_another",
    "test_the_customer_who_waits_comes_before_the_one_answered_last_then_urgent_late_priority_and_time",
    "test_the_mark_moves_with_whatever_is_said_in_an_open_case",
    "test_words_find_reference_summary_conversation_and_cause",
]


@pytest.fixture
def database(postgres: Database) -> Database:
    return postgres


def test_what_is_proven_in_a_period_is_found_by_an_index_of_its_own(postgres: Database) -> None:
    fill(postgres, 2000, 50, days=20, turns=3)
    end = real_now()
    plans = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "GROUP BY" in statement and not plans:
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))

    with postgres.session() as session:
        session.execute(text("ANALYZE messages"))
        found = reporting.first_resolved(session, end - timedelta(days=1), end)
        event.listen(postgres.engine, "before_cursor_execute", explain)
        assert reporting.first_resolved(session, end - timedelta(days=1), end) == found != ()
        event.remove(postgres.engine, "before_cursor_execute", explain)
    assert "ix_messages_proven" in plans[0]
