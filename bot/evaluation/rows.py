"""Labelled utterances: tab-separated text, label and accepted alternatives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, List, Tuple

from actions.yaml_source import Problem, SourceError
from bot.language.intents import INTENTS

_HEADER = ("text", "label")
_SEPARATORS = re.compile(r"[,|]")


@dataclass(frozen=True)
class Row:
    """One labelled utterance."""

    text: str
    label: str
    alternatives: FrozenSet[str] = frozenset()


def read_rows(path: Path) -> Tuple[Row, ...]:
    """Reads a file with the columns text, label and alternatives (separated by ``|`` or a comma; the column may be left out).

    Raises:
        SourceError: the file cannot be read, is not UTF-8, has no header or no rows, a line has too few or too many columns, an empty
            text or a label that is no intent; with file and line of every problem.
    """
    name = str(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SourceError([Problem(name, 1, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise SourceError([Problem(name, 1, "is not UTF-8 text")]) from None
    if not lines or tuple(cell.strip() for cell in lines[0].split("\t")[:2]) != _HEADER:
        raise SourceError([Problem(name, 1, "the first line must name the columns text, label and alternatives, separated by tabs")])
    rows: List[Row] = []
    problems: List[Problem] = []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            try:
                rows.append(_row(line))
            except ValueError as error:
                problems.append(Problem(name, number, str(error)))
    if not rows and not problems:
        problems.append(Problem(name, 1, "holds no rows"))
    if problems:
        raise SourceError(problems)
    return tuple(rows)


def _row(line: str) -> Row:
    cells = [cell.strip() for cell in line.split("\t")]
    if not 2 <= len(cells) <= 3:
        raise ValueError(f"has {len(cells)} columns instead of text, label and alternatives")
    alternatives = frozenset(name for name in map(str.strip, _SEPARATORS.split(cells[2])) if name) if len(cells) == 3 else frozenset()
    if not cells[0]:
        raise ValueError("the text is empty")
    unknown = sorted(name for name in {cells[1], *alternatives} if name not in INTENTS)
    if unknown:
        raise ValueError(f"{unknown[0] or 'an empty label'} is no intent")
    return Row(cells[0], cells[1], alternatives)
