"""What ``baitiao policy`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from actions.core.moments import local, start_of
from actions.state.columns import real_now
from actions.state.incidents import now_ms
from actions.state.policy_trials import find_trial, score_trial, trials_in
from actions.yaml_source import Source
from bot.commands import OPERATOR, Refusal, day_of, opened
from ops.policies.breakdown import hidden
from ops.policies.gaps import gaps_of
from ops.policies.register import believed, every_policy
from ops.policies.trials import Rehearsal, keep, rehearse
from ops.policies.verifying import due, score

_MOST_CELLS = 5


def rehearsed(file: Path, on: str, sample: int | None = None, seed: int = 0) -> tuple[Rehearsal, str]:
    """What a file of policies would do on a day, kept as a trial, with its id.

    Raises:
        Refusal: the day is none.
        SourceError: the file cannot be loaded.
    """
    day = day_of(on, "--on")
    here = opened()
    source = Source.read(file)
    with here.database.session() as session:
        found = rehearse(session, here.knowledge.current, source, day, here.settings.now, sample, seed)
    with here.database.session() as session:
        return found, keep(session, found, source, OPERATOR)


def lines(found: Rehearsal, trial: str) -> Iterator[str]:
    """The outcome for people, in which small cells are hidden."""
    run = found.run
    yield f"on {run.on}: {run.subjects} orders and bills, kept as {trial}"
    for name, rows in (("lose the option", run.lose), ("gain it", run.gain), ("get it narrower", run.narrower)):
        yield f"{len(rows)} {name}, {len({row['user'] for row in rows})} customers"
    yield f"{len(run.calendar)} change by the day alone"
    if found.sample is not None:
        yield f"a sample of {found.sample['drawn']} of {found.sample['of']}, seed {found.sample['seed']}"
        for name, guess in found.sample["estimates"].items():
            yield f"  {name}: {guess['estimate']:g} of all (95 %: {guess['low']:g} to {guess['high']:g})"
    if run.others:
        for name, counts in run.effects.items():
            yield f"{name} ({', '.join(run.others)}): " + ", ".join(f"{counts[effect]} {effect}" for effect in counts)
    yield from _table_lines(hidden(run.tables))
    for expected in found.forecast:
        a_week = expected.get("a_week")
        more = f"{a_week['expected']:g} complaints more a week ({a_week['low']:g} to {a_week['high']:g})" if a_week else "nobody has it yet"
        yield f"{expected['cause']}: {expected['customers']} customers newly, {more}"
    for warning in run.warnings:
        yield f"warning: {warning}"
    for text in run.told:
        yield f"{text['cause']}: {text['text']}".replace("\n", " ")
    for refused in run.refused:
        yield f"must not be said ({'; '.join(each['why'] for each in refused['reasons'])}): {refused['text']}".replace("\n", " ")


def _table_lines(tables: Mapping[str, Any]) -> Iterator[str]:
    for effect, dims in tables["by"].items():
        for dim, cells in dims.items():
            yield f"{effect} by {dim}: " + ", ".join(f"{cell['value']} {cell['customers']}" for cell in cells[:_MOST_CELLS])
    yield f"open subscriptions touched: {tables['subscriptions']}"


def verified(trial: str | None) -> list[dict[str, Any]]:
    """Scores of rehearsals.

    Raises:
        Refusal: there is no such rehearsal, or its day is not over.
    """
    here = opened()
    with here.database.session() as session:
        now = here.world_now(session)
        if trial is None:
            wanted = [each for each in trials_in(session, "done") if due(each, now)]
        else:
            found = find_trial(session, trial)
            if found is None:
                raise Refusal(f"there is no rehearsal {trial}; `baitiao policy dry-run` makes one")
            if found.state not in ("done", "scored") or not due(found, now):
                raise Refusal(f"{trial} is {found.state}, of {found.day}; it can be compared once that day is over")
            wanted = [found]
    scores = []
    for each in wanted:
        with here.database.session() as session:
            made = score(session, here.knowledge.current, each)
            score_trial(session, each.id, made, now_ms())
            scores.append({"trial": each.id, "policy": each.policy, "on": each.day, **made})
    return scores


def score_line(made: Mapping[str, Any]) -> str:
    """A score for people."""
    if made["state"] != "scored":
        return f"{made['trial']} ({made['policy']}): {made['state']}"
    counts = ", ".join(f"{made[name]} {name}" for name in ("predicted", "real", "right", "missed", "wrong", "explained", "unexplained"))
    return f"{made['trial']} ({made['policy']}): {counts}"


def gaps() -> list[dict[str, Any]]:
    """The gaps of the register."""
    here = opened()
    with here.database.session() as session:
        now = here.world_now(session)
        return [gap.to_data(local(now).date()) for gap in gaps_of(session, here.knowledge.current, now)]


def listed(on: str | None, known: str | None) -> list[dict[str, Any]]:
    """Every policy; or those that were believed at the end of one day to hold on another.

    Raises:
        Refusal: a day is none, or nothing is known of the world of then.
    """
    here = opened()
    with here.database.session() as session:
        if on is None and known is None:
            return [each.to_data() for each in every_policy(session, here.world_now(session))]
        at = here.world_now(session) if on is None else start_of(day_of(on, "--on"))
        then = real_now() if known is None else start_of(day_of(known, "--known") + timedelta(days=1))
        found = believed(session, then, at)
    if found is None:
        raise Refusal("a new world was begun after that day: nothing is known of the one before")
    return found


def policy_line(each: Mapping[str, Any]) -> str:
    """A policy in one line for people."""
    values = " ".join(f"{name}={value}" for name, value in each["values"].items())
    time = f"{each['from']} to {each['to'] or 'open'}"
    return " · ".join(
        filter(None, (each["id"], each["status"], each["registration"], f"{each['kind']} {values}".strip(), time, each["title"]))
    )
