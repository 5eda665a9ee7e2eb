"""Within how long customers who wait for a person are to be answered, read from ``handoffs.yml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from actions.core.handoff import Priority
from actions.yaml_source import Problem, Source

DUE_MINUTES = "due_minutes"
"""The entry of the file that is no reason."""
_LONGEST_DUE = 7 * 24 * 60


def read_due_minutes(sources: Sequence[Source], problems: list[Problem]) -> dict[str, int]:
    """Within how many minutes a customer who waits for a person is to be answered, by priority; what is wrong is added to ``problems``."""
    found: dict[str, int] = {}
    for source in sources:
        given = source.data.get(DUE_MINUTES) if isinstance(source.data, dict) else None
        if not isinstance(given, dict) or set(given) != set(get_args(Priority)):
            problems.append(source.problem((DUE_MINUTES,), f"{DUE_MINUTES} must give minutes for each of {', '.join(get_args(Priority))}"))
            continue
        for priority, minutes in given.items():
            if type(minutes) is not int or not 1 <= minutes <= _LONGEST_DUE:
                problems.append(source.problem((DUE_MINUTES, priority), f"must be whole minutes from 1 to {_LONGEST_DUE}"))
        found = {priority: given[priority] for priority in get_args(Priority)}
    return found
