from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from actions.core.subject import ACCOUNT, Subject
from actions.state import audit, handoffs
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.handoffs import _ALPHABET
from actions.state.subscriptions import SUBSCRIPTIONS, cancel_all, claim, is_subscribed, open_subscriptions, subscribe
from actions.state.world.loading import load_world_data
from tests.threads import in_threads
from tools.generate import ROOT


def test_subscribing_twice_is_one_subscription_while_it_is_open(database: Database) -> None:
    with database.session() as session:
        first = subscribe(session, "c-1", "u-1", Subject("order", "o-1"), "incident_outage")
        assert subscribe(session, "c-1", "u-1", Subject("order", "o-1"), "incident_outage") == first
        assert (first.subject, first.status) == (Subject("order", "o-1"), "open")
        others = [
            subscribe(session, "c-1", "u-1", Subject("order", "o-2"), "incident_outage"),
            subscribe(session, "c-1", "u-1", Subject("bill", "o-1"), "incident_outage"),
            subscribe(session, "c-1", "u-1", Subject("order", "o-1"), "merchant_paused"),
            subscribe(session, "c-2", "u-2", ACCOUNT, "incident_outage"),
        ]
        assert open_subscriptions(session) == (first, *others)
        assert claim(session, first.id)
        again = subscribe(session, "c-1", "u-1", Subject("order", "o-1"), "incident_outage")
        assert again.id != first.id


def test_subscriptions_are_seen_by_subject_and_cause_and_cancelled_by_conversation(database: Database) -> None:
    with database.session() as session:
        subscribe(session, "c-1", "u-1", Subject("order", "o-1"), "a")
        subscribe(session, "c-1", "u-1", ACCOUNT, "b")
        kept = subscribe(session, "c-2", "u-2", ACCOUNT, "a")
        assert [is_subscribed(session, "c-1", Subject("order", "o-1"), cause) for cause in "abc"] == [True, False, False]
        assert [is_subscribed(session, "c-1", ACCOUNT, cause) for cause in "abc"] == [False, True, False]
        assert cancel_all(session, "c-1") == 2
        assert cancel_all(session, "c-1") == 0
        assert not is_subscribed(session, "c-1", Subject("order", "o-1"), "a")
        assert open_subscriptions(session) == (kept,)


def test_a_notice_is_claimed_exactly_once(database: Database) -> None:
    with database.session() as session:
        wanted = subscribe(session, "c-1", "u-1", ACCOUNT, "a").id

    def try_to_claim(_: int) -> bool:
        with database.session() as session:
            return claim(session, wanted)

    assert sorted(in_threads(try_to_claim)) == [False] * 7 + [True]
    with database.session() as session:
        assert open_subscriptions(session) == ()
        assert not claim(session, 999)


def test_a_claim_that_fails_later_is_open_again(database: Database) -> None:
    with database.session() as session:
        wanted = subscribe(session, "c-1", "u-1", ACCOUNT, "a").id
    with pytest.raises(RuntimeError), database.session() as session:
        assert claim(session, wanted)
        raise RuntimeError
    with database.session() as session:
        assert claim(session, wanted)


def test_subscribing_at_once_gives_one(database: Database) -> None:
    def join(_: int) -> int:
        with database.session() as session:
            return subscribe(session, "c-1", "u-1", Subject("bill", "b-1"), "a").id

    assert len(set(in_threads(join))) == 1


def test_an_unknown_state_of_a_subscription_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        row = {"conversation_id": "c", "user": "u", "order": "", "bill": "", "cause": "a", "status": "odd", "created_at": real_now()}
        session.execute(insert(SUBSCRIPTIONS).values(row))


def hand_over(session: Any, conversation: str = "c-1", **more: Any) -> handoffs.Handoff:
    return handoffs.create(session, conversation, "u-1", "asked", "general", {"transcript": ["a"]}, **more)


