"""Customers are told what their arm says, and are counted from the first message that another arm would have said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from actions.core.turn import Response
from actions.state.database import Database
from actions.state.experiments import EXPOSURES, change_experiment
from actions.state.observations import OBSERVATIONS
from tests.unit.ops.experiments.conftest import SHORT, House, Running

USER, ORDER = "u-1013", "o-1013"
TEXT = "打开还款页，把全部待还金额看清楚，其他费用也在那里。"
USUAL = "打开还款页，把全部待还金额看清楚，包括页面列出的其他费用。"


def _complains(house: House, user: str = USER, order: str = ORDER) -> str:
    return _read(house.turn(user, "installment_missing", "怎么不能分期了", order=order))


def _read(response: Response) -> str:
    return "\n".join(reply.text for reply in response.replies)


def _met(house: House) -> list[tuple[Any, ...]]:
    with house.database.session() as session:
        return [tuple(row) for row in session.execute(select(EXPOSURES.c.experiment, EXPOSURES.c.arm, EXPOSURES.c.seq))]


def _observed(house: House) -> list[str]:
    with house.database.session() as session:
        return list(session.execute(select(OBSERVATIONS.c.value).where(OBSERVATIONS.c.kind == "exposure")).scalars())


def test_a_customer_of_the_variant_is_told_its_texts_and_met_it_once(house: House, experiments: Running) -> None:
    row = experiments.start_with(USER, 1)
    assert TEXT in _complains(house) and USUAL not in _read(house.turn(USER, "thanks"))
    assert _met(house) == [("shorter-step", "short", 1)]
    house.turn(USER, "installment_missing", "还是不能分期", order=ORDER)
    assert _met(house) == [("shorter-step", "short", 1)] and _observed(house) == [f"shorter-step/{row.version}/short"]


def test_a_customer_of_the_control_is_counted_too_and_told_what_everybody_is_told(house: House, experiments: Running) -> None:
    experiments.start_with(USER, 0)
    assert USUAL in _complains(house)
    assert _met(house) == [("shorter-step", "control", 1)]


def test_a_message_that_every_arm_would_say_counts_nobody(house: House, experiments: Running) -> None:
    experiments.start_with(USER, 1)
    house.turn(USER, "greet")
    house.turn(USER, "thanks")
    assert _met(house) == []


def test_whoever_takes_no_part_is_told_what_everybody_is_told(house: House, experiments: Running) -> None:
    experiments.start_with(USER, 1, who={"causes": ["limit_insufficient"]})
    assert USUAL in _complains(house) and _met(house) == []


def test_a_stopped_arm_falls_back_to_the_control_and_counts_nobody_any_more(house: House, experiments: Running) -> None:
    row = experiments.start_with(USER, 1)
    with house.database.session() as session:
        change_experiment(session, row, ("running",), stopped=[{"arm": "short", "guardrail": "handoff", "e_value": 1e4, "at": 1}])
    house.application.experiments.look()
    assert USUAL in _complains(house) and _met(house) == []


@pytest.mark.slow
def test_phrases_differ_and_count_where_they_are_said(house: House, experiments: Running) -> None:
    thanks = {"short/phrases/dialogue.yml": "thanks: [不客气，随时找我。]\n"}
    experiments.start_with(USER, 1, files=thanks, who={})
    assert "随时找我" in _read(house.turn(USER, "thanks")) and _met(house) == [("shorter-step", "short", 1)]


@pytest.mark.slow
def test_two_experiments_go_beside_each_other(house: House, experiments: Running) -> None:
    thanks = {"short/phrases/dialogue.yml": "thanks: [不客气，随时找我。]\n"}
    experiments.start_with(USER, 1)
    experiments.start_with(USER, 1, files=thanks, id="thanks", who={})
    assert TEXT in _complains(house) and "随时找我" in _read(house.turn(USER, "thanks"))
    assert sorted(_met(house)) == [("shorter-step", "short", 1), ("thanks", "short", 4)] or len(_met(house)) == 2


@pytest.mark.slow
def test_numbers_of_cases_are_no_difference(house: House, experiments: Running) -> None:
    experiments.start_with(USER, 1, files={"short/causes/overdue.yml": "needs: 还清逾期的钱\n"})
    case = house.turn(USER, "installment_missing", "怎么不能分期了", order=ORDER).case
    house.turn(USER, "request_human", "转人工", case, ORDER)
    assert _met(house) == []


def test_an_arm_that_cannot_be_used_any_more_is_left_out(house: House, experiments: Running) -> None:
    experiments.start_with(USER, 1, files={"short/causes/overdue.yml": SHORT + "position: 1\n"})
    assert house.application.experiments.arms is None and USUAL in _complains(house)


def _statements(database: Database, work: Callable[[], Any]) -> int:
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(database.engine, "before_cursor_execute", note)
    work()
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_turn_asks_the_database_nothing_more_unless_a_text_may_differ(house: House, experiments: Running) -> None:
    def thanks() -> Response:
        return house.turn(USER, "thanks")

    def complains() -> str:
        return _complains(house)

    thanks(), complains()
    usual, complaining = _statements(house.database, thanks), _statements(house.database, complains)
    experiments.start_with(USER, 1)
    assert _statements(house.database, thanks) == usual
    complains()
    # Whoever has met their arm is only looked up.
    assert _statements(house.database, complains) == complaining + 1
