"""Customers of an outage that is declared come to an end without a person; of one that nobody knows of they are handed over."""

from __future__ import annotations

from conversations.simulation.worker import Worker
from tools.evaluation.outages import WANTED, ended

CUSTOMERS = 11
"""One of each persona."""


def test_most_end_without_a_person_once_it_is_declared(worker: Worker) -> None:
    ends = ended(worker, 40_000, CUSTOMERS, declared=True)
    assert 1 - ends["handed_over"] / CUSTOMERS >= WANTED, ends
    assert ends["none"] == 0


def test_while_nobody_knows_of_it_a_person_is_needed(worker: Worker) -> None:
    assert ended(worker, 40_000, 3, declared=False)["handed_over"] == 3
