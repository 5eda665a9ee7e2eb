"""Within how many days a complaint, or a request to explain a decision, is to be answered for good, read from ``handoffs.yml``."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from actions.yaml_source import Problem, Source

ANSWER_DAYS = "answer_days"
"""The entry of the file that is no reason."""
_LONGEST = 365


def read_answer_days(sources: Sequence[Source], reasons: Collection[str], problems: list[Problem]) -> dict[str, tuple[int, ...]]:
    """The days by reason: what counts at first, and up to where it can be moved, step by step; what is wrong is added to ``problems``.

    Args:
        reasons: the known ones; a file without the entry sets no clock.
    """
    found: dict[str, tuple[int, ...]] = {}
    for source in sources:
        given = source.data.get(ANSWER_DAYS, {}) if isinstance(source.data, dict) else {}
        if not isinstance(given, dict):
            problems.append(source.problem((ANSWER_DAYS,), f"{ANSWER_DAYS} must be a map of reasons"))
            continue
        for reason, days in given.items():
            at = (ANSWER_DAYS, reason)
            if reason not in reasons:
                problems.append(source.problem(at, f"unknown reason {reason}"))
            elif not isinstance(days, list) or not days or any(type(each) is not int or not 1 <= each <= _LONGEST for each in days):
                problems.append(source.problem(at, f"{reason} needs a list of whole days from 1 to {_LONGEST}"))
            elif sorted(set(days)) != days:
                problems.append(source.problem(at, f"{reason}: each number of days must be above the one before"))
            else:
                found[reason] = tuple(days)
    return found
