"""Months that customers name: which is meant, and whether its bill is on record, still to come, or not to be seen."""

from __future__ import annotations

import pytest

from actions.core.named_months import what_of_month
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (("11",), {"said.month_seen": "2026-11"}),
        (("2026-11",), {"said.month_seen": "2026-11"}),
        (("12",), {"said.month_to_come": "2026-12"}),
        (("next",), {"said.month_to_come": "2026-12"}),
        (("1",), {"said.month_to_come": "2027-01"}),
        (("10",), {"said.month_unseen": "2026-10"}),
        (("previous",), {"said.month_unseen": "2026-10"}),
        (("before_previous",), {"said.month_unseen": "2026-09"}),
        (("5",), {"said.month_unseen": "2026-05"}),
        (("2025-12",), {"said.month_unseen": "2025-12"}),
        (("10", "12"), {}),
        (("current",), {}),
        ((), {}),
    ],
)
def test_the_bill_of_a_month_is_on_record_to_come_or_not_seen(diagnosed: Diagnose, months: tuple[str, ...], said: dict[str, str]) -> None:  # noqa: F811
    """It is 22 November 2026, and the bill of November is on record."""
    assert what_of_month(diagnosed().facts, months) == said


def test_of_this_month_without_a_bill_nothing_is_claimed(diagnosed: Diagnose) -> None:  # noqa: F811
    facts = diagnosed({"bills": [{"id": "b", "user": "u", "month": "2026-10", "amount": 900, "status": "issued"}]}).facts
    assert what_of_month(facts, ("11",)) == {}
    assert what_of_month(facts, ("10",)) == {"said.month_seen": "2026-10"}
