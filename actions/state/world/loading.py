"""Loading worlds, all or nothing, and writing them out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.record import Record, to_file
from actions.core.records import SECTIONS
from actions.state.database import Database, lock_writers
from actions.state.world.changes import note_changes, note_new_world
from actions.state.world.patches import GivenData, Reference, World, WorldSource
from actions.state.world.rows import existing_keys, is_empty, read_rows, remove_rows, write_rows
from actions.state.world.tables import store_now, stored_now
from actions.yaml_source import Problem, Source, SourceError


@dataclass(frozen=True)
class LoadSummary:
    """What a load did.

    Attributes:
        added, patched: rows by section, sections without any left out.
        replaced: whether the world was emptied first.
        now: the clock of the facts afterwards, None if it runs with real time.
    """

    added: Mapping[str, int]
    patched: Mapping[str, int]
    replaced: bool
    now: datetime | None

    def __str__(self) -> str:
        counts = [f"{self.added.get(name, 0) + self.patched.get(name, 0)} {name}" for name in SECTIONS]
        loaded = [count for count in counts if not count.startswith("0 ")]
        return ", ".join(loaded) or "nothing"


def load_world(database: Database, paths: Sequence[str | Path], replace: bool = False) -> LoadSummary:
    """Loads world files as one load; later files patch what earlier ones say.

    Args:
        replace: empty the world's tables first; the clock stays unless a file sets it.

    Raises:
        SourceError: with every problem of every file; nothing was loaded.
    """
    sources: list[WorldSource] = []
    unreadable: list[Problem] = []
    for path in paths:
        try:
            sources.append(Source.read(Path(path)))
        except SourceError as error:
            unreadable.extend(error.problems)
    if unreadable:
        raise SourceError([*unreadable, *World.read(sources).problems])
    return _load(database, sources, replace)


def load_world_data(database: Database, data: Mapping[str, Any], replace: bool = False) -> LoadSummary:
    """Loads rows in file form that the program itself has made, with the same checks as a file.

    Raises:
        SourceError: with every problem; nothing was loaded.
    """
    return _load(database, [GivenData(data)], replace)


def write_world_data(session: Session, data: Mapping[str, Any]) -> None:
    """The same within a transaction of the caller's, who writes more beside it.

    Raises:
        SourceError: with every problem; nothing was written.
    """
    _write(session, [GivenData(data)], World.read([GivenData(data)]), replace=False)


def dump_world(session: Session) -> dict[str, Any]:
    """Every row in file form, and ``now`` if the clock stands; loading it elsewhere gives the same rows."""
    now = stored_now(session)
    dumped: dict[str, Any] = {} if now is None else {"now": to_file(now)}
    for section in SECTIONS:
        dumped[section] = [to_file(record) for record in read_rows(session, section).values()]
    return dumped


def _load(database: Database, sources: Sequence[WorldSource], replace: bool) -> LoadSummary:
    world = World.read(sources)
    with database.session() as session:
        return _write(session, sources, world, replace)


def _write(session: Session, sources: Sequence[WorldSource], world: World, replace: bool) -> LoadSummary:
    lock_writers(session)
    begins = replace or is_empty(session)
    before = {section: {} if replace or not patches else read_rows(session, section, patches) for section, patches in world.patches.items()}
    records = _checked(session, world, sources, before, replace)
    added = {section: len(world.patches[section]) - len(old) for section, old in before.items()}
    patched = {section: len(old) for section, old in before.items()}
    if replace:
        remove_rows(session)
    for section, rows in records.items():
        write_rows(session, section, rows)
    clock = (stored_now(session), world.now) if world.sets_clock else None
    if world.sets_clock:
        store_now(session, world.now)
    now = stored_now(session)
    if begins:
        note_new_world(session)
    else:
        note_changes(session, before, {section: _by_key(section, rows) for section, rows in records.items()}, clock)
    return LoadSummary(_counted(added), _counted(patched), replace, now)


def checked_patches(session: Session, sources: Sequence[WorldSource]) -> dict[str, list[Record]]:
    """The rows that a load of these sources would write, by section; nothing is written.

    Raises:
        SourceError: with every problem of every source.
    """
    world = World.read(sources)
    before = {section: read_rows(session, section, patches) for section, patches in world.patches.items() if patches}
    return {section: rows for section, rows in _checked(session, world, sources, before, replace=False).items() if rows}


def _checked(
    session: Session, world: World, sources: Sequence[WorldSource], before: Mapping[str, Mapping[Any, Record]], replace: bool
) -> dict[str, list[Record]]:
    """Every section's rows after their patches."""
    records = {section: world.patched(section, before.get(section, {})) for section in world.patches}
    world.problems.extend(_dangling(session, world, replace))
    if world.problems:
        raise SourceError(sorted(world.problems, key=_place(sources)))
    return records


def _by_key(section: str, rows: Sequence[Record]) -> dict[Any, Record]:
    return {getattr(row, SECTIONS[section][1]): row for row in rows}


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {section: count for section, count in counts.items() if count}


def _place(sources: Sequence[WorldSource]) -> Any:
    order = {source.file: number for number, source in reversed(list(enumerate(sources)))}
    return lambda problem: (order[problem.file], problem.line)


def _dangling(session: Session, world: World, replace: bool) -> Iterator[Problem]:
    """Rows of this load that name a row which is neither in it nor, unless that is being removed, in the database."""
    named: dict[str, list[Reference]] = {}
    for reference in world.references():
        named.setdefault(reference.target, []).append(reference)
    for target, references in named.items():
        there = set() if replace else existing_keys(session, target, {reference.key for reference in references})
        for reference in references:
            if reference.key not in there:
                yield reference.patch.problem(reference.path, f"there is no {reference.key} in {target}")
