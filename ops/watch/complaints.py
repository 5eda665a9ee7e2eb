"""Diagnosed complaints as JSON lines: what ``baitiao alerts replay`` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from actions.yaml_source import Problem, SourceError

if TYPE_CHECKING:
    from ops.stats.ranking import Value

PEOPLE = ZoneInfo("Asia/Shanghai")
"""Where instants without an offset are from, and where hours of the day are counted."""
NOTHING_FOUND = "none"
"""The stream of complaints whose state knows of nothing: people fail, and no cause is proven."""
_OWN = frozenset({"at", "customer", "causes", "end"})
"""Fields that say nothing about where."""
_LISTS = {"categories": "category"}
"""Names of dimensions given as lists whose singular is not the name without its s."""
_INSTANT = re.compile(r"(?P<second>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)([.,](?P<fraction>\d+))?(?P<offset>[Zz]|[+-]\d\d(:?\d\d)?|)", re.ASCII)
_MOST_PROBLEMS = 20
_LONGEST = 3 * 366 * 24 * 3600
"""Seconds; every minute of it is gone through."""


@dataclass(frozen=True)
class DiagnosedComplaint:
    """One complaint after its diagnosis.

    Attributes:
        at: epoch seconds.
        customer: an opaque reference; counted once a day per stream.
        streams: ids of the causes that were proven, or ``none`` alone.
        values: where it happened: region, merchants, channel and whatever else the line has as text.
        diagnosed: whether it is a diagnosis; what else happens to customers is counted, but counts are not held against it.
        explained: whether an incident that was open then accounts for it, so that nobody has to be warned.
    """

    at: float
    customer: str
    streams: tuple[str, ...]
    values: frozenset[Value]
    diagnosed: bool = True
    explained: bool = False


def read_complaints(path: Path) -> list[DiagnosedComplaint]:
    """The complaints of a file, by time.

    Args:
        path: a JSON object per line with ``at`` (ISO 8601), ``customer`` and ``causes``, and any other text or list of texts as a dimension.

    Raises:
        SourceError: lines that cannot be used, with file, line and reason.
    """
    found: list[DiagnosedComplaint] = []
    problems: list[Problem] = []
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    found.append(_complaint(line))
                except ValueError as error:
                    problems.append(Problem(str(path), number, str(error)))
                    if len(problems) == _MOST_PROBLEMS:
                        break
    except OSError as error:
        raise SourceError([Problem(str(path), 1, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise SourceError([Problem(str(path), 1, "is not UTF-8 text")]) from None
    found.sort(key=lambda complaint: complaint.at)
    if found and found[-1].at - found[0].at > _LONGEST:
        problems.append(Problem(str(path), 1, "more than three years lie between its first and its last complaint"))
    if problems:
        raise SourceError(problems)
    return found


def _complaint(line: str) -> DiagnosedComplaint:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not a JSON object") from None
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")
    causes = given.get("causes")
    if not isinstance(causes, list) or not all(isinstance(cause, str) and cause for cause in causes):
        raise ValueError("causes must be a list of ids, empty if none was found")
    customer = given.get("customer")
    if not isinstance(customer, str) or not customer:
        raise ValueError("customer must be text")
    return DiagnosedComplaint(
        _instant(given.get("at")), customer, tuple(dict.fromkeys(causes)) or (NOTHING_FOUND,), frozenset(values_of(given))
    )


def _instant(given: Any) -> float:
    if not isinstance(given, str):
        raise ValueError("at must be an instant such as 2026-11-22T10:00:00+08:00")
    try:
        at = datetime.fromisoformat(given[:-1] + "+00:00" if given.endswith("Z") else given)
    except ValueError:
        at = _written_otherwise(given)
    return (at if at.tzinfo else at.replace(tzinfo=PEOPLE)).timestamp()


def _written_otherwise(given: str) -> datetime:
    """An instant in one of the forms of ISO 8601 that Python 3.10 does not read: with a Z, any fraction of a second, an offset without its colon."""
    form = _INSTANT.fullmatch(given)
    try:
        if form is None:
            raise ValueError
        offset = form["offset"].upper()
        zone = "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[3:].lstrip(':') or '00'}" if offset else ""
        return datetime.fromisoformat(f"{form['second']}.{form['fraction'] or '0':0<6.6}{zone}")
    except ValueError:
        raise ValueError(f"at is no instant: {given[:40]}") from None


def values_of(given: Mapping[str, Any]) -> Iterator[Value]:
    """The dimensions among named values: texts and lists of texts, the latter by the name of one of them."""
    for name, value in given.items():
        if name in _OWN:
            continue
        if isinstance(value, str) and value:
            yield name, value
        elif isinstance(value, list):
            dim = _LISTS.get(name, name.removesuffix("s"))
            yield from ((dim, each) for each in value if isinstance(each, str) and each)
