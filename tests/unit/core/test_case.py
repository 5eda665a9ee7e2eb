"""What is remembered between turns survives its slot."""

from __future__ import annotations

from actions.core.case import Case
from actions.core.subject import ACCOUNT, Subject


def test_a_case_survives_its_slot() -> None:
    case = Case(phase="doing", subject=Subject("order", "o-1"), cause="overdue", step=1, causes=("overdue",)).after(
        "failed", "2026-11-22", {"baitiao.overdue": 188.0}
    )
    assert Case.from_json(case.to_json()) == case
    assert Case.from_json(None) == Case()
    assert Case.from_json({**case.to_json(), "of_another_version": 1}) == case


def test_a_case_stored_before_subjects_were_one_field_keeps_its_order() -> None:
    stored = {"phase": "doing", "order": "o-1", "bill": None, "subject_known": True, "cause": "overdue", "step": 1}
    assert Case.from_json(stored).subject == Subject("order", "o-1")
    assert Case.from_json({**stored, "order": None}).subject == ACCOUNT
    assert Case.from_json({**stored, "subject_known": False}).subject is None
