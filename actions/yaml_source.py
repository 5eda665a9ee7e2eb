"""YAML read with line numbers, exact decimals and dates left as text, so that every refusal can name file, line and reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple, Union

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path_ = Tuple[Union[str, int], ...]


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
        self._lines: Dict[Path_, int] = {}
        problems: List[Problem] = []
        try:
            node = yaml.compose(text, Loader=_Loader)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SourceError([Problem(file, line, f"not valid YAML: {error.problem}")]) from None
        except YAMLError as error:
            raise SourceError([Problem(file, 1, f"not valid YAML: {error}")]) from None
        self.data = None if node is None else self._plain(node, (), problems, frozenset())
        if problems:
            raise SourceError(problems)

    @classmethod
    def read(cls, path: Path, shown_as: str = "") -> Source:
        """Reads a file.

        Raises:
            SourceError: it cannot be read or is not valid YAML.
        """
        name = shown_as or str(path)
        try:
            return cls(name, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SourceError([Problem(name, 1, f"cannot be read: {error.strerror}")]) from None
        except UnicodeDecodeError:
            raise SourceError([Problem(name, 1, "is not UTF-8 text")]) from None

    def line(self, path: Sequence[Union[str, int]]) -> int:
        """The line of a value, or of the nearest thing around it that exists."""
        wanted = tuple(path)
        while wanted not in self._lines and wanted:
            wanted = wanted[:-1]
        return self._lines.get(wanted, 1)

    def problem(self, path: Sequence[Union[str, int]], reason: str) -> Problem:
        """A problem at a value."""
        return Problem(self.file, self.line(path), reason)

    def _plain(self, node: Node, path: Path_, problems: List[Problem], ancestors: frozenset[int]) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in ancestors:
            problems.append(Problem(self.file, node.start_mark.line + 1, "an alias that contains itself"))
            return None
        inside = ancestors | {id(node)}
        if isinstance(node, MappingNode):
            result: Dict[Any, Any] = {}
            for key_node, value_node in node.value:
                if not isinstance(key_node, ScalarNode):
                    problems.append(Problem(self.file, key_node.start_mark.line + 1, "a key must be plain text"))
                    continue
                key = _scalar(key_node)
                key = key_node.value if isinstance(key, (Decimal, bool, int)) or key is None else key
                if key in result:
                    problems.append(Problem(self.file, key_node.start_mark.line + 1, f"{key} is given twice"))
                    continue
                self._lines[(*path, key)] = key_node.start_mark.line + 1
                result[key] = self._plain(value_node, (*path, key), problems, inside)
            return result
        if isinstance(node, SequenceNode):
            return [self._plain(child, (*path, index), problems, inside) for index, child in enumerate(node.value)]
        return _scalar(node)


def _scalar(node: Any) -> Any:
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
