"""Experiments that were rehearsed, started and ended, and which customer met which arm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from sqlalchemy import JSON, Index, insert, or_, select, update
from sqlalchemy.orm import Session

from actions.core.assignment import BUCKETS, Assignment, Layer
from actions.core.effects import ArmMet
from actions.core.observations import milliseconds
from actions.state import episodes, observations
from actions.state.columns import real_now, rows_as, table_of
from actions.state.database import chunks, insert_new

ExperimentState = Literal["rehearsed", "running", "stopped", "decided"]
_Json = Annotated[dict[str, Any], JSON(none_as_null=True)]
_List = Annotated[list[dict[str, Any]], JSON(none_as_null=True)]


@dataclass(frozen=True)
class ExperimentRow:
    """One version of an experiment, as it was when it was rehearsed or started: its files may change, this does not.

    Attributes:
        id, version: which one.
        hash: of its files.
        spec: its ``experiment.yml``.
        files: the texts of its overlays, by ``arm/file``.
        rehearsal: what came of simulated customers, if it was rehearsed.
        submitted_at, submitted_by: when somebody asked that it be started, and who, so that somebody else starts it.
        started_at, ended_at: epoch milliseconds.
        reason: why it ended.
        stopped: arms that a guardrail has stopped: ``arm``, ``guardrail``, ``e_value``, ``at``.
        decision: the arm that is to be told everybody from now on.
        results: what the worker found at its latest look, at ``results_at``.
        light, dark: the drawing of it, for either theme.
    """

    id: str
    version: int
    hash: str
    spec: _Json
    files: _Json
    state: ExperimentState
    rehearsal: _Json | None
    started_at: int | None
    started_by: str | None
    ended_at: int | None
    ended_by: str | None
    reason: str | None
    stopped: _List
    decision: str | None
    results: _Json | None
    results_at: int | None
    light: str | None
    dark: str | None
    submitted_at: int | None
    submitted_by: str | None

    @property
    def name(self) -> str:
        """Both together, for people."""
        return f"{self.id} v{self.version}"

    @property
    def assignment(self) -> Assignment:
        """How it shares customers out now."""
        spec, who = self.spec, self.spec.get("who", {})
        first, end = spec.get("buckets") or (0, BUCKETS)
        return Assignment(
            id=self.id,
            version=self.version,
            layer=Layer(spec.get("layer") or self.id, int(first), int(end)),
            arms=tuple(arm["id"] for arm in spec["arms"]),
            weights=tuple(float(arm["weight"]) for arm in spec["arms"]),
            causes=frozenset(who.get("causes", ())),
            intents=frozenset(who.get("intents", ())),
            stopped=frozenset(each["arm"] for each in self.stopped),
        )

    def overlays_of(self, arm: str) -> dict[str, str]:
        """The texts of an arm's overlays, by the file of the knowledge over which each lies."""
        return {path.partition("/")[2]: text for path, text in self.files.items() if path.partition("/")[0] == arm}


@dataclass(frozen=True)
class MetArm:
    """An arm as a customer met it.

    Attributes:
        ref: what observations call the customer.
        name: of the experiment, its version and the arm.
        since, until: epoch milliseconds between which its texts were told; ``until`` is None while they are.
    """

    ref: str
    name: str
    since: int
    until: int | None


@dataclass(frozen=True)
class Exposure:
    """That a customer met a text of their arm which another arm has not.

    Attributes:
        ref: what observations call the customer, which leads nowhere once they are erased.
        at: epoch milliseconds; ``seq`` of the customer's message that was answered so.
    """

    experiment: str
    version: int
    ref: str
    arm: str
    at: int
    seq: int


EXPERIMENTS = table_of("experiments", ExperimentRow, Index(None, "state"), key=("id", "version"))
EXPOSURES = table_of("exposures", Exposure, Index(None, "at"), Index(None, "ref"), key=("experiment", "version", "ref"))

_MET = select(EXPOSURES.c.experiment, EXPOSURES.c.version).select_from(
    EXPOSURES.join(episodes.EPISODES, episodes.EPISODES.c.ref == EXPOSURES.c.ref)
)


def find_experiment(session: Session, name: str, version: int | None = None) -> ExperimentRow | None:
    """A version of an experiment; without one, the latest."""
    wanted = select(EXPERIMENTS).where(EXPERIMENTS.c.id == name).order_by(EXPERIMENTS.c.version.desc()).limit(1)
    if version is not None:
        wanted = wanted.where(EXPERIMENTS.c.version == version)
    return next(iter(rows_as(ExperimentRow, session.execute(wanted))), None)


