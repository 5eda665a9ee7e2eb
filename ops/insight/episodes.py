"""Episodes told from observations: one complaint from its first word to its end, folded together row by row so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from actions.core.observations import NOTHING, PROOF


class ObservedRow(NamedTuple):
    """What is read of an observation; ``dims`` is JSON text, looked at where it is needed."""

    at: int
    ref: str
    episode: int
    seq: int
    kind: str
    value: str
    dims: str


@dataclass
class StepTried:
    """A step that was shown to a customer.

    Attributes:
        cause, number: which.
        outcome: what came of it at last: ``done``, ``not_found``, ``cannot``, ``failed`` (the check after it), or ``silent``.
        hint: whether the hint was shown, because they had not found it.
    """

    cause: str
    number: int
    outcome: str = "silent"
    hint: bool = False


@dataclass
class Episode:
    """One episode of a customer.

    Attributes:
        ref: what observations call the customer.
        begun: when, in milliseconds of the epoch.
        claim: the intent of the complaint; None: the assistant was asked to look without one.
        causes: of the first diagnosis, in their order; empty if nothing was found; None before there was one.
        subject: all that was ever found, for what comes back.
        steps: in the order in which they were shown.
        end, ended, by: how and when it ended last, and who says so; None while it goes on.
        reasons: why it went to people.
        scores: ratings, by the number of the message.
        checks: causes of which a look showed that they were gone.
        asked: topics that were answered within it.
        versions: of knowledge and model that answered.
        dims: what is known of the customer, of the row that has most.
        arms: of experiments that were met.
    """

    ref: str
    begun: int
    claim: str | None = None
    causes: list[str] | None = None
    subject: set[str] = field(default_factory=set)
    steps: list[StepTried] = field(default_factory=list)
    end: str | None = None
    ended: int = 0
    by: str = ""
    reasons: list[str] = field(default_factory=list)
    scores: dict[int, int] = field(default_factory=dict)
    checks: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    dims: dict[str, Any] = field(default_factory=dict)
    arms: set[str] = field(default_factory=set)
    _diagnosed_at: int = -1

    @property
    def first(self) -> str | None:
        """What was found first; ``NOTHING`` where nothing was; None before there was a diagnosis."""
        if self.causes is None:
            return None
        return self.causes[0] if self.causes else NOTHING

    @property
    def is_proven(self) -> bool:
        """Whether it is resolved, and the state says so."""
        return self.end == "resolved" and self.by == PROOF

    @property
    def is_lost(self) -> bool:
        """Whether it led neither to a solution nor to an explanation: the customer left, or went to a person."""
        return self.end in ("abandoned", "handoff")

    def causes_any(self, wanted: Collection[str]) -> bool:
        """Whether the first diagnosis names one of some causes."""
        return not set(wanted).isdisjoint(self.causes or ())

    def add(self, row: ObservedRow) -> None:
        """Takes the next observation of it."""
        match row.kind:
            case "complained" if self.claim is None:
                self.claim = row.value
            case "found":
                self._found(row)
            case "step":
                self._step(*row.value.rsplit("/", 2))
            case "check":
                self._check(*row.value.rsplit("/", 1))
            case "end":
                self.end, self.ended = row.value, row.at
                self.by = str(json.loads(row.dims).get("by", "")) if row.value == "resolved" else ""
            case "handoff":
                self.reasons.append(row.value)
            case "rated":
                self.scores[row.seq] = int(row.value)
            case "asked":
                self.asked.add(row.value)
            case "version":
                self.versions.add(row.value)
            case "exposure":
                self.arms.add(row.value)

    def _found(self, row: ObservedRow) -> None:
        if self.causes is None:
            self.causes, self._diagnosed_at = [], row.seq
        if not self.dims:
            self.dims = json.loads(row.dims)
        if row.value != NOTHING:
            self.subject.add(row.value)
            if row.seq == self._diagnosed_at:
                self.causes.append(row.value)

    def _step(self, cause: str, number: str, how: str) -> None:
        if not number.isdecimal():
            return
        last = self.steps[-1] if self.steps else None
        here = last if last is not None and (last.cause, last.number) == (cause, int(number)) else None
        if here is None:
            here = StepTried(cause, int(number))
            self.steps.append(here)
        if how == "shown":
            here.hint = here.hint or here.outcome == "not_found"
        else:
            here.outcome = how

    def _check(self, cause: str, how: str) -> None:
        if how == "passed":
            self.checks.add(cause)
        elif self.steps and self.steps[-1].cause == cause:
            self.steps[-1].outcome = "failed"


def episodes_of(rows: Iterable[ObservedRow]) -> Iterator[list[Episode]]:
    """The episodes of one customer after the other, each customer's in order.

    Args:
        rows: of observations that belong to an episode, ordered by ``ref`` and within it as they were written.
    """
    ref: str | None = None
    episodes: dict[int, Episode] = {}
    for row in rows:
        if row.ref != ref:
            if episodes:
                yield list(episodes.values())
            ref, episodes = row.ref, {}
        episode = episodes.get(row.episode)
        if episode is None:
            episode = episodes[row.episode] = Episode(row.ref, row.at)
        episode.add(row)
    if episodes:
        yield list(episodes.values())
