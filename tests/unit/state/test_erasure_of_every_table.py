"""Erasing a customer, or purging what is old, leaves nothing of theirs in any table, and everything of others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, update

from actions.core.subject import Subject
from actions.state import (
    advice,
    answer_clocks,
    consents,
    desk_views,
    feedback,
    handoffs,
    incidents,
    notes,
    outbox,
    pictures,
    policy_trials,
    presence,
    ratings,
    references,
    subscriptions,
)
from actions.state.columns import real_now
from actions.state.conversations import CONVERSATIONS, MessageDraft, append, save_tracker
from actions.state.database import Database
from actions.state.desk_views import DeskView
from actions.state.erasure import erase, purge
from actions.state.migrations.tables import metadata
from actions.state.pictures import CleanPicture
from actions.state.world.tables import TABLES

NOTHING_OF_CUSTOMERS = {
    "audit",
    "desk_agents",
    "signed_out",
    "clock",
    "order_lines",
    "world_changes",
    "incident_notes",
    "incident_reviews",
    "incident_causes",
    "actions_due",
    "advice_effects",
    "advice_switches",
    "observations",
    "tallies",
    "totals",
    "jobs",
    "alerts",
    "alert_members",
    "alert_minutes",
    "silences",
    "panel",
    "census",
    "plots",
    "obligation_checks",
    "access_alerts",
    "compliance_reports",
    "policy_versions",
    "policy_trials",
    "policy_rollouts",
    "badges",
    "insight_reports",
    "insight_plots",
    "insight_work",
    "insight_titles",
    "experiments",
    "exposures",
}
"""What is of agents or the worker, which names customers by a reference only, and what belongs to the world beside its tables of things."""


def live(database: Database, user: str) -> str:
    """Puts something of a customer's into every table that can hold any; returns their handoff's id."""
    with database.session() as session:
        (said, _) = append(session, user, [MessageDraft("bot", "x", data={"type": "resolved"}), MessageDraft("user", "y")])
        save_tracker(session, user, "{}")
        feedback.vote(session, user, said.seq, "down", "wrong", "word")
        ratings.rate(session, user, said.seq, 5)
        subscriptions.subscribe(session, user, user, Subject("order", "o"), "overdue")
        consents.give_consent(session, user, "bills", "1", 0)
        planned = {"user": user, "topic": "bills", "cause": "bill_past_due", "order": "", "bill": "b", "event_on": "2026-12-02"}
        advice.plan_advice(session, [{**planned, "due_on": "2026-12-01", "holdout": False, "planned_at": 0}])
        pictures.keep(session, user, CleanPicture(b"jpeg", 1, 1))
        references.keep(session, user, f"c-of-{user}")
        payload: dict[str, Any] = {"summary": {"headline": "x"}, "customer": {"reference": f"c-of-{user}"}}
        row = handoffs.create(session, user, user, "requested", "general", payload, Subject("order", "o"), "normal", f"h-of-{user}")
        handoffs.append(session, row.id, "hand_over", "assistant")
        notes.write_down(session, row.id, "agent-1", "note")
        presence.look(session, row.id, "agent-1")
        incidents.link_case(session, "i-1", row.id)
        answer_clocks.start_clock(session, row.id, "complaint", 1, 2)
        outbox.put(session, row.id, "handoff.created")
        expected = {"user": user, "kind": "order", "subject": "o", "effect": "lose", "before": (), "after": ("overdue",)}
        policy_trials.keep_trial(session, "t-1", 1, {}, [expected], 0)
        for name, words in (("case", row.id), ("customer", f"的 c-of-{user}")):
            desk_views.save(session, DeskView("agent-1", f"{name} {user}", urlencode({"q": words, "late": "1"})))
        return row.id


def rows(database: Database) -> dict[str, int]:
    own = [table for table in metadata.sorted_tables if table.name not in {each.name for each in TABLES.values()} | NOTHING_OF_CUSTOMERS]
    with database.session() as session:
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in own}


def test_whoever_is_erased_is_in_no_table_any_more_and_others_are_as_they_were(database: Database) -> None:
    live(database, "u-1")
    one = rows(database)
    assert [name for name, count in one.items() if not count] == [], "tables for which this test has no row of a customer's"
    live(database, "u-2")
    with database.session() as session:
        deleted = erase(session, "u-1", "operator")
    assert rows(database) == one
    assert deleted == one


@pytest.mark.parametrize("age", [10, 1])
def test_what_is_older_than_the_retention_period_is_in_no_table_any_more(database: Database, age: int) -> None:
    row = live(database, "u-1")
    old = real_now() - timedelta(days=age)
    with database.session() as session:
        handoffs.close(session, row)
        session.execute(update(handoffs.HANDOFFS).values(closed_at=old))
        session.execute(update(CONVERSATIONS).values(updated_at=old))
    before = rows(database)
    with database.session() as session:
        purge(session, real_now() - timedelta(days=5), "operator")
    left = {name: count for name, count in rows(database).items() if count}
    # What looks for the customer by their reference finds nobody, and goes when they are erased.
    assert left == ({"desk_views": 1} if age == 10 else {name: count for name, count in before.items() if count})
