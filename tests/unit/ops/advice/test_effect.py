"""Whether advice helps: against those who are never told, with harm looked for; and what has none is switched off."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from actions.core.observations import milliseconds
from actions.knowledge.advice_rules import AdviceRules
from actions.state import advice, consents
from actions.state.advice import ADVICE, Advice
from actions.state.database import Database
from actions.state.outbox import claim_due
from ops.advice.effect import OPT_OUTS, PROGRAM, effect_on, judge, reason_to_stop
from tests.unit.ops.advice.time_machine import FIRST, TimeMachine, at

RULES = AdviceRules.parse_obj({"planned": 4000, "smallest_effect": 0.02})
WORLD: dict[str, Any] = {"users": [{"id": "u"}], "merchants": [{"id": "m"}], "categories": [{"id": "c"}], "plans": [{"tenor": 3}]}


def rows(count: int, held: float, told: float, seed: int = 5, harm: float = 0.01) -> list[Advice]:
    """Outcomes of so many customers, a tenth held out, with these shares blocked."""
    random = Random(seed)
    made = []
    for number in range(count):
        holdout = random.random() < 0.1
        blocked = random.random() < (held if holdout else told)
        other = random.random() < (0.01 if holdout else harm)
        row = Advice(number, f"u-{number}", "bills", "bill_past_due", "", "b", "2026-12-01", "2026-11-30", "sent", holdout, 0)
        found = {
            "result": "blocked" if blocked else "avoided",
            "other_block": other,
            "complained": False,
            "sent_at": number,
            "known_at": number,
        }
        made.append(Advice(**{**vars(row), **found}))
    return made


@pytest.mark.parametrize(
    ("count", "held", "told", "verdict", "stops"),
    [
        (1000, 0.4, 0.25, "not_decided", None),
        (6000, 0.45, 0.25, "better", None),
        (6000, 0.25, 0.45, "worse", "harm"),
        (6000, 0.3, 0.3, "not_decided", "no_effect"),
    ],
)
def test_the_verdict_and_what_follows_from_it(count: int, held: float, told: float, verdict: str, stops: str | None) -> None:
    effect = effect_on(rows(count, held, told), RULES)
    assert effect["verdict"] == verdict
    assert reason_to_stop(effect, RULES) == stops


def test_another_block_instead_switches_it_off_though_it_helps() -> None:
    effect = effect_on(rows(6000, 0.45, 0.25, harm=0.12), RULES)
    assert reason_to_stop(effect, RULES) == "guardrail:other_block"


def test_what_ends_keeps_no_block_away_and_is_stopped_by_harm_alone() -> None:
    nothing = effect_on(rows(6000, 0.3, 0.3), RULES)
    assert (reason_to_stop(nothing, RULES), reason_to_stop(nothing, RULES, ends=True)) == ("no_effect", None)
    assert reason_to_stop(effect_on(rows(6000, 0.3, 0.3, harm=0.12), RULES), RULES, ends=True) == "guardrail:other_block"


def test_of_each_customer_the_first_counts() -> None:
    first = rows(50, 0.5, 0.5)
    again = [Advice(**{**vars(row), "id": row.id + 50, "result": "blocked"}) for row in first]
    assert effect_on([*first, *again], RULES) == effect_on(first, RULES)


def test_a_split_that_does_not_fit_is_no_reason_to_stop() -> None:
    told = [row for row in rows(6000, 0.3, 0.3) if not row.holdout]
    effect = effect_on(told, RULES)
    assert effect["srm"]["blocked"] and reason_to_stop(effect, RULES) is None


def noted(database: Database, outcomes: list[Advice]) -> None:
    with database.session() as session:
        session.execute(insert(ADVICE), [{**vars(row), "id": row.id + 1} for row in outcomes])


def test_what_has_no_effect_is_switched_off_by_the_program_and_judged_anew_once_a_person_lets_it_go_on(database: Database) -> None:
    machine, moment = TimeMachine.of(database, WORLD), at(FIRST + timedelta(days=1), 10)
    noted(database, rows(4200, 0.3, 0.3))
    assert judge(machine.here, moment) == ["bills"] and judge(machine.here, moment) == []
    with database.session() as session:
        assert (advice.switched_off(session)["bills"].by, advice.switched_off(session)["bills"].why) == (PROGRAM, "no_effect")
        assert advice.effects(session)["bills"].body["n"]["told"] > 3000
        advice.switch(session, "bills", False, milliseconds(moment), "ops", "文案改好了")
    assert judge(machine.here, moment) == []
    with database.session() as session:
        assert advice.switched_off(session) == {} and advice.effects(session)["bills"].body["n"] == {"held_out": 0, "told": 0}
        # What a person had stopped themselves is no reason to forget what is known.
        advice.switch(session, "papers", True, 1, "ops", "x")
        advice.switch(session, "papers", False, 2, "ops", "y")
        assert set(advice.let_go_on(session, PROGRAM)) == {"bills"}


def test_above_two_of_a_hundred_opt_outs_operators_are_told_once_a_month(database: Database) -> None:
    machine = TimeMachine.of(database, WORLD)
    machine.agree([f"u-{number}" for number in range(40)], ["bills"])
    moment = at(FIRST + timedelta(days=1), 10)
    judge(machine.here, moment)
    with database.session() as session:
        assert claim_due(session, 60, 9, "operators") == ()
        for number in range(2):
            consents.withdraw_consent(session, f"u-{number}", None, milliseconds(moment))
    judge(machine.here, moment)
    judge(machine.here, moment + timedelta(hours=3))
    with database.session() as session:
        (told,) = claim_due(session, 60, 9, "operators")
    assert (told.event, told.detail["left"], told.detail["of"], told.detail["share"]) == (OPT_OUTS, 2, 40, 0.05)
