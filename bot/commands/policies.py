"""What ``baitiao policy`` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from actions.yaml_source import Source
from bot.commands import day_of, opened
from ops.policies.dry_run import DryRun, dry_run


def rehearsed(file: Path, on: str) -> DryRun:
    """What a file of policies would do on a day.

    Raises:
        Refusal: the day is none.
        SourceError: the file cannot be loaded.
    """
    day = day_of(on, "--on")
    here = opened()
    with here.database.session() as session:
        return dry_run(session, here.knowledge.current, Source.read(file), day, here.settings.now)


def lines(found: DryRun) -> Iterator[str]:
    """The outcome for people."""
    yield f"on {found.on}: {found.subjects} orders and bills"
    for name, rows in (("lose the option", found.lose), ("gain it", found.gain), ("get it narrower", found.narrower)):
        yield f"{len(rows)} {name}, {len({row['user'] for row in rows})} customers"
    yield f"{len(found.calendar)} change by the day alone"
    for warning in found.warnings:
        yield f"warning: {warning}"
    for told in found.told:
        yield f"{told['cause']}: {told['text']}".replace("\n", " ")
