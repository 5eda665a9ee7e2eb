"""A short slice of `make soak`: what must hold of 10000 messages holds of 300, with either part killed among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.load.soak import options, soak


@pytest.mark.timeout(600)
def test_no_message_is_lost_doubled_or_empty_while_parts_are_killed(tmp_path: Path) -> None:
    # The first kill comes before the messages can be done, the second while what was killed is still away.
    report, faults = soak(tmp_path, options("--customers 24 --turns 300 --kill-every 1.5 --seed 13".split()), most_kills=2)
    assert faults == []
    assert report["kills"] == {"web server": 1, "action server": 1} and report["asked again"] > 0
    assert report["answered"] + report["refused"] == report["messages"] >= 300 and report["cases handed over"] > 0
