"""A short slice of what ``python -m tools.evaluation.insight`` looks at over hundreds of months and worlds."""

from __future__ import annotations

import pytest

from conversations.application import project_knowledge
from tools.evaluation.insight import coverage, months_led_by_the_broken_step


@pytest.mark.slow
def test_the_broken_step_leads_the_list_and_intervals_hold_what_is_true() -> None:
    knowledge = project_knowledge()
    assert months_led_by_the_broken_step(knowledge, range(900, 905)) == 5
    held = coverage(knowledge, range(905, 913))
    assert all(each.of >= 40 and each.part >= 0.88 for each in held.values()), held
