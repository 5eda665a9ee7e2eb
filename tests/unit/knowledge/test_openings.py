"""opening.yml and what cause files say for the first screen: what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.knowledge import DEFAULT_ROOT, load
from conversations.application import project_knowledge
from tests.unit.knowledge.small_folder import CAUSE, FILES, refusals, write

SHIPPED = (DEFAULT_ROOT / "opening.yml").read_text(encoding="utf-8")
NEEDS = "needs: {self: 照着做, time: 等, platform: 等, shop: 等, rule: 换, none: 刷新}\n"
ONE = "likely:\n" + "".join(
    f"  {name}:\n    - {{ask: 怎么收费, topic: fee}}\n" for name in ("self", "time", "platform", "shop", "rule", "none", "unknown")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NEEDS.replace(", none: 刷新", "") + ONE, "must be given for self, time, platform, shop, rule, none"),
        (NEEDS + ONE.replace("unknown", "elsewhere"), "must be given for self, time, platform, shop, rule, none, unknown"),
        (NEEDS + ONE.replace("topic: fee", "topic: feee", 1), "unknown topic feee"),
        (NEEDS.replace("照着做", "照着下面的每一步做") + ONE, "9 characters, at most 8 are allowed"),
        (NEEDS + ONE.replace("怎么收费", "包过吗", 1), "must never be said: 包过"),
        (NEEDS + ONE.replace("怎么收费", "怎么收 {fee}", 1).replace("{ask", "{ask").replace("怎么收 {fee}", "'怎么收 3 元'"), "the number 3 stands in the text"),
        (NEEDS + ONE + "more: 1\n", "more is not a field here"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(text: str, expected: str, tmp_path: Path) -> None:
    problems = refusals(write(tmp_path, {**FILES, "opening.yml": text}))
    assert problems and all(problem.startswith("knowledge/opening.yml:") for problem in problems)
    assert any(expected in problem for problem in problems), problems


def test_a_folder_without_it_has_causes_that_speak_for_themselves(tmp_path: Path) -> None:
    knowledge = load(write(tmp_path, FILES))
    cause = knowledge.causes["low_amount"]
    assert knowledge.openings.needs_of(cause) == cause.title and knowledge.openings.likely_of(cause, "self") == ()
    assert load(write(tmp_path, {**FILES, "opening.yml": NEEDS + ONE})).openings.needs_of(cause) == "照着做"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("shows: [order.amount]\n", "order.amount has no title, so it cannot be shown"),
        ("shows: [birth_date]\n", "birth_date is shown to agents, not to customers"),
        ("shows: [merchant.name]\n", "merchant.name needs a condition with 'some: line'"),
        ("shows: [nothing]\n", "unknown fact nothing"),
        ("needs: 把差的那一部分补上\n", "needs: 9 characters, at most 8 are allowed"),
        ("likely: [{ask: 怎么收费, topic: feee}]\n", "unknown topic feee"),
        ("likely: [{ask: 包过吗, topic: fee}]\n", "likely.ask: must never be said: 包过"),
    ],
)
def test_a_cause_file_is_held_to_the_same(line: str, expected: str, tmp_path: Path) -> None:
    problems = refusals(write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE + line}))
    assert len(problems) == 1 and expected in problems[0], problems


def test_what_a_cause_shows_is_usually_the_evidence_that_customers_may_see(tmp_path: Path) -> None:
    assert load(write(tmp_path, FILES)).causes["low_amount"].shows == ("policy.amount",)


def test_every_shipped_question_is_said_once_in_one_way() -> None:
    knowledge = project_knowledge()
    usual = [each for questions in knowledge.openings.likely.values() for each in questions]
    topics: dict[str, set[str]] = {}
    for each in (*usual, *(each for cause in knowledge.causes.values() for each in cause.likely)):
        topics.setdefault(each.topic, set()).add(each.ask)
    assert {topic: asked for topic, asked in topics.items() if len(asked) > 1} == {}
