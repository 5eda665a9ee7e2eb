"""YAML read with line numbers, exact decimals and dates left as text, so that every refusal can name file, line and reason.

Files come from people and are read while the assistant runs, so nothing in one may keep the reader busy or bring it down: how large a file is,
how deep it goes, how much its aliases repeat and how long its numbers are have bounds far above anything that somebody writes.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import AliasEvent, DocumentStartEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

Path_ = tuple[str | int, ...]

DEEPEST = 50
"""Maps and lists within each other."""
MOST_VALUES = 1_000_000
"""Values of one file, whose reading takes seconds; a world may come in several."""
MOST_REPEATED = 100_000
"""Values that aliases repeat, all together: a few lines of aliases of aliases stand for billions."""
LONGEST_NUMBER = 40
"""Digits of a number, also of one written with an exponent."""
LARGEST_FILE = 64 * 1024 * 1024
"""Bytes."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is built in: a large world is read forty times faster than in pure Python. Plain scalars are resolved here, by YAML 1.2."""

_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_NULL = re.compile(r"~|null|Null|NULL|")
_INT = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Problem:
    """One reason why a file is refused."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class SourceError(ValueError):
    """A file cannot be used; ``problems`` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Source:
    """A parsed YAML file.

    Attributes:
        file: the name used in problems.
        data: plain dicts, lists, ``str``, ``int``, ``Decimal``, ``bool`` and ``None``; timestamps stay text.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._lines: dict[Path_, int] = {}
        reader = _Reader(file, text, self._lines)
        self.data = reader.document()
        if reader.problems:
            raise SourceError(reader.problems)

    @classmethod
    def read(cls, path: Path, shown_as: str = "") -> Source:
        """Reads a file.

        Raises:
            SourceError: it cannot be read or is not valid YAML.
        """
        name = shown_as or str(path)
        return cls(name, text_of(path, name))

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a value, or of the nearest thing around it that exists."""
        wanted = tuple(path)
        while wanted not in self._lines and wanted:
            wanted = wanted[:-1]
        return self._lines.get(wanted, 1)

    def problem(self, path: Sequence[str | int], reason: str) -> Problem:
        """A problem at a value."""
        return Problem(self.file, self.line(path), reason)


def text_of(path: Path, name: str) -> str:
    """The text of a file.

    Args:
        name: the file in problems.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # A pipe would be waited for, and a device might never end.
            raise SourceError([Problem(name, 1, "is not a file")])
        if found.st_size > LARGEST_FILE:
            raise SourceError([Problem(name, 1, f"is larger than {LARGEST_FILE} bytes")])
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError([Problem(name, 1, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise SourceError([Problem(name, 1, "is not UTF-8 text")]) from None


@dataclass(frozen=True)
class _Anchored:
    """What aliases of an anchor stand for; ``size`` counts all the values in it."""

    value: Any
    size: int


class _Reader:
    """Builds plain data from the parser's events, which come one by one however deep the text goes.

    Args:
        file: for problems.
        text: YAML.
        lines: gets the line of every value that stands in the text by itself.
    """

    def __init__(self, file: str, text: str, lines: dict[Path_, int]) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._lines = lines
        self._events = self._parsed(text)
        self._anchors: dict[str, _Anchored] = {}
        self._open: list[str] = []
        self._size = 0
        self._repeated = 0

    def document(self) -> Any:
        """The text's only document, None if it holds none.

        Raises:
            SourceError: it is not YAML, holds several documents, or goes beyond a bound.
        """
        data = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refused(event, "not valid YAML: there is a second document")
                data = self._value(next(self._events), (), 0)
        return data

    def _parsed(self, text: str) -> Iterator[Any]:
        try:
            yield from yaml.parse(text, Loader=_Loader)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SourceError([Problem(self._file, line, f"not valid YAML: {error.problem}")]) from None
        except YAMLError as error:
            raise SourceError([Problem(self._file, 1, f"not valid YAML: {error}")]) from None

    def _refused(self, event: Any, reason: str) -> SourceError:
        return SourceError([Problem(self._file, event.start_mark.line + 1, reason)])

    def _value(self, event: Any, path: Path_, depth: int) -> Any:
        self._lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        before = self._size
        self._size += 1
        if self._size > MOST_VALUES:
            raise self._refused(event, f"more than {MOST_VALUES} values; divide it into several files")
        if isinstance(event, ScalarEvent):
            value = self._scalar(event)
        elif depth == DEEPEST:
            raise self._refused(event, f"more than {DEEPEST} maps and lists within each other")
        else:
            self._open.append(event.anchor)
            value = (self._map if isinstance(event, MappingStartEvent) else self._list)(path, depth + 1)
            self._open.pop()
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, self._size - before)
        return value

    def _map(self, path: Path_, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            line = event.start_mark.line + 1
            key = event.value if isinstance(event, ScalarEvent) else None
            if key is None:
                self.problems.append(Problem(self._file, line, "a key must be plain text"))
                self._value(event, path, depth)
            elif key in result:
                self.problems.append(Problem(self._file, line, f"{key} is given twice"))
            elif event.anchor:
                self._anchors[event.anchor] = _Anchored(key, 1)
            if key is None or key in result:
                self._value(next(self._events), path, depth)
                continue
            self._lines[(*path, key)] = line
            result[key] = self._value(next(self._events), (*path, key), depth)
        return result

    def _list(self, path: Path_, depth: int) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            result.append(self._value(event, (*path, len(result)), depth))
        return result

    def _alias(self, event: Any) -> Any:
        if event.anchor in self._open:
            self.problems.append(Problem(self._file, event.start_mark.line + 1, "an alias that contains itself"))
            return None
        known = self._anchors.get(event.anchor)
        if known is None:
            raise self._refused(event, f"not valid YAML: found undefined alias {event.anchor}")
        self._size += known.size
        self._repeated += known.size
        if self._repeated > MOST_REPEATED:
            raise self._refused(event, f"aliases repeat more than {MOST_REPEATED} values")
        return _copied(known.value)

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if event.style in ("'", '"', "|", ">"):
            return text
        if _NULL.fullmatch(text):
            return None
        if _BOOL.fullmatch(text):
            return text.lower() == "true"
        if not _DECIMAL.fullmatch(text):
            return text
        number = Decimal(text) if len(text) <= LONGEST_NUMBER else None
        if number is None or abs(number.adjusted()) > LONGEST_NUMBER:
            self.problems.append(Problem(self._file, event.start_mark.line + 1, f"a number of more than {LONGEST_NUMBER} digits"))
            return None
        return int(text) if _INT.fullmatch(text) else number


def _copied(value: Any) -> Any:
    """Maps and lists of one's own, so that changing what one alias stands for changes nothing elsewhere."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value
