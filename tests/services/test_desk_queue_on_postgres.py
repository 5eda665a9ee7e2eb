"""The desk's list on PostgreSQL: the same order, the same findings, and the migration that fills the cards."""

from __future__ import annotations

import pytest

from actions.state.database import Database
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
