"""``baitiao story from-conversation``: a conversation as it happened becomes a conversation test."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from actions.bootstrap import Application
from bot.export.writing import write

ROOT = Path(__file__).resolve().parents[2]


def from_conversation(here: Application, conversation: str) -> str:
    """The test of a stored conversation.

    Args:
        conversation: a customer's id, or a handoff's.

    Raises:
        LookupError: there is none.
    """
    try:
        with here.database.session() as session:
            return write(session, conversation, here.knowledge.current)
    finally:
        here.database.close()


def differences(test: str) -> list[str]:
    """Plays a test with the newest model and says where it goes otherwise now; nothing if it passes.

    Raises:
        LookupError: the conversation tests are not installed here, or there is no model.
    """
    # The player belongs to the project's tests, which are no installed package and which a deployment may ship without.
    if not (ROOT / "tests").is_dir():
        raise LookupError("playing needs the project's tests/ folder; use --no-check, or run this in a checkout")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    player = importlib.import_module("tests.conversations.once")
    found: list[str] = player.play_text(test)
    return found
