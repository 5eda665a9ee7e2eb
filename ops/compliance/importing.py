"""Takes what the compliance team brings into ``obligations.yml``: a file of the same form, checked as that is, new entries and changed ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.knowledge.loading import DEFAULT_ROOT
from actions.yaml_source import Source, SourceError
from ops.compliance.obligations import FILE, OBLIGATIONS, SOURCES, checked, read_obligations

_WIDTH = 150


@dataclass(frozen=True)
class Imported:
    """What came in, by the ids of obligations and sources."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


def import_obligations(file: Path, root: Path = DEFAULT_ROOT, dry_run: bool = False) -> Imported:
    """Writes the entries of a file into the folder's own; what stands there and not in the file stays.

    Args:
        file: in the form of ``obligations.yml``.
        dry_run: nothing is written.

    Raises:
        SourceError: one of the two files is not right, or the folder's cannot be written; nothing has changed.
    """
    source = Source.read(file)
    checked(source, root)
    own = root / FILE
    read_obligations(root)
    shown_as = f"{root.name}/{FILE}"
    text = own.read_text(encoding="utf-8") if own.exists() else ""
    stands = Source(shown_as, text).data or {}
    merged: dict[str, dict[str, Any]] = {}
    added: list[str] = []
    changed: list[str] = []
    same: list[str] = []
    for section in (OBLIGATIONS, SOURCES):
        before: Mapping[str, Any] = stands.get(section) or {}
        brought: Mapping[str, Any] = (source.data or {}).get(section) or {}
        for name, entry in brought.items():
            (added if name not in before else same if before[name] == entry else changed).append(name)
        merged[section] = {**before, **brought}
    if (added or changed) and not dry_run:
        made = _head(text) + yaml.safe_dump(merged, allow_unicode=True, sort_keys=False, width=_WIDTH)
        checked(Source(shown_as, made), root)
        _write(own, made)
    return Imported(tuple(added), tuple(changed), tuple(same))


def _head(text: str) -> str:
    """The comment at the top, which says what the file is."""
    lines = text.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    return "".join(lines[:end])


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        # Whoever reads meanwhile reads the one or the other, whole.
        os.replace(beside, file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SourceError([Source(str(file), "").problem((), f"cannot be written: {error.strerror}")]) from None
