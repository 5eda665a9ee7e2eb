"""Every command that a page names exists and takes what is shown: in its blocks, its tables and its sentences."""

from __future__ import annotations

import functools
import importlib.util
import itertools
import re
import shlex
import sys
from collections.abc import Iterator

import click
import pytest
import typer

from actions.settings import Settings
from bot.cli import app
from conversations.simulation.__main__ import _arguments
from tests.load.soak import options
from tools.pages import PAGES, ROOT, blocks, commands, inline, session

TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
ELSEWHERE = ("curl", "rasa", "sqlite3", "docker", "kubectl", "openssl", "cp")
"""What tests/conversations tries, where Rasa is loaded and the API is served, and what is not ours."""


def variants(synopsis: str) -> Iterator[str]:
    """What a synopsis allows: with and without what stands in brackets, with each of the words between bars."""
    found = re.search(r"\[([^\[\]]*)\]", synopsis)
    if found is None:
        alternatives = [word.split("|") for word in synopsis.split(" ")]
        yield from (" ".join(words) for words in itertools.product(*alternatives))
        return
    for inside in ("", *re.split(r" \| ", found[1])):
        yield from variants(" ".join(f"{synopsis[: found.start()]}{inside}{synopsis[found.end() :]}".split()))


def check(line: str) -> None:
    """Fails if a command is none, or does not take its arguments."""
    words = shlex.split(re.sub(r" > \S+$", "", line.rpartition(" | ")[2]))
    if words[0] == "export":
        words = words[1:]
    while words and re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        if name.startswith("BAITIAO_"):
            assert name in {Settings.variable(field) for field in Settings.__fields__}
        elif value.startswith("$("):
            return check(line[line.index("$(") + 2 : line.rindex(")")])
    if not words or words[0] in ELSEWHERE:
        return
    tool = words[0].removeprefix(".venv/bin/").removeprefix("scripts/")
    if tool == "make":
        assert {word for word in words[1:] if "=" not in word} <= TARGETS
    elif tool == "baitiao":
        _parse(_baitiao(), ["1" if word == "N" else word for word in words[1:]])
    elif tool == "python":
        assert words[1] == "-m" and importlib.util.find_spec(words[2]) is not None
        _check_arguments(words[2], words[3:])
    elif tool.startswith("deploy/"):
        assert (ROOT / tool).exists()
    elif tool != "rasa":
        assert (ROOT / "scripts" / tool).exists()


def _check_arguments(module: str, arguments: list[str]) -> None:
    if module == "conversations.simulation":
        before, sys.argv = sys.argv, [module, *arguments]
        try:
            _arguments()
        finally:
            sys.argv = before
    if module == "tests.load.soak":
        options(arguments)
    for word in arguments:
        if word.startswith("tests/") and "<" not in word:
            assert (ROOT / word).exists()


@functools.lru_cache(maxsize=1)
def _baitiao() -> click.Command:
    return typer.main.get_command(app)


def _parse(command: click.Command, words: list[str]) -> None:
    """As click reads the words, without doing anything."""
    context = None
    while isinstance(command, click.MultiCommand):
        context = click.Context(command, parent=context)
        _, chosen, words = command.resolve_command(context, words)
        assert chosen is not None
        command = chosen
    command.make_context(command.name, list(words), parent=context)


def shown() -> Iterator[tuple[str, str]]:
    """Where a command stands, and the command."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "sh":
                yield from ((block.where, line) for line in commands(block.text))
            elif block.language == "console":
                yield from ((block.where, line) for line, _ in session(block.text))
        for code in inline(page):
            if re.match(r"(make|baitiao|scripts|python -m|\.venv/bin/\w+)( |/)\S", code) and "=" not in code:
                yield from ((page.name, variant) for variant in variants(code))


SHOWN = sorted(set(shown()))


@pytest.mark.parametrize("where, line", SHOWN, ids=[f"{where} {line}"[:100] for where, line in SHOWN])
def test_a_command_that_a_page_shows_exists_and_takes_its_arguments(where: str, line: str) -> None:
    try:
        check(line)
    except (click.UsageError, SystemExit) as refused:
        raise AssertionError(f"{where}: {line}: {refused}") from None


def test_there_are_commands_and_a_wrong_one_is_refused() -> None:
    assert len(SHOWN) > 60
    assert list(variants("up [--port N] [--a X | --b]")) == [
        "up",
        "up --a X",
        "up --b",
        "up --port N",
        "up --port N --a X",
        "up --port N --b",
    ]
    for wrong in ("make nonsense", "python -m tests.nowhere", "BAITIAO_NONSENSE=1 baitiao up"):
        with pytest.raises((AssertionError, ModuleNotFoundError)):
            check(wrong)
    for wrong in ("baitiao nonsense", "baitiao up --nonsense", "baitiao token"):
        with pytest.raises(click.UsageError):
            check(wrong)
