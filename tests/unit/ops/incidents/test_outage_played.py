"""The end of an outage for 200 customers, while those that tell are killed: ``make bench-ops`` plays it for 10,000."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.load.outage import expected, play

CUSTOMERS = 200


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 11])
def test_everybody_is_told_once_what_is_true_of_them(tmp_path: Path, seed: int) -> None:
    outcome = play(tmp_path, CUSTOMERS, rate=40.0, seed=seed, kill_every=0.7, interval=0.1)
    assert (outcome.lost, outcome.doubled, outcome.untrue) == (0, 0, 0)
    assert outcome.told == Counter(expected(number) for number in range(CUSTOMERS))
    assert outcome.kills > 0 and outcome.idle < 1
