"""The comparison of a policy's regions before and after it began, made from what was observed. It is no experiment, and says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import end_of, has_begun, local, start_of
from actions.core.observations import milliseconds
from actions.core.platform import Incident, Policy
from actions.state.world.rows import read_rows
from actions.state.world.tables import stored_now
from ops.policies.register import RegisteredPolicy, every_policy, find_policy
from ops.rollouts.comparing import Comparer, Comparison, judged
from ops.rollouts.counting import Tally, count
from ops.rollouts.outcomes import OUTCOMES, Outcome
from ops.rollouts.reading import customers_between, observed_since, residents
from ops.rollouts.refusals import RolloutRefused
from ops.rollouts.regions import Span, held_in, incidents_meanwhile, policies_meanwhile, rows_of
from ops.rollouts.telling import told
from ops.rollouts.weeks import (
    AFTER_WEEKS,
    BEFORE_WEEKS,
    DAY_MS,
    LEAST_AFTER,
    LEAST_BEFORE,
    LONGEST_BEFORE,
    MATCHING_WEEKS,
    WEEK_MS,
    WeekPlan,
)


@dataclass(frozen=True)
class Wanted:
    """What is to be compared.

    Attributes:
        policy: which one.
        outcomes: by name; default: all.
        before: weeks before the begin, as far as there are observations.
    """

    policy: str
    outcomes: tuple[str, ...] = tuple(OUTCOMES)
    before: int = BEFORE_WEEKS

    def check(self) -> None:
        """Makes sure that it can be meant.

        Raises:
            RolloutRefused: it cannot.
        """
        unknown = [name for name in self.outcomes if name not in OUTCOMES]
        if unknown:
            raise RolloutRefused("unknown-outcome", f"there is no outcome {unknown[0]}; there are {', '.join(OUTCOMES)}")
        if not LEAST_BEFORE <= self.before <= LONGEST_BEFORE:
            raise RolloutRefused("no-such-weeks", f"{self.before} weeks before cannot be compared; {LEAST_BEFORE} to {LONGEST_BEFORE} can")


def make(session: Session, wanted: Wanted, now: datetime, frozen: datetime | None = None) -> dict[str, Any]:
    """The comparison as JSON.

    Args:
        now: real time.
        frozen: the instant at which the settings hold the clock of the facts.

    Raises:
        PolicyRefused: there is no such policy.
        RolloutRefused: there is nothing to compare.
    """
    wanted.check()
    found = find_policy(session, wanted.policy, now)
    policy = begun(found, now, standing=(frozen or stored_now(session)) is not None)
    outcomes = [OUTCOMES[name] for name in dict.fromkeys(wanted.outcomes)]
    plans = _plans(session, policy, outcomes, wanted.before, now)
    window = max(outcome.window for outcome in outcomes)
    plan = plans[max(outcomes, key=lambda outcome: outcome.window).name]
    rows = rows_of(every_policy(session, now))
    begin, end = plan.begin(window), max(_end(plans[each.name], each) for each in outcomes)
    already = held_in(rows, policy, Span(plan.start - window - plan.before * WEEK_MS, plan.start)) & set(policy.regions or ())
    treated = [region for region in dict.fromkeys(policy.regions or ()) if region not in already]
    if not treated:
        raise RolloutRefused("nothing-new", f"in every region of {policy.id} a policy of its kind held before: nothing was begun there")
    here = residents(session)
    tallies = count(customers_between(session, begin, end + window), outcomes, plans, here)
    touched = set(policy.regions or ()) | held_in(rows, policy, Span(begin, end))
    every = {region for tally in tallies.values() for region in tally.regions()}
    untreated = sorted(every - touched)
    if not untreated:
        raise RolloutRefused("no-untreated", f"there is no region without a policy of the kind {policy.kind} to hold {policy.id} against")
    found_out = judged([each for one in outcomes for each in _compared(one, tallies[one.name], plans[one.name], treated, untreated)])
    matched = sorted({standing.region for each in found_out for standing in each.matched})
    span = Span(plan.start - window - plan.before * WEEK_MS, end)
    incidents: Mapping[str, Incident] = read_rows(session, "incidents")
    return {
        **_about(found, policy, plans, outcomes, now),
        "treated": treated,
        "already": sorted(already),
        "untreated": untreated,
        "comparisons": [told(each, plans[each.outcome], OUTCOMES[each.outcome].window) for each in found_out],
        "meanwhile": {
            "policies": policies_meanwhile(rows, policy, span, treated, matched),
            "incidents": incidents_meanwhile(incidents, span, treated, matched),
        },
        "experiment": False,
    }


def begun(found: RegisteredPolicy, now: datetime, *, standing: bool) -> Policy:
    """The policy that somebody has begun in regions of its own.

    Args:
        standing: whether the clock of the facts stands still.

    Raises:
        RolloutRefused: it names none, or has not begun.
    """
    policy = found.row
    if policy is None:
        raise RolloutRefused("not-approved", f"{found.id} is not in the world: nobody has approved it, or it is gone")
    if not policy.regions:
        raise RolloutRefused(
            "no-regions", f"{found.id} names no regions: it holds everywhere or nowhere, so there is nowhere to hold it against"
        )
    if standing:
        raise RolloutRefused("clock-stands", "the clock of the facts stands still, so that no policy begins at an instant of real time")
    if not has_begun(policy.effective_from, now):
        on = local(start_of(policy.effective_from)).date()
        raise RolloutRefused("not-begun", f"{found.id} begins on {on}; it can be compared {LEAST_AFTER} weeks later", on=on.isoformat())
    return policy


def _plans(session: Session, policy: Policy, outcomes: Sequence[Outcome], before: int, now: datetime) -> dict[str, WeekPlan]:
    start, known = milliseconds(start_of(policy.effective_from)), milliseconds(now)
    end = known if policy.effective_to is None else min(known, milliseconds(end_of(policy.effective_to)))
    plan, window = WeekPlan(start, end, known, before), max(outcome.window for outcome in outcomes)
    if not any(plan.after(outcome.window) >= LEAST_AFTER for outcome in outcomes):
        least = min(outcome.window for outcome in outcomes)
        on = _day(start + LEAST_AFTER * WEEK_MS + least)
        told_when = f"it can be compared from {on} on" if end == known else "it ended before"
        raise RolloutRefused("too-early", f"{policy.id} has not held for {LEAST_AFTER} weeks whose outcome is known; {told_when}", on=on)
    first = observed_since(session)
    reaching = None if first is None else plan.reaching_back(first, window)
    if reaching is None or reaching.before < LEAST_BEFORE:
        needed = LEAST_BEFORE + MATCHING_WEEKS
        since = "nothing is observed" if first is None else f"observations begin on {_day(first)}"
        reason = f"{policy.id} needs {needed} weeks and {window // DAY_MS} days before its begin on {_day(start)}; {since}"
        raise RolloutRefused("too-little-before", reason, since=None if first is None else _day(first))
    return {outcome.name: reaching for outcome in outcomes}


def _compared(outcome: Outcome, tally: Tally, plan: WeekPlan, treated: Sequence[str], untreated: Sequence[str]) -> list[Comparison]:
    return Comparer(outcome.name, tally, plan, outcome.window, untreated).compare(treated)


def _end(plan: WeekPlan, outcome: Outcome) -> int:
    return plan.start + plan.after(outcome.window) * WEEK_MS


def _about(
    found: RegisteredPolicy, policy: Policy, plans: Mapping[str, WeekPlan], outcomes: Sequence[Outcome], now: datetime
) -> dict[str, Any]:
    plan = plans[outcomes[0].name]
    return {
        "policy": policy.id,
        "title": found.newest.title if found.newest else None,
        "version": found.approved.version if found.approved else None,
        "kind": policy.kind,
        "regions": list(policy.regions or ()),
        "began_at": local(start_of(policy.effective_from)).isoformat(),
        "made_at": local(now).isoformat(timespec="seconds"),
        "weeks": {"matching": MATCHING_WEEKS, "before": plan.before, "after": {each.name: plan.after(each.window) for each in outcomes}},
        "final": is_final(policy, now),
    }


def is_final(policy: Policy, now: datetime) -> bool:
    """Whether no further week will be counted."""
    begins = start_of(policy.effective_from)
    longest = max(outcome.window for outcome in OUTCOMES.values())
    last = begins + timedelta(milliseconds=AFTER_WEEKS * WEEK_MS)
    if policy.effective_to is not None:
        last = min(last, end_of(policy.effective_to))
    return now >= last + timedelta(milliseconds=longest)


def _day(at: int) -> str:
    return local(datetime.fromtimestamp(at / 1000, timezone.utc)).date().isoformat()