def every_experiment(session: Session) -> tuple[ExperimentRow, ...]:
    """All of them, the one started last first."""
    order = (EXPERIMENTS.c.started_at.desc(), EXPERIMENTS.c.id, EXPERIMENTS.c.version.desc())
    return rows_as(ExperimentRow, session.execute(select(EXPERIMENTS).order_by(*order)))


def running_experiments(session: Session) -> tuple[ExperimentRow, ...]:
    """Those that run, in the order of their names."""
    wanted = select(EXPERIMENTS).where(EXPERIMENTS.c.state == "running").order_by(EXPERIMENTS.c.id, EXPERIMENTS.c.version)
    return rows_as(ExperimentRow, session.execute(wanted))


def put_experiment(session: Session, row: ExperimentRow) -> None:
    """Keeps one that is new."""
    session.execute(insert(EXPERIMENTS).values(**vars(row)))


def change_experiment(session: Session, row: ExperimentRow, was: Iterable[ExperimentState], **values: Any) -> bool:
    """Changes fields of one, unless its state is another meanwhile."""
    mine = (EXPERIMENTS.c.id == row.id, EXPERIMENTS.c.version == row.version, EXPERIMENTS.c.state.in_(list(was)))
    return bool(session.execute(update(EXPERIMENTS).where(*mine).values(**values)).rowcount)


def exposures_of(session: Session, row: ExperimentRow) -> tuple[Exposure, ...]:
    """Who met which arm, in the order in which it happened."""
    mine = (EXPOSURES.c.experiment == row.id, EXPOSURES.c.version == row.version)
    return rows_as(Exposure, session.execute(select(EXPOSURES).where(*mine).order_by(EXPOSURES.c.at, EXPOSURES.c.ref)))


def arms_met(session: Session, refs: Iterable[str], since: int) -> Iterator[MetArm]:
    """The arms that some customers have met, of the experiments that were not over before an instant in epoch milliseconds."""
    rows = rows_as(ExperimentRow, session.execute(select(EXPERIMENTS).where(EXPERIMENTS.c.started_at.is_not(None))))
    lately = {(row.id, row.version): row for row in rows if row.ended_at is None or row.ended_at >= since}
    if not lately:
        return
    for some in chunks(refs):
        for each in rows_as(Exposure, session.execute(select(EXPOSURES).where(EXPOSURES.c.ref.in_(some)))):
            row = lately.get((each.experiment, each.version))
            if row is not None:
                ends = [row.ended_at, *(stop["at"] for stop in row.stopped if stop["arm"] == each.arm)]
                until = min((end for end in ends if end is not None), default=None)
                yield MetArm(each.ref, f"{row.name} {each.arm}", each.at, until)


def changed_between(session: Session, since: int, until: int) -> tuple[tuple[ExperimentRow, int], ...]:
    """Experiments that began or ended between two instants in epoch milliseconds, each with when; the first change first."""
    lately = or_(*(column.between(since, until) for column in (EXPERIMENTS.c.started_at, EXPERIMENTS.c.ended_at)))
    rows = rows_as(ExperimentRow, session.execute(select(EXPERIMENTS).where(lately)))
    changes = [(row, at) for row in rows for at in (row.started_at, row.ended_at) if at is not None and since <= at <= until]
    return tuple(sorted(changes, key=lambda change: (change[1], change[0].name)))


def met_by(session: Session, user: str) -> frozenset[tuple[str, int]]:
    """The experiments of which a customer has met an arm, each with its version."""
    return frozenset((row.experiment, row.version) for row in session.execute(_MET.where(episodes.EPISODES.c.user == user)))


def note_exposure(session: Session, user: str, experiment: str, version: int, arm: str, seq: int) -> None:
    """Notes that a customer meets an arm for the first time, as an observation, too; a second time is none.

    Args:
        seq: of the customer's message that is answered so.
    """
    ref, _ = episodes.standing(session, user)
    row = {"experiment": experiment, "version": version, "ref": ref, "arm": arm, "at": milliseconds(real_now()), "seq": seq}
    if insert_new(session, EXPOSURES, [row]):
        observations.note(session, user, "exposure", ArmMet(experiment, version, arm).name, seq)


def note_met(session: Session, user: str, met: Iterable[ArmMet], seq: int) -> None:
    """Notes what a customer meets by reading something outside of a turn.

    Args:
        seq: of the message that they read; 0 if it is none, as a first screen or a banner.
    """
    for each in met:
        note_exposure(session, user, each.experiment, each.version, each.arm, seq)
