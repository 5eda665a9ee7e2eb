"""Plays a text or files of conversation tests without pytest: ``python -m conversations.once FILE…``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from actions.bootstrap import use
from actions.yaml_source import SourceError
from bot.engine.training import newest_model
from conversations.application import project_knowledge
from conversations.loading import Conversation, read
from conversations.player import Mismatch, play
from conversations.stage import Stage, Templates, load_agent


def play_text(test: str) -> list[str]:
    """Where the conversations of a file's text go otherwise than it says.

    Raises:
        LookupError: there is no model.
        SourceError: it is no conversation test.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "story.yml"
        file.write_text(test, encoding="utf-8")
        return play_all(read(file, file.parent))[0]


def play_all(conversations: Sequence[Conversation]) -> tuple[list[str], float]:
    """Plays conversations; their mismatches, and the turns a second.

    Raises:
        LookupError: there is no model.
    """
    model = newest_model()
    if model is None:
        raise LookupError("there is no model in models/: run `baitiao train`")
    agent, loop = load_agent(model), asyncio.new_event_loop()
    mismatches: list[str] = []
    turns, seconds = 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        templates = Templates(Path(folder))
        for conversation in conversations:
            database = templates.copy(conversation.world, Path(folder) / "conversation.db")
            stage = Stage(agent, database, loop, conversation.user, conversation.order)
            begun = time.perf_counter()
            try:
                turns += play(conversation, stage, project_knowledge()).turns
                seconds += time.perf_counter() - begun
            except Mismatch as mismatch:
                mismatches.append(str(mismatch))
            stage.end()
            database.close()
    use(None)
    loop.close()
    return mismatches, turns / seconds if seconds else 0.0


def main() -> int:
    """Plays the files named on the command line."""
    files = [Path(name) for name in sys.argv[1:]]
    try:
        conversations = [conversation for file in files for conversation in read(file, file.parent)]
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    mismatches, pace = play_all(conversations)
    print("\n\n".join(mismatches), end="\n\n" if mismatches else "")
    print(f"{len(conversations) - len(mismatches)} of {len(conversations)} conversations pass, {pace:.0f} turns a second")
    return 1 if mismatches or not conversations else 0


if __name__ == "__main__":
    raise SystemExit(main())
