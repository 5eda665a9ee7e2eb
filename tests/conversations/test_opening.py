"""The first screen: what its buttons send is answered as if the customer had typed it, each question on its own topic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.state.conversations import load_tracker
from bot.channel.opening import opening
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from conversations.simulation.reading import reading_of
from conversations.stage import Stage, Templates

USER, ORDER = "u", "o"
SURE = 0.8
ANSWERS = ("answer", "diagnosis", "handoff")
"""What a question is answered with: from the knowledge, by the state, or, in an emergency, by a person."""


@pytest.fixture
def staged(agent: Any, loop: Any, templates: Templates, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def stage(*causes: str, order: str | None = ORDER, status: str = "unpaid") -> Stage:
        # Without an order in the token, a second one leaves open which is meant, unless both are paid.
        others = {"orders": [{"id": name, "user": USER, "lines": [{"sku": "1"}], "status": status} for name in (ORDER, "o-2")]}
        world = ["healthy", *([{"inject": list(causes)}] if causes else []), *([] if order else [others])]
        made.append(Stage(agent, templates.copy(world, tmp_path / f"{len(made)}.db"), loop, USER, order))
        return made[-1]

    yield stage
    for each in made:
        each.end()
        each.database.close()


@pytest.fixture
def screen(reached: Any) -> Callable[..., dict[str, Any]]:
    def of(stage: Stage, order: str | None = ORDER) -> dict[str, Any]:
        seen = opening(
            ChannelStore(stage.database, stage.application.facts), stage.application.experiments, Claims(USER, order, None, 2**40)
        ).shown
        if reached is not None:
            reached.add_shown(list(texts(seen)))
        return seen

    return of


def texts(shown: Any) -> Iterator[str]:
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, (dict, list)):
        for each in shown.values() if isinstance(shown, dict) else shown:
            yield from texts(each)


def topics() -> dict[str, str]:
    knowledge = project_knowledge()
    usual = (question for questions in knowledge.openings.likely.values() for question in questions)
    return {question.ask: question.topic for question in (*usual, *(each for cause in knowledge.causes.values() for each in cause.likely))}


def understood(stage: Stage) -> tuple[str, float]:
    with stage.database.session() as session:
        heard = reading_of(load_tracker(session, USER))
    assert heard is not None
    return heard.taken_for


def test_every_likely_question_is_answered_on_its_topic(staged: Callable[..., Stage], screen: Callable[..., dict[str, Any]]) -> None:
    wanted, asked = topics(), set()
    for causes, order in [((), ORDER), ((), None), *(((cause,), ORDER) for cause in injections())]:
        offered = [each["text"] for each in screen(staged(*causes, order=order), order)["questions"]]
        assert len(offered) == len(set(offered)) == 4, causes
        for text in set(offered) - asked:
            asked.add(text)
            stage = staged(*causes, order=order)
            replies = stage.say(text)
            name, confidence = understood(stage)
            assert (text, name) == (text, wanted[text]) and confidence >= SURE, (text, name, confidence)
            answers = [reply.data for reply in replies if reply.data and reply.data["type"] in ANSWERS]
            assert answers and all(each["topic"] == wanted[text] for each in answers if each["type"] == "answer"), (text, answers)
    assert set(wanted) - asked == set()


@pytest.mark.parametrize(
    ("causes", "expected"),
    [
        (("overdue",), ["diagnosis", "step"]),
        (("merchant_not_enrolled",), ["diagnosis", "explained"]),
        (("bank_card_unusable", "limit_insufficient"), ["diagnosis", "step"]),
        ((), ["diagnosis", "step"]),
        (("tenors_limited",), ["answer"]),
    ],
)
def test_the_next_step_is_answered_with_the_state(
    staged: Callable[..., Stage], screen: Callable[..., dict[str, Any]], causes: tuple[str, ...], expected: list[str]
) -> None:
    stage = staged(*causes)
    replies = stage.say(screen(stage)["start"]["text"])
    assert [reply.data["type"] for reply in replies if reply.data] == expected
    assert understood(stage)[1] >= SURE


def test_which_order_is_meant_is_asked_where_the_screen_does_not_know_it(
    staged: Callable[..., Stage], screen: Callable[..., dict[str, Any]]
) -> None:
    stage = staged(order=None)
    seen = screen(stage, None)
    assert seen["stands"] == "unknown"
    assert [reply.data["type"] for reply in stage.say(seen["start"]["text"]) if reply.data] == ["clarify"]


def test_a_case_goes_on_where_it_stopped(staged: Callable[..., Stage], screen: Callable[..., dict[str, Any]]) -> None:
    stage = staged("overdue")
    stage.say(screen(stage)["start"]["text"])
    stage.press("/step_done")
    seen = screen(stage)
    assert seen["progress"]["text"] == "上次到第 2 步，共 2 步：还清逾期。" and seen["start"] is None
    replies = stage.say(seen["progress"]["go_on"]["text"])
    assert replies[-1].data is not None and (replies[-1].data["type"], replies[-1].data["step"]) == ("step", 2)


@pytest.mark.parametrize(("causes", "stands"), [((), "clear"), (("incident_degraded",), "limited")])
def test_the_only_unsettled_bill_is_looked_at_where_no_order_is_to_be_paid(
    staged: Callable[..., Stage], screen: Callable[..., dict[str, Any]], causes: tuple[str, ...], stands: str
) -> None:
    stage = staged(*causes, order=None, status="paid")
    seen = screen(stage, None)
    assert (seen["stands"], seen["order"], seen["bill"]) == (stands, None, "b")
    assert seen["text"].startswith("这期账单")


@pytest.mark.parametrize(("order", "said", "kind"), [(ORDER, "这期账单为什么不能分期", "bill"), (None, None, "account")])
@pytest.mark.parametrize("cause", ["overdue", "risk_blocked"])
def test_what_blocks_a_bill_or_the_account_is_told_of_that(
    staged: Callable[..., Stage], screen: Callable[..., dict[str, Any]], cause: str, order: str | None, said: str | None, kind: str
) -> None:
    stage = staged(cause, order=order)
    if said is not None:
        stage.say(said)
    seen = screen(stage, order)
    assert (seen["stands"], seen["order"], bool(seen["bill"])) == ("blocked", None, kind == "bill")
    assert "1 件事" in seen["text"] and seen["causes"][0]["id"] == cause
