"""Conversation files, read and checked before anything is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from actions.yaml_source import Problem, Source, SourceError
from conversations.outlines import expanded
from conversations.script import Fault, File, Fixture, Step, TestCase, Way

ROOT = Path(__file__).resolve().parents[1]
CONVERSATIONS = ROOT / "tests" / "conversations"
KNOWN_FAILURES = CONVERSATIONS / "known_failures.yml"


@dataclass(frozen=True)
class Conversation:
    """One test case with its fixtures resolved; ``id`` is its file and its name."""

    id: str
    case: TestCase
    world: tuple[Any, ...]
    user: str
    order: str | None
    now: str | None
    faults: tuple[Fault, ...]
    slots: Mapping[str, Any]
    lines: tuple[int, ...]
    file: str

    @property
    def over(self) -> Sequence[Way]:
        """How it is played."""
        return self.case.over

    def where(self, step: int) -> str:
        """File and line of a step."""
        return f"{self.file}:{self.lines[step]}"


def collect(root: Path = CONVERSATIONS) -> list[Conversation]:
    """Every conversation in the folders under a folder, in order of files.

    Raises:
        SourceError: there is none, or a file is malformed.
    """
    problems: list[Problem] = []
    found: list[Conversation] = []
    for path in sorted(root.glob("*/**/*.yml")):
        try:
            found.extend(read(path, root))
        except SourceError as error:
            problems.extend(error.problems)
    if not found and not problems:
        problems.append(Problem(f"{root.name}/", 1, "there is no conversation: an empty selection proves nothing"))
    if problems:
        raise SourceError(problems)
    return found


def read(path: Path, root: Path = CONVERSATIONS) -> list[Conversation]:
    """The conversations of one file.

    Raises:
        SourceError: with every problem, its file and its line.
    """
    shown = path.relative_to(root).as_posix()
    source = Source.read(path, shown_as=shown)
    data, places = expanded(source)
    try:
        file = File.parse_obj(data)
    except ValidationError as error:
        raise SourceError([_explained(source, problem, places) for problem in error.errors()]) from None
    fixtures = {name: fixture for entry in file.fixtures for name, fixture in entry.items()}
    notes = {name for entry in file.metadata for name in entry}
    names: list[str] = []
    problems: list[Problem] = []
    found: list[Conversation] = []
    for number, case in enumerate(file.test_cases):
        at = ("test_cases", places[number])
        unknown = sorted({*case.fixtures} - {*fixtures}) + sorted({each for each in _notes(case) if each not in notes})
        problems.extend(source.problem(at, f"there is no fixture or metadata {name}") for name in unknown)
        if case.test_case in names:
            problems.append(source.problem(at, f"{case.test_case} appears twice"))
        names.append(case.test_case)
        if unknown:
            continue
        given = _merged([fixtures[name] for name in case.fixtures], case)
        if given["user"] is None:
            problems.append(source.problem(at, "nobody speaks: given.user is missing"))
            continue
        lines = tuple(source.line((*at, "steps", index)) for index in range(len(case.steps)))
        found.append(Conversation(id=f"{shown[: -len('.yml')]}: {case.test_case}", case=case, lines=lines, file=shown, **given))
    if problems:
        raise SourceError(problems)
    return found


def known_failures(path: Path = KNOWN_FAILURES) -> dict[str, str]:
    """Why each conversation that is known to fail does, by id.

    Raises:
        SourceError: an entry is not an id with a reason.
    """
    source = Source.read(path, shown_as=path.name)
    entries: Any = source.data or {}
    if not isinstance(entries, dict) or not all(isinstance(reason, str) and reason for reason in entries.values()):
        raise SourceError([source.problem((), "a map of conversation ids to reasons is expected")])
    return entries


def _merged(fixtures: Sequence[Fixture], case: TestCase) -> dict[str, Any]:
    merged: dict[str, Any] = {"world": ["demo"], "user": None, "order": None, "now": None, "faults": ()}
    slots: dict[str, Any] = {}
    for part in (*fixtures, case.given):
        merged.update({name: value for name, value in part if name in merged and name in part.__fields_set__})
        slots.update(part.slots if isinstance(part, Fixture) else {})
    return {**merged, "world": tuple(merged["world"]), "faults": tuple(merged["faults"]), "slots": slots}


def _notes(case: TestCase) -> list[str]:
    parts: list[TestCase | Step] = [case, *case.steps]
    return [part.metadata for part in parts if part.metadata is not None]


def _explained(source: Source, problem: Mapping[str, Any], places: Sequence[int]) -> Problem:
    place = tuple(part for part in problem["loc"] if part != "__root__")
    if place[:1] == ("test_cases",) and len(place) > 1:
        place = ("test_cases", places[place[1]], *place[2:])
    words = {"value_error.extra": "is not a field of this format", "value_error.missing": "is missing"}.get(problem["type"])
    name = ".".join(str(part) for part in place[-1:])
    return source.problem(place, f"{name} {words}" if words else f"{name}: {problem['msg']}" if name else problem["msg"])
