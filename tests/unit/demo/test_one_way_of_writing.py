"""Dates and amounts are written in one way wherever customers and agents read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.core.diagnosis import diagnose, to_json
from actions.core.subject import Subject
from actions.handoff.payload_state import value_text
from actions.knowledge.rendering import Values, fill
from actions.state.database import Database
from actions.state.world.rows import read_rows
from conversations.application import composed, project_knowledge
from tools.pages import ROOT

TEXTS = ROOT / "bot/widget/texts"
OTHER_WAYS = {
    "an amount with a sign": r"[¥￥]",
    "an amount with separators": r"\d,\d{3}",
    "an amount without its two decimals": r"(?<![\d.])\d+(\.\d)? ?元(?!/)",
    "an amount that leaves no space": r"\d元",
    "a date as machines write it": r"\d{4}-\d{2}",
    "a date with slashes": r"\d+/\d+/\d+|\d{4}/\d+",
    "a date with a 号": r"\d+月\d+号",
}
SCRIPTS = [*sorted((ROOT / "bot/widget/view").glob("*.js")), *sorted((ROOT / "bot/demo/static").glob("*.js"))]


def other_ways(text: str) -> list[str]:
    return [name for name, pattern in OTHER_WAYS.items() if re.search(pattern, text)]


@pytest.mark.parametrize(
    "text", ["¥5199.00", "5,199.00 元", "5199.0 元", "200 元", "5199.00元", "2026-11-29", "2026-11", "2026/11/29", "11月29号"]
)
def test_other_ways_are_seen(text: str) -> None:
    assert other_ways(text)


def told(world: Database) -> Iterator[str]:
    """What the assistant tells of every cause of every demo customer's, filled."""
    here, knowledge = composed(world), project_knowledge()
    with world.session() as session:
        source = here.facts(session)
        owned = [(row.user, Subject.of(**{kind[:-1]: row.id})) for kind in ("orders", "bills") for row in read_rows(session, kind).values()]
        for user, subject in owned:
            facts = source.snapshot(user, subject)
            for found in diagnose(facts, knowledge.causes.values()).found:
                cause, values = found.cause, Values(facts, found.matches)
                texts = [cause.summary, *cause.explanation, cause.cannot_fix, cause.still, cause.wait and cause.wait.text]
                texts += [each for variants in cause.aspects.values() for each in variants]
                texts += [step.text for step in cause.steps]
                yield from (fill(text, values, knowledge.locale) for text in texts if text and "{" in text)
                yield from (value_text(to_json(fact.value), fact.path, knowledge) for fact in found.evidence)


@pytest.mark.broad
def test_what_is_told_of_the_demos_customers_is_written_in_one_way(world: Database) -> None:
    texts = set(told(world))
    assert any(re.search(r"\d\.\d\d 元", text) for text in texts) and any(re.search(r"\d月\d+日", text) for text in texts)
    assert {text: other_ways(text) for text in texts if other_ways(text)} == {}


def test_the_chat_and_the_shop_write_as_the_assistant_does() -> None:
    locale = project_knowledge().locale
    ours = {"yuan": "{amount} 元", "date": locale.date, "dateWithYear": locale.date_with_year, "instant": locale.instant}
    for name in ("zh-CN", "zh-TW"):
        assert json.loads((TEXTS / f"{name}.json").read_text(encoding="utf-8"))["written"] == ours
    shop = (ROOT / "bot/demo/static/texts.js").read_text(encoding="utf-8")
    written = re.search(r"written: \{(.*)\},", shop)
    assert written and dict(re.findall(r'(\w+): "([^"]+)"', written[1])) == ours


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_has_a_way_of_its_own(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    own = [way for way in ("Intl.", "toLocale", "¥", ".toFixed(") if way in text]
    # The years' rate is no amount.
    assert own == [] or script.name == "format.js" or (script.name, own) == ("checkout.js", [".toFixed("])


def test_who_reads_english_is_told_that_answers_are_chinese() -> None:
    english = json.loads((TEXTS / "en.json").read_text(encoding="utf-8"))
    assert "answers in Chinese" in english["about"]
    # What a badge's button asks is said in the customer's name, in the language of the answers.
    asked = english["badge"].pop("questions")
    assert asked and all(re.search(r"[\u4e00-\u9fff]", question) for question in asked.values())
    assert not re.search(r"[\u4e00-\u9fff]", json.dumps(english, ensure_ascii=False))
