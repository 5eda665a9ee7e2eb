"""The dry-run of a knowledge folder: whose diagnosis would change, and which sentences customers would read instead of which.

Every order and bill of the world is diagnosed by the knowledge that is served and by that of the folder, at the same instant; and so is what
customers were told last, each in the world as it was then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.diagnosis import Diagnosis, Found, diagnose
from actions.core.facts import Facts
from actions.core.moments import local
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.state.world.tables import facts_now
from actions.state.world.whole import WholeWorld
from ops.knowledge.stored import stored_diagnoses
from ops.policies.comparison import changed_causes


@dataclass(frozen=True)
class Sentence:
    """What is told of a cause now and would be told then; empty where nothing is."""

    cause: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class StoredDryRun:
    """What a folder would have changed of the diagnoses that customers were told last.

    Attributes:
        diagnoses: how many were diagnosed anew.
        unknown: those of which nobody knows any more what was true.
        changed: those whose causes would have been others, with when it was and what was told.
        unexpected: those among them that change by a cause which the author did not name.
    """

    diagnoses: int = 0
    unknown: int = 0
    changed: tuple[Mapping[str, Any], ...] = ()
    unexpected: tuple[Mapping[str, Any], ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "changed": list(self.changed), "unexpected": list(self.unexpected)}


@dataclass(frozen=True)
class KnowledgeDryRun:
    """What a folder would change.

    Attributes:
        subjects: how many orders and bills were diagnosed.
        changed: those whose causes would be others.
        unexpected: those among them that change by a cause which the author did not name.
        sentences: each once, in the order in which they were come upon.
        stored: the same of the diagnoses that customers were told last.
    """

    subjects: int
    changed: tuple[Mapping[str, Any], ...]
    unexpected: tuple[Mapping[str, Any], ...]
    sentences: tuple[Sentence, ...]
    stored: StoredDryRun

    @property
    def is_unexpected(self) -> bool:
        """Whether a diagnosis changes that the author did not name, of now or of then."""
        return bool(self.unexpected or self.stored.unexpected)

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "subjects": self.subjects,
            "changed": list(self.changed),
            "unexpected": list(self.unexpected),
            "sentences": [vars(each) for each in self.sentences],
            "stored": self.stored.to_data(),
        }


def dry_run_of(
    session: Session,
    served: Knowledge,
    changed: Knowledge,
    expected: Collection[str],
    frozen: datetime | None = None,
    stored: int = 0,
) -> KnowledgeDryRun:
    """Tries a changed knowledge; nothing is written.

    Args:
        session: of the world as it is.
        served: the knowledge of now.
        changed: that of the folder.
        expected: ids of the causes by which diagnoses are meant to change.
        frozen: the instant at which the clock of the facts stands, if it does.
        stored: how many of the diagnoses that customers were told last are diagnosed anew.
    """
    now, world = facts_now(session, frozen), WholeWorld.read(session)
    of_now, of_then = (_Compared(served, changed, expected) for _ in range(2))
    for facts in world.snapshots(now):
        of_now.take(facts)
    unknown = 0
    for told in stored_diagnoses(session, stored, world, frozen):
        if told.facts is None:
            unknown += 1
        else:
            of_then.take(told.facts, at=local(told.at).isoformat(timespec="seconds"), causes_told=list(told.causes))
    sentences = tuple({**of_now.sentences, **of_then.sentences})
    then = StoredDryRun(of_then.subjects, unknown, tuple(of_then.rows), tuple(of_then.unexpected))
    return KnowledgeDryRun(of_now.subjects, tuple(of_now.rows), tuple(of_now.unexpected), sentences, then)


class _Compared:
    """Gathers what is different between two knowledges."""

    def __init__(self, served: Knowledge, changed: Knowledge, expected: Collection[str]) -> None:
        self._pair = (served, changed)
        self._expected = {*expected}
        self.subjects = 0
        self.rows: list[Mapping[str, Any]] = []
        self.unexpected: list[Mapping[str, Any]] = []
        self.sentences: dict[Sentence, None] = {}

    def take(self, facts: Facts, **about: Any) -> None:
        """Diagnoses one snapshot by both; ``about`` stands in its row."""
        self.subjects += 1
        before, after = (diagnose(facts, knowledge.causes.values()) for knowledge in self._pair)
        if before.cause_ids != after.cause_ids:
            self.rows.append({**changed_causes(before, after), **about})
            if not ({*before.cause_ids} ^ {*after.cause_ids}) <= self._expected:
                self.unexpected.append(self.rows[-1])
        self.sentences.update(dict.fromkeys(_different(facts, before, after, *self._pair)))


def _different(facts: Facts, before: Diagnosis, after: Diagnosis, served: Knowledge, changed: Knowledge) -> Iterator[Sentence]:
    for cause in dict.fromkeys((*before.cause_ids, *after.cause_ids)):
        old, new = _told(facts, before.get(cause), served), _told(facts, after.get(cause), changed)
        for part in dict.fromkeys((*old, *new)):
            if old.get(part) != new.get(part):
                yield Sentence(cause, part, old.get(part, ""), new.get(part, ""))


def _told(facts: Facts, found: Found | None, knowledge: Knowledge) -> dict[str, str]:
    """What a customer reads of a cause without asking further, by part of its file."""
    if found is None:
        return {}
    cause, values = found.cause, Values(facts, found.matches)
    texts = {
        "title": cause.title,
        "summary": cause.summary,
        "explanation": "\n".join(cause.explanation),
        "cannot_fix": cause.cannot_fix,
        "wait": cause.wait and cause.wait.text,
        **{f"steps {number}": step.text for number, step in enumerate(cause.steps, start=1)},
    }
    return {part: str(fill(text, values, knowledge.locale)) for part, text in texts.items() if text}
