"""The day of advice in an experiment: arms differ from one and the same moment on, and nothing else is another than usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from actions.core.ahead import CauseAhead
from actions.core.assignment import Assignment, Layer
from actions.core.observations import milliseconds
from actions.dialogue.arms import Arms, RunningExperiment
from actions.state.advice import ADVICE, Advice
from actions.state.database import Database
from actions.state.experiments import EXPOSURES, ExperimentRow, change_experiment, put_experiment
from actions.state.world.loading import load_world_data
from ops.advice.effect import effect_on
from ops.advice.restraint import is_held_out
from ops.advice.trying import TriedDay, arms_that_run, tried_day
from ops.experiments.looking import units_of
from ops.experiments.service import spec_of
from ops.experiments.traffic import traffic_of
from tests.unit.ops.advice.time_machine import FIRST, TimeMachine, at
from tests.unit.ops.experiments.conftest import Write, read_once, write
from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database", "read_once", "write"]

BILL = "bill_past_due"


def _arms(days: Mapping[str, Sequence[int]], causes: Sequence[str] = (BILL,), **more: Any) -> Arms:
    """Arms that tell of a bill on these days, the control first."""
    names = tuple(days)
    assignment = Assignment("when", 1, Layer("when"), names, (1.0,) * len(names), frozenset(causes), **more)
    told = [CauseAhead(days=(7, 1), text="x", tried_days=None if not at else tuple(days[name])) for at, name in enumerate(names)]
    knowledge = {(at,): cast(Any, SimpleNamespace(causes={BILL: SimpleNamespace(told_before=each)})) for at, each in enumerate(told)}
    experiment = RunningExperiment(assignment, frozenset(), frozenset(), (), frozenset({BILL}))
    return Arms(knowledge[(0,)], (experiment,), knowledge)


def _in(arms: Arms, place: int, start: int = 0) -> str:
    return next(f"u-{number}" for number in range(start, start + 999) if arms.experiments[0].assignment.arm_of(f"u-{number}") == place)


def _day(after: int) -> date:
    return FIRST + timedelta(days=after)


@pytest.mark.parametrize(
    ("known", "lead", "expected"),
    [
        (0, None, ((13, 17), 13, 17)),
        (14, None, ((19, 17), 17, 19)),
        (18, None, None),
        (20, None, None),
        (0, 3, ((19, 17), 17, 19)),
        (0, 1, None),
    ],
    ids=["both ahead", "too late for the usual first", "the same day is left", "no day is left", "as long before as was asked", "the same"],
)
@pytest.mark.parametrize("place", [0, 1])
def test_what_an_arm_tells_when_and_from_when_on_they_differ(known: int, lead: int | None, expected: Any, place: int) -> None:
    arms = _arms({"control": [], "later": [3, 1]})
    found = tried_day(arms, _in(arms, place), BILL, _day(20), _day(known), lead)
    if expected is None:
        assert found is None
    else:
        days, first, last = expected
        name = f"when/1/{'control' if place == 0 else 'later'}"
        assert found == TriedDay(name, _day(days[place]), _day(days[0]), _day(first), _day(last))


def test_everybody_else_is_told_on_the_usual_day() -> None:
    arms, on = _arms({"control": [], "later": [3, 1]}), _day(20)
    assert tried_day(None, "u-1", BILL, on, FIRST, None) is None
    assert tried_day(arms, "u-1", "overdue", on, FIRST, None) is None
    strangers = _arms({"control": [], "later": [3, 1]}, causes=("overdue",))
    assert tried_day(strangers, "u-1", BILL, on, FIRST, None) is None
    stopped = _arms({"control": [], "later": [3, 1]}, stopped=frozenset({"later"}))
    assert {tried_day(stopped, _in(arms, place), BILL, on, FIRST, None) for place in (0, 1)} == {None}
    assert list(arms_that_run(stopped)) == ["when/1/control"]


def test_known_too_late_for_one_arm_it_is_told_on_the_usual_day_in_all() -> None:
    arms = _arms({"control": [], "earlier": [14, 9]})
    assert {tried_day(arms, _in(arms, place), BILL, _day(20), _day(15), None) for place in (0, 1)} == {None}


class Trial:
    """Customers whose bill falls due, in an experiment on the day they are told."""

    def __init__(self, database: Database, write: Write, days: str = "[3, 1]") -> None:
        self.database = database
        folder = write(
            {f"later/causes/{BILL}.yml": f"ahead: {{days: {days}}}\n"},
            id="when",
            who={"causes": [BILL]},
            arms=[{"id": "control", "weight": 1}, {"id": "later", "weight": 1}],
            metric="advice_blocked",
            direction="down",
        )
        self.row: ExperimentRow = folder.row(state="running", started_at=1, started_by="test")
        users = [f"u-{number}" for number in range(400)]
        of = self.row.assignment.arm_of
        told = [user for user in users if not is_held_out(user, 0.1)]
        self.control, self.later = ([user for user in told if of(user) == place][:3] for place in (0, 1))
        self.held_out = [next(user for user in users if is_held_out(user, 0.1) and of(user) == place) for place in (0, 1)]
        mine = [*self.control, *self.later, *self.held_out]
        bill = {"month": "2026-11", "amount": "1200.00", "status": "issued", "due_on": _day(19).isoformat()}
        self.machine = TimeMachine.of(
            database,
            {
                "users": [{"id": user} for user in mine],
                "bills": [{**bill, "id": f"b-{user}", "user": user} for user in mine],
                "plans": [{"tenor": 3}],
            },
        )
        with database.session() as session:
            put_experiment(session, self.row)
        self.machine.agree(mine)

    def go(self, day: int, hour: int = 10) -> None:
        self.machine.goes_to(at(_day(day), hour))

    def pay(self, *users: str) -> None:
        load_world_data(self.database, {"bills": [{"id": f"b-{user}", "status": "settled"} for user in users]})

    def of(self, user: str) -> Advice:
        (row,) = [row for row in self.machine.advice() if row.user == user]
        return row

    def told_on(self, user: str) -> date | None:
        row = self.of(user)
        return next((_day(day) for day in range(30) if row.sent_at == milliseconds(at(_day(day), 10))), None)

    def exposed(self) -> dict[str, int]:
        with self.database.session() as session:
            arms = session.execute(select(EXPOSURES.c.arm)).scalars().all()
        return {arm: arms.count(arm) for arm in ("control", "later")}

    def outcomes(self) -> list[tuple[int, int | None]]:
        """Arm and outcome of whoever is counted."""
        from actions.state.experiments import exposures_of

        with self.database.session() as session:
            units = units_of(session, exposures_of(session, self.row), spec_of(self.row), 2**62)
        return sorted((unit.arm, unit.outcome) for unit in units)


@pytest.fixture
def trial(database: Database, write: Write, read_once: None) -> Trial:
    return Trial(database, write)


@pytest.mark.slow
def test_both_arms_are_counted_on_the_first_day_and_told_on_their_own(trial: Trial) -> None:
    for day in (0, 12):
        trial.go(day)
        assert trial.exposed() == {"control": 0, "later": 0}
    trial.go(13)
    assert trial.exposed() == {"control": 3, "later": 3}
    assert {trial.told_on(user) for user in trial.control} == {_day(13)} and {trial.told_on(user) for user in trial.later} == {None}
    # Who pays between the two days is counted in the later arm as well, although they are never told.
    trial.pay(trial.control[0], trial.later[0])
    for day in (14, 17, 18, 20):
        trial.go(day)
    assert trial.exposed() == {"control": 3, "later": 3}
    assert trial.of(trial.later[0]).status == "not_coming" and {trial.told_on(user) for user in trial.later[1:]} == {_day(17)}
    assert trial.outcomes() == [(0, 0), (0, 1), (0, 1), (1, 0), (1, 1), (1, 1)]
    control, later = (trial.of(user) for user in trial.held_out)
    assert [row.status for row in (control, later)] == ["held_out", "held_out"] and not (control.exposed or later.exposed)
    assert [trial.told_on(user) for user in trial.held_out] == [_day(13), _day(17)], "the hold-out is looked at on the days of those told"


@pytest.mark.slow
def test_whoever_is_not_to_be_told_on_the_first_day_is_counted_in_no_arm(trial: Trial) -> None:
    trial.go(0)
    trial.pay(trial.control[0], trial.later[0])
    trial.machine.withdraw(trial.control[1], at(_day(1), 9))
    trial.machine.withdraw(trial.later[1], at(_day(1), 9))
    trial.go(13)
    assert trial.exposed() == {"control": 1, "later": 1}


@pytest.mark.slow
def test_what_is_put_off_until_both_would_tell_it_is_told_in_both_and_counted_in_none(trial: Trial) -> None:
    incident = {"id": "i", "component": "installment", "severity": "outage", "started_at": at(_day(12), 8).isoformat()}
    load_world_data(trial.database, {"incidents": [{**incident, "resolved_at": at(_day(18), 8).isoformat()}]})
    for day in (0, 13, 15, 17):
        trial.go(day)
        assert {trial.told_on(user) for user in (*trial.control, *trial.later)} == {None}
    trial.go(18)
    assert {trial.told_on(user) for user in (*trial.control, *trial.later)} == {_day(18)}
    assert trial.exposed() == {"control": 0, "later": 0}


@pytest.mark.slow
def test_what_is_put_off_for_a_while_is_counted_once_it_could_be_told_in_one_arm_only(trial: Trial) -> None:
    incident = {"id": "i", "component": "installment", "severity": "outage", "started_at": at(_day(12), 8).isoformat()}
    load_world_data(trial.database, {"incidents": [{**incident, "resolved_at": at(_day(15), 8).isoformat()}]})
    for day in (0, 13, 15):
        trial.go(day)
    assert trial.exposed() == {"control": 3, "later": 3} and {trial.told_on(user) for user in trial.control} == {_day(15)}
    assert {trial.told_on(user) for user in trial.later} == {None}


@pytest.mark.slow
def test_once_it_is_over_everybody_is_told_as_usual_and_what_was_decided_stays_counted(trial: Trial) -> None:
    for day in (0, 13):
        trial.go(day)
    with trial.database.session() as session:
        change_experiment(session, trial.row, ("running",), state="stopped", ended_at=2, ended_by="test", reason="x")
    trial.go(14)
    assert {trial.told_on(user) for user in trial.later} == {_day(14)}, "their usual day is over, so they are told at once"
    trial.go(20)
    assert trial.outcomes() == [(0, 1)] * 3 + [(1, 1)] * 3


@pytest.mark.slow
def test_an_earlier_arm_is_told_earlier_and_limits_stay_as_they_are(database: Database, write: Write, read_once: None) -> None:
    trial = Trial(database, write, "[14, 1]")
    trial.go(0)
    with database.session() as session:
        # As much as a month allows was told already.
        rows = [
            {
                **vars(
                    replace(
                        trial.of(trial.later[0]),
                        event_on=f"2026-12-0{each}",
                        status="sent",
                        trying=None,
                        sent_at=milliseconds(at(_day(1), 10)),
                    )
                )
            }
            for each in (1, 2)
        ]
        session.execute(ADVICE.insert(), [{name: value for name, value in row.items() if name != "id"} for row in rows])
    trial.go(6)
    assert trial.exposed() == {"control": 3, "later": 2}
    assert [trial.told_on(user) for user in trial.later[1:]] == [_day(6)] * 2 and {trial.told_on(user) for user in trial.control} == {None}
    trial.machine.goes_to(at(_day(13), 22))
    assert {trial.told_on(user) for user in trial.control} == {None}, "nobody is written to at night"
    trial.go(14)
    assert {trial.told_on(user) for user in trial.control} == {_day(14)}


@pytest.mark.slow
def test_the_topics_own_effect_leaves_out_who_was_never_to_be_told(trial: Trial) -> None:
    trial.go(0)
    trial.go(13)
    trial.pay(trial.later[0])
    trial.go(17)
    trial.go(20)
    effect = effect_on(
        [row for row in trial.machine.advice() if row.status in ("sent", "held_out")], trial.machine.here.knowledge.current.advice
    )
    assert effect["n"] == {"held_out": 2, "told": 5}


@pytest.mark.slow
def test_how_many_will_take_part_is_told_by_who_was_told_before(trial: Trial) -> None:
    for day in (0, 13, 17, 20):
        trial.go(day)
    with trial.database.session() as session:
        session.execute(update(ADVICE).where(ADVICE.c.user == trial.control[0]).values(result="avoided"))
        found = traffic_of(session, spec_of(trial.row), milliseconds(at(_day(21), 10)))
    assert (found.customers, found.rate) == (6, pytest.approx(5 / 6))
