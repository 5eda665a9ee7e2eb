"""Which stage of an incident may follow which."""

from __future__ import annotations

import pytest

from actions.core.incident_stages import FOLLOWING, REOPENED_WITHIN_MS, STAGES, StageNotPossible, following, step

DAY = REOPENED_WITHIN_MS


@pytest.mark.parametrize(("before", "after"), [(before, after) for before, allowed in FOLLOWING.items() for after in allowed])
def test_what_the_table_allows_is_possible(before: str | None, after: str) -> None:
    assert step(before, after) == after  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [(before, after) for before, allowed in FOLLOWING.items() for after in STAGES if after not in allowed],
)
def test_everything_else_is_refused_and_says_what_is_possible(before: str | None, after: str) -> None:
    with pytest.raises(StageNotPossible) as refused:
        step(before, after)  # type: ignore[arg-type]
    assert refused.value.possible == FOLLOWING[before]  # type: ignore[index]


def test_a_resolved_one_is_opened_again_within_a_day_only() -> None:
    assert following("resolved", DAY) == ("investigating",)
    assert following("resolved", DAY + 1) == ()
    assert following("monitoring", DAY + 1) == ("resolved", "investigating")


def test_only_what_has_just_been_declared_can_be_withdrawn() -> None:
    assert [stage for stage in STAGES if "withdrawn" in FOLLOWING[stage]] == ["draft", "investigating"]
