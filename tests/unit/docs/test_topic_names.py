"""docs/topic-names.md: ids that took the place of others exist, and those that others took the place of do not."""

from __future__ import annotations

from actions.core.topics import Topic
from conversations.application import project_knowledge
from tests.unit.docs.tables import named, rows
from tools.pages import ROOT

TEXT = (ROOT / "docs/topic-names.md").read_text(encoding="utf-8")
TOPICS = project_knowledge().answers.topics
HEAD, *RENAMED = rows(TEXT)


def test_the_table_has_the_two_columns_that_are_agreed() -> None:
    assert HEAD == ["old", "new"] and all(len(row) == 2 for row in RENAMED)


def test_what_took_the_place_of_a_name_is_a_topic_and_the_old_name_is_none() -> None:
    assert [new for _, new in RENAMED if new not in TOPICS] == []
    assert [old for old, _ in RENAMED if old in TOPICS] == []


def test_topics_that_the_page_calls_new_exist() -> None:
    new = {name for name in named(TEXT.partition("without an old id, are")[2]) if "/" not in name}
    assert new and [name for name in new if not isinstance(TOPICS.get(name), Topic)] == []
