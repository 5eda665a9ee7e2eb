"""The customer team's page names everything there is, so that nobody has to look into the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

import pytest

from actions.core.ahead import CauseAhead
from actions.core.causes import Cause, CauseWait, CauseWording, FixedBy, HandoffRule, Queue, Step
from actions.core.comparisons import OPERATORS
from actions.core.derived import SCOPES
from actions.core.topics import CaseMove, TopicKind
from actions.knowledge.answer_files import PATH_LIMIT, TEXT_LIMIT, TITLE_LIMIT, _AnswerEntry, _TopicEntry
from actions.knowledge.aspects import ASPECT_LIMIT, CLAIM_LIMIT, SITUATIONS, Aspect, Claim
from actions.knowledge.cause_files import LIMITS
from actions.knowledge.overlay import TRIED_DAYS
from tests.unit.docs.tables import first_cells, named, section
from tests.unit.docs.tables import rows as table
from tests.unit.knowledge.pages import PAGE, ROOT, shown

TEXT = PAGE.read_text(encoding="utf-8")
TOPIC_LIMITS = {
    "title": TITLE_LIMIT,
    "answers.text": TEXT_LIMIT,
    "answers.path": PATH_LIMIT,
    "nothing_found": TEXT_LIMIT,
    "aspects": ASPECT_LIMIT,
}


def rows() -> Iterator[list[str]]:
    """The cells of every line of every table."""
    for line in TEXT.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("name", [*OPERATORS, *SCOPES, "all", "any", "some"])
def test_every_operator_and_scope_is_named(name: str) -> None:
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "field",
    [
        *Cause.__fields__,
        *(f"steps.{name}" for name in Step.__fields__),
        *(f"wait.{name}" for name in CauseWait.__fields__),
        # What an arm of an experiment puts there stands in no file.
        *(f"ahead.{name}" for name in CauseAhead.__fields__ if name != TRIED_DAYS),
    ],
)
def test_every_field_of_a_cause_file_has_a_row(field: str) -> None:
    assert field in ("wait", "ahead") or any(cells[0] == f"`{field}`" for cells in rows())


@pytest.mark.parametrize("name", [*HandoffRule.__fields__, *CauseWording.__fields__, *get_args(FixedBy), *get_args(Queue)])
def test_every_word_of_a_choice_is_named(name: str) -> None:
    assert any(form in TEXT for form in (f"`{name}`", f"`{name}:"))


def test_the_limits_of_length_are_those_of_the_program() -> None:
    assert limits_in("A cause file", LIMITS) == {field: str(limit) for field, limit in LIMITS.items()}
    assert limits_in("Topics", TOPIC_LIMITS) == {field: str(limit) for field, limit in TOPIC_LIMITS.items()}
    assert f"at most {ASPECT_LIMIT} characters" in section(PAGE, "Aspects") and f"at most {CLAIM_LIMIT} characters" in section(
        PAGE, "Claims"
    )


def limits_in(heading: str, fields: Mapping[str, int]) -> dict[str, str]:
    """The limit that a section's table states of each of the fields."""
    stated = {cells[0].strip("`"): cells[3].partition(" ")[0] for cells in table(section(PAGE, heading)) if len(cells) > 3}
    return {field: stated[field] for field in fields}


ENTRIES = [*_TopicEntry.__fields__, *(f"answers.{name}" for name in _AnswerEntry.__fields__)]


@pytest.mark.parametrize("field", ENTRIES)
def test_every_field_of_a_topic_has_a_row(field: str) -> None:
    assert field in first_cells(section(PAGE, "Topics"))


@pytest.mark.parametrize(
    "heading, names",
    [("Topics", get_args(TopicKind)), ("Topics", get_args(CaseMove)), ("Aspects", Aspect.__fields__), ("Aspects", SITUATIONS), ("Claims", Claim.__fields__)],
    ids=["kinds", "moves", "aspect", "situations", "claim"],
)  # fmt: skip
def test_every_word_of_topics_aspects_and_claims_is_named_where_they_are_explained(heading: str, names: Iterable[str]) -> None:
    assert set(names) - named(section(PAGE, heading)) == set()


def test_the_shipped_cause_is_shown_as_it_is() -> None:
    for path, text in shown("shipped").items():
        assert (ROOT / path).read_text(encoding="utf-8") == text