def test_a_handoff_keeps_everything(database: Database) -> None:
    with database.session() as session:
        made = hand_over(session, subject=Subject("order", "o-1"), priority="high")
    assert re.fullmatch("h-[2-9a-hjkmnp-z]{8}", made.id)
    assert (made.conversation_id, made.user, made.order, made.bill) == ("c-1", "u-1", "o-1", None)
    assert (made.reason, made.queue, made.priority, made.status) == ("asked", "general", "high", "queued")
    assert made.payload == {"transcript": ["a"]}
    with database.session() as session:
        assert handoffs.get_handoff(session, made.id) == made
        assert handoffs.open_handoff(session, "c-1") == made
        assert handoffs.get_handoff(session, "h-none") is None
        assert handoffs.open_handoff(session, "c-2") is None


def test_a_conversation_has_one_open_handoff_until_it_is_closed(database: Database) -> None:
    with database.session() as session:
        first = hand_over(session)
        assert handoffs.create(session, "c-1", "u-1", "another reason", "risk", {}) == first
        assert handoffs.take(session, first.id, "agent-1")
        assert not handoffs.take(session, first.id, "agent-2")
        assert hand_over(session).id == first.id
        taken = handoffs.get_handoff(session, first.id)
        assert taken is not None and (taken.status, taken.taken_by) == ("taken", "agent-1")
        assert handoffs.close(session, first.id)
        assert not handoffs.close(session, first.id)
        assert not handoffs.take(session, first.id, "agent-2")
        assert handoffs.open_handoff(session, "c-1") is None
        assert hand_over(session).id != first.id


def test_handing_over_at_once_gives_one(database: Database) -> None:
    def work(_: int) -> str:
        with database.session() as session:
            return hand_over(session).id

    assert len(set(in_threads(work))) == 1
    with database.session() as session:
        assert len(handoffs.list_handoffs(session)) == 1


def test_the_list_begins_with_the_most_urgent_and_then_the_longest_waiting(database: Database) -> None:
    with database.session() as session:
        made = [
            hand_over(session, f"c-{number}", priority=priority).id for number, priority in enumerate(["low", "normal", "urgent", "normal"])
        ]
        handoffs.take(session, made[1], "agent-1")
        assert [handoff.id for handoff in handoffs.list_handoffs(session)] == [made[2], made[1], made[3], made[0]]
        assert [handoff.id for handoff in handoffs.list_handoffs(session, "queued")] == [made[2], made[3], made[0]]
        assert [handoff.id for handoff in handoffs.list_handoffs(session, "taken")] == [made[1]]


def test_an_unknown_priority_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="priority must be one of urgent, high, normal, low"), database.session() as session:
        hand_over(session, priority="whenever")


def test_the_audit_trail_is_read_in_order(database: Database) -> None:
    with database.session() as session:
        audit.record(session, "agent-1", "took", "h-1", {"from": "queued"})
        audit.record(session, "program", "started")
        audit.record(session, "agent-1", "closed", "h-1")
    with database.session() as session:
        assert [(entry.actor, entry.action, entry.detail) for entry in audit.entries(session, "h-1")] == [
            ("agent-1", "took", {"from": "queued"}),
            ("agent-1", "closed", {}),
        ]
        assert [entry.action for entry in audit.entries(session)] == ["took", "started", "closed"]


def test_replacing_the_world_keeps_what_belongs_to_conversations(loaded: Database, world: dict[str, Any]) -> None:
    with loaded.session() as session:
        subscribe(session, "u-1", "u-1", Subject("order", "o-1"), "a")
        made = hand_over(session, "u-1", subject=Subject("order", "o-1"))
        audit.record(session, "agent-1", "took", made.id)
    load_world_data(loaded, {}, replace=True)
    with loaded.session() as session:
        assert handoffs.list_handoffs(session) == (made,)
        assert is_subscribed(session, "u-1", Subject("order", "o-1"), "a")
        assert len(audit.entries(session)) == 1


def test_no_number_of_a_handoff_spells_a_word_behind_which_something_is_masked() -> None:
    rules = yaml.safe_load((ROOT / "actions/masking/rules.yml").read_text(encoding="utf-8"))
    cues = [cue for kind, words in rules["cues"].items() if kind != "order" for cue in words if cue.isascii()]
    assert cues and not [cue for cue in cues if set(cue) <= set(_ALPHABET)]
