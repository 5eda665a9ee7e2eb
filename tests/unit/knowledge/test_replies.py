"""The replies of agents are refused with file, line and reason where they are wrong, and filled only where everything in them is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.core.diagnosis import diagnose
from actions.knowledge import DEFAULT_ROOT, load
from actions.knowledge.replies import OfferedReply, offered
from actions.yaml_source import SourceError
from conversations.application import project_knowledge
from tests.unit.knowledge.worlds import snapshot

pytestmark = pytest.mark.broad

FILE = (DEFAULT_ROOT / "replies.yml").read_text(encoding="utf-8")
GREETING = "前面查到的情况和您做过的步骤我都看得到，不用您重复。"
OVERDUE = "causes: [overdue]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(DEFAULT_ROOT, tmp_path / "knowledge")
    return tmp_path / "knowledge"


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        (GREETING, "放心，包过。", "text: must never be said: 包过 (promises an approval)"),
        (GREETING, "等 30 秒。", "text: the number 30 stands in the text; numbers come from the data by placeholder"),
        (GREETING, "{baitiao.overdu} 元", "text: unknown fact {baitiao.overdu}"),
        (GREETING, "{baitiao.risk_block}", "text: {baitiao.risk_block} has no form for people"),
        (GREETING, "{policy.amount} 元", "text: {policy.amount} needs a condition with 'some: policy'"),
        (GREETING, "{item", "text: a brace that belongs to no placeholder"),
        (GREETING, "好" * 301, "characters, at most 300 are allowed"),
        (OVERDUE, "causes: [overdu]", "unknown cause overdu"),
        (OVERDUE, "reasons: [fraudulent]", "unknown reason fraudulent"),
        (OVERDUE, "cause: [overdue]", "cause is not a field here"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(folder: Path, right: str, wrong: str, reason: str) -> None:
    assert FILE.count(right) == 1
    text = FILE.replace(right, wrong)
    (folder / "replies.yml").write_text(text, encoding="utf-8")
    line = next(number for number, each in enumerate(text.splitlines(), start=1) if wrong in each)
    with pytest.raises(SourceError) as refused:
        load(folder)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("knowledge/replies.yml", line) and reason in problem.reason


def test_a_reason_that_says_what_to_do_says_what_to_say(folder: Path) -> None:
    file = folder / "handoffs.yml"
    text = file.read_text(encoding="utf-8")
    (reply,) = [line for line in text.splitlines() if "这笔扣款" in line]
    file.write_text(text.replace(reply + "\n", ""), encoding="utf-8")
    with pytest.raises(SourceError, match="action and reply belong together"):
        load(folder)


def by_id(reason: str = "requested", **world: object) -> dict[str, OfferedReply]:
    knowledge = project_knowledge()
    diagnosis = diagnose(snapshot(**world), knowledge.causes.values())  # type: ignore[arg-type]
    return {each.id: each for each in offered(knowledge.replies, "h-1", reason, diagnosis, knowledge.locale)}


def test_dates_and_amounts_come_from_the_case_and_what_fits_comes_first() -> None:
    replies = by_id(baitiao={"overdue": "12.30"}, subject="bill", bill={"due_on": "2026-11-29"})
    assert next(iter(replies)) == "overdue" and replies["overdue"].fits and "12.30 元" in replies["overdue"].text
    assert "还款日是 11月29日" in replies["bill_due"].text and "about_item" not in replies


def test_without_any_state_only_what_needs_none_is_offered() -> None:
    knowledge = project_knowledge()
    replies = {each.id: each for each in offered(knowledge.replies, "h-1", "fraud", None, knowledge.locale)}
    assert {"greet", "bye", "stop"} <= set(replies) and not {"found", "about_item", "overdue"} & set(replies)
    assert "编号 h-1" in replies["bye"].text and not any("{" in each.text for each in replies.values())
