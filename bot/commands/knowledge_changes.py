"""What ``baitiao knowledge dry-run`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from actions.knowledge.loading import load
from bot.commands import Refusal, opened
from ops.knowledge.dry_run import KnowledgeDryRun, dry_run_of


def rehearsed(folder: Path, expected: Sequence[str]) -> KnowledgeDryRun:
    """What a knowledge folder would change in the world as it is.

    Raises:
        Refusal: a cause that is expected to change is in neither knowledge.
        SourceError: the folder cannot be used; every problem of every file.
    """
    changed, here = load(folder), opened()
    served = here.knowledge.current
    unknown = [cause for cause in expected if cause not in served.causes and cause not in changed.causes]
    if unknown:
        raise Refusal(f"--expect names {', '.join(unknown)}: there is no such cause before or after")
    with here.database.session() as session:
        return dry_run_of(session, served, changed, expected, here.settings.now)


def lines(found: KnowledgeDryRun) -> Iterator[str]:
    """The outcome for people."""
    yield f"{found.subjects} orders and bills, {len(found.changed)} diagnosed otherwise, {len(found.unexpected)} of them unexpectedly"
    for row in found.changed:
        sign = "!" if row in found.unexpected else " "
        subject = row.get("order") or row.get("bill")
        yield f"{sign} {row['user']} {subject}: {', '.join(row['causes_before']) or 'none'} → {', '.join(row['causes_after']) or 'none'}"
    for sentence in found.sentences:
        yield f"{sentence.cause} {sentence.part}: {sentence.before or '–'} → {sentence.after or '–'}".replace("\n", " ")
