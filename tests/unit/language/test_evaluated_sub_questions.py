"""Measuring sub-questions: what would be answered by words alone, and what with the readings of the matter."""

from __future__ import annotations

import pytest

from bot.evaluation.report import Understood, as_text, evaluate
from bot.evaluation.rows import MATTER_ITSELF, ReadSubQuestion, Row, asked_of
from conversations.application import project_knowledge

KNOWLEDGE = project_knowledge()
TOPIC = next(topic for topic in KNOWLEDGE.answers.topics.values() if len(topic.aspects) > 2 and topic.kind == "rule")
ONE, OTHER = list(TOPIC.aspects)[:2]
CAUSE = KNOWLEDGE.causes["overdue"]
OF_CAUSE = list(CAUSE.aspects)[0]


def result(words: list[str], **readings: list[list[object]]) -> dict[str, object]:
    return {"aspects": words, "sub_questions": readings}


@pytest.mark.parametrize(
    ("row", "found", "expected"),
    [
        (Row("t", "greet", topic=TOPIC.id), result([ONE]), None),
        (Row("t", "greet", topic=TOPIC.id, asks=ONE), result([ONE]), ReadSubQuestion(ONE, ONE)),
        (
            Row("t", "greet", topic=TOPIC.id, asks=ONE),
            result([OTHER], **{TOPIC.id: [[ONE, 0.9], [OTHER, 0.1]]}),
            ReadSubQuestion(ONE, OTHER),
        ),
        (Row("t", "greet", topic=TOPIC.id, asks=MATTER_ITSELF), result([]), ReadSubQuestion(MATTER_ITSELF, MATTER_ITSELF)),
        (Row("t", "about_case", asks=OF_CAUSE, phase="doing"), result([]), None),
        (
            Row("t", "about_case", asks=OF_CAUSE, phase="doing", cause="overdue"),
            result([], about_case=[[OF_CAUSE, 0.9], ["", 0.1]]),
            ReadSubQuestion(OF_CAUSE, MATTER_ITSELF),
        ),
    ],
)
def test_what_would_be_answered(row: Row, found: dict[str, object], expected: ReadSubQuestion | None) -> None:
    assert asked_of(row, found, KNOWLEDGE) == expected


def test_a_report_counts_what_would_be_answered() -> None:
    rows = [Row("a", "greet", asks="one"), Row("b", "greet", asks="one"), Row("c", "greet")]
    asked = {"a": ReadSubQuestion("one", "two"), "b": ReadSubQuestion("one", "one"), "c": None}
    report = evaluate(rows, lambda row: Understood("greet", asked=asked[row.text]))
    assert report.sub_questions is not None
    assert (report.sub_questions.rows, report.sub_questions.read, report.sub_questions.worded) == (2, 1.0, 0.5)
    assert "by words    50.0%" in as_text(report)
