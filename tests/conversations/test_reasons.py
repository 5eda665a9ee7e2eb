"""What customers say, by the examples of knowledge/handoffs.yml, hands over at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversations.application import project_knowledge
from conversations.loading import Conversation, read
from conversations.reasons import conversations


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Conversation]:
    file = tmp_path_factory.mktemp("reasons") / "reasons.yml"
    file.write_text(conversations(project_knowledge().handoffs), encoding="utf-8")
    return {each.id.partition(": ")[2]: each for each in read(file, file.parent)}


@pytest.mark.parametrize(
    "reason, example", [(name, example) for name, each in project_knowledge().handoffs.items() for example in each.examples]
)
def test_an_example_hands_over_for_its_reason(
    reason: str, example: str, examples: dict[str, Conversation], play: Callable[[Conversation], Any]
) -> None:
    play(examples[f"{reason}: {example}"])
