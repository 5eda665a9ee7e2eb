"""The console's page of advice: what would go out, whether it helps, and the switch that an operator alone may use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.core.observations import milliseconds
from actions.state import advice, audit, consents, conversations
from actions.state.columns import real_now
from actions.state.world.facts import SqlFacts
from bot.channel.store import ChannelStore
from tests.unit.console.conftest import Caller
from tests.unit.handoff.conftest import House

EFFECT = {
    "n": {"held_out": 300, "told": 2700}, "estimate": -0.08, "interval": [-0.13, -0.03], "verdict": "better",
    "srm": {"e_value": 0.1, "blocked": False}, "guardrails": [], "blocked": {"held_out": 120, "told": 864}, "planned": 4000,
}  # fmt: skip


@pytest.fixture
def planned(house: House) -> House:
    now = milliseconds(real_now())
    with house.application.database.session() as session:
        consents.give_consent(session, "u-2006", "bills", "1", now)
        row = {"user": "u-2006", "topic": "bills", "cause": "bill_past_due", "order": "", "bill": "b-2006", "event_on": "2026-11-30"}
        advice.plan_advice(session, [{**row, "due_on": "2026-11-23", "holdout": False, "planned_at": now}])
        advice.put_off(session, 1, "month", now)
        advice.store_effect(session, "bills", EFFECT, now)
    return house


def test_what_would_go_out_and_whether_it_helps(planned: House, call: Callable[[str], Caller]) -> None:
    told = call("viewer").get("/advice").json()
    assert (
        told["tomorrow"]["topics"] == {"bills": 1, "papers": 0, "offers": 0, "rules": 0, "waits": 0}
        and told["tomorrow"]["never_looked_up"] == 1
    )
    (bills,) = [topic for topic in told["topics"] if topic["id"] == "bills"]
    assert (bills["consents"], bills["planned"], bills["reasons"]) == (1, 1, {"month": 1})
    assert [topic["id"] for topic in told["topics"] if topic["ends"]] == ["waits"]
    page = call("viewer").look("/console/advice")
    assert page.status_code == 200
    for words in ("864/2700", "有用", "-8.0 点", "一个月的次数到了：1", "还没有结果", "人太少"):
        assert words in page.text, words
    assert "马上停发" not in page.text and "马上停发" in call("operator").look("/console/advice").text


def test_who_has_come_and_has_it_before_them_is_counted(planned: House, call: Callable[[str], Caller]) -> None:
    now = milliseconds(real_now())
    with planned.application.database.session() as session:
        assert advice.claim_advice(session, 1, "sent", sent_at=now - 5)
        conversations.append(session, "u-2006", [conversations.MessageDraft("bot", "快到了", (), {"type": "advice"}, action="advice")])
    assert "1（打开 0）" in call("viewer").look("/console/advice").text
    ChannelStore(planned.application.database, SqlFacts).read_through("u-2006", 1)
    assert "1（打开 1）" in call("viewer").look("/console/advice").text


def test_that_the_program_has_stopped_a_topic_stands_on_the_page(planned: House, call: Callable[[str], Caller]) -> None:
    with planned.application.database.session() as session:
        advice.switch(session, "bills", True, milliseconds(real_now()), "advice", "no_effect")
    page = call("viewer").look("/console/advice").text
    assert "看不出用处，程序自动停发" in page and "停发：advice" in page
    (bills, *_) = call("viewer").get("/advice").json()["topics"]
    assert bills["stopped"]["why"] == "no_effect"


def test_an_operator_stops_it_with_a_reason_that_is_kept(planned: House, call: Callable[[str], Caller]) -> None:
    operator = call("operator")
    assert operator.post("/advice/switch", {"topic": "bills", "state": "stop", "reason": "账单文案要改"}).status_code == 200
    with planned.application.database.session() as session:
        assert set(advice.switched_off(session)) == {"bills"}
        (entry,) = [each for each in audit.entries(session) if each.action == "advice.pause"]
    assert entry.detail == {"topic": "bills", "reason": "账单文案要改"}
    assert "账单文案要改" in operator.look("/console/advice").text
    assert operator.post("/advice/switch", {"topic": "bills", "state": "go_on", "reason": "文案改好了"}).status_code == 200


@pytest.mark.parametrize(
    ("given", "status", "problem"),
    [
        ({"topic": "weather", "state": "stop", "reason": "随便试一试"}, 422, "unknown-topic"),
        ({"topic": "*", "state": "stop", "reason": "短"}, 422, "advice-reason"),
        ({"topic": "*", "state": "go_on", "reason": "没有停过的"}, 409, "advice-already"),
        ({"topic": "*", "state": "perhaps", "reason": "不知道怎么办"}, 400, "malformed"),
    ],
)
def test_what_is_refused(planned: House, call: Callable[[str], Caller], given: dict[str, str], status: int, problem: str) -> None:
    answer = call("operator").post("/advice/switch", given)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:baitiao:problem:{problem}")
