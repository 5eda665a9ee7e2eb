"""What the law and supervisors ask, read from ``knowledge/obligations.yml``: each with its dates, its owner and the controls that keep it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, StrictStr, ValidationError, root_validator, validator

from actions.core.fields import Day, Strict
from actions.knowledge.loading import DEFAULT_ROOT
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Problem, Source, SourceError
from ops.compliance.controls import KINDS, Control, KnownControls

FILE = "obligations.yml"
Trust = Literal["O", "Q", "U", "C", "D"]
"""How sure it is, as the marks of the file say."""
OBLIGATIONS, SOURCES = "obligations", "sources"
_LONGEST_PAUSE = 730
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


class Obligation(Strict):
    """One thing that is asked.

    Attributes:
        source: where it was read; ``trust``: how sure that is.
        in_force: None: not known yet.
        asks: in our own words.
        owner: who answers for it.
        review_every: days.
    """

    title: StrictStr
    issuer: StrictStr
    source: StrictStr
    trust: Trust
    published: Day | None = None
    in_force: Day | None = None
    applies_to: StrictStr
    asks: StrictStr
    owner: StrictStr
    review_every: int = Field(..., ge=1, le=_LONGEST_PAUSE)
    controls: tuple[Control, ...]

    @validator("title", "issuer", "source", "applies_to", "asks", "owner")
    def _says_something(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("must not be empty")
        return text

    @validator("controls", pre=True, each_item=True)
    def _one_name(cls, given: Any) -> Any:
        if isinstance(given, Control):
            return given
        if not isinstance(given, dict) or len(given) != 1 or next(iter(given)) not in KINDS:
            raise ValueError(f"must be one of {', '.join(KINDS)} with a name")
        kind, name = next(iter(given.items()))
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{kind} needs a name")
        return Control(kind, name)

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, Any]) -> dict[str, Any]:
        published, in_force = values["published"], values["in_force"]
        if published is not None and in_force is not None and in_force < published:
            raise ValueError("in_force is before published")
        return values

    @property
    def digest(self) -> str:
        """Another one once what is asked, or what keeps it, is written otherwise."""
        return hashlib.sha256(repr(sorted(self.dict().items())).encode()).hexdigest()[:16]


class WatchedSource(Strict):
    """A page on which new rules appear.

    Attributes:
        where: on it.
        check_every: days.
    """

    title: StrictStr
    where: StrictStr
    address: StrictStr
    check_every: int = Field(..., ge=1, le=_LONGEST_PAUSE)

    @validator("address")
    def _address(cls, address: str) -> str:
        if not address.startswith(("https://", "http://")):
            raise ValueError("must be an http or https address")
        return address


@dataclass(frozen=True)
class ObligationBook:
    """The whole file."""

    obligations: Mapping[str, Obligation]
    sources: Mapping[str, WatchedSource]


def read_obligations(root: Path = DEFAULT_ROOT) -> ObligationBook:
    """The obligations of a knowledge folder; a folder without the file knows none.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    path = root / FILE
    if not path.exists():
        return ObligationBook({}, {})
    return checked(Source.read(path, shown_as=f"{root.name}/{FILE}"), root)


def checked(source: Source, root: Path) -> ObligationBook:
    """The obligations of a file in the form of ``obligations.yml``.

    Args:
        root: the knowledge folder whose controls they name.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    problems: list[Problem] = []
    data = source.data if source.data is not None else {}
    if not isinstance(data, dict):
        raise SourceError([source.problem((), "must be a map of obligations and sources")])
    problems.extend(source.problem((name,), f"{name} is not a field here") for name in data if name not in (OBLIGATIONS, SOURCES))
    obligations: dict[str, Obligation] = {}
    for name, given in _section(source, data, OBLIGATIONS, problems):
        try:
            obligations[name] = Obligation.parse_obj(given)
        except ValidationError as error:
            problems.extend(model_problems(source, error, (OBLIGATIONS, name)))
    sources: dict[str, WatchedSource] = {}
    for name, given in _section(source, data, SOURCES, problems):
        try:
            sources[name] = WatchedSource.parse_obj(given)
        except ValidationError as error:
            problems.extend(model_problems(source, error, (SOURCES, name)))
        if name in obligations:
            problems.append(source.problem((SOURCES, name), f"{name} is an obligation already"))
    problems.extend(_without(source, obligations, KnownControls(root)))
    if problems:
        raise SourceError(sorted(problems, key=lambda problem: problem.line))
    return ObligationBook(obligations, sources)


def _section(source: Source, data: Mapping[str, Any], name: str, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    given = data.get(name, {})
    if not isinstance(given, dict):
        problems.append(source.problem((name,), f"{name} must be a map of ids"))
        return
    for key, each in given.items():
        if _ID.fullmatch(key) is None:
            problems.append(source.problem((name, key), f"{key[:40]} is no id: letters, digits, - and _, at most 64"))
        yield key, each


def _without(source: Source, obligations: Mapping[str, Obligation], known: KnownControls) -> Iterator[Problem]:
    for name, obligation in obligations.items():
        for place, control in enumerate(obligation.controls):
            if (why := known.missing(control)) is not None:
                yield source.problem((OBLIGATIONS, name, "controls", place), f"{name}: {why}")


def days_until(day: date | None, today: date) -> int | None:
    """Days until one, below 0 once it is over; None: it is not known."""
    return None if day is None else (day - today).days
