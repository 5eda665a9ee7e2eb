"""A shift worked by two agents in Chromium: every customer got exactly what was said to them, and the lead's numbers are what happened."""

from __future__ import annotations

from pathlib import Path

from tests.load.shift import differences, report, worked

CASES = 20
"""Each kind of case once and most of them twice, for each reason that there is, and as many of each cause as the lead's page counts by itself."""


def test_two_agents_work_a_shift_and_nothing_is_lost_doubled_or_stale(tmp_path: Path) -> None:
    with worked(tmp_path, CASES) as (stand, shift, seconds, trouble):
        print("\n".join(report(shift, seconds)))
        assert trouble == [] and not shift.open
        assert {"take", "reply", "refused", "confirm", "note", "assign", "transfer", "move", "release", "close", "give_back"} == {
            step for _, step, _ in shift.done
        }
        assert len({case.reason for case in shift.cases.values()}) >= 6
        assert list(differences(stand, shift)) == []
        # How soon is printed, and measured by `make bench-desk`; here all of it came to a page that nobody touched.
        assert len(shift.left) == CASES and shift.shown
