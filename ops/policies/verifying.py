"""How far a rehearsal came true: what it expected of each order and bill against what the policies do to it in the world as it is now.

What differs although nothing of the customer's was changed, nor anything that holds for all, nobody can explain but by a fault of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.moments import start_of
from actions.core.observations import milliseconds
from actions.core.platform import Policy
from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.columns import real_now
from actions.state.incidents import now_ms
from actions.state.policy_trials import PolicyTrial, forget_trials, score_trial, subjects_of, trials_in
from actions.state.world.changes import changes_after
from actions.state.world.rows import read_rows
from actions.state.world.tables import facts_now
from actions.state.world.whole import OF_CUSTOMERS, WholeWorld
from ops.policies.comparison import effect_of
from ops.policies.loads import checked

if TYPE_CHECKING:
    from ops.worker import Surroundings

WORKER = "worker"
_FOR_ALL = ("plans", "policies", "incidents", "maintenance")
Expectation = tuple[str, tuple[str, ...]]
"""An effect, and the causes with the policies."""


@dataclass
class Changed:
    """What was changed in the world since a rehearsal.

    Attributes:
        keys: of rows, by section; policies of the rehearsal are left out.
        before: what its own policies were.
        begun_anew: whether the world is another one.
    """

    keys: dict[str, set[Any]] = field(default_factory=dict)
    before: dict[str, Policy | None] = field(default_factory=dict)
    begun_anew: bool = False

    def touches(self, facts: Facts) -> bool:
        """Whether anything was changed that a snapshot is made of."""
        if any(self.keys.get(section) for section in _FOR_ALL):
            return True
        lines = [line for own in facts.orders for line in own.lines]
        parts = {
            "users": {facts.user.id},
            "orders": {own.order.id for own in facts.orders},
            "items": {line.item.sku for line in lines},
            "categories": {line.category.id for line in lines},
            "merchants": {line.merchant.id for line in lines},
            **{section: {row.id for row in getattr(facts, section)} for section in OF_CUSTOMERS - {"users", "orders"}},
        }
        return any(self.keys.get(section, set()) & ids for section, ids in parts.items())


def due(trial: PolicyTrial, now: datetime) -> bool:
    """Whether the day of a rehearsal is over."""
    return now >= start_of(date.fromisoformat(trial.day) + timedelta(days=1))


def score(session: Session, knowledge: Knowledge, trial: PolicyTrial) -> dict[str, Any]:
    """Compares a rehearsal with the world; counts, nobody is named."""
    own = checked(session, trial.rows)
    changed = _changed(session, trial.world or 0, own)
    if (trial.outcome or {}).get("sample"):
        return {"state": "sampled"}
    if changed.begun_anew:
        return {"state": "another-world"}
    held: Mapping[str, Policy] = read_rows(session, "policies")
    # What was loaded otherwise than it was rehearsed explains any difference.
    changed.keys.setdefault("policies", set()).update(key for key in changed.before if held.get(key) != own[key])
    expected: dict[tuple[str, str], Expectation] = {
        (row.kind, row.subject): (row.effect, row.after) for row in subjects_of(session, trial.id)
    }
    counted = sum((trial.outcome or {}).get("counts", {}).get(name, 0) for name in ("lose", "gain", "narrower"))
    tally = {"predicted": counted, "real": 0, "right": 0, "missed": 0, "wrong": 0, "explained": 0, "forgotten": counted - len(expected)}
    at, causes, seen = start_of(date.fromisoformat(trial.day)), tuple(knowledge.causes.values()), set()
    for part in WholeWorld.in_parts(session):
        for facts in part.snapshots(at):
            key = (str(facts.subject.kind), str(facts.subject.id))
            seen.add(key)
            without = replace(facts, policies=_without(facts, own, changed))
            _compare(tally, expected.get(key), _real(without, facts, causes), changed.touches(facts))
    gone = len(set(expected) - seen)
    return _judged(tally, gone, changed, own)


def _compare(tally: dict[str, int], expected: Expectation | None, real: Expectation | None, touched: bool) -> None:
    tally["real"] += real is not None
    if expected == real:
        tally["right"] += expected is not None
        return
    tally["missed"] += expected is None
    tally["wrong"] += expected is not None
    tally["explained"] += touched


def _judged(tally: dict[str, int], gone: int, changed: Changed, own: Mapping[str, Policy]) -> dict[str, Any]:
    """The counts with what cannot be explained; subjects that are no more are explained, and so is who was erased since."""
    explained = tally["explained"] + gone + min(tally["forgotten"], tally["missed"])
    differ = tally["missed"] + tally["wrong"] + gone
    loaded = bool(changed.before) or not own
    return {
        "state": "scored" if loaded else "not-loaded",
        **tally,
        "wrong": tally["wrong"] + gone,
        "explained": min(explained, differ),
        "unexplained": max(0, differ - explained),
    }


def _real(without: Facts, facts: Facts, causes: Any) -> Expectation | None:
    before, after = diagnose(without, causes), diagnose(facts, causes)
    effect = effect_of(before, after)
    return None if effect is None else (effect, after.cause_ids)


def _without(facts: Facts, own: Mapping[str, Policy], changed: Changed) -> tuple[Policy, ...]:
    """The policies of now with those of the rehearsal as they were."""
    kept = [policy for policy in facts.policies if policy.id not in own or policy.id not in changed.before]
    back = [policy for policy in changed.before.values() if policy is not None]
    return tuple(sorted((*kept, *back), key=lambda policy: policy.id))


def _changed(session: Session, since: int, own: Mapping[str, Policy]) -> Changed:
    found = Changed()
    for change in changes_after(session, since):
        if change.rows is None:
            found.begun_anew = True
            continue
        for section, key, before, _ in change.rows:
            if section == "policies" and key in own:
                found.before.setdefault(key, None if before is None else Policy(**before))
            else:
                found.keys.setdefault(section, set()).add(key)
    return found


def verify_due(here: Surroundings) -> int:
    """Forgets the rehearsals that are too old and scores those whose day is over; how many were scored."""
    with here.database.session() as session:
        forget_trials(session, milliseconds(real_now() - timedelta(days=here.settings.trial_days)))
        now = facts_now(session, here.settings.now)
        wanted = [trial for trial in trials_in(session, "done") if due(trial, now)]
    for trial in wanted:
        with here.database.session() as session:
            score_trial(session, trial.id, score(session, here.knowledge.current, trial), now_ms())
            audit.record(session, WORKER, "policy.verify", detail={"trial": trial.id})
    return len(wanted)
