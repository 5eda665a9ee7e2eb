"""Within how many days a case is to be answered for good stands in ``handoffs.yml``, and what means nothing is refused with its line."""

from __future__ import annotations

import pytest

from actions.knowledge.answer_days import read_answer_days
from actions.yaml_source import Problem, Source

REASONS = ("complaint", "objection")


def read(text: str) -> tuple[dict[str, tuple[int, ...]], list[str]]:
    problems: list[Problem] = []
    found = read_answer_days([Source("handoffs.yml", text)], REASONS, problems)
    return found, [str(problem) for problem in problems]


def test_each_reason_has_its_days_and_a_file_without_any_sets_no_clock() -> None:
    assert read("answer_days: {complaint: [15, 30, 60], objection: [15]}") == ({"complaint": (15, 30, 60), "objection": (15,)}, [])
    assert read("complaint: {}") == ({}, [])


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ("[15]", "handoffs.yml:2: answer_days must be a map of reasons"),
        ("{nobody: [15]}", "handoffs.yml:2: unknown reason nobody"),
        ("{complaint: 15}", "handoffs.yml:2: complaint needs a list of whole days from 1 to 365"),
        ("{complaint: []}", "handoffs.yml:2: complaint needs a list of whole days from 1 to 365"),
        ("{complaint: [0]}", "handoffs.yml:2: complaint needs a list of whole days from 1 to 365"),
        ("{complaint: [true]}", "handoffs.yml:2: complaint needs a list of whole days from 1 to 365"),
        ("{complaint: [15.5]}", "handoffs.yml:2: complaint needs a list of whole days from 1 to 365"),
        ("{complaint: [15, 366]}", "handoffs.yml:2: complaint needs a list of whole days from 1 to 365"),
        ("{complaint: [30, 15]}", "handoffs.yml:2: complaint: each number of days must be above the one before"),
        ("{complaint: [15, 15]}", "handoffs.yml:2: complaint: each number of days must be above the one before"),
    ],
)
def test_days_that_are_none_are_refused(given: str, refusal: str) -> None:
    assert read(f"# days\nanswer_days: {given}") == ({}, [refusal])
