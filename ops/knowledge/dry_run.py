"""The dry-run of a knowledge folder: whose diagnosis would change, and which sentences customers would read instead of which.

Every order and bill of the world is diagnosed by the knowledge that is served and by that of the folder, at the same instant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.diagnosis import Diagnosis, Found, diagnose
from actions.core.facts import Facts
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.state.world.tables import facts_now
from actions.state.world.whole import WholeWorld
from ops.policies.comparison import changed_causes


@dataclass(frozen=True)
class Sentence:
    """What is told of a cause now and would be told then; empty where nothing is."""

    cause: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class KnowledgeDryRun:
    """What a folder would change.

    Attributes:
        subjects: how many orders and bills were diagnosed.
        changed: those whose causes would be others.
        unexpected: those among them that change by a cause which the author did not name.
        sentences: each once, in the order in which they were come upon.
    """

    subjects: int
    changed: tuple[Mapping[str, Any], ...]
    unexpected: tuple[Mapping[str, Any], ...]
    sentences: tuple[Sentence, ...]

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "subjects": self.subjects,
            "changed": list(self.changed),
            "unexpected": list(self.unexpected),
            "sentences": [vars(each) for each in self.sentences],
        }


def dry_run_of(
    session: Session, served: Knowledge, changed: Knowledge, expected: Collection[str], frozen: datetime | None = None
) -> KnowledgeDryRun:
    """Tries a changed knowledge; nothing is written.

    Args:
        session: of the world as it is.
        served: the knowledge of now.
        changed: that of the folder.
        expected: ids of the causes by which diagnoses are meant to change.
        frozen: the instant at which the clock of the facts stands, if it does.
    """
    now, world = facts_now(session, frozen), WholeWorld.read(session)
    subjects = 0
    rows: list[Mapping[str, Any]] = []
    unexpected: list[Mapping[str, Any]] = []
    sentences: dict[Sentence, None] = {}
    for facts in world.snapshots(now):
        subjects += 1
        before, after = (diagnose(facts, knowledge.causes.values()) for knowledge in (served, changed))
        if before.cause_ids != after.cause_ids:
            rows.append(changed_causes(before, after))
            if not ({*before.cause_ids} ^ {*after.cause_ids}) <= {*expected}:
                unexpected.append(rows[-1])
        sentences.update(dict.fromkeys(_different(facts, before, after, served, changed)))
    return KnowledgeDryRun(subjects, tuple(rows), tuple(unexpected), tuple(sentences))


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
