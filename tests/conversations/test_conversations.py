"""Plays every conversation file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conversations.loading import Conversation, collect, known_failures
from conversations.player import Mismatch

CONVERSATIONS = collect()
KNOWN_FAILURES = known_failures()
CAUSES = Path(__file__).resolve().parents[2] / "knowledge" / "causes"
GROUPS = {
    "happy_path", "invalid_input", "correction", "cancellation", "digression", "nested_digression", "disambiguation", "negation", "repeat", "anger",
    "several_causes", "wrong_cause", "outage", "next_day", "order_switch", "two_devices", "security", "robustness", "chit_chat",
}  # fmt: skip
"""What customers do that is not in any plan; a file each."""


def played_over(way: str) -> Iterator[Any]:
    return (pytest.param(each, id=each.id) for each in CONVERSATIONS if way in each.over)


@pytest.mark.parametrize("conversation", played_over("process"))
def test_conversation(
    conversation: Conversation, play: Callable[[Conversation], Any], different: Callable[[tuple[Any, ...], str], str | None]
) -> None:
    played = outcome(conversation, play)
    twin = different(played.signature, conversation.id) if played is not None else None
    assert twin is None, f"{conversation.id} shows what {twin} shows: the same causes, path and intents"


def outcome(conversation: Conversation, play: Callable[[Conversation], Any]) -> Any:
    """Plays; what is known to fail must fail, so that what was repaired leaves the list."""
    mismatch, played = None, None
    try:
        played = play(conversation)
    except Mismatch as error:
        mismatch = str(error)
    known = KNOWN_FAILURES.get(conversation.id)
    if known is None and mismatch is not None:
        # The transcript explains more than a traceback through the player.
        pytest.fail(mismatch, pytrace=False)
    if known is not None and mismatch is None:
        pytest.fail(f"{conversation.id} passes: remove it from known_failures.yml ({known})", pytrace=False)
    return played


def test_known_failures_name_conversations() -> None:
    assert set(KNOWN_FAILURES) <= {each.id for each in CONVERSATIONS}


def test_every_cause_has_a_conversation() -> None:
    played = {path.stem for path in (Path(__file__).parent / "causes").glob("*.yml")}
    assert played == {path.stem for path in CAUSES.glob("*.yml")}


def test_the_suite_has_every_group() -> None:
    groups = {Path(each.file).stem for each in CONVERSATIONS if each.file.startswith("dialogue/")}
    assert groups >= GROUPS
