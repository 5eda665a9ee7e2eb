"""300 simulated customers; ``make simulate`` plays 2000. What must hold of all of them together is judged at the end of the run."""

from __future__ import annotations

import pytest

from conversations.coverage.recording import Recorder
from conversations.simulation.outcome import Outcome
from conversations.simulation.personas import personas
from conversations.simulation.scenario import plan
from conversations.simulation.worker import Worker

BATCH = 5
"""Conversations per test: the variants of one persona in one world."""
JOBS = plan(300)


@pytest.mark.parametrize("first", range(0, len(JOBS), BATCH))
def test_simulated_customers(first: int, worker: Worker, recorder: Recorder | None, outcomes: list[Outcome]) -> None:
    broken = []
    for seed, persona in JOBS[first : first + BATCH]:
        outcome, history = worker.play(seed, persona)
        outcomes.append(outcome)
        if recorder is not None:
            recorder.add(history)
        if personas()[persona].cooperative and not outcome.good:
            broken.append((seed, persona, outcome.problems))
    assert broken == []
