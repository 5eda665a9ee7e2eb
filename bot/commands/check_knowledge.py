"""``baitiao knowledge check``."""

from __future__ import annotations

from pathlib import Path

from actions.knowledge.checking import check as check_files
from actions.yaml_source import SourceError

CONVERSATIONS = Path("tests/conversations/causes")


def check() -> str:
    """Checks every knowledge file; what was checked, a line each.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    # A deployment may ship without the tests; where they are, every cause must have one.
    report = check_files(conversations=CONVERSATIONS if CONVERSATIONS.is_dir() else None)
    if report.problems:
        raise SourceError(report.problems)
    return "\n".join(report.lines)
