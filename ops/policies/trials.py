"""Rehearsals as they are asked for, done and kept: at once at a terminal, by the worker when a page asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.incidents import now_ms
from actions.state.policy_trials import ask_for_trial, fail_trial, keep_trial, trials_in
from actions.state.world.changes import latest_change
from actions.state.world.patches import GivenData, WorldSource
from actions.yaml_source import SourceError
from ops.policies.dry_run import CHANGES_TODAY, DryRun, dry_run
from ops.policies.forecast import expected_complaints
from ops.policies.sampling import draw

if TYPE_CHECKING:
    from ops.worker import Surroundings


@dataclass(frozen=True)
class Rehearsal:
    """A dry-run with what else is known of it.

    Attributes:
        run: the dry-run.
        forecast: of complaints.
        sample: estimates, if not all subjects were looked at.
        world: the number of the latest load that it looked at.
    """

    run: DryRun
    forecast: list[dict[str, Any]]
    sample: dict[str, Any] | None
    world: int

    def to_data(self) -> dict[str, Any]:
        """As JSON, with every subject."""
        return {**self.run.to_data(), "forecast": self.forecast, **({"sample": self.sample} if self.sample else {})}

    def counted(self) -> dict[str, Any]:
        """As JSON without anybody in it."""
        data = self.to_data()
        rows = {name: data.pop(name) for name in ("lose", "gain", "narrower", "calendar")}
        customers = {name: len({row["user"] for row in found}) for name, found in rows.items()}
        counts = {name: len(found) for name, found in rows.items()}
        warnings = [CHANGES_TODAY if each.code == "changes-today" else each.text for each in self.run.findings]
        findings = [each.to_data() for each in self.run.findings]
        return {**data, "warnings": warnings, "findings": findings, "counts": counts, "customers": customers}


def rehearse(
    session: Session,
    knowledge: Knowledge,
    source: WorldSource,
    on: date,
    frozen: datetime | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> Rehearsal:
    """Rehearses a file; nothing is written.

    Args:
        session: of the world; ``knowledge``, ``source``, ``on``, ``frozen``: see ``dry_run``.
        sample: how many subjects to look at; default: all.
        seed: of the draw.

    Raises:
        SourceError: what ``world load`` would refuse.
    """
    drawn = None if sample is None else draw(session, sample, seed)
    run = dry_run(session, knowledge, source, on, frozen, drawn.wanted if drawn else None)
    return Rehearsal(run, expected_complaints(session, run), drawn.estimates(run) if drawn else None, latest_change(session))


def keep(session: Session, found: Rehearsal, source: WorldSource, by: str) -> str:
    """Keeps a rehearsal as a trial; its id."""
    # An empty file, in which nothing stands, changes nothing, as when it is loaded.
    rows = json.loads(json.dumps(source.data or {}, default=str))
    trial = ask_for_trial(session, "+".join(found.run.policies), found.run.on.isoformat(), rows, by, now_ms())
    keep_trial(session, trial, found.world, found.counted(), list(_subjects(found.run)), now_ms())
    audit.record(session, by, "policy.trial", detail={"trial": trial, "policies": list(found.run.policies)})
    return trial


def do_asked(here: Surroundings) -> int:
    """Does what pages have asked for, one at a time; how many there were."""
    with here.database.session() as session:
        asked = trials_in(session, "asked")
    for trial in asked:
        with here.database.session() as session:
            try:
                source = GivenData(trial.rows, trial.policy)
                found = rehearse(session, here.knowledge.current, source, date.fromisoformat(trial.day), here.settings.now)
                keep_trial(session, trial.id, found.world, found.counted(), list(_subjects(found.run)), now_ms())
            except SourceError as error:
                fail_trial(session, trial.id, "; ".join(problem.reason for problem in error.problems), now_ms())
    return len(asked)


def _subjects(run: DryRun) -> Iterator[Mapping[str, Any]]:
    for effect, rows in (("lose", run.lose), ("gain", run.gain), ("narrower", run.narrower)):
        for row in rows:
            subject = Subject.of(row.get("order"), row.get("bill"))
            causes = {"before": tuple(row["causes_before"]), "after": tuple(row["causes_after"])}
            yield {"user": row["user"], "kind": subject.kind, "subject": subject.id, "effect": effect, **causes}
