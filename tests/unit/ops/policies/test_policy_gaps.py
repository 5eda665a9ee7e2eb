"""Gaps are told before they bite: a year of a register walked day by day, reminders once each, and a calendar that other programs can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from sqlalchemy import select

from actions.core.moments import start_of
from actions.core.platform import Policy
from actions.knowledge.model import Knowledge
from actions.state.outbox import OUTBOX, claim_due
from actions.state.policy_versions import PolicyVersion
from actions.state.world.loading import load_world_data
from ops.outgoing.news import news_of
from ops.policies.calendar import between, entries_of
from ops.policies.contradictions import contradicted, texts_of
from ops.policies.gaps import GapCode, Grounds, find_gaps, gaps_of, policy_texts
from ops.policies.ics import CalendarEvent, written
from ops.policies.register import RegisteredPolicy
from ops.policies.reminders import remind
from ops.policies.rules import Labels
from ops.worker import Surroundings
from tests.unit.ops.policies.registering import NEW, OLD, Office

FIRST = date(2026, 1, 1)


def row(key: str, **values: Any) -> Policy:
    return Policy(**{"id": key, "kind": "min_amount", "amount": "100.00", "effective_from": "2025-01-01", **values})


def registered(*rows: Policy, now: datetime, **about: Any) -> tuple[RegisteredPolicy, ...]:
    return tuple(RegisteredPolicy(each.id, each, (version(each, **about),), now) for each in rows)


def version(policy: Policy, **about: Any) -> PolicyVersion:
    from ops.policies.loads import as_json

    empty = dict.fromkeys(PolicyVersion.__dataclass_fields__)
    given = {"id": 1, "policy": policy.id, "version": 1, "body": as_json(policy), "decision": "approved", "risk": "low", "title": policy.id}
    return PolicyVersion(**{**empty, **given, "owner": "author", **about})


def codes(rows: Sequence[Policy], day: date, **about: Any) -> list[tuple[str, str]]:
    now = start_of(day)
    return [(gap.code, gap.policy) for gap in find_gaps(Grounds(registered(*rows, now=now, **about), now, {each.id for each in rows}))]


@pytest.mark.slow
def test_a_year_is_walked_and_every_gap_is_told_at_least_30_days_before() -> None:
    rows = [
        row("a", effective_to="2026-03-31"),
        row("b", effective_from="2026-04-01", effective_to="2026-08-14", amount="200.00"),
        row("c", kind="max_amount", effective_to="2026-06-30", amount="9000.00"),
        row("d", kind="age", min=18, max=60, amount=None, effective_to="2026-12-31"),
        row("e", kind="student", amount=None, effective_from="2026-02-28", effective_to="2026-02-28"),
    ]
    told: dict[tuple[str, str, date], date] = {}
    for number in range(365):
        day = FIRST + timedelta(days=number)
        now = start_of(day)
        for gap in find_gaps(Grounds(registered(*rows, now=now, review_on="2026-10-01"), now, rehearsed={each.id for each in rows})):
            told.setdefault((gap.code, gap.policy, gap.on or day), day)
        assert {each.status for each in registered(*rows, now=now)} <= {"scheduled", "in_force", "expired"}
    ends = {policy: on - day for (code, policy, on), day in told.items() if code == "ends-without-successor"}
    assert set(ends) == {"b", "c", "d", "e"}, "another follows a"
    assert all(before >= timedelta(days=30) for before in ends.values())
    reviews = [on - day for (code, _, on), day in told.items() if code == "review-due"]
    assert reviews and all(before >= timedelta(days=30) for before in reviews)


@pytest.mark.parametrize(
    ("rows", "day", "about", "expected"),
    [
        ([row("a"), row("b", amount="200.00")], "2026-01-05", {}, ("overlaps", "a")),
        ([row("a")], "2026-10-02", {"review_on": "2026-10-01"}, ("review-overdue", "a")),
        ([row("a")], "2026-09-02", {"review_on": "2026-10-01"}, ("review-due", "a")),
        ([row("a", kind="region", regions=["南海"], amount=None, notice="x")], "2026-01-05", {}, ("unused", "a")),
    ],
)
def test_each_gap_is_found(rows: list[Policy], day: str, about: dict[str, Any], expected: tuple[str, str]) -> None:
    now = start_of(date.fromisoformat(day))
    found = find_gaps(Grounds(registered(*rows, now=now, **about), now, {"a", "b"}, Labels({"广东"}, set())))
    assert [(gap.code, gap.policy) for gap in found] == [expected]


def test_two_of_the_same_values_or_of_other_regions_do_not_bite() -> None:
    assert codes([row("a"), row("b")], FIRST) == []
    adjusted = [row(key, kind="adjustment", amount=None, regions=[where], notice="x") for key, where in (("a", "青海"), ("b", "西藏"))]
    assert codes(adjusted, FIRST) == []


def test_what_begins_soon_without_a_rehearsal_is_told() -> None:
    now = start_of(date(2026, 11, 28))
    policies = registered(row("a", effective_from="2026-12-01"), row("z", effective_to="2026-11-30"), now=now)
    assert [gap.code for gap in find_gaps(Grounds(policies, now))] == ["no-trial"]
    assert find_gaps(Grounds(policies, now - timedelta(days=1))) == [] == find_gaps(Grounds(policies, now, rehearsed={"a"}))


@pytest.mark.parametrize(
    ("policy", "text", "number"),
    [
        (row("a"), "分期满 300 元起，不到就分不了。", "300"),
        (row("a", kind="age", min=20, max=60, amount=None), "要满十八周岁，早一天也没有例外。", "十八"),
        (row("a", kind="app_version", minimum="13.2.0", amount=None), "App要升级到 12.6.0 才行。", "12.6.0"),
    ],
)
def test_a_sentence_that_names_another_number_is_found(policy: Policy, text: str, number: str) -> None:
    assert list(contradicted(policy, [text])) == [(text, number)]


def test_our_own_sentences_contradict_no_policy_of_the_demo(knowledge: Knowledge) -> None:
    texts = texts_of(knowledge)
    assert len(texts) > 3000 and any("满十八周岁" in text for text in texts)
    assert list(contradicted(row("a", kind="age", min=18, max=60, amount=None), texts)) == []
    assert list(contradicted(row("a", kind="age", min=20, max=60, amount=None), texts)) != []


def test_what_agents_are_offered_to_send_is_looked_through_as_well(knowledge: Knowledge) -> None:
    texts = texts_of(knowledge)
    assert knowledge.replies and all(reply.text in texts for reply in knowledge.replies.values())
    offered = [reason.agents.reply for reason in knowledge.handoffs.values() if reason.agents.reply]
    assert offered and all(text in texts for text in offered)


def test_a_notice_that_stayed_when_the_values_changed_is_told(office: Office) -> None:
    office.registered("p-min", body={**OLD, "notice": NEW["notice"]}, supersedes=None)
    office.registered()
    with office.here.database.session() as session:
        found = gaps_of(session, office.here.knowledge.current, start_of(date(2026, 11, 23)))
    assert ("notice-old", "p-min-2") in [(gap.code, gap.policy) for gap in found]


def test_reminders_go_out_once_at_each_time_and_name_who_answers_for_it(office: Office) -> None:
    office.registered(review_on="2026-11-30")
    here, told = Surroundings.of(office.here), []
    for day in ("2026-11-24", "2026-11-25", "2026-11-30", "2026-12-01", "2026-12-02"):
        load_world_data(office.here.database, {"now": f"{day}T09:00:00+08:00"})
        told.append((day, remind(here), remind(here)))
    # The end of the one before, the begin, and the review: a week before, a day before; at last that the review is overdue.
    assert told == [("2026-11-24", 3, 0), ("2026-11-25", 0, 0), ("2026-11-30", 3, 0), ("2026-12-01", 1, 0), ("2026-12-02", 0, 0)]
    with office.here.database.session() as session:
        first, *_ = claim_due(session, 60.0, 10, "operators")
        events = set(session.execute(select(OUTBOX.c.event)).scalars())
        news = news_of(session, office.here.knowledge.current, first.event, first.detail, "https://help.example")
    assert events == {"policy.due"}
    assert news.title.startswith("【规定】") and news.lines[-1].startswith("https://help.example/console/policies/")


def test_the_calendar_holds_begins_ends_and_reviews_and_nothing_that_never_holds() -> None:
    now = start_of(FIRST)
    rows = [row("a", effective_to="2026-03-31"), row("n", effective_from="2026-05-01", effective_to="2026-04-30")]
    found = between(entries_of(registered(*rows, now=now, review_on="2026-02-01")), date(2026, 1, 1), date(2026, 12, 31))
    assert [(each.what, each.on.isoformat()) for each in found] == [("review", "2026-02-01"), ("ends", "2026-03-31")]


def test_a_feed_is_folded_escaped_and_ends_after_its_last_day() -> None:
    event = CalendarEvent("starts-p@baitiao", FIRST, date(2026, 1, 3), "生效：起点; 300 元, 自元旦\n起" + "很长" * 40, "a\\b")
    data = written("规定", [event], datetime(2026, 1, 1, tzinfo=timezone.utc))
    lines = data.split(b"\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n") and all(len(line) <= 75 for line in lines)
    assert all(line.decode("utf-8") is not None for line in lines), "no sign is cut in two"
    unfolded = data.decode().replace("\r\n ", "").split("\r\n")
    assert "SUMMARY:生效：起点\\; 300 元\\, 自元旦\\n起" + "很长" * 40 in unfolded and "DESCRIPTION:a\\\\b" in unfolded
    assert [line for line in unfolded if line.startswith(("DTSTART", "DTEND"))] == [
        "DTSTART;VALUE=DATE:20260101",
        "DTEND;VALUE=DATE:20260104",
    ]
    assert [line.partition(":")[0] for line in unfolded if line and not re.match(r"[A-Z-]+[;:]", line)] == []


def test_no_sentence_of_a_gap_is_missing() -> None:
    assert set(policy_texts()["gaps"]) == set(get_args(GapCode))
