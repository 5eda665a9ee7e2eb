"""The state of the case as features of a text."""

from __future__ import annotations

import pytest

from bot.language.case_state import NATURES, PHASES, CaseState, case_rows, random_states

BOTH = [CaseState(phase, nature) for phase in PHASES if phase != "idle" for nature in NATURES]


@pytest.mark.parametrize("data", [None, {}, {"phase": None}, {"phase": "idle"}, {"phase": "idle", "nature": "time"}, {"nature": "time"}])
def test_a_case_that_has_not_begun_has_no_state(data: dict[str, str] | None) -> None:
    assert CaseState.of(data) is None


def test_a_state_may_lack_a_cause() -> None:
    assert CaseState.of({"phase": "resolved"}) == CaseState.of({"phase": "resolved", "nature": None}) == CaseState("resolved")  # type: ignore[dict-item]
    assert CaseState.of({"phase": "waiting", "nature": "time"}) == CaseState("waiting", "time")


def test_a_text_outside_of_a_case_has_no_feature_of_one() -> None:
    rows = case_rows([None, CaseState("doing", "self"), None])
    assert rows.getnnz(axis=1).tolist() == [0, 3, 0]


def test_without_a_case_there_is_a_row_for_each_text_all_the_same() -> None:
    assert case_rows([]).shape == (0, case_rows([None]).shape[1])
    assert case_rows([None, None]).nnz == 0


def test_a_row_holds_the_phase_the_nature_and_both_together() -> None:
    phase, both, other_phase, other_nature = (
        set(case_rows([state]).indices)
        for state in (CaseState("doing"), CaseState("doing", "self"), CaseState("waiting", "self"), CaseState("doing", "time"))
    )
    assert len(phase) == 1 and phase < both
    assert both & other_nature == phase
    assert len(both & other_phase) == 1 and not both & other_phase & phase


def test_no_two_states_have_the_same_row() -> None:
    rows = case_rows([*BOTH, *(CaseState(phase) for phase in PHASES)]).toarray()
    assert len({row.tobytes() for row in rows}) == len(rows)


def test_every_feature_that_holds_has_the_weight() -> None:
    assert set(case_rows(BOTH, weight=0.25).data) == {0.25}


def test_a_phase_or_a_nature_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        CaseState.of({"phase": "nowhere"})
    with pytest.raises(ValueError, match="magic"):
        CaseState.of({"phase": "doing", "nature": "magic"})


def test_the_share_of_random_states_is_about_the_one_asked_for() -> None:
    states = random_states(2000, 0.3)
    assert len(states) == 2000
    assert 0.25 < sum(state is not None for state in states) / 2000 < 0.35
    assert random_states(20, 0.0) == [None] * 20 and None not in random_states(20, 1.0)


def test_random_states_are_in_the_middle_of_some_case_and_all_of_them_come_up() -> None:
    drawn = set(random_states(5000, 1.0))
    assert drawn == set(BOTH)


def test_random_states_are_the_same_each_time() -> None:
    assert random_states(50, 0.5) == random_states(50, 0.5) != random_states(50, 0.5, seed=2)
