"""The world as it was when a conversation began, and what changed while it went on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.record import to_file
from actions.core.records import SECTIONS
from actions.state.world.changes import FileRow, WorldChange, changes_since
from actions.state.world.loading import dump_world
from actions.state.world.tables import REFERENCES

Rows = dict[str, dict[Any, FileRow]]
_OF_EVERYBODY = ("plans", "policies", "incidents", "maintenance")
_OWN = ("orders", "bills", "contracts", "repayments")


@dataclass(frozen=True)
class Past:
    """A customer's world.

    Attributes:
        now: the instant at which it stood still; None if its time ran.
        rows: the customer's rows and what they refer to, in file form.
        changes: what happened to them afterwards, as patches with the real time of each.
        replaced: a new world has begun since, so that this is only what is left.
    """

    now: str | None
    rows: Rows
    changes: tuple[tuple[datetime, dict[str, Any]], ...]
    replaced: bool


def look_back(session: Session, user: str, start: datetime) -> Past:
    """The world of a customer at a moment of real time.

    Every change since is taken back, the latest first.
    """
    dumped = dump_world(session)
    rows: Rows = {section: {row[SECTIONS[section][1]]: row for row in dumped[section]} for section in SECTIONS}
    now: str | None = dumped.get("now")
    since = changes_since(session, start)
    beginnings = [index for index, change in enumerate(since) if change.rows is None]
    known = since[beginnings[-1] + 1 :] if beginnings else since
    for change in reversed(known):
        _take_back(rows, change)
        now = now if change.clock is None else change.clock[0]
    concerned = _concerned(rows, known, user)
    return Past(
        now=now,
        rows={section: {key: row for key, row in found.items() if (section, key) in concerned} for section, found in rows.items()},
        changes=tuple((change.at, patch) for change in known for patch in [_patch(change, concerned)] if patch),
        replaced=bool(beginnings),
    )


def _take_back(rows: Rows, change: WorldChange) -> None:
    for row in change.rows or ():
        if row.before is None:
            rows[row.section].pop(row.key, None)
        else:
            rows[row.section][row.key] = _typed(row.section, row.before)


def _typed(section: str, row: FileRow) -> FileRow:
    """A stored row with its amounts as numbers again."""
    read: FileRow = to_file(SECTIONS[section][0](**row))
    return read


def _concerned(rows: Rows, changes: tuple[WorldChange, ...], user: str) -> set[tuple[str, Any]]:
    """What a customer's diagnoses can depend on, before and after the changes."""
    every: dict[str, list[tuple[Any, FileRow]]] = {section: list(found.items()) for section, found in rows.items()}
    for change in changes:
        for row in change.rows or ():
            every[row.section].append((row.key, row.after))
    concerned = {(section, key) for section in _OF_EVERYBODY for key, _ in every[section]} | {("users", user)}
    concerned |= {(section, key) for section in _OWN for key, row in every[section] if row["user"] == user}
    concerned |= {("refunds", key) for key, row in every["refunds"] if ("orders", row["order"]) in concerned}
    # What a row names must exist as well; sections come after those they refer to.
    for section in reversed(SECTIONS):
        rows_here = [row for key, row in every[section] if (section, key) in concerned]
        for (of, field), target in REFERENCES.items():
            if of == section:
                concerned |= {(target, name) for row in rows_here for name in _named(row, field)}
    return concerned


def _named(row: FileRow, field: str) -> list[Any]:
    name, _, inner = field.partition(".")
    value = row[name]
    return [part[inner] for part in value] if inner else [] if value is None else [value]


def _patch(change: WorldChange, concerned: set[tuple[str, Any]]) -> dict[str, Any]:
    patch: dict[str, Any] = {} if change.clock is None else {"now": change.clock[1]}
    for row in change.rows or ():
        if (row.section, row.key) in concerned:
            key = SECTIONS[row.section][1]
            after = _typed(row.section, row.after)
            before = None if row.before is None else _typed(row.section, row.before)
            changed = bare(row.section, after) if before is None else {key: row.key, **_difference(before, after)}
            patch.setdefault(row.section, []).append(changed)
    return patch


def bare(section: str, row: FileRow) -> FileRow:
    """A row without what is healthy anyway."""
    fields = SECTIONS[section][0].__fields__
    shown: FileRow = {}
    for name, value in row.items():
        if fields[name].required:
            shown[name] = value
            continue
        healthy = to_file(fields[name].get_default())
        if isinstance(value, dict) and isinstance(healthy, dict):
            value = {part: each for part, each in value.items() if part not in healthy or healthy[part] != each}
            if value:
                shown[name] = value
        elif value != healthy:
            shown[name] = value
    return shown


def _difference(before: FileRow, after: FileRow) -> FileRow:
    changed: FileRow = {}
    for name, value in after.items():
        old = before.get(name)
        if value != old:
            nested = isinstance(value, dict) and isinstance(old, dict) and set(value) == set(old)
            changed[name] = _difference(old or {}, value) if nested else value
    return changed
