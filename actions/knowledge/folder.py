"""The files of a knowledge folder: each is read once, whatever is made of it and checked about it, and what lies over it is put over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from weakref import WeakValueDictionary

from actions.knowledge.overlay import Overlaying
from actions.yaml_source import Problem, Source, SourceError, text_of

_held: MutableMapping[tuple[str, str], Source] = WeakValueDictionary()
"""Files by name and text, as long as somebody holds them: whoever reads a folder while another reading is held pays for what differs.
Nobody changes what was read."""


class Folder:
    """A knowledge folder and what lies over it.

    Args:
        root: the folder.
        overlays: what lies over its files, by their names below the folder, such as ``causes/overdue.yml``.

    Attributes:
        root: as above.
        problems: which of the files read so far cannot be read, and what does not fit over them.

    Raises:
        SourceError: there is no such folder.
    """

    def __init__(self, root: Path, overlays: Mapping[str, Source] = MappingProxyType({})) -> None:
        if not root.is_dir():
            raise SourceError([Problem(str(root), 1, "is not a folder")])
        self.root = root
        self._overlays = overlays
        self._sources: dict[str, tuple[Source, ...]] = {}
        self.problems = [
            overlay.problem((), f"lies over nothing: there is no {file}") for file, overlay in overlays.items() if not self.has(file)
        ]

    def has(self, file: str) -> bool:
        """Whether there is a file of that name below the folder."""
        return (self.root / file).is_file()

    def sources(self, pattern: str) -> tuple[Source, ...]:
        """The files that fit a pattern, such as ``causes/*.yml``; why one cannot be read is added to ``problems``."""
        if pattern not in self._sources:
            self._sources[pattern] = tuple(self._read(pattern))
        return self._sources[pattern]

    def problem(self, file: str, reason: str) -> Problem:
        """A problem of a whole file, or of one that is not there."""
        return Problem(f"{self.root.name}/{file}", 1, reason)

    def _read(self, pattern: str) -> Iterator[Source]:
        for path in sorted(self.root.glob(pattern)):
            if path.name.startswith("."):
                continue  # What editors put beside a file while it is open, often a link that leads nowhere.
            try:
                source = _source(path, shown_as=path.relative_to(self.root.parent).as_posix())
            except SourceError as error:
                self.problems.extend(error.problems)
                continue
            file = path.relative_to(self.root).as_posix()
            if file in self._overlays:
                overlaying = Overlaying(source, self._overlays[file], file)
                source = overlaying.put_together()
                self.problems.extend(overlaying.problems)
            yield source


def _source(path: Path, shown_as: str) -> Source:
    key = (shown_as, text_of(path, shown_as))
    if (source := _held.get(key)) is None:
        source = _held[key] = Source(*key)
    return source


def names_in(sources: tuple[Source, ...]) -> frozenset[str]:
    """The names that files which are maps give."""
    return frozenset(str(name) for source in sources if isinstance(source.data, dict) for name in source.data)


def texts_in(data: Any) -> Iterator[str]:
    """Every text of a file, also those that are keys."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value)
