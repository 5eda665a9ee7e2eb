"""A shift worked by two agents in Chromium: every customer got exactly what was said to them, and the lead's numbers are what happened."""

from __future__ import annotations

from pathlib import Path

from tests.load.shift import CASES, differences, report, worked


def test_two_agents_work_a_shift_and_nothing_is_lost_doubled_or_stale(tmp_path: Path) -> None:
    with worked(tmp_path, CASES) as (stand, shift, seconds, trouble):
        print("\n".join(report(shift, seconds)))
        assert trouble == [] and not shift.open
        assert {"take", "reply", "refused", "confirm", "note", "assign", "transfer", "move", "release", "close", "give_back"} == {
            step for _, step, _ in shift.done
        }
        assert len({case.reason for case in shift.cases.values()}) >= 5
        assert list(differences(stand, shift)) == []
        assert max(shift.left) < 5000 and sorted(shift.shown)[len(shift.shown) // 2] < 1000
