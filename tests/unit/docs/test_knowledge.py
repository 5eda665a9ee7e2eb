"""docs/knowledge.md: its examples are right, and its lists are those of the program."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from actions.knowledge import answer_files
from actions.knowledge.adversarial import blow_ups
from actions.knowledge.pages import paths_of, read_pages
from actions.knowledge.refusals import check_condition
from actions.knowledge.texts import _HOTLINES, _PLACEHOLDER_LENGTH
from actions.yaml_source import Problem, Source
from conversations.application import project_knowledge
from tests.unit.docs.tables import named, section
from tools.pages import ROOT, blocks, marked

PAGE = ROOT / "docs/knowledge.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name, text", marked(ROOT / "docs/knowledge.md", "condition").items())
def test_a_condition_that_the_page_shows_is_one(name: str, text: str) -> None:
    data: Any = yaml.safe_load(text)
    problems: list[Problem] = []
    check_condition(Source(name, text), (), data.get("when", data), problems)
    assert problems == []


def test_an_answer_that_the_page_shows_is_one() -> None:
    ((path, text),) = marked(PAGE, "answers").items()
    knowledge, problems = project_knowledge(), []  # type: ignore[var-annotated]
    read = answer_files.read_answers([Source(path, text)], knowledge.intents, knowledge.facts, knowledge.forbidden, problems)
    others = {other for topic in read.topics.values() for other in topic.follow_up}
    assert others <= set(knowledge.answers.topics)
    assert [problem for problem in problems if not any(str(problem).endswith(f"unknown topic {other}") for other in others)] == []


def test_pages_of_the_app_that_the_page_shows_open_something() -> None:
    problems: list[Problem] = []
    (text,) = marked(PAGE, "pages").values()
    pages = read_pages([Source("knowledge/pages.yml", text)], paths_of(project_knowledge().causes), problems)
    assert problems == [] and all(page.link for page in pages.pages)


def test_the_folder_holds_what_the_page_lists() -> None:
    (listed,) = [block.text for block in blocks(PAGE) if block.text.startswith("knowledge/\n")]
    shown = {line.split()[0].partition("/")[0] for line in listed.splitlines()[1:]}
    assert shown == {path.name for path in (ROOT / "knowledge").iterdir()}


def test_the_numbers_that_a_text_may_hold_are_those_of_the_program() -> None:
    numbers = re.findall(r"\d+", _HOTLINES.pattern)
    assert set(re.findall(r"\d+", TEXT.partition("The public numbers ")[2].partition("allowed")[0])) == set(numbers)
    assert f"a placeholder counts as {_PLACEHOLDER_LENGTH} characters" in TEXT


@pytest.mark.slow
def test_expressions_that_the_page_warns_of_blow_up_and_those_it_advises_do_not() -> None:
    shown = section(PAGE, "Glossary")
    warned, _, advised = shown.partition("Leave out")
    bad = [word for word in named(warned) if word.endswith(("吗", "元"))]
    good = [word for word in named(advised) if word.endswith(("吗", "元"))]
    assert len(bad) == len(good) == 2
    assert set(blow_ups([*bad, *good])) == set(bad)
