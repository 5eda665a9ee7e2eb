"""What ``baitiao knowledge dry-run`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from actions.knowledge.loading import load
from bot.commands import Refusal, opened
from ops.knowledge.dry_run import KnowledgeDryRun, dry_run_of


def rehearsed(folder: Path, expected: Sequence[str], stored: int) -> KnowledgeDryRun:
    """What a knowledge folder would change in the world as it is, and of so many diagnoses that customers were told last.

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
        return dry_run_of(session, served, changed, expected, here.settings.now, stored)


def lines(found: KnowledgeDryRun) -> Iterator[str]:
    """The outcome for people."""
    yield f"{found.subjects} orders and bills, {len(found.changed)} diagnosed otherwise, {len(found.unexpected)} of them unexpectedly"
    yield from (_line(row, row in found.unexpected) for row in found.changed)
    then = found.stored
    unknown = f", {then.unknown} more of which nobody knows any more what was true" if then.unknown else ""
    yield f"{then.diagnoses} stored diagnoses, {len(then.changed)} diagnosed otherwise, {len(then.unexpected)} of them unexpectedly{unknown}"
    yield from (_line(row, row in then.unexpected) for row in then.changed)
    for sentence in found.sentences:
        yield f"{sentence.cause} {sentence.part}: {sentence.before or '–'} → {sentence.after or '–'}".replace("\n", " ")


def _line(row: Mapping[str, Any], unexpected: bool) -> str:
    subject = " ".join(filter(None, (row.get("order") or row.get("bill") or "account", row.get("at"))))
    before, after = (", ".join(row[name]) or "none" for name in ("causes_before", "causes_after"))
    return f"{'!' if unexpected else ' '} {row['user']} {subject}: {before} → {after}"
