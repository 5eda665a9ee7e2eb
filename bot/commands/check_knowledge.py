"""``baitiao knowledge check``."""

from __future__ import annotations

from pathlib import Path

from actions.knowledge import check as check_files

CONVERSATIONS = Path("tests/conversations/causes")


def check() -> str:
    """Checks every knowledge file; what was checked, in one line.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    return str(check_files(conversations=CONVERSATIONS))
