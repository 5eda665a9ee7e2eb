"""Plays every conversation file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest

from tests.conversations.player import Mismatch
from tests.conversations.script import Conversation, ScriptError, collect, read

CONVERSATIONS = collect()
CAUSES = Path(__file__).resolve().parents[2] / "knowledge" / "causes"


@pytest.mark.parametrize("conversation", [pytest.param(each, id=each.id) for each in CONVERSATIONS])
def test_conversation(conversation: Conversation, play: Callable[[Conversation], Any]) -> None:
    mismatch = None
    try:
        play(conversation)
    except Mismatch as error:
        mismatch = str(error)
    if mismatch is not None:
        # The transcript explains more than a traceback through the player.
        pytest.fail(mismatch, pytrace=False)


def test_every_cause_has_a_conversation() -> None:
    played = {path.stem for path in (Path(__file__).parent / "causes").glob("*.yml")}
    assert played == {path.stem for path in CAUSES.glob("*.yml")}


def test_no_files_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="no conversation"):
        collect(tmp_path)


def test_an_unknown_field_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "typo.yml"
    file.write_text("- name: n\n  world: [demo]\n  user: u\n  turns:\n    - {user: hello, expects: []}\n", encoding="utf-8")
    with pytest.raises(ScriptError, match="typo.yml:5: unknown expects"):
        read(file, tmp_path)
