"""``advice.yml``: what is refused, with file, line and reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.yaml_source import SourceError

pytestmark = pytest.mark.broad


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("causes: [bill_past_due]", "causes: [bill_past_duty]", "unknown cause bill_past_duty"),
        ("causes: [bill_past_due]", "causes: [bill_past_due, overdue]", "overdue has no ahead"),
        ("causes: [bill_past_due]", "causes: []", "bill_past_due has an ahead and is in no topic"),
        ("restoration_pending, merchant_paused]", "restoration_pending]", "merchant_paused has ends and is in no topic"),
        ("merchant_paused], ends: true", "merchant_paused]", "merchant_paused has no ahead"),
        ("causes: [bill_past_due]}", "causes: [bill_past_due], ends: true}", "bill_past_due has no ends"),
        ("[amount_below_minimum,", "[bill_past_due, amount_below_minimum,", "bill_past_due stands in bills already"),
        ("title: 账单快到还款日", "title: 账单快到还款日了请马上还清它", "at most 12"),
        ("title: 账单快到还款日", "title: 3 天后还款", "3"),
        ("push: 白条有一项提醒", "push: 白条有 120 元要还", "120"),
        ("push: 白条有一项提醒", 'push: ""', "must not be empty"),
        ("trouble: [distress,", "trouble: [sorrow, distress,", "unknown reason sorrow"),
        ("{begin: 21, end: 9}", "{begin: 9, end: 9}", "leaves no hour"),
        ("a_month: 2", "a_month: 0", "a_month"),
        ("hold_out: 0.1", "hold_out: 0.9", "hold_out"),
    ],
)
def test_what_is_refused(tmp_path: Path, was: str, becomes: str, reason: str) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(DEFAULT_ROOT, root)
    text = (root / "advice.yml").read_text(encoding="utf-8")
    assert was in text
    (root / "advice.yml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        load(root)
    assert any(
        "knowledge/advice.yml:" in str(problem) and reason in str(problem) for problem in refused.value.problems
    ), refused.value.problems


def test_steps_of_ahead_are_held_against_what_may_be_said(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(DEFAULT_ROOT, root)
    path = root / "causes/bill_past_due.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("打开还款页，还清这期账单", "还清之后马上恢复，打开 {bill.amont}", 1), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        load(root)
    assert "ahead.steps.text" in str(refused.value.problems[0])


def test_a_cause_is_told_before_it_begins_or_before_it_ends(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(DEFAULT_ROOT, root)
    path = root / "causes/bill_past_due.yml"
    path.write_text(path.read_text(encoding="utf-8") + "ends: {days: [1], text: 这期账单过了就关}\n", encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        load(root)
    assert any("not both" in str(problem) for problem in refused.value.problems), refused.value.problems
