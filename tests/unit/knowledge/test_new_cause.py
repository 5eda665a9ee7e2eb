"""A new cause over existing facts needs no Python: the worked example of docs/knowledge.md, as it stands in the page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from actions.core.diagnosis import diagnose
from actions.knowledge import DEFAULT_ROOT, Knowledge, Values, fill, load
from actions.knowledge.loading import check
from tests.unit.knowledge.pages import shown
from tests.unit.knowledge.worlds import snapshot

pytestmark = pytest.mark.slow

CAUSE = "payment_deadline_passed"
EXAMPLE = shown("example")


def put_together(tmp_path: Path) -> Path:
    """A copy of the project's knowledge with the example's files added."""
    shutil.copytree(DEFAULT_ROOT, tmp_path / "knowledge")
    for path, text in EXAMPLE.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put_together(tmp_path)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return load(put_together(tmp_path_factory.mktemp("example")) / "knowledge")


@pytest.mark.parametrize(
    "order, holds",
    [
        ({"status": "unpaid", "pay_before": "2026-11-22T10:00:00+08:00"}, True),
        ({"status": "unpaid", "pay_before": "2026-11-22T10:00:01+08:00"}, False),
        ({"status": "unpaid", "pay_before": None}, False),
        ({"status": "cart", "pay_before": "2026-11-21"}, False),
    ],
)
def test_the_new_cause_is_diagnosed_where_it_holds_and_nowhere_else(knowledge: Knowledge, order: dict[str, object], holds: bool) -> None:
    diagnosis = diagnose(snapshot(order=order), knowledge.causes.values())
    assert diagnosis.cause_ids == ((CAUSE,) if holds else ())


def test_it_shows_its_evidence(knowledge: Knowledge) -> None:
    facts = snapshot(order={"pay_before": "2026-11-22T09:59:00+08:00"})
    found = diagnose(facts, knowledge.causes.values()).found[0]
    assert [(fact.path, fact.source) for fact in found.evidence] == [("orders[o-1].status", "order"), ("orders[o-1].pay_before", "order")]
    assert "11月22日 09:59" in fill(found.cause.summary, Values(facts, found.matches), knowledge.locale)


def test_it_takes_its_place_and_names_an_answer_that_exists(knowledge: Knowledge) -> None:
    order = list(knowledge.causes)
    assert order.index("order_already_paid") + 1 == order.index(CAUSE) == order.index("bill_not_issued") - 1
    assert all(topic in knowledge.answers.topics for topic in knowledge.causes[CAUSE].alternatives)


def test_the_check_accepts_it_with_its_conversation(folder: Path) -> None:
    report = check(folder / "knowledge", folder / "tests/conversations/causes")
    assert [problem for problem in report.problems if CAUSE in str(problem)] == []


def test_the_check_asks_for_a_conversation_that_is_missing(folder: Path) -> None:
    (folder / f"tests/conversations/causes/{CAUSE}.yml").unlink()
    report = check(folder / "knowledge", folder / "tests/conversations/causes")
    assert any(CAUSE in str(problem) for problem in report.problems)


def test_the_example_has_every_file_the_page_speaks_of() -> None:
    assert {Path(path).name for path in EXAMPLE} == {f"{CAUSE}.yml", "order_again.yml", "deadline.yml"}
    assert all(yaml.safe_load(text) for text in EXAMPLE.values())
