"""What customers who wait for the end of an incident are told meanwhile and at its end, each by their own state, in the chat itself."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from conversations.application import project_knowledge
from conversations.healthy_world import injections
from conversations.stage import Stage
from ops.incidents import service
from ops.incidents.cases import LinkedCases
from ops.worker import Surroundings

USER, ORDER = "u", "o"
NOTIFY = "恢复后通知我"
KEPT = {"orders": [{"id": ORDER, "pay_before": "2026-11-23T09:30:00+08:00"}]}
WORDS = {"clear": "没有查到挡着", "other": "还有挡着的", "late": "付款时间到"}


@pytest.fixture
def staged(stages: Callable[[Any], Stage]) -> Callable[[], Stage]:
    return lambda: stages(SimpleNamespace(world=["healthy", KEPT], user=USER, order=ORDER))


class Duty:
    """Whoever declares, on a customer's stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.incident = ""
        self.incident = self._do(service.declare, component="installment", severity="outage")

    def does(self, step: Callable[..., Any], **given: Any) -> None:
        self._do(step, incident=self.incident, **given)

    def _do(self, step: Callable[..., Any], **given: Any) -> Any:
        with self._stage.database.session() as session:
            return step(session, project_knowledge(), self._stage.application.world_now(session), **given, by="operator-1")


def waiting(stage: Stage) -> Duty:
    """An outage for whose end the customer waits."""
    duty = Duty(stage)
    replies = stage.say("分期按钮没有了，页面打不开")
    assert replies[0].data is not None and [each["id"] for each in replies[0].data["causes"]] == ["incident_outage"]
    assert any(button["title"] == NOTIFY for button in replies[-1].buttons)
    stage.press(next(button["payload"] for button in replies[-1].buttons if button["title"] == NOTIFY))
    return duty


def told(stage: Stage) -> list[str]:
    before = len(stage.history())
    stage.look()
    return [message.text for message in stage.history()[before:]]


def leave(stage: Stage, left: str) -> None:
    """Makes true of the customer what the end is to find."""
    if left == "other":
        stage.patch(injections()["merchant_not_enrolled"].patch)
    if left == "late":
        stage.pass_time(hours=48)


@pytest.mark.parametrize("left", WORDS)
@pytest.mark.parametrize("over", [service.resolve, service.withdraw], ids=["over", "withdrawn"])
def test_the_end_is_told_once_and_is_true_of_this_customer(staged: Callable[[], Stage], over: Callable[..., Any], left: str) -> None:
    stage = staged()
    duty = waiting(stage)
    leave(stage, left)
    duty.does(over)
    texts = told(stage)
    assert len(texts) == 1, texts
    text = texts[0]
    assert WORDS[left] in text and not any(words in text for name, words in WORDS.items() if name != left)
    assert ("并没有" in text or "不是" in text) == (over is service.withdraw), text
    assert told(stage) == []


def test_another_moment_is_told_and_no_more_for_half_an_hour(staged: Callable[[], Stage]) -> None:
    stage = staged()
    duty = waiting(stage)
    assert told(stage) == []
    duty.does(service.update, eta="2026-11-22T20:00:00+08:00")
    (text,) = told(stage)
    assert "11月22日 20:00" in text and "不保证" in text
    duty.does(service.update, eta="2026-11-22T23:00:00+08:00")
    assert told(stage) == []


def test_whoever_was_told_that_it_is_over_is_told_if_it_reaches_them_again(staged: Callable[[], Stage]) -> None:
    stage = staged()
    duty = waiting(stage)
    assert told(stage) == []
    duty.does(service.update, affects={"channels": ["offline"]})
    (over,) = told(stage)
    assert WORDS["clear"] in over
    duty.does(service.update, affects={})
    (again,) = told(stage)
    assert "故障" in again and WORDS["clear"] not in again


def test_a_case_that_waits_for_nothing_else_ends_with_the_incident(staged: Callable[[], Stage]) -> None:
    stage = staged()
    duty, cases = waiting(stage), LinkedCases()
    stage.press("/request_human")
    here = Surroundings.of(stage.application)
    assert cases.look(here) == 1
    duty.does(service.resolve)
    before = len(stage.history())
    assert cases.look(here) == 1
    said = [message.text for message in stage.history()[before:]]
    assert any("故障" in text for text in said), said
