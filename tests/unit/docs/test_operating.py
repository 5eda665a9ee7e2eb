"""docs/operating.md: its metrics, limits and messages are those of the program."""

from __future__ import annotations

import re

import pytest

from actions.core.records import SECTIONS, OrderLine
from actions.setting_values import DIFFERENT_CHARACTERS, MINIMUM_RSA_BITS, MINIMUM_SECRET
from actions.state.sqlite import BUSY_SECONDS
from bot.channel import turns
from bot.channel.widget import input
from tests.unit.deploy.families import families
from tests.unit.docs.tables import named, rows, section
from tools.pages import ROOT

PAGE = ROOT / "docs/operating.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_metrics_are_those_of_the_program() -> None:
    exposed = {each.name for each in families()}
    shown = {word.removesuffix("_total") for word in named(section(PAGE, "What is going on")) if re.fullmatch(r"baitiao_\w+", word)}
    assert shown == exposed


@pytest.mark.broad
def test_the_passes_of_the_worker_are_those_of_the_program_at_their_pace() -> None:
    from ops.passes import PASSES

    units = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}
    shown = []
    for name, pace, _ in rows(section(PAGE, "The worker"))[1:]:
        found = re.fullmatch(r"(an?|[\d.]+) (\w+?)s?", pace)
        if found is not None:
            shown.append((*named(name), units[found[2]] * (1.0 if found[1] in ("a", "an") else float(found[1]))))
    assert shown == [(each.name, each.every) for each in PASSES]


def test_the_limits_are_those_of_the_program() -> None:
    shown = section(PAGE, "Limits")
    for words in (
        f"{input.MOST_STREAMS} open streams",
        f"{turns.MOST_TURNS} turns under way",
        f"{turns.LONGEST_TURN:.0f} seconds per turn, 10 per action",
    ):
        assert words in shown
    assert f"wait up to {BUSY_SECONDS} seconds" in TEXT and f"at least {MINIMUM_RSA_BITS} bits" in TEXT
    assert f"{MINIMUM_SECRET} characters or more, {DIFFERENT_CHARACTERS} of them different" in TEXT


@pytest.mark.broad
def test_a_message_that_says_what_is_wrong_stands_in_the_program() -> None:
    program = "\n".join(
        path.read_text(encoding="utf-8") for top in ("actions", "bot", "scripts") for path in (ROOT / top).rglob("*") if path.is_file()
        and path.suffix in (".py", "", ".yml")
    )  # fmt: skip
    shown = [word for cells in rows(section(PAGE, "When something is wrong"))[1:] for word in named(cells[0])]
    pieces = [piece for word in shown for piece in re.split(r"5005|…|BAITIAO_\w+ ?|--port|missing  ", word) if len(piece) > 8]
    assert [piece for piece in pieces if piece.strip() not in program and not piece.startswith(("/", '"'))] == []
    assert len(pieces) > 5


def test_the_fields_that_a_new_row_needs_are_those_of_the_records() -> None:
    needed = {
        f"{name}.{field.name}"
        for name, (record, key) in {**SECTIONS, "lines": (OrderLine, "")}.items()
        for field in record.__fields__.values()
        if field.required and field.name != key
    }
    paragraph = section(PAGE, "World files").partition("- Required")[2].partition("- An end")[0]
    assert {word for word in named(paragraph) if "." in word} == needed
