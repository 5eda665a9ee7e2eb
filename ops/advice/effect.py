"""The effect, honestly: what became of those who were told, against those who never are; harm is looked for, and what has none is switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.moments import local, start_of
from actions.core.observations import milliseconds
from actions.knowledge.advice_rules import AdviceRules
from actions.knowledge.model import Knowledge
from actions.state import advice, reasons
from actions.state.advice import Advice
from actions.state.columns import real_now
from actions.state.outbox import put_for_operators
from actions.state.world.tables import facts_now
from ops.advice.foresight import is_there
from ops.advice.overview import opt_outs
from ops.advice.planning import AT_ONCE, states_of
from ops.experiments.analysis import Unit, analyse
from ops.experiments.specification import ExperimentSpecification

if TYPE_CHECKING:
    from ops.worker import Surroundings

OPT_OUTS = "compliance.opt_outs"
PROGRAM = "advice"
"""Who switches off what has no effect."""
_COMPLAINT = ("complaint",)
_HELD_OUT, _TOLD = 0, 1
_GUARDRAILS = ("other_block", "complaint")


def note_outcomes(here: Surroundings, now: datetime | None = None) -> int:
    """Looks, of what was told and of what would have been, whether it has come; of how much that became known."""
    now, knowledge = now or real_now(), here.knowledge.current
    with here.database.session() as session:
        clock = facts_now(session, here.settings.now)
        begun = advice.begun_by(session, local(clock).date().isoformat(), AT_ONCE)
        states = states_of(here, session, sorted({row.user for row in begun})) if begun else {}
        for row in begun:
            found = _outcome(knowledge, row, states.get(row.user))
            since = datetime.fromtimestamp((row.sent_at or 0) / 1000, timezone.utc)
            complained = reasons.were_lately(session, row.user, _COMPLAINT, since)
            advice.set_advice(session, row.id, **found, complained=complained, known_at=milliseconds(now))
    return len(begun)


def _outcome(knowledge: Knowledge, row: Advice, account: Facts | None) -> dict[str, Any]:
    facts = account.about(row.subject) if account is not None else None
    cause = knowledge.causes.get(row.cause)
    if facts is None or facts.subject != row.subject or cause is None:
        return {"result": "unknown", "other_block": None}
    # The first instant of the day is what was foretold; what was done since then came too late.
    then = replace(facts, now=max(facts.now, start_of(local(facts.now).date())))
    if then.order is not None and then.order.status not in ("cart", "unpaid"):
        return {"result": "avoided", "other_block": False}
    found = diagnose(then, knowledge.causes.values())
    others = any(block.cause.id != row.cause for block in found.blocks)
    return {"result": "blocked" if is_there(cause, found.get(row.cause), then) else "avoided", "other_block": others}


def judge(here: Surroundings, now: datetime | None = None) -> list[str]:
    """Computes the effect on each topic anew, and switches off those that have none or do harm; which those are."""
    now, rules = now or real_now(), here.knowledge.current.advice
    stopped = []
    with here.database.session() as session:
        known, anew = advice.outcomes(session), advice.let_go_on(session, PROGRAM)
        off, before = advice.switched_off(session), advice.effects(session)
        for topic in rules.topics:
            # What a person lets go on after the program has stopped it is judged by what was told since: it would be stopped at once otherwise.
            effect = effect_on([row for row in known if row.topic == topic and (row.sent_at or 0) >= anew.get(topic, 0)], rules)
            if topic not in before or before[topic].body != effect:
                advice.store_effect(session, topic, effect, milliseconds(now))
            why = reason_to_stop(effect, rules, ends=rules.topics[topic].ends)
            if why is not None and topic not in off:
                advice.switch(session, topic, True, milliseconds(now), PROGRAM, why)
                stopped.append(topic)
        _warn_of_opt_outs(session, rules, now)
    return stopped


def effect_on(rows: Sequence[Advice], rules: AdviceRules) -> dict[str, Any]:
    """What is known of the effect on one topic, valid however often it is looked at.

    Args:
        rows: of which the outcome is known, in the order in which it became known; of each customer the first counts.
    """
    first: dict[str, Advice] = {}
    for row in rows:
        first.setdefault(row.user, row)
    units = [_unit(row) for row in first.values()]
    found = analyse(units, _compared(rules))
    blocked = [sum(unit.outcome or 0 for unit in units if unit.arm == arm) for arm in (_HELD_OUT, _TOLD)]
    return {**found, "blocked": {"held_out": blocked[_HELD_OUT], "told": blocked[_TOLD]}, "planned": rules.planned}


def _unit(row: Advice) -> Unit:
    harm = {"other_block": row.other_block, "complaint": row.complained}
    known_at = (row.known_at or 0) / 1000
    bad = {place: known_at for place, name in enumerate(_GUARDRAILS) if harm[name]}
    arm = _HELD_OUT if row.holdout else _TOLD
    return Unit(arm, (row.sent_at or 0) / 1000, int(row.result == "blocked"), known_at, bad)


def _compared(rules: AdviceRules) -> ExperimentSpecification:
    arms = [{"id": "held_out", "weight": rules.hold_out}, {"id": "told", "weight": 1 - rules.hold_out}]
    given: Mapping[str, Any] = {"version": 1, "hypothesis": "", "owner": PROGRAM, "metric": "blocked", "longest_weeks": 520.0}
    return ExperimentSpecification.parse_obj(
        {
            "id": PROGRAM,
            **given,
            "arms": arms,
            "direction": "down",
            "smallest_effect": rules.smallest_effect,
            "planned_n": rules.planned,
            "guardrails": list(_GUARDRAILS),
        }
    )


def reason_to_stop(effect: Mapping[str, Any], rules: AdviceRules, ends: bool = False) -> str | None:
    """Why a topic is switched off, in machine words; None: it goes on.

    Args:
        ends: it tells of what ends, which keeps no block away: harm alone speaks against it.
    """
    if effect["srm"]["blocked"]:
        return None
    broken = next((each["name"] for each in effect["guardrails"] if each["stopped"]), None)
    if broken is not None:
        return f"guardrail:{broken}"
    if ends:
        return None
    if effect["verdict"] == "worse":
        return "harm"
    enough = sum(effect["n"].values()) >= rules.planned
    return "no_effect" if enough and effect["verdict"] != "better" else None


def _warn_of_opt_outs(session: Session, rules: AdviceRules, now: datetime) -> None:
    found = opt_outs(session, now)
    if found["share"] is not None and found["share"] > rules.opt_outs:
        # Once a month: it is a trend, and nobody's emergency.
        put_for_operators(session, OPT_OUTS, {**found, "above": rules.opt_outs, "at": milliseconds(now)}, f"{OPT_OUTS}-{local(now):%Y-%m}")
