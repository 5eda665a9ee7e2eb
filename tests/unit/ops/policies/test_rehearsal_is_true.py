"""A rehearsal equals what comes, whatever the world and the policy: a short slice; ``python -m tests.load.policies`` goes through 300 worlds a kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from actions.core.platform import POLICY_FIELDS
from actions.knowledge.model import Knowledge
from actions.state.database import Database
from tests.unit.ops.policies.random_worlds import cases, rehearsal_is_true

pytestmark = pytest.mark.broad


@pytest.mark.parametrize("kind", sorted(POLICY_FIELDS))
def test_a_rehearsal_says_what_comes(kind: str, database: Database, knowledge: Knowledge) -> None:
    @settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(cases(kind))
    def check(case: tuple[dict[str, Any], dict[str, Any], date]) -> None:
        rehearsal_is_true(database, knowledge, *case)

    check()
