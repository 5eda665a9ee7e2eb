"""What messages come to, and where episodes begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from actions.core.messages import DATA_TYPES
from actions.core.observations import SILENCE_MS, EpisodeState, Observation, abandoned, milliseconds, observe

BEGIN = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    seq: int
    at: datetime
    role: str
    data: dict[str, Any] | None = None
    intent: str | None = None
    guess: str | None = None
    confidence: float | None = None
    action: str | None = None


class Talk:
    """A conversation that is observed turn by turn."""

    def __init__(self) -> None:
        self.state = EpisodeState()
        self.seq = 0
        self.now = BEGIN

    def turn(self, intent: str, action: str | None, *told: dict[str, Any], after: timedelta = timedelta(minutes=1), **more: Any) -> Any:
        return self.written(
            [{"role": "user", "intent": intent, "action": action, **more}, *({"role": "bot", "data": each} for each in told)], after
        )

    def unasked(self, *told: dict[str, Any], after: timedelta = timedelta(minutes=1)) -> Any:
        return self.written([{"role": "bot", "data": each} for each in told], after)

    def written(self, lines: Iterable[dict[str, Any]], after: timedelta) -> Any:
        self.now += after
        messages = []
        for line in lines:
            self.seq += 1
            messages.append(Line(seq=self.seq, at=self.now, **line))
        found, self.state = observe(messages, self.state)
        return [(each.kind, each.value, each.episode) for each in found]

    def complains(self, *told: dict[str, Any], after: timedelta = timedelta(minutes=1)) -> Any:
        return self.turn("installment_missing", "action_diagnose", *told, after=after)


def diagnosis(*causes: str) -> dict[str, Any]:
    return {"type": "diagnosis", "order": "o-1", "bill": None, "causes": [{"id": cause} for cause in causes]}


def test_what_rests_on_incidents_says_on_which() -> None:
    evidence = [{"fact": f"incidents[{name}].{field}"} for name in ("i-1", "i-2") for field in ("severity", "started_at")]
    causes = [{"id": "incident_outage", "evidence": evidence}, {"id": "overdue", "evidence": [{"fact": "baitiao.overdue"}]}]
    told = Line(seq=1, at=BEGIN, role="bot", data={"type": "diagnosis", "causes": causes})
    found, _ = observe([told], EpisodeState())
    assert [(each.value, dict(each.dims)) for each in found] == [("incident_outage", {"incidents": ["i-1", "i-2"]}), ("overdue", {})]


STEP = {"type": "step", "cause": "overdue", "step": 1, "steps": 2}
RESOLVED = {"type": "resolved"}
HANDOFF = {"type": "handoff", "handoff_id": "h-1", "reason": "requested", "queue": "general"}


def test_a_complaint_begins_an_episode_and_says_what_was_found_in_it() -> None:
    talk = Talk()
    assert talk.complains(diagnosis("overdue", "self_locked"), STEP) == [
        ("opened", "", None),
        ("complained", "installment_missing", 1),
        ("found", "overdue", 1),
        ("found", "self_locked", 1),
        ("step", "overdue/1/shown", 1),
    ]
    assert (talk.state.order, talk.state.bill) == ("o-1", None)


def test_no_cause_is_found_too() -> None:
    assert ("found", "none", 1) in Talk().complains(diagnosis())


@pytest.mark.parametrize(
    ("action", "how"), [("action_step_done", "done"), ("action_step_not_found", "not_found"), ("action_step_not_possible", "cannot")]
)
def test_what_became_of_a_step_is_said_of_the_step_in_hand(action: str, how: str) -> None:
    talk = Talk()
    talk.complains(diagnosis("overdue"), STEP)
    found = talk.turn("step_done", action, {"type": "check", "cause": "overdue", "passed": False}, {**STEP, "step": 2})
    assert found == [("step", f"overdue/1/{how}", 1), ("check", "overdue/failed", 1), ("step", "overdue/2/shown", 1)]


def test_a_step_that_nobody_showed_comes_to_nothing() -> None:
    talk = Talk()
    talk.turn("greet", "action_greet")
    assert talk.turn("step_done", "action_step_done") == []


def test_questions_name_their_topic_and_the_intent_where_there_is_none() -> None:
    talk = Talk()
    assert talk.turn("faq_fee", "action_answer", {"type": "answer", "topic": "fees_of_plans", "facts": []})[1:] == [
        ("asked", "fees_of_plans", None)
    ]
    assert talk.turn("plan_quote", "action_quote", {"type": "plans"}) == [("asked", "plan_quote", None)]


def test_what_is_not_understood_names_what_it_might_have_been() -> None:
    talk = Talk()
    talk.turn("greet", "action_greet")
    said = Line(2, talk.now, "user", intent="nlu_fallback", guess="faq_fee", confidence=0.31, action="action_clarify")
    (found,), _ = observe([said, Line(3, talk.now, "bot", {"type": "clarify"})], talk.state)
    assert (found.kind, found.value, dict(found.dims)) == ("unclear", "faq_fee", {"confidence": 0.31})


def test_what_was_answered_all_the_same_is_not_unclear() -> None:
    talk = Talk()
    found = talk.turn("nlu_fallback", "action_answer", {"type": "answer", "topic": "fees_of_plans"})
    assert [kind for kind, _, _ in found] == ["opened", "asked"]


def test_what_a_person_reads_instead_of_the_assistant_is_only_heard() -> None:
    talk = Talk()
    talk.complains(diagnosis("overdue"))
    assert talk.turn("installment_missing", None) == []
    assert talk.state.said_seq == talk.seq


@pytest.mark.parametrize(
    ("last", "end"),
    [
        (RESOLVED, "resolved"),
        ({"type": "explained", "cause": "x"}, "explained"),
        ({"type": "waiting", "cause": "x", "startable": False}, "waiting"),
        ({"type": "ended", "by": "customer"}, "resolved"),
        (HANDOFF, "handoff"),
    ],
)
def test_an_episode_ends_once_and_the_next_complaint_begins_another(last: dict[str, Any], end: str) -> None:
    talk = Talk()
    talk.complains(diagnosis("x"))
    assert ("end", end, 1) in talk.turn("affirm", "action_agree", last)
    assert [found for found in talk.turn("affirm", "action_agree", last) if found[0] == "end"] == [], "once"
    again = talk.seq + 1
    assert talk.complains(diagnosis("x")) == [("complained", "installment_missing", again), ("found", "x", again)]


@pytest.mark.parametrize(
    "going_on", [{"type": "explained", "startable": True}, {"type": "waiting", "startable": True}, {"type": "ended", "by": "person"}]
)
def test_what_goes_on_does_not_end(going_on: dict[str, Any]) -> None:
    talk = Talk()
    talk.complains(diagnosis("x"))
    assert talk.turn("affirm", "action_agree", going_on) == []


def test_complaining_again_in_the_middle_goes_on_with_the_episode() -> None:
    talk = Talk()
    talk.complains(diagnosis("x"))
    assert {episode for _, _, episode in talk.complains(diagnosis("x"))} == {1}


def test_who_is_diagnosed_without_having_complained_has_an_episode_all_the_same() -> None:
    assert ("found", "x", 1) in Talk().turn("nlu_fallback", "action_clarify", diagnosis("x"))


def test_a_handoff_that_is_named_again_is_the_same_handoff() -> None:
    talk = Talk()
    talk.complains(diagnosis("x"))
    assert talk.turn("request_human", "action_request_person", HANDOFF) == [("handoff", "requested", 1), ("end", "handoff", 1)]
    assert talk.turn("request_human", "action_request_person", HANDOFF) == []


def test_a_person_wanted_without_a_complaint_ends_no_episode() -> None:
    assert Talk().turn("request_human", "action_request_person", HANDOFF)[1:] == [("handoff", "requested", None)]


def test_what_follows_an_end_within_a_day_still_is_of_the_episode() -> None:
    talk = Talk()
    talk.complains(diagnosis("x"), {"type": "explained", "cause": "x"})
    assert ("end", "handoff", 1) in talk.turn("request_human", "action_request_person", HANDOFF, after=timedelta(hours=23))


def test_a_day_of_silence_ends_what_was_left_and_opens_anew() -> None:
    talk = Talk()
    talk.complains(diagnosis("x"))
    left = milliseconds(talk.now)
    assert talk.turn("thanks", "action_thanks", after=DAY - timedelta(milliseconds=1)) == []
    talk = Talk()
    talk.complains(diagnosis("x"))
    found, _ = observe([Line(9, talk.now + DAY, "user", intent="thanks", action="action_thanks")], talk.state)
    assert found == (
        Observation(left + SILENCE_MS, 1, 1, "end", "abandoned"),
        Observation(left + SILENCE_MS, 9, None, "opened"),
    )


def test_what_is_said_unasked_after_a_day_of_silence_belongs_to_no_episode() -> None:
    talk = Talk()
    talk.complains(diagnosis("x"), {"type": "waiting", "cause": "x", "startable": False})
    assert talk.unasked({"type": "check", "cause": "x", "passed": True}, after=DAY) == [("check", "x/passed", None)]


def test_only_what_is_open_can_be_left() -> None:
    state = EpisodeState(episode=1, said_seq=1, said_at=0)
    assert abandoned(state, SILENCE_MS) == Observation(SILENCE_MS, 1, 1, "end", "abandoned")
    assert abandoned(state, SILENCE_MS - 1) is None
    assert abandoned(replace(state, end="resolved"), SILENCE_MS) is None
    assert abandoned(EpisodeState(said_seq=1, said_at=0), SILENCE_MS) is None


@pytest.mark.parametrize("type_", [*DATA_TYPES, "of a later version", None])
def test_data_that_lacks_everything_stops_no_turn(type_: str | None) -> None:
    assert observe([Line(1, BEGIN, "bot", {"type": type_})], EpisodeState())[0] is not None


def test_what_agents_and_the_desk_say_is_not_looked_at() -> None:
    assert observe([Line(1, BEGIN, "agent"), Line(2, BEGIN, "system")], EpisodeState()) == ((), EpisodeState())


def test_an_alarm_is_a_complaint_that_goes_to_a_person_at_once() -> None:
    talk = Talk()
    assert talk.turn("fraud_suspected", "action_alarm", HANDOFF) == [
        ("opened", "", None),
        ("complained", "fraud_suspected", None),
        ("handoff", "requested", None),
    ]
