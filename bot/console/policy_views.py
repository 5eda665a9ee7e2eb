"""What the console shows of policies: the list with its gaps, one with its versions, a rehearsal, the calendar."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import local, start_of
from actions.core.platform import Maintenance
from actions.core.policy_stages import FOLLOWING
from actions.knowledge.store import KnowledgeStore
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.experiments import every_experiment
from actions.state.policy_trials import PolicyTrial, every_trial, find_trial
from actions.state.policy_versions import PolicyVersion
from actions.state.world.changes import latest_change
from actions.state.world.rows import read_rows
from actions.yaml_source import SourceError
from bot.console.places import ConsoleRefused
from ops.compliance.obligations import read_obligations
from ops.compliance.register import register_of
from ops.policies.breakdown import hidden
from ops.policies.calendar import Entry, between, entries_of, experiment_entries, obligation_entries, other_entries
from ops.policies.gaps import OVERDUE, Grounds, find_gaps, gaps_of, policy_texts
from ops.policies.ics import CalendarEvent, written
from ops.policies.refusals import PolicyRefused
from ops.policies.register import RegisteredPolicy, believed, every_policy, find_policy
from ops.watch.settings import read_watch_settings

_HIDES = 5
_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class PolicyPremises:
    """What policies are read from.

    Attributes:
        clock: the clock of the facts.
    """

    database: Database
    knowledge: KnowledgeStore
    clock: Callable[[Session], datetime]


class PolicyViews:
    """Reads; blocking, each function one transaction.

    Args:
        premises: where from.
    """

    def __init__(self, premises: PolicyPremises) -> None:
        self._at = premises

    def every(self) -> dict[str, Any]:
        """All policies, gaps and how rehearsals came true."""
        with self._at.database.session() as session:
            now = self._at.clock(session)
            found = every_policy(session, now)
            gaps = [gap.to_data(local(now).date()) for gap in gaps_of(session, self._at.knowledge.current, now)]
            trials = [_trial_line(each) for each in every_trial(session)]
        policies = sorted((each.to_data() for each in found), key=lambda each: (not each["red"], each["status"], each["id"]))
        return {"now": now.isoformat(), "policies": policies, "gaps": gaps, "trials": trials}

    def believed(self, known: str, on: str) -> dict[str, Any]:
        """What was believed at the end of one day about another.

        Raises:
            ConsoleRefused: a day is none.
        """
        then, at = (_day(text, name) for text, name in ((known, "known"), (on, "on")))
        with self._at.database.session() as session:
            found = believed(session, min(start_of(then + timedelta(days=1)), real_now()), start_of(at))
        return {"known": known, "on": on, "policies": found or [], "nothing_known": found is None}

    def overdue(self) -> list[dict[str, Any]]:
        """Gaps that are overdue, for the first page."""
        with self._at.database.session() as session:
            now = self._at.clock(session)
            # Sentences are not looked through: this page is renewed all the time.
            gaps = find_gaps(Grounds(every_policy(session, now), now))
        today = local(now).date()
        return [{**gap.to_data(today), "link": f"/console/policies/{gap.policy}"} for gap in gaps if gap.code in OVERDUE]

    def one(self, policy: str) -> dict[str, Any]:
        """One of them with its versions, the latest first.

        Raises:
            PolicyRefused: there is none of that id.
        """
        with self._at.database.session() as session:
            now = self._at.clock(session)
            found = find_policy(session, policy, now)
            gaps = [gap.to_data(local(now).date()) for gap in gaps_of(session, self._at.knowledge.current, now) if gap.policy == policy]
            trials = [_trial_line(each) for each in every_trial(session) if policy in each.policy.split("+")]
        versions = [_version(found, each) for each in reversed(found.versions)]
        return {**found.to_data(), "gaps": gaps, "trials": trials, "versions": versions, "now": now.isoformat()}

    def form_for(self, kind: str | None, supersedes: str | None) -> dict[str, Any]:
        """What a form begins with.

        Raises:
            PolicyRefused: there is no policy to follow.
        """
        with self._at.database.session() as session:
            now = self._at.clock(session)
            before = find_policy(session, supersedes, now) if supersedes else None
            ids = [each.id for each in every_policy(session, now)]
        if before is None or before.row is None:
            return {"kind": kind or "", "ids": ids}
        newest = before.newest
        about = {name: getattr(newest, name) for name in ("title", "owner")} if newest else {}
        words = {name: "、".join(value) if isinstance(value, list) else value for name, value in before.to_data()["values"].items()}
        return {**about, **words, "kind": before.row.kind, "supersedes": before.id, "ids": ids}

    def trial(self, trial: str) -> dict[str, Any]:
        """A rehearsal as pages and programs see it: no customer, no small cell.

        Raises:
            PolicyRefused: there is none of that id.
        """
        with self._at.database.session() as session:
            found = find_trial(session, trial)
            current = latest_change(session)
        if found is None:
            raise PolicyRefused(404, "unknown-trial", f"there is no rehearsal {trial}")
        outcome = dict(found.outcome or {})
        if "tables" in outcome:
            outcome = {**outcome, "tables": hidden(outcome["tables"]), "forecast": [_forecast(each) for each in outcome["forecast"]]}
        return {**_trial_line(found), "outcome": outcome, "score": found.score, "current": found.world == current}

    def calendar(self, month: str | None) -> dict[str, Any]:
        """A month: weeks of days with what stands there, and the same as a list.

        Raises:
            ConsoleRefused: it is no month.
        """
        entries, today, unusable = self._entries()
        first = today.replace(day=1) if not month else _day(f"{month}-01", "month")
        weeks = Calendar().monthdatescalendar(first.year, first.month)
        shown = between(entries, weeks[0][0], weeks[-1][-1])
        days = [
            [{"day": day.isoformat(), "in": day.month == first.month, "entries": _of_day(shown, day)} for day in week] for week in weeks
        ]
        following = [each.to_data() for each in between(entries, today, today + _AHEAD)]
        before, after = (first - timedelta(days=1)).strftime("%Y-%m"), (first + timedelta(days=32)).strftime("%Y-%m")
        return {
            "month": first.strftime("%Y-%m"),
            "before": before,
            "after": after,
            "today": today.isoformat(),
            "weeks": days,
            "ahead": following,
            "obligations_unusable": unusable,
        }

    def ics(self) -> bytes:
        """The calendar for other programs.

        Raises:
            ConsoleRefused: the obligations cannot be read; a calendar without them would take them out of those that have it.
        """
        entries, _, unusable = self._entries()
        if unusable:
            raise ConsoleRefused("obligations_unusable")
        words = policy_texts()["calendar"]
        events = [
            CalendarEvent(f"{each.uid}@baitiao", each.on, each.until, f"{words[each.what]}：{each.title}", each.about, words[each.what])
            for each in entries
        ]
        return written(words["name"], events, real_now())

    def _entries(self) -> tuple[list[Entry], date, bool]:
        """What stands there, today by the clock of the facts, and whether the obligations are missing because they cannot be read."""
        try:
            book = read_obligations()
        except SourceError:
            book = None
        with self._at.database.session() as session:
            now = self._at.clock(session)
            windows: Mapping[str, Maintenance] = read_rows(session, "maintenance")
            entries = [
                *entries_of(every_policy(session, now)),
                *other_entries(windows.values(), read_watch_settings().promotions, self._component),
                *experiment_entries(every_experiment(session)),
            ]
            if book is not None:
                register = register_of(session, book)
                entries += obligation_entries((*register.obligations, *register.sources))
        return entries, local(now).date(), book is None

    def _component(self, name: str) -> str:
        return self._at.knowledge.current.facts.word_for_agents("maintenance.component", name)


def _version(found: RegisteredPolicy, version: PolicyVersion) -> dict[str, Any]:
    earlier = [each for each in found.versions if each.version < version.version]
    before = earlier[-1].body if earlier else None
    changed = (
        {} if before is None else {name: [before.get(name), value] for name, value in version.body.items() if before.get(name) != value}
    )
    at = {name: _instant(getattr(version, name)) for name in ("recorded_at", "submitted_at", "decided_at", "withdrawn_at")}
    kept = {name: value for name, value in vars(version).items() if name not in (*at, "id")}
    return {**kept, **at, "status": found.status_of(version), "changed": changed, "following": list(FOLLOWING[version.decision])}


def _trial_line(trial: PolicyTrial) -> dict[str, Any]:
    counts = (trial.outcome or {}).get("counts")
    times = {"asked_at": _instant(trial.asked_at), "at": _instant(trial.at)}
    return {"id": trial.id, "policy": trial.policy, "on": trial.day, "state": trial.state, "counts": counts, "score": trial.score, **times}


def _forecast(expected: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: f"<{_HIDES}" if name in ("customers", "complained", "have_it") and 0 < value < _HIDES else value
        for name, value in expected.items()
    }


def _of_day(entries: list[Entry], day: date) -> list[dict[str, Any]]:
    return [each.to_data() for each in entries if each.on <= day <= each.until]


def _instant(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else local(datetime.fromtimestamp(milliseconds / 1000, timezone.utc)).isoformat(timespec="seconds")


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConsoleRefused("not_a_day", field=field) from None
