"""Conversations that pages show are what the assistant says, and Rasa takes the commands that pages show."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.web.responses import ProblemError
from conversations.loading import Conversation, read
from conversations.player import Mismatch
from tools.pages import PAGES, ROOT, blocks, commands, fits, marked
from tools.renew_pages import conversation, customer_lines

GUIDE = ROOT / "docs/conversation-tests.md"
EXAMPLE = marked(GUIDE, "example")["tests/conversations/dialogue/example.yml"]
TOLD = [(block.where, block.name, block.text) for page in PAGES for block in blocks(page) if block.kind == "conversation"]
RASA = [line for page in PAGES for block in blocks(page) if block.language == "sh" for line in commands(block.text) if "/rasa " in line]


def all_written(text: str, folder: Path) -> list[Conversation]:
    file = folder / "dialogue" / "example.yml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    return read(file, folder)


def written(text: str, folder: Path) -> Conversation:
    (conversation,) = all_written(text, folder)
    return conversation


def given(user: str, order: str, folder: Path) -> Conversation:
    steps = "    steps:\n      - user: nothing\n"
    return written(f"test_cases:\n  - test_case: shown\n    given: {{user: {user}, order: {order}}}\n{steps}", folder)


def test_the_example_of_the_guide_passes(tmp_path: Path, play: Callable[[Any], Any]) -> None:
    assert play(written(EXAMPLE, tmp_path)).turns == 3


def test_the_outline_of_the_guide_passes_for_each_of_its_examples(tmp_path: Path, play: Callable[[Any], Any]) -> None:
    assert [play(each).turns for each in all_written(marked(GUIDE, "outline")["the only step"], tmp_path)] == [2, 2]


def test_the_example_of_the_guide_fails_as_the_guide_shows(tmp_path: Path, play: Callable[[Any], Any]) -> None:
    ((expected, shown),) = marked(GUIDE, "failure").items()
    with pytest.raises(Mismatch) as failure:
        play(written(EXAMPLE.replace("{overdue: {baitiao.overdue: 326.80}}", expected), tmp_path))
    assert fits(shown, str(failure.value)), failure.value


@pytest.mark.parametrize("where, who, shown", TOLD, ids=[where for where, _, _ in TOLD])
def test_the_assistant_says_line_by_line_what_a_page_shows(where: str, who: str, shown: str, stages: Any, tmp_path: Path) -> None:
    said = customer_lines(shown)
    assert said
    assert conversation(said, stages(given(*who.split(), tmp_path)).say) == shown, f"{where}: `make renew-pages` writes what is said now"


def test_a_failed_turn_is_logged_as_the_page_shows(stages: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stage = stages(given("u-1013", "o-1013", tmp_path))
    stage.break_down(("actions_down",))
    with caplog.at_level(logging.ERROR), pytest.raises(ProblemError):
        stage.say("我的白条怎么突然不能分期付款了")
    (record,) = [record for record in caplog.records if record.name.startswith("bot.")]
    assert fits(marked(ROOT / "docs/operating.md", "logged")["failed turn"], f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.mark.parametrize("line", RASA)
def test_rasa_takes_a_command_that_a_page_shows(line: str) -> None:
    from rasa.__main__ import create_argument_parser

    words = line.split()[1:]
    create_argument_parser().parse_args(words)
    read = [word for option, word in zip(words, words[1:]) if "/" in word and option != "--out"]
    assert [path for path in read if not (ROOT / path).exists()] == []
