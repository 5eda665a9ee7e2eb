"""The customer team's page names everything there is, so that nobody has to look into the program."""

from __future__ import annotations

from typing import Iterator, List, get_args

import pytest

from actions.core.causes import Cause, FixedBy, HandoffRule, Queue, Step, Wait, Wording
from actions.core.conditions import _OPERATORS
from actions.core.scopes import SCOPES
from actions.knowledge.answer_files import PATH_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from actions.knowledge.cause_files import LIMITS
from tests.unit.knowledge.pages import PAGE, ROOT, shown

TEXT = PAGE.read_text(encoding="utf-8")


def rows() -> Iterator[List[str]]:
    """The cells of every line of every table."""
    for line in TEXT.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("name", [*_OPERATORS, *SCOPES, "all", "any", "some"])
def test_every_operator_and_scope_is_named(name: str) -> None:
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "field", [*Cause.__fields__, *(f"steps.{name}" for name in Step.__fields__), *(f"wait.{name}" for name in Wait.__fields__)]
)
def test_every_field_of_a_cause_file_has_a_row(field: str) -> None:
    assert field == "wait" or any(cells[0] == f"`{field}`" for cells in rows())


@pytest.mark.parametrize("name", [*HandoffRule.__fields__, *Wording.__fields__, *get_args(FixedBy), *get_args(Queue)])
def test_every_word_of_a_choice_is_named(name: str) -> None:
    assert any(form in TEXT for form in (f"`{name}`", f"`{name}:"))


def test_the_limits_of_length_are_those_of_the_program() -> None:
    stated = {cells[0].strip("`"): cells[3].partition(" ")[0] for cells in rows() if len(cells) > 3}
    assert {field: stated[field] for field in LIMITS} == {field: str(limit) for field, limit in LIMITS.items()}
    assert [limit for limit in (TITLE_LIMIT, TEXT_LIMIT, PATH_LIMIT) if f"at most {limit}" not in TEXT] == []


def test_the_shipped_cause_is_shown_as_it_is() -> None:
    for path, text in shown("shipped").items():
        assert (ROOT / path).read_text(encoding="utf-8") == text
